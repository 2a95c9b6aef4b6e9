"""The list of proposals, a new one, and the page of each: task list for its writers, whole document for others."""

from operator import attrgetter

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Agency, Membership, User
from competitions import calendar, wording
from competitions.models import Competition
from proposals import actions, listing, rules, teams, timeline, workflow
from proposals.actions.closing import sends_at
from proposals.completeness import Checklist, checklist
from proposals.copying import earlier_proposals
from proposals.facts import Facts, standing_of
from proposals.forms import NewProposalForm, may_start_for
from proposals.models import Proposal
from proposals.reading import read, with_remarks
from proposals.reminders import may_be_reminded
from proposals.rules import WITH_WRITERS
from proposals.screening.corrections import running
from proposals.screening.objections import closes_at, standing_screening
from proposals.views.comments import open_remarks
from proposals.views.loading import frame, loaded, reader, standing


@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """What this person may know of in one year, the newest year first; `status` filters, `sort` orders. Agency admins
    find their desk here."""
    user = reader(request)
    visible = Proposal.objects.visible_to(user)
    years = list(_years(visible))
    year = next((each for each in years if each.code == request.GET.get("year")), years[0] if years else None)
    if year is None:
        return render(request, "proposals/list.html", {"years": years, "year": None, "rows": []})
    here, sort, status = visible.in_competition(year), _sort(request), request.GET.get("status", "")
    agencies = list(Agency.objects.administered_by(user))
    at, is_open = vars(year)["asked_at"], vars(year)["is_open"]  # annotated
    counted = listing.by_status(here, agencies, at)
    status = status if status in Proposal.Status.values else ""
    here = here.filter(status=status) if status else here
    total = sum(number for each, (number, _due) in counted.items() if status in (each, ""))
    used = standing_of((each.pk for each in agencies), here.order_by().values("agency"))
    page, rows = listing.page_of(here, sort, request.GET.get("page"), total=total, at=at, used=used)
    context = {
        "years": years, "year": year, "page": page, "rows": rows, "status": status,
        "statuses": [
            (value, str(label), counted[value][0]) for value, label in Proposal.Status.choices if value in counted
        ],
        "quotas": listing.quotas(agencies, year, used), "sort": sort, "sorts": listing.Sort.choices,
        "stage": rows[0].stage if rows else calendar.submission_stage(year),
        "may_start": is_open and _may_start(user, agencies),
    }  # fmt: skip
    due = sum(due for _number, due in counted.values()) if is_open else 0
    desk = {"has_desk": bool(agencies), "desk_is_open": bool(agencies) and is_open, "to_remind": due}
    return render(request, "proposals/list.html", context | desk)


def _years(visible: QuerySet[Proposal]) -> QuerySet[Competition]:
    """Those this person has something in, and those open: with `is_open` and the database's now, `asked_at`."""
    is_open = Q(pk__in=Competition.objects.open_for_submission().values("pk"))
    return Competition.objects.filter(Q(pk__in=visible.values("competition")) | is_open).annotate(
        is_open=ExpressionWrapper(is_open, BooleanField()), asked_at=TransactionNow()
    )


def _may_start(user: User, agencies: list[Agency]) -> bool:
    """Whether `may_start_for` would name a desk."""
    return (
        any(each.participates for each in agencies)
        or Membership.objects.current().innovators().filter(user=user).exists()
    )


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in listing.Sort.values else str(listing.Sort.ACTIVITY)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    if not may_start_for(user):
        raise PermissionDenied
    years = list(Competition.objects.open_for_submission())
    wanted = request.GET.get("year", years[0].code if len(years) == 1 else "")
    if not wanted:
        return render(request, "proposals/new_year.html", {"years": years})
    competition = get_object_or_404(Competition, code=wanted)
    if request.method == "GET" and competition not in years:
        return render(request, "proposals/new_year.html", {"years": years})
    form = NewProposalForm(request.POST or None, competition=competition, user=user)
    if request.method == "POST" and form.is_valid():
        started = _start(form, user)
        if started:
            return redirect("proposals:proposal", started.code)
    groups = [
        {"group": each, "rules": wording.rules(each)}
        for each in competition.groups.prefetch_related("caps", "age_exceptions__category", "history_rules")
    ]
    stage, quotas = calendar.submission_stage(competition), _quotas(user, competition)
    context = {"form": form, "competition": competition, "groups": groups, "stage": stage, "quotas": quotas}
    context["has_earlier"] = earlier_proposals(user, competition).exists()
    return render(request, "proposals/new.html", context, status=422 if form.errors else 200)


def _quotas(user: User, competition: Competition) -> list[listing.Quota]:
    agencies = list(Agency.objects.administered_by(user))
    return listing.quotas(agencies, competition, standing_of(each.pk for each in agencies))


def _start(form: NewProposalForm, user: User) -> Proposal | None:
    given = form.cleaned_data
    agency, unit = given["desk"]
    try:
        return actions.start_proposal(
            group=given["group"], category=given["category"], agency=agency, unit=unit, title=given["title"], by=user
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


@require_GET
def proposal(request: HttpRequest, code: str) -> HttpResponse:
    facts = loaded(request, code)
    found, who = facts.proposal, standing(request, facts.proposal)
    context, remarks = frame(request, facts, who), open_remarks(found, reader=who.user)
    context |= {
        "moves": timeline.history(found, who.user),
        "steps": workflow.open_to(who) if context["is_open"] else [],
        "checklist": (progress := checklist(facts)),
        "closing": [_closing(found, progress, sends=who.administers)],
        "holder": listing.holder(found, found.agency.admin if found.status == Proposal.Status.IN_REVIEW else None),
        "submission": max(found.submissions.all(), key=attrgetter("sequence"), default=None),
        "team": teams.current(found),
        "is_ours": not who.user.is_secretariat,
        "comments": len(remarks),
        "may_comment": rules.may_comment(who),
    }
    context |= _administering(who, facts, bool(context["is_open"]), progress)
    context |= _after_screening(facts)
    if context["may_edit"] and found.status in WITH_WRITERS:
        return render(request, "proposals/task_list.html", context)
    return render(request, "proposals/proposal.html", context | {"reading": with_remarks(read(found), remarks)})


def _administering(who: rules.Standing, facts: Facts, is_open: bool, progress: Checklist) -> dict[str, object]:
    """What the proposal's agency admin finds here beside the moves: reminding, sending at closing, the lead."""
    if not is_open or not who.administers:
        return {}
    return {
        "may_remind": may_be_reminded(who.proposal, facts.asked_at) and who.proposal.lead_id != who.user.pk,
        "lead_is_gone": not who.has_lead,
        "may_auto_send": settings.AUTO_SEND and who.status == Proposal.Status.IN_REVIEW,
        "auto_send_moment": sends_at(facts.stage), "is_ready": progress.ready,
    }  # fmt: skip


def _after_screening(facts: Facts) -> dict[str, object]:
    """What its agency can still do: mend it, or object (or read what became of the objection)."""
    proposal = facts.proposal
    if proposal.status == Proposal.Status.SENT:
        return {"correction": running(proposal, facts.asked_at)}
    decided = standing_screening(proposal) if proposal.status in ("passed", "failed") else None
    if decided is None:
        return {}
    filed, end = hasattr(decided, "objection"), closes_at(decided)
    may_object = proposal.status == Proposal.Status.FAILED and end is not None and end >= facts.asked_at
    return {"objection_filed": filed, "objection_until": end if may_object and not filed else None}


def _closing(proposal: Proposal, progress: Checklist, *, sends: bool) -> dict[str, str]:
    """The last row of the task list: its admin sends it to the ministry, everybody else hands it to the admin."""
    name = _("Check your answers and send") if sends else _("Check your answers and hand over")
    ready = _("Ready to send") if sends else _("Ready to hand over")
    status, label = ("doing", ready) if progress.ready else ("blocked", _("Not ready yet"))
    url = reverse("proposals:check", args=[proposal.code])
    return {"label": name, "url": url, "status": status, "status_label": label}
