"""What people type about interviews."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from competitions.calendar import ZONE
from competitions.models import Round
from judging.interviews.sittings import days_of, holidays_of
from judging.models import InterviewSlot, Juror, Panel, Timetable

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PanelForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("The agencies see it, for example “Panel 1”."))
    members = forms.ModelMultipleChoiceField(
        Juror.objects.none(), label=_("Members"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Only who accepted the integrity pact can be chosen. The agencies do not see the names."),
    )  # fmt: skip
    video_url = forms.URLField(
        label=_("Video link"), required=False, assume_scheme="https", max_length=200,
        help_text=_("Only those who meet there see it."),
    )  # fmt: skip

    def __init__(self, *args: Any, judging_round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ready = Juror.objects.for_round(judging_round).ready().select_related("user")
        self.fields["members"].queryset = ready  # type: ignore[attr-defined]
        self.least = judging_round.assessors_per_proposal

    def clean_members(self) -> Any:
        found = self.cleaned_data["members"]
        if len(found) < self.least:
            words = _("Choose at least %(count)d members: so many assess each proposal.")
            raise ValidationError(words, params={"count": self.least})
        return found


class FormPanelsForm(forms.Form):
    count = forms.IntegerField(label=_("How many panels"), min_value=1, max_value=20, initial=2)


class TimetableForm(forms.ModelForm):
    """The hours of a round's interviews, and whether what is only proposed is placed again."""

    days = forms.MultipleChoiceField(
        label=_("Days"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Working days of the interview stage. Leave out the days on which nobody can be heard."),
    )  # fmt: skip
    anew = forms.BooleanField(
        label=_("Place all that is not yet published again"), required=False, initial=True,
        help_text=_("Otherwise only what has no time yet is placed. What is published always stays."),
    )  # fmt: skip

    class Meta:
        model = Timetable
        fields = ["days", "opens", "closes", "lunch_from", "lunch_to", "office_from", "office_to", "pause_minutes"]
        widgets = dict.fromkeys(["opens", "closes", "lunch_from", "lunch_to", "office_from", "office_to"], CLOCK)
        labels = {
            "opens": _("First interview (WIB)"), "closes": _("End of the day (WIB)"),
            "lunch_from": _("Lunch from (each one's own clock)"), "lunch_to": _("Lunch to (each one's own clock)"),
            "office_from": _("Agencies' office hours from (their own clock)"),
            "office_to": _("Agencies' office hours to (their own clock)"),
            "pause_minutes": _("Minutes between two interviews"),
        }  # fmt: skip

    def __init__(self, *args: Any, judging_round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = set(self.instance.days) if self.instance.pk else set()
        days = sorted({*(day.isoformat() for day in days_of(judging_round)), *chosen})
        self.fields["days"].choices = [(day, datetime.fromisoformat(day).date()) for day in days]  # type: ignore[attr-defined]
        self.initial["days"] = self.instance.days if self.instance.pk else days
        if left_out := holidays_of(judging_round):
            named = "; ".join(f"{date_format(day)} ({name})" for day, name in left_out)
            self.fields["days"].help_text = _("Public holidays are left out: %(days)s.") % {"days": named}
        for field in self.fields.values():
            field.show_hidden_initial = False  # Django adds it where a model's default is a call

    def clean_pause_minutes(self) -> int:
        minutes: int = self.cleaned_data["pause_minutes"]
        if minutes > 120:
            raise ValidationError(_("At most 120 minutes."))
        return minutes

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for first, last in (("opens", "closes"), ("lunch_from", "lunch_to"), ("office_from", "office_to")):
            if values.get(first) and values.get(last) and values[first] >= values[last]:
                self.add_error(last, _("The end must lie after the beginning."))
        return values

    @property
    def hours(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "anew"}


class MoveForm(forms.Form):
    """Another time or panel, or the place of another interview."""

    panel = forms.ModelChoiceField(Panel.objects.none(), label=_("Panel"), empty_label=None)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Beginning (WIB)"), widget=CLOCK)
    swap = forms.ModelChoiceField(
        InterviewSlot.objects.none(), label=_("Or change places with"), required=False,
        empty_label=_("Nobody: use the time above"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("If the interview is published, the agency and the panel read it."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, slot: InterviewSlot) -> None:
        local = slot.starts_at.astimezone(ZONE)
        super().__init__(data, initial={"panel": slot.panel_id, "day": local.date(), "time": local.time()})
        judging_round = slot.entry.round
        others = InterviewSlot.objects.in_round(judging_round).filter(status="waiting").exclude(pk=slot.pk)
        self.fields["panel"].queryset = judging_round.panels.all()  # type: ignore[attr-defined]
        self.fields["swap"].queryset = others.with_people()  # type: ignore[attr-defined]
        self.fields["swap"].label_from_instance = _place  # type: ignore[attr-defined]

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], ZONE)


def _place(slot: InterviewSlot) -> str:
    local = slot.starts_at.astimezone(ZONE)
    return f"{local:%d/%m %H.%M} WIB · {slot.panel} · {slot.entry.proposal.title}"


class ChangeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the agency cannot come at this time"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Name times that would suit. The interview stays where it is until the secretariat moves it."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Why the time stays"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The agency reads it."),
    )  # fmt: skip


class AttendanceForm(forms.Form):
    """Who presented, once the agency was heard."""

    presenters = forms.CharField(
        label=_("Who presented"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: name and position."),
    )  # fmt: skip
    leader_attended = forms.TypedChoiceField(
        label=_("Did the head of the agency attend?"), choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note for the secretariat"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, slot: InterviewSlot) -> None:
        known = {None: "", True: "yes", False: "no"}[slot.leader_attended]
        initial = {"presenters": slot.presenters, "leader_attended": known, "note": slot.note}
        super().__init__(data, initial=initial)


class LateForm(forms.Form):
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=180, initial=10)
