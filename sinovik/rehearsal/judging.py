"""Second half of the year: jurors, rounds, scores, plenaries and announcements."""

from decimal import Decimal

from django.utils.translation import override

from announcements.actions import announce_due, draft_announcement, schedule, send_feedback
from announcements.drafts import kind_of
from competitions import calendar
from competitions.models import Criterion, Round
from judging import actions as judging
from judging.jurors import invitations
from judging.models import Assessment, FeedbackComment, FeedbackLetter, Juror, Selection
from judging.ranking.places import rank
from sinovik.rehearsal import interviews, texts, verification
from sinovik.rehearsal.season import Season

UNIVERSITIES = ("Universitas Gadjah Mada", "Universitas Indonesia", "Universitas Hasanuddin", "Universitas Airlangga")


def invite_jurors(season: Season) -> int:
    for kind, count in ((Juror.Kind.EVALUATOR, season.plan.evaluators), (Juror.Kind.PANELIST, season.plan.panelists)):
        season.jurors[kind] = [_invite(season, kind) for _turn in range(count)]
    return sum(len(jurors) for jurors in season.jurors.values())


def _invite(season: Season, kind: str) -> Juror:
    random = season.random
    person = season.person_for(kind, f"Prof. {texts.person_name(random)}")
    expertise = random.sample(
        list(season.competition.categories.all()), k=min(4, season.competition.categories.count())
    )
    juror = judging.invite_juror(
        season.competition, email=person.email, name=person.name, kind=kind, institution=random.choice(UNIVERSITIES),
        expertise=expertise, by=season.clerk,
    )  # fmt: skip
    if person.password:
        token = invitations.token_for(juror)
        juror = judging.open_account(token, name=person.name, password=person.password)
    judging.accept_pact(juror, by=juror.user)
    return juror


def open_and_assign(season: Season, place: int) -> int:
    """Open the n-th round of every group and deal its sheets out, those of interviews by a timetable; returns how
    many sheets."""
    sheets = 0
    for judging_round in _rounds(season, place):
        hears = bool(judging_round.interview_minutes)
        calendar.lay_around(season.competition, judging_round.stage.key, fraction=0 if hears else 0.5)
        judging.open_round(judging_round, by=season.clerk)
        if hears:
            interviews.prepare(season, judging_round)
        else:
            judging.assign(judging_round, by=season.clerk, seed=season.random.randrange(2**31))
        sheets += Assessment.objects.filter(entry__round=judging_round).count()
    return sheets


def score(season: Season, place: int, *, share: float = 1) -> int:
    """Jurors fill their sheets; with `share` below 1 each leaves the rest of the pile open."""
    done = 0
    for judging_round in _rounds(season, place):
        criteria = list(judging_round.criteria.all())
        for juror in [juror for kind in judging_round.kinds for juror in season.jurors[kind]]:
            pile = list(
                Assessment.objects.filter(entry__round=judging_round, juror=juror, status=Assessment.Status.ASSIGNED)
            )
            for sheet in pile[: round(len(pile) * share)]:
                _fill(season, sheet, juror, criteria)
                done += 1
    return done


def _fill(season: Season, sheet: Assessment, juror: Juror, criteria: list[Criterion]) -> None:
    """A plausible sheet: the proposal's quality, the juror's severity, and noise, on the criterion's scale."""
    quality = _steady(sheet.entry.proposal_id, 7, 14)
    severity = _steady(juror.pk, 11, 6)
    scores = {}
    for criterion in criteria:
        raw = 72 + quality + severity + season.random.gauss(0, 6)
        share = min(100.0, max(20.0, raw)) / 100
        span = criterion.scale_max - criterion.scale_min
        scores[criterion.key] = Decimal(round(criterion.scale_min + share * span))
    judging.save_assessment(
        sheet, scores=scores, by=juror.user, final=True,
        comment="Dampaknya terukur dan caranya mudah ditiru. Sertakan laporan evaluasi dari pihak luar.",
    )  # fmt: skip


def _steady(key: int, factor: int, spread: float) -> float:
    """A number in ±spread that is always the same for the same key."""
    return ((key * 7919 * factor) % 1000 / 500 - 1) * spread


def hold_plenary(season: Season, place: int) -> int:
    """Fix the n-th Selection of every group, once what supports it is done. Returns how many got in."""
    hold_supporters(season, place)
    return fix_lists(season, place)


def hold_supporters(season: Season, place: int) -> None:
    """Live the rounds beside the n-th ones, such as the verification beside the interviews."""
    for judging_round in _rounds(season, place):
        for supporter in judging_round.supporters().select_related("stage", "group"):
            verification.hold(season, supporter)


def fix_lists(season: Season, place: int) -> int:
    """The plenary of the n-th rounds; a tie on the line is settled by a noted draw. Returns how many got in."""
    chosen = 0
    for judging_round in _rounds(season, place):
        if rank(judging_round).line_tie:
            judging.draw_from_tie(
                judging_round, reason="Undian dalam sidang pleno untuk nilai yang sama.", by=season.clerk
            )
            drawn = [move.proposal for move in judging.prepared_moves(judging_round)]
            judging.confirm_moves(judging_round, proposals=drawn, by=season.clerks[1])
        panel = [juror.user for juror in season.jurors[judging_round.assessors][:5]]
        judging.note_present(judging_round, people=[season.clerk, *panel], guests=[], by=season.clerk)
        selection = judging.freeze_selection(
            judging_round, by=season.clerk,
            minutes_number=f"BA-{judging_round.key}-{judging_round.group.key}/{season.competition.code}".upper(),
            minutes="Sidang pleno menetapkan daftar ini menurut peringkat.",
        )  # fmt: skip
        chosen += selection.entries.filter(is_selected=True).count()
    return chosen


def write_letters(season: Season, place: int) -> int:
    """Draft the letters to those the n-th lists left out, let their comments through and approve them; returns how
    many. They go with the announcement."""
    letters = 0
    for judging_round in _rounds(season, place):
        judging.draft_letters(judging.request_letters(judging_round, by=season.clerk, wake=False).pk)
        unmarked = len(judging.unmarked(judging_round))
        judging.release_unmarked(judging_round, expected=unmarked, by=season.clerk)
        for comment in FeedbackComment.objects.filter(letter__entry__round=judging_round, decision="open"):
            judging.decide_comment(comment, decision="held", text=comment.text, by=season.clerk)
        ready = FeedbackLetter.objects.in_round(judging_round).wanted().ready().count()
        letters += judging.approve_ready(judging_round, expected=ready, by=season.clerk)
    return letters


def announce(season: Season, place: int) -> int:
    """Publish the n-th Selections of all groups in one announcement, and let the portal tell everybody."""
    selections = list(Selection.objects.standing().filter(round__in=_rounds(season, place)).select_related("round"))
    names = " dan ".join(selection.name for selection in selections)
    with override("id"):
        announcement = draft_announcement(
            season.competition, kind=kind_of(selections[0]), by=season.clerk, selections=selections,
            number=f"B/{100 + place}/PP.00.05/{season.competition.code.upper()}", title=f"Penetapan {names}"[:200],
            body="Berdasarkan hasil sidang pleno, daftar berikut ditetapkan. Selamat kepada para inovator.",
        )  # fmt: skip
        schedule(announcement, revision=announcement.revision, publish_at=None, by=season.clerk)
        announce_due()
        send_feedback()
    return len(selections)


def _rounds(season: Season, place: int) -> list[Round]:
    """The n-th round (1-based) of each group that has one."""
    groups = season.competition.groups.all()
    found = [group.rounds.filter(supports="").order_by("order")[place - 1 : place] for group in groups]
    return [judging_round for rounds in found for judging_round in rounds.select_related("stage", "group")]
