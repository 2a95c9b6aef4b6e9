"""What can happen to certificates: asked for, printed in the background, replaced, revoked; and the award day.

Locks: the list's row while certificates of it are asked for; the issue's row for each portion that is printed, so a
worker that dies leaves whole portions and the next sweep goes on; the competition's row while numbers are given.
"""

import hashlib
import logging
from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from awards.certificates import Subject, facts_now, facts_of, is_public, subjects_of, teams_of
from awards.exports import certificate_printer, words_of
from awards.hall import order_of_call
from awards.models import Call, Ceremony, Certificate, Issue, Kind
from competitions import calendar
from competitions.models import Competition
from files.pdf import Printer
from files.storing import keep
from judging.models import Selection
from notifications.outbox import tell_many, wake
from proposals.audience import acting_admins
from proposals.models import Proposal

PRINT = "awards.tasks.print_waiting"  # woken by each asking, swept each minute
PORTION = 25
TRIES = 3
log = logging.getLogger(__name__)


@transaction.atomic
def ask_certificates(
    selection: Selection,
    *,
    kinds: Iterable[str],
    place: str,
    day: date,
    signer_name: str,
    signer_office: str,
    decree: str = "",
    by: User,
) -> Issue:
    """Has the certificates of a public list printed, as far as there is no valid one yet, and wakes a worker.

    ValidationError `no_award`, `superseded`, `in_correction`, `not_public`,
    `nothing_left`, or while they are being printed already.
    """
    as_secretariat(by)
    selection = Selection.objects.select_for_update(no_key=True, of=("self",)).select_related("round").get(
        pk=selection.pk
    )  # fmt: skip
    check_may_issue(selection)
    issue = Issue(
        selection=selection, kinds=[each for each in Kind.values if each in set(kinds)], place=place.strip(), day=day,
        decree=decree.strip(), signer_name=signer_name.strip(), signer_office=signer_office.strip(), asked_by=by,
    )  # fmt: skip
    issue.full_clean(exclude=["asked_at", "finished_at"])
    issue.total = len(_missing(issue))
    if not issue.total:
        raise ValidationError(_("Everybody on this list has a valid certificate already."), code="nothing_left")
    issue.save()
    record("awards.ask_certificates", by=by, on=issue, data={"list": selection.code, "certificates": issue.total})
    wake(PRINT)
    return issue


def check_may_issue(selection: Selection) -> None:
    """ValidationError where no certificates of this list may be printed now. Expects the round loaded."""
    if not selection.round.award_tier:
        raise ValidationError(_("This list gives no award."), code="no_award")
    if Selection.objects.filter(supersedes=selection).exists():
        raise ValidationError(_("A corrected list has taken the place of this one."), code="superseded")
    if not Selection.objects.closed().filter(pk=selection.pk).exists():
        raise ValidationError(_("This list is being corrected."), code="in_correction")
    if not is_public(selection):
        text = _("Certificates can be printed once the list has been announced in public.")
        raise ValidationError(text, code="not_public")


def print_waiting() -> int:
    """Prints what was asked for, portion by portion; returns how many certificates were printed. Safe at any time and
    in several processes at once. What fails is tried again with the next sweeps, some times, and keeps no other
    waiting."""
    printed = 0
    for pk in list(Issue.objects.filter(state=Issue.State.WAITING).order_by("asked_at").values_list("pk", flat=True)):
        printing = certificate_printer()
        try:
            while portion := _print_portion(pk, printing):
                printed += portion
        except Exception:
            log.exception("Certificates could not be printed.")
            _note_failure(pk)
    return printed


@transaction.atomic
def replace_certificate(certificate: Certificate, *, name: str, reason: str, by: User) -> Certificate:
    """Prints the certificate anew with another name on it, or an agency's after its list was corrected. The old one
    verifies as replaced ever after, with the reason and the new number; those concerned are told.

    ValidationError `not_valid`, `no_reason`, `no_name` or `same_name`.
    """
    as_secretariat(by)
    old = _valid_one(certificate)
    name, reason = " ".join(name.split()), reason.strip()
    if not name:
        raise ValidationError({"name": ValidationError(_("Write the name to be printed."), code="no_name")})
    facts = facts_now(old)
    if name == old.name and facts == old.facts:
        text = _("This is the name that is printed already.")
        raise ValidationError({"name": ValidationError(text, code="same_name")})
    _end(old, Certificate.State.REPLACED, reason, by)
    new = Certificate(
        issue=old.issue, kind=old.kind, competition=old.competition, subject=old.subject, name=name, facts=facts,
        agency=old.agency, proposal=old.proposal, person=old.person, issued_by=by, replaces=old,
    )  # fmt: skip
    _print([new], certificate_printer())
    record(
        "awards.replace_certificate", by=by, on=new,
        data={"number": new.number, "sha256": new.sha256, "replaces": old.number, "reason": reason},
    )  # fmt: skip
    _tell(new, "replaced", {"old": old, "reason": reason})
    return new


@transaction.atomic
def revoke_certificate(certificate: Certificate, *, reason: str, by: User) -> None:
    """The certificate verifies as revoked ever after, with the reason; those concerned are told. ValidationError
    `not_valid` or `no_reason`."""
    as_secretariat(by)
    old = _valid_one(certificate)
    _end(old, Certificate.State.REVOKED, reason.strip(), by)
    record("awards.revoke_certificate", by=by, on=old, data={"number": old.number, "reason": old.because})
    _tell(old, "revoked", {"reason": old.because})


def _missing(issue: Issue) -> list[Subject]:
    """What the list gives and has no valid certificate; one that was revoked is not printed again unasked."""
    subjects = subjects_of(issue.selection, issue.kinds)
    held = Certificate.objects.filter(subject__in=[each.key for each in subjects])
    known = set(held.values_list("subject", flat=True))
    return [each for each in subjects if each.key not in known]


@transaction.atomic
def _print_portion(pk: int, printing: Printer) -> int:
    """The next certificates of the issue; 0 when it is finished, or another worker is at it."""
    rows = Issue.objects.select_for_update(skip_locked=True, of=("self",))
    issue = (
        rows.select_related("selection__round__group__competition", "asked_by")
        .filter(pk=pk, state=Issue.State.WAITING)
        .first()
    )
    if issue is None:
        return 0
    missing = _missing(issue)
    portion = missing[:PORTION]
    _print([_certificate(each, issue) for each in portion], printing)
    issue.printed += len(portion)
    issue.total = issue.printed + len(missing) - len(portion)
    if len(missing) == len(portion):
        _finish(issue)
    issue.save(update_fields=["printed", "total", "state", "finished_at"])
    return len(portion)


def _certificate(subject: Subject, issue: Issue) -> Certificate:
    return Certificate(
        issue=issue, kind=subject.kind, competition=issue.selection.round.group.competition, subject=subject.key,
        name=subject.name, facts=facts_of(subject, issue), agency=subject.agency, proposal=subject.proposal,
        person=subject.person, issued_by=issue.asked_by,
    )  # fmt: skip


def _print(certificates: list[Certificate], printing: Printer) -> None:
    """Numbers, prints and stores each."""
    if not certificates:
        return
    competition = Competition.objects.select_for_update(no_key=True).get(pk=certificates[0].competition_id)
    last = Certificate.objects.filter(competition=competition).aggregate(last=Max("serial"))["last"] or 0
    for serial, certificate in enumerate(certificates, start=last + 1):
        certificate.serial, certificate.number = serial, f"PIAGAM-{competition.code.upper()}-{serial:05d}"
        content = printing(words_of(certificate))
        certificate.sha256 = hashlib.sha256(content).hexdigest()
        certificate.file = keep(content, name=certificate.file_name, media_type="application/pdf")
    Certificate.objects.bulk_create(certificates)


def _finish(issue: Issue) -> None:
    issue.state, issue.finished_at = Issue.State.DONE, calendar.now()
    numbers = list(issue.certificates.order_by("serial").values_list("number", "sha256"))
    record("awards.issue_certificates", by=issue.asked_by, on=issue, data={"certificates": numbers})
    people = set(acting_admins(issue.certificates.values_list("agency", flat=True)).values())
    for each in issue.certificates.select_related("person", "proposal__lead"):
        if each.person:
            people.add(each.person)
        elif each.proposal:
            people.add(each.proposal.lead)
    tell_many(
        _active(people), template="awards/mail/issued", key=f"awards.issued:{issue.code}", context={"issue": issue},
        link=reverse("awards:own"),
    )  # fmt: skip


@transaction.atomic
def _note_failure(pk: int) -> None:
    Issue.objects.filter(pk=pk, state=Issue.State.WAITING).update(tries=F("tries") + 1)
    Issue.objects.filter(pk=pk, state=Issue.State.WAITING, tries__gte=TRIES).update(state=Issue.State.FAILED)


def _valid_one(certificate: Certificate) -> Certificate:
    """The same row under lock, with what it names."""
    rows = Certificate.objects.select_for_update(of=("self",)).select_related(
        "issue", "competition", "agency__parent", "proposal__lead", "person", "replaces"
    )
    found = rows.get(pk=certificate.pk)
    if not found.is_valid:
        raise ValidationError(_("This certificate no longer holds: it was replaced or revoked."), code="not_valid")
    return found


def _end(certificate: Certificate, state: str, reason: str, by: User) -> None:
    if not reason:
        text = _("Say why the certificate no longer holds.")
        raise ValidationError({"reason": ValidationError(text, code="no_reason")})
    certificate.state, certificate.because = state, reason
    certificate.ended_at, certificate.ended_by = calendar.now(), by
    certificate.save(update_fields=["state", "because", "ended_at", "ended_by"])


def _tell(certificate: Certificate, what: str, context: dict[str, object]) -> None:
    tell_many(
        _people_of(certificate), template=f"awards/mail/{what}", key=f"awards.{what}:{certificate.code}",
        context={"certificate": certificate, **context}, link=certificate.get_absolute_url(),
    )  # fmt: skip


def _people_of(certificate: Certificate) -> list[User]:
    people: set[User] = set(acting_admins([certificate.agency_id]).values())
    if certificate.person:
        people.add(certificate.person)
    elif certificate.proposal:
        people.update(teams_of([certificate.proposal])[certificate.proposal.pk])
    return _active(people)


def _active(people: set[User]) -> list[User]:
    return sorted((each for each in people if each.is_active), key=lambda each: each.pk)


@transaction.atomic
def plan_ceremony(
    competition: Competition,
    *,
    name: str,
    venue: str,
    starts_at: datetime,
    seats_per_row: int,
    lists: Iterable[Selection],
    by: User,
) -> Ceremony:
    """Plans the award day of public lists: everybody on them is called, in the order of protocol. ValidationError as of
    `check_may_issue`."""
    as_secretariat(by)
    chosen = list(lists)
    for selection in chosen:
        check_may_issue(selection)
    ceremony = Ceremony(
        competition=competition, name=name.strip(), venue=venue.strip(), starts_at=starts_at,
        seats_per_row=seats_per_row, made_by=by,
    )  # fmt: skip
    ceremony.full_clean()
    ceremony.save()
    ceremony.lists.set(chosen)
    _call(ceremony, order_of_call(chosen))
    record("awards.plan_ceremony", by=by, on=ceremony, data={"lists": [each.code for each in chosen]})
    return ceremony


@transaction.atomic
def renew_calls(ceremony: Ceremony, *, by: User) -> tuple[int, int]:
    """Calls whom the lists name now, after a correction: who is new comes last, who is gone is not called. Returns how
    many came and went; what was noted of the others stays."""
    as_secretariat(by)
    ceremony = Ceremony.objects.select_for_update().get(pk=ceremony.pk)
    standing = Selection.objects.standing().filter(round__selections__ceremonies=ceremony).distinct()
    ceremony.lists.set(standing)
    listed = order_of_call(standing)
    called = {call.proposal_id: call for call in ceremony.calls.all()}
    gone = set(called) - {proposal.pk for proposal, _award in listed}
    ceremony.calls.filter(proposal__in=gone).delete()
    new = [(proposal, award) for proposal, award in listed if proposal.pk not in called]
    _call(ceremony, new)
    _place(ceremony, list(ceremony.calls.all()))
    record("awards.renew_calls", by=by, on=ceremony, data={"new": len(new), "gone": len(gone)})
    return len(new), len(gone)


@transaction.atomic
def settle_call(call: Call, *, receiver: str, office: str, companions: int, place: int, by: User) -> None:
    """Notes who comes to the stage and with how many, and moves the call to another place in the order; the others
    close up. A place beyond the last means the last."""
    as_secretariat(by)
    ceremony = Ceremony.objects.select_for_update().get(pk=call.ceremony_id)
    call = ceremony.calls.get(pk=call.pk)
    call.receiver, call.office, call.companions = receiver.strip(), office.strip(), companions
    call.full_clean(exclude=["place"])
    call.save(update_fields=["receiver", "office", "companions"])
    if place != call.place:
        others = [each for each in ceremony.calls.all() if each != call]
        others.insert(place - 1, call)
        _place(ceremony, others)
    record("awards.settle_call", by=by, on=call, data={"place": place, "companions": companions})


def _call(ceremony: Ceremony, proposals: list[tuple[Proposal, str]]) -> None:
    last = ceremony.calls.aggregate(last=Max("place"))["last"] or 0
    Call.objects.bulk_create(
        Call(ceremony=ceremony, place=place, proposal=proposal, award=award)
        for place, (proposal, award) in enumerate(proposals, start=last + 1)
    )


def _place(ceremony: Ceremony, calls: list[Call]) -> None:
    """Numbers the calls from one in this order."""
    for place, call in enumerate(calls, start=1):
        call.place = place
    Call.objects.bulk_update(calls, ["place"])
