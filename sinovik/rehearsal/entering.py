"""First half of the year: registering, inviting, writing, reminding, extending, sending, screening.

Every step goes through the portal's own actions; only the calendar is shifted, never the clock.
"""

from datetime import date, timedelta

from allauth.account.models import EmailAddress

from accounts import actions as accounts
from accounts.models import Agency, User
from announcements.actions import extend_deadline
from catalogue.actions import record_award
from catalogue.models import Innovation
from competitions import calendar
from competitions.actions import revise_stage
from competitions.models import Category, Group, HistoryRule, Stage
from notifications.models import Message
from proposals import actions as proposals
from proposals import eligibility, reminders, screening
from proposals.facts import Facts, gather_all
from proposals.models import Proposal, Screening
from proposals.screening.looks import unsettled
from sinovik.rehearsal import texts
from sinovik.rehearsal.season import CLERKS, Desk, Season


def appoint_clerks(season: Season) -> int:
    for _turn in range(CLERKS):
        person = season.person_for("secretariat", texts.person_name(season.random))
        user = User.objects.create_user(person.email, person.password or None, name=person.name, is_secretariat=True)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        season.clerks.append(user)
    screening.name_head(season.competition, season.clerk, by=season.clerk)
    return len(season.clerks)


def register_agencies(season: Season) -> int:
    """So many agencies register an admin, open a unit and invite two innovators each."""
    calendar.lay_around(season.competition, calendar.submission_stage(season.competition).key, fraction=0.3)
    candidates = list(Agency.objects.participating().filter(parent__type__isnull=True).order_by("code"))
    candidates += list(Agency.objects.participating().exclude(parent__type=None).exclude(type="roe").order_by("code"))
    pool = season.random.sample(candidates, min(season.plan.agencies * 2, len(candidates)))
    for agency in pool:
        if len(season.desks) == season.plan.agencies:
            break
        if agency.admin is None:
            season.desks.append(_open_desk(season, agency))
    return len(season.desks)


def _open_desk(season: Season, agency: Agency) -> Desk:
    person = season.person_for("agency_admin", texts.person_name(season.random))
    registration = accounts.register(
        agency, letter_number=f"800/{season.serial}/ORG", letter=season.letter, email=person.email, name=person.name,
        position="Kepala Bagian Organisasi", time_zone=agency.time_zone, password=person.password or None,
    )  # fmt: skip
    assert registration is not None  # noqa: S101  an invented address is never taken
    accounts.confirm_email(registration.user)
    accounts.approve(registration, by=season.clerk)
    place = texts.short_place(agency.name)
    unit = accounts.open_unit(agency, name=texts.unit_name(season.random, place), by=registration.user)
    desk = Desk(agency, registration.user, unit, [])
    for _turn in range(2):
        invited = season.person_for("innovator", texts.person_name(season.random))
        invitation = accounts.invite_innovator(agency, email=invited.email, name=invited.name, unit=unit, by=desk.admin)
        accepted = accounts.accept_invitation(invitation, name=invited.name, password=invited.password or None)
        desk.innovators.append(accepted.user)
    return desk


def write_drafts(season: Season) -> int:
    """Every planned proposal is begun; those that will be sent are complete, the others stop half-way."""
    written = 0
    for group_plan in season.plan.groups:
        group = season.competition.groups.get(key=group_plan.key)
        for turn in range(group_plan.registered):
            desk = season.desks[turn % len(season.desks)]
            _write(season, group, desk, complete=turn < group_plan.complete)
            written += 1
    return written


def _write(season: Season, group: Group, desk: Desk, *, complete: bool) -> Proposal:
    random, lead = season.random, season.random.choice(desk.innovators)
    category = random.choice(list(season.competition.categories.all()))
    season.serial += 1
    idea = texts.idea(
        random, category.key, texts.short_place(desk.agency.name), season.serial, _latest_start(season, group)
    )
    proposal = proposals.start_proposal(
        group=group, category=category, agency=desk.agency, title=idea.title, by=lead, unit=desk.unit
    )
    changes: dict[str, object] = {
        "started_on": idea.started_on, "sdgs": random.sample(range(1, 18), 2), "is_application": False,
        "video_url": f"https://youtu.be/contoh{season.serial:05d}",
        "past_innovation": _past_winner(season, group, desk.agency, category, idea.title),
    }  # fmt: skip
    if group.needs_source_innovation:
        changes["source_innovation"] = _replicated(group, desk.agency)
    proposal = proposals.save_details(proposal, changes=changes, base_version=proposal.version, by=lead)
    questions = [question for aspect in group.aspects.all() for question in aspect.questions.all()]
    for question in questions if complete else questions[: len(questions) // 2]:
        text = texts.answer(random, idea, question.max_words)
        proposals.save_answer(proposal, question, text=text, base_version=0, by=lead)
    for requirement in group.documents.filter(required=True) if complete else []:
        proposals.attach_document(proposal, requirement, upload=season.letter, by=lead)
    return proposal


def _latest_start(season: Season, group: Group) -> date:
    """A start of implementation that is old enough for every category, with half a year to spare."""
    counted = group.age_counted_to or calendar.closes_at(season.competition).date()
    months = max([group.min_age_months or 0, *(each.min_age_months for each in group.age_exceptions.all())])
    return counted - timedelta(days=round((months + 6) * 30.5))


def _past_winner(season: Season, group: Group, agency: Agency, category: Category, title: str) -> Innovation | None:
    """For groups open only to earlier winners: an invented award of an earlier year, marked as such."""
    needed = _required(group, HistoryRule.About.PAST)
    if needed is None:
        return None
    award = record_award(
        title=f"{title} (rekaan)", agency=agency, agency_name=agency.name, category_name=category.name,
        year=needed.last_year or season.competition.year - 2, tier=needed.tiers[0], label="Penghargaan rekaan",
        source="Data rekaan, bukan pemenang sungguhan",
    )  # fmt: skip
    return award.innovation


def _required(group: Group, about: str) -> HistoryRule | None:
    return group.history_rules.filter(kind=HistoryRule.Kind.REQUIRES, about=about).first()


def _replicated(group: Group, agency: Agency) -> Innovation | None:
    """An innovation of another agency that the group's rules let be replicated."""
    others, rule = Innovation.objects.exclude(agency=agency), _required(group, HistoryRule.About.SOURCE)
    if rule is None:
        return others.filter(awards__tier__in=["finalist", "winner"]).first()
    years = (rule.first_year or 0, rule.last_year or 9999)
    return others.filter(awards__tier__in=rule.tiers, awards__year__range=years).order_by("pk").first()


def submit_to_agency(season: Season) -> int:
    """Innovators hand complete drafts to their agency admin."""
    complete = _complete_drafts(season)
    for proposal in complete:
        proposals.move(proposal, "submit", by=proposal.lead)
    return len(complete)


def _complete_drafts(season: Season) -> list[Proposal]:
    drafts = season.competition.proposals.filter(status=Proposal.Status.DRAFT).select_related("lead", "competition")
    facts = gather_all(drafts.order_by("pk"))
    return [draft for draft in drafts.order_by("pk") if not any(_failures(facts[draft.pk]))]


def _failures(facts: Facts) -> list[eligibility.Finding]:
    return eligibility.failures(found for rule in eligibility.CONTENT_RULES for found in rule(facts))


def remind_writers(season: Season) -> int:
    """The calendar comes nearer to closing; each threshold reminds once, though every tick is computed twice."""
    stage = calendar.submission_stage(season.competition)
    before = _reminders()
    for left in reminders.THRESHOLDS:
        _leave(season, left)
        reminders.remind_all()
        reminders.remind_all()
    _put_back(season, stage)
    calendar.lay_around(season.competition, stage.key, fraction=0.9)
    return _reminders() - before


def _leave(season: Season, left: timedelta) -> None:
    """Shift the calendar so that submission closes in `left`."""
    key = calendar.submission_stage(season.competition).key
    calendar.lay_around(season.competition, key, fraction=1, at=calendar.now() + left, exact=True)


def _put_back(season: Season, stage: Stage) -> None:
    """Undo the shifts to the second, so that the year's deadlines fall on 23.59 again."""
    assert stage.starts_at  # noqa: S101  a rehearsed year has dates
    assert stage.ends_at  # noqa: S101
    now = calendar.now()
    fraction = (now - stage.starts_at) / (stage.ends_at - stage.starts_at)
    calendar.lay_around(season.competition, stage.key, fraction=fraction, at=now, exact=True)


def _reminders() -> int:
    return Message.objects.filter(kind__contains="remind").count()


def extend_submission(season: Season) -> int:
    """The deadline moves by four days, by letter, as in 2023, and screening with it; the portal tells everybody with
    work left."""
    stage, later = calendar.submission_stage(season.competition), timedelta(days=4)
    letter = f"B/188/PP.00.05/{season.competition.code.upper()}"
    reason = "Perubahan cuti bersama dan pemeliharaan sistem."
    assert stage.ends_at  # noqa: S101  a rehearsed year has dates
    extend_deadline(stage, ends_at=stage.ends_at + later, letter_number=letter, reason=reason, by=season.clerk)
    screening_stage = calendar.stage(season.competition, Stage.Kind.SCREENING)
    if screening_stage.starts_at and screening_stage.ends_at:
        starts_at, ends_at = screening_stage.starts_at + later, screening_stage.ends_at + later
        revise_stage(
            screening_stage, starts_at=starts_at, ends_at=ends_at, letter_number=letter, reason=reason, by=season.clerk
        )
    return 1


def return_to_the_named_innovator(season: Season) -> int:
    """The first agency's admin hands one proposal back with a note, so that its innovator has something to mend."""
    desk = season.desks[0]
    waiting = season.competition.proposals.filter(status=Proposal.Status.IN_REVIEW, lead=desk.innovators[0])
    returned = list(waiting.order_by("pk")[:1])
    for proposal in returned:
        note = "Tambahkan angka sebelum dan sesudah pada aspek Signifikansi, lalu kirim kembali."
        proposals.move(proposal, "return", by=desk.admin, note=note)
    return len(returned)


def send_proposals(season: Season, *, share: float = 1) -> int:
    """Agency admins send what lies with them, until the planned number of each group is sent."""
    admins = {desk.agency.pk: desk.admin for desk in season.desks}
    sent = 0
    for group in season.plan.groups:
        waiting = season.competition.proposals.filter(status=Proposal.Status.IN_REVIEW, group__key=group.key)
        for proposal in waiting.select_related("competition").order_by("pk")[: round(group.sent * share)]:
            proposals.send(proposal, by=admins[proposal.agency_id])
            sent += 1
    return sent


def close_submission(season: Season) -> int:
    calendar.after(season.competition, calendar.submission_stage(season.competition).key)
    return season.competition.proposals.count()


def leave_registrations_waiting(season: Season) -> int:
    """Three agencies have registered and wait for the secretariat; the last has not confirmed its address."""
    waiting = Agency.objects.participating().filter(memberships=None, type="city").order_by("code")[:3]
    for agency in waiting:
        name = texts.person_name(season.random)
        registration = accounts.register(
            agency, letter_number=f"800/{season.serial}/ORG", letter=season.letter, name=name,
            email=season.next_email("admin"), position="Kepala Bagian Organisasi", time_zone=agency.time_zone,
        )  # fmt: skip
        if registration is not None and agency != waiting[len(waiting) - 1]:
            accounts.confirm_email(registration.user)
    return len(waiting)


def screen_proposals(season: Season, *, share: float = 1) -> int:
    """Clerks in turn take the next item and decide it; the planned number fails, each with a reason."""
    only = round(season.plan.sent * share)
    plan = {group.key: group.sent - group.passed for group in season.plan.groups}
    checks = list(season.competition.screening_checks.all())
    decided = 0
    while decided < only:
        clerk = season.clerks[decided % len(season.clerks)]
        item = screening.claim_next(season.competition, by=clerk)
        if item is None:
            break
        key = item.submission.proposal.group.key
        fails = (plan[key] > 0 and decided % 5 == 0) or _must_fail(season, plan, decided, key)
        plan[key] -= fails
        screening.decide(
            item, verdict="fail" if fails else "pass", by=clerk,
            failed_checks=[season.random.choice(checks)] if fails else [],
            note="Mohon diperbaiki untuk tahun berikutnya." if fails else "",
        )  # fmt: skip
        decided += 1
    return decided


def _must_fail(season: Season, plan: dict[str, int], decided: int, key: str) -> bool:
    """Whether so few items are left that every further one must fail to reach the planned number."""
    return season.plan.sent - decided <= sum(plan.values()) and plan[key] > 0


def take_second_looks(season: Season) -> int:
    """Every failure and some passes are read again by another clerk; the first is disputed, and its head keeps it."""
    head, *clerks = season.clerks
    looked = 0
    for turn in range(2 * season.plan.sent):
        clerk = clerks[turn % len(clerks)]
        asked = screening.claim_next_look(season.competition, by=clerk)
        if asked is not None and not looked and asked.screening.decided_by != head:
            _dispute(asked.screening, clerk, head)
        elif asked is not None:
            screening.look(asked.screening, agrees=True, by=clerk)
        elif not unsettled(season.competition).exists():
            break
        looked += asked is not None
    return looked


def _dispute(item: Screening, clerk: User, head: User) -> None:
    screening.look(item, agrees=False, reason="Surat pernyataan menurut saya sudah sah.", by=clerk)
    screening.settle(
        item, verdict=item.verdict, failed_checks=list(item.failed_checks.all()), note=item.note,
        settlement="Keputusan pertama tetap.", by=head,
    )  # fmt: skip


def release_screening(season: Season) -> int:
    screening.release_results(season.competition, by=season.clerk)
    return season.competition.proposals.filter(status=Proposal.Status.PASSED).count()
