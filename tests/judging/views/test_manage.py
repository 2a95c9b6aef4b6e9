"""The secretariat's pages, from invitation to the fixed list."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from competitions.models import Round
from judging import actions
from judging.models import Assessment, AssignmentPlan, Entry, Juror, Selection

ROUND = ("2023", "umum", "desk")


@pytest.fixture
def office(as_user, secretariat):
    return as_user(secretariat)


def at(name: str, *more: str) -> str:
    return reverse(f"judging:{name}", args=[*ROUND, *more])


@pytest.fixture
def scored(desk_round, make_proposal, make_juror, score):
    jurors = [make_juror("ani"), make_juror("budi")]

    def fill(marks=(90, 85, 80, 75, 70, 65)):
        for number, mark in enumerate(marks):
            entry = Entry.objects.create(round=desk_round, proposal=make_proposal(f"Proposal {mark}"))
            for juror in jurors:
                score(Assessment.objects.create(entry=entry, juror=juror, place=number), mark, mark)
        return desk_round

    return fill


def test_a_pasted_list_invites_many_and_names_wrong_lines(office, year, agency):
    page = reverse("judging:invite_many", args=["2023"])
    good = "Ani; ani@kampus.ac.id; Universitas; ; Kesehatan, pendidikan\n\nBudi\tbudi@x.go.id\t\t76.01"
    wrong = "Cici; bukan-alamat\nDodi; dodi@x.id; ; Kota Tanpa Nama\nEko; eko@x.id; ; ; Antariksa\n; x@x.id"
    answer = office.post(page, {"kind": "evaluator", "lines": good + "\n" + wrong})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert all(f"Baris {number}:" in text for number in (4, 5, 6, 7))
    assert not Juror.objects.exists()
    assert office.post(page, {"kind": "evaluator", "lines": good}).status_code == 302
    ani, budi = Juror.objects.order_by("user__name")
    assert (ani.institution, ani.expertise.count(), budi.agency) == ("Universitas", 2, agency)


def test_one_juror_is_invited_with_a_form(office, year, agency):
    page = reverse("judging:invite", args=["2023"])
    data = {"kind": "panelist", "name": "Ani", "email": "ani@x.id", "agency": agency.pk}
    assert office.post(page, data).status_code == 302
    assert Juror.objects.get().agency == agency
    assert office.post(page, data).status_code == 422


def test_a_round_is_opened_planned_and_given_out(office, desk_round, make_proposal, make_juror):
    for number in range(3):
        make_proposal(f"Proposal {number}")
        make_juror(f"juri-{number}")
    assert office.post(at("open"), follow=True).status_code == 200
    answer = office.post(at("assign"), {"mode": "fill", "links_percent": "20", "seed": "7"})
    plan = AssignmentPlan.objects.get()
    assert answer.url == reverse("judging:plan", args=[plan.code])
    assert plan.state == "queued"
    assert office.get(answer.url).status_code == 200
    actions.solve_waiting()
    measured = office.get(answer.url).context["measured"]
    assert (len(measured.given), measured.conflicts, measured.least, measured.most) == (6, [], 2, 2)
    assert not Assessment.objects.exists()
    deploy = reverse("judging:plan_deploy", args=[plan.code])
    office.post(deploy, {"version": "7"})
    assert not Assessment.objects.exists()
    office.post(deploy, {"version": "1"})
    assert Assessment.objects.count() == 6
    assert office.get(answer.url).status_code == 200
    assert office.get(at("round")).status_code == 200
    office.post(at("remind"))
    assert office.get(at("pile", Juror.objects.first().code)).status_code == 200


def test_the_plenary_moves_writes_minutes_confirms_and_fixes(office, scored, as_user, clerk):
    scored()
    codes = {entry.proposal.title: entry.proposal.code for entry in Entry.objects.select_related("proposal")}
    office.post(at("plenary_move"), {"proposal": codes["Proposal 70"], "deed": "in", "reason": ""})
    assert not Selection.objects.exists()
    office.post(at("plenary_move"), {"proposal": codes["Proposal 70"], "deed": "in", "reason": "Wilayah 3T"})
    minutes = {"minutes_number": "B/1/2023", "minutes": "Sidang pleno."}
    assert office.post(at("freeze"), minutes | {"deed": "review"}).status_code == 422
    office.post(at("plenary_move"), {"proposal": codes["Proposal 75"], "deed": "out", "reason": "Temuan"})
    assert office.post(at("freeze"), minutes | {"deed": "review"}).status_code == 422
    as_user(clerk).post(at("plenary_confirm"), {"proposal": [codes["Proposal 70"], codes["Proposal 75"]]})
    office.post(at("present"), {"guests": "Ani\nBudi, Inspektorat\n"})
    confirm = office.post(at("freeze"), minutes | {"deed": "review"})
    assert confirm.status_code == 200
    assert not Selection.objects.exists()
    digest = confirm.context["digest"]
    assert office.post(at("freeze"), minutes | {"deed": "freeze", "digest": "0"}).status_code == 422
    answer = office.post(at("freeze"), minutes | {"deed": "freeze", "digest": digest}, follow=True)
    selection = Selection.objects.get()
    assert answer.request["PATH_INFO"] == reverse("judging:selection", args=[selection.code])
    assert selection.present == [{"name": "Ani", "office": ""}, {"name": "Budi", "office": "Inspektorat"}]
    chosen = set(selection.entries.filter(is_selected=True).values_list("proposal__title", flat=True))
    assert chosen == {"Proposal 90", "Proposal 85", "Proposal 80", "Proposal 70"}


def test_the_csv_cannot_run_formulas(office, scored, make_proposal):
    scored((90,))
    Entry.objects.select_related("proposal").get().proposal.__class__.objects.update(title="=cmd|' /C calc'!A0")
    text = office.get(at("ranking_csv")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][2] == "'=cmd|' /C calc'!A0"
    assert rows[1][7] == "90.0000"


def test_who_stands_within_the_quota_with_sheets_missing_is_in_for_now_only(office, scored):
    scored((90, 80))
    sheet = Assessment.objects.filter(entry__proposal__title="Proposal 90").first()
    Assessment.objects.filter(pk=sheet.pk).update(status="draft")
    first, second = office.get(at("ranking")).content.decode().split("<tbody>")[1].split("<tr ")[1:3]
    assert "Untuk sementara masuk, lembar belum lengkap" in first
    assert 'data-label="Selisih">–<' in first  # one sheet has no spread
    assert reverse("proposals:proposal", args=[sheet.entry.proposal.code]) in first
    assert "sementara" not in second


def test_the_ranking_is_filtered(office, scored, year):
    scored((90, 80))
    proposal = Entry.objects.select_related("proposal").first().proposal
    proposal.category = year.categories.last()
    proposal.save()
    page = office.get(at("ranking"), {"category": "pendidikan"})
    assert [row.proposal.title for row in page.context["page"]] == [proposal.title]
    assert office.get(at("ranking"), {"type": "ministry"}).context["page"].paginator.count == 0


def test_the_rounds_a_total_is_made_of_are_named(office, year):
    rounds = Round.objects.filter(group__competition=year, group__key="umum")
    rounds.filter(key="interview").update(shares={"panel": 70, "interview": 30})
    rounds.filter(key="panel").update(name="Pendalaman")
    page = office.get(reverse("judging:ranking", args=["2023", "umum", "interview"]))
    assertContains(page, f"Pendalaman 70%; {rounds.get(key='interview').name} 30%")


@pytest.mark.parametrize("name", ["ranking", "plenary", "round", "manage", "jurors"])
def test_pages_take_the_same_queries_for_one_and_four_rows(office, scored, make_juror, name, year):
    page = at(name) if name in ("ranking", "plenary", "round") else reverse(f"judging:{name}", args=["2023"])
    counts = []
    for marks in ((90,), (80, 70, 60)):
        scored(marks)
        make_juror(f"juri-{len(marks)}")
        with CaptureQueriesContext(connection) as queries:
            assert office.get(page).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_plan_without_its_numbers_is_still_shown(office, desk_round, make_proposal, make_juror, secretariat):
    """A plan made by another hand, whose proof was never counted."""
    entry, juror = Entry.objects.create(round=desk_round, proposal=make_proposal("A")), make_juror("ani")
    rows = [[entry.pk, juror.pk, None]]
    plan = AssignmentPlan.objects.create(round=desk_round, state="proposed", rows=rows, made_by=secretariat)
    for page in ("plan", "plan_compare"):
        assert office.get(reverse(f"judging:{page}", args=[plan.code])).status_code == 200
    edit = reverse("judging:plan_edit", args=[plan.code, juror.code, entry.proposal.code])
    assert office.get(edit).status_code == 200
    assert office.get(reverse("judging:workload", args=ROUND)).status_code == 200


def test_looking_at_a_leaving_asks_the_same_for_few_and_many_sheets(office, desk_round, make_proposal, make_juror):
    leaving, stays = make_juror("ani"), make_juror("budi")
    page, counts = reverse("judging:leave", args=["2023", leaving.code]), []
    for number in (2, 6):
        for place in range(number):
            entry = Entry.objects.create(round=desk_round, proposal=make_proposal(f"Proposal {number}-{place}"))
            Assessment.objects.create(entry=entry, juror=leaving, place=place)
        with CaptureQueriesContext(connection) as queries:
            assert dict(office.get(page).context["leaving"].takers)[stays]
        counts.append(len(queries))
    assert counts[0] == counts[1]
