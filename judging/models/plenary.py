"""What a plenary leaves behind: who was there, its moves and what-if scenarios, the frozen Selections, corrections.

A Selection never changes. A mistake is answered by a Correction, which opens the round again, and a new version that
supersedes the old one; the standing Selection of a round is the one nothing supersedes.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgtrigger import Delete, Protect, Update

from accounts.codes import new_code
from competitions.models import Round
from judging.querysets.selections import SelectionQuerySet
from proposals.models import Proposal


class Attendance(models.Model):
    """Somebody present at the plenary being prepared; copied into the Selection when it is frozen, then removed."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="attendance")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="empty: a guest"
    )
    name = models.CharField(_("name"), max_length=150)
    office = models.CharField(_("office"), max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "user"],
                name="present_once",
                violation_error_message=_("This person is already on the list of those present."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlenaryMove(models.Model):
    """A plenary's departure from the ranking, prepared until the Selection is frozen: in, or out, and why.

    Somebody else must confirm it before anything is frozen.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="plenary_moves")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    put_in = models.BooleanField(help_text="true: selected against the ranking; false: left out against it")
    reason = models.CharField(_("reason"), max_length=500)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "proposal"], name="one_plenary_move_per_proposal"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="a_plenary_move_has_a_reason",
                violation_error_message=_("Say why the plenary departs from the ranking."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("made_by")),
                name="a_plenary_move_has_two_people",
                violation_error_message=_("Somebody else must confirm this."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.proposal)


class Scenario(models.Model):
    """A what-if of a round, kept to be compared: never official. `options` are those of judging/plenary/whatif.py."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="scenarios")
    name = models.CharField(_("name"), max_length=100)
    options = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [Protect(name="a_scenario_is_kept", operation=Update | Delete)]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "name"],
                name="one_scenario_per_name",
                violation_error_message=_("There is already a scenario of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class WeightRevision(models.Model):
    """The weights of a round's rubric changed by a letter after scoring: the result before is kept for comparison."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="weight_revisions")
    letter_number = models.CharField(_("number of the letter"), max_length=100)
    reason = models.CharField(_("reason"), max_length=500)
    before = models.JSONField(help_text="{criterion key: percent}")
    after = models.JSONField(help_text="{criterion key: percent}")
    ranking_before = models.JSONField(help_text="[[proposal code, rank, total, within the quota]] in order")
    input_sha256 = models.CharField(max_length=64, help_text="digest of the inputs of that ranking")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]
        triggers = [Protect(name="a_weight_revision_is_kept", operation=Update | Delete)]

    def __str__(self) -> str:
        return self.letter_number

    @property
    def changed(self) -> list[tuple[str, tuple[str, str]]]:
        """The criteria whose weight changed: name, (before, after)."""
        names = {each.key: each.name for each in self.round.criteria.all()}
        pairs = {key: (self.before[key], weight) for key, weight in self.after.items()}
        return [(names.get(key, key), pair) for key, pair in pairs.items() if pair[0] != pair[1]]


class Disqualification(models.Model):
    """A proposal that leaves the competition while it is judged. It counts once a second person has confirmed it."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="disqualification")
    reason = models.CharField(_("reason"), max_length=1000)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("made_by")),
                name="a_disqualification_has_two_people",
                violation_error_message=_("Somebody else must confirm this."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.proposal)


class Selection(models.Model):
    """What a plenary fixed: the ordered list of a round, its minutes, and the digest of what it was computed from."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="selections")
    version = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by", help_text="empty: the first"
    )
    because = models.TextField(blank=True, help_text="of a correction: why the earlier list does not stand")
    name = models.CharField(max_length=150)
    minutes_number = models.CharField(_("number of the minutes"), max_length=100)
    minutes = models.TextField(_("minutes"))
    attendance = models.JSONField(default=list, help_text='who was present: [{"name", "office"}]')
    fewer_because = models.TextField(blank=True, help_text="the plenary's reason, when it filled less than the quota")
    inputs = models.JSONField(
        default=dict, help_text="rules, codes of entries and sheets of the ranking; see judging/verifying.py"
    )
    input_sha256 = models.CharField(max_length=64, help_text="digest of the ranking's inputs, see judging/ranking.py")
    list_sha256 = models.CharField(max_length=64, blank=True, help_text="digest of the list, see selecting.list_digest")
    composition = models.JSONField(default=list, help_text="the written rules as they were met; see composition.py")
    audit_root = models.CharField(max_length=64, blank=True, help_text="root of the record's last seal before")
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SelectionQuerySet.as_manager()

    class Meta:
        ordering = ["-frozen_at"]
        triggers = [Protect(name="a_selection_is_frozen", operation=Update | Delete)]
        constraints = [
            models.UniqueConstraint(fields=["round", "version"], name="one_selection_per_version"),
            models.CheckConstraint(
                condition=Q(version=1, supersedes=None) | Q(version__gt=1, supersedes__isnull=False),
                name="a_later_version_supersedes",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def present(self) -> list[dict[str, str]]:
        """Who was there, {"name", "office"}; lists fixed before offices were noted hold names alone."""
        return [{"name": each, "office": ""} if isinstance(each, str) else each for each in self.attendance]


class SelectionEntry(models.Model):
    """One ranked entry as frozen: its rank, total, whether it ties, whether it is in, and why if it was moved."""

    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="entries")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="selection_entries")
    rank = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=9, decimal_places=4)
    is_tied = models.BooleanField(default=False)
    is_selected = models.BooleanField()
    moved_because = models.TextField(blank=True, help_text="the plenary's reason, when it departed from the ranking")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["rank", "id"]
        constraints = [models.UniqueConstraint(fields=["selection", "proposal"], name="one_place_per_selection")]
        triggers = [Protect(name="a_place_is_frozen", operation=Update | Delete)]

    def __str__(self) -> str:
        return f"{self.rank}. {self.proposal}"


class Correction(models.Model):
    """Why a frozen Selection must be made anew. While it has no successor the round is open again for corrections."""

    selection = models.OneToOneField(Selection, on_delete=models.PROTECT, related_name="correction")
    reason = models.CharField(_("reason"), max_length=1000)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.selection)
