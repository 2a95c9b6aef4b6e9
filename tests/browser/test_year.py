"""A whole small year, clicked through by every role in Indonesian: on a telephone without scripts, at a desk with them.

Only the calendar is moved, in the database; nobody waits and no clock is faked.
"""

import pytest

from competitions import calendar
from proposals import actions
from tests.browser import announcing, entering, judging
from tests.browser.conftest import give_password
from tests.browser.judging import EVALUATOR, PANELIST

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTE = "Mohon tambahkan angka kunjungan pada dampak."
ROUNDS = [("Desk", EVALUATOR, 4), ("Panel", PANELIST, 4), ("Interview", PANELIST, 4)]


def test_a_year_lived_by_every_role(meet, clerk_at_work, year, agency, rival, other_admin, letter):
    clerk, admin, innovator = clerk_at_work, meet("rahma@example.go.id"), meet("sri@example.go.id")
    enter_the_proposal(clerk, admin, innovator, agency, letter)
    number, digest = entering.the_admin_sends_it_to_the_ministry(admin)
    entering.anybody_verifies(meet("warga@example.id"), number, digest)
    actions.move(rival, "submit", by=rival.lead)
    actions.send(rival, by=other_admin)
    calendar.after(year, "submission")
    entering.the_secretariat_screens(clerk, how_many=2)
    entering.the_agency_reads_that_it_passed(admin)
    judge_all_rounds(meet, clerk, year)
    announce_the_lists(meet, clerk, admin)


def enter_the_proposal(clerk, admin, innovator, agency, letter):
    entering.an_admin_registers(admin, agency, letter)
    entering.the_secretariat_approves(clerk, agency)
    entering.the_admin_opens_a_unit_and_invites(admin, innovator.email)
    entering.the_innovator_accepts(innovator)
    entering.the_innovator_writes(innovator, letter)
    entering.the_innovator_sends_it_to_the_admin(innovator)
    entering.the_admin_returns_it(admin, NOTE)
    entering.the_innovator_corrects_it(innovator, NOTE)


def judge_all_rounds(meet, clerk, year):
    jurors = {EVALUATOR: [meet("hana@example.ac.id"), meet("iwan@example.ac.id")]}
    jurors[PANELIST] = [meet("joko@example.ac.id"), meet("laila@example.ac.id")]
    judging.the_secretariat_opens_the_list_of_jurors(clerk)
    for role, people in jurors.items():
        for juror in people:
            judging.the_secretariat_invites(clerk, juror.email, juror.email.split("@")[0].title(), role)
            judging.the_juror_accepts(juror)
    for name, role, sheets in ROUNDS:
        calendar.lay_around(year, name.lower())
        judging.the_secretariat_gives_out_the_sheets(clerk, name, sheets=sheets)
        for juror in jurors[role]:
            judging.the_juror_scores(juror, ours=90, theirs=80)
        judging.the_plenary_fixes(clerk, name, f"Hasil {name.lower()}")


def announce_the_lists(meet, clerk, admin):
    visitor = meet("pembaca@example.id")
    announcing.the_secretariat_announces(clerk, [f"Hasil {name.lower()}" for name, _role, _sheets in ROUNDS])
    announcing.nobody_else_reads_it_yet(visitor)
    announcing.the_secretariat_publishes(clerk)
    announcing.anybody_reads_it(visitor)
    announcing.the_agency_reads_its_award(admin, "Hasil interview")


def test_after_the_deadline_nothing_is_saved(meet, draft, innovator, move_calendar):
    give_password(innovator)
    writer = meet(innovator.email)
    writer.logs_in()
    page = f"/proposals/{draft.code}/details/"
    writer.opens(page)
    writer.is_at("Rincian inovasi")
    move_calendar(-25)
    entering.the_innovator_comes_too_late(writer, page, "Judul yang terlambat")
    draft.refresh_from_db()
    assert draft.title == entering.TITLE
