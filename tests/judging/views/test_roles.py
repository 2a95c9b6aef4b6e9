"""Who gets what answer at each address of judging."""

import pytest
from django.urls import reverse

from judging.actions import freeze_selection, invite_juror, note_present
from judging.jurors import invitations
from judging.models import Assessment

PEOPLE = ("public", "innovator", "agency_admin", "evaluator", "panelist", "secretariat")
ROUND = ("2023", "umum", "desk")

# name, arguments, expected answers in the order of PEOPLE (302 for the public leads to the login page)
GETS = [
    ("desk", (), (302, 403, 403, 200, 200, 403)),
    ("pact", ("2023",), (302, 404, 404, 200, 200, 404)),
    ("conflicts", ("2023",), (302, 404, 404, 200, 200, 404)),
    ("assessment", ("SHEET",), (302, 404, 404, 200, 404, 200)),
    ("recuse", ("SHEET",), (302, 404, 404, 200, 404, 403)),
    ("document", ("SHEET", "surat"), (302, 404, 404, 404, 404, 404)),
    ("return", ("SHEET",), (302, 403, 403, 403, 403, 200)),
    ("manage", ("2023",), (302, 403, 403, 403, 403, 200)),
    ("round", ROUND, (302, 403, 403, 403, 403, 200)),
    ("assign", ROUND, (302, 403, 403, 403, 403, 200)),
    ("pile", (*ROUND, "JUROR"), (302, 403, 403, 403, 403, 200)),
    ("ranking", ROUND, (302, 403, 403, 403, 403, 200)),
    ("ranking_csv", ROUND, (302, 403, 403, 403, 403, 200)),
    ("plenary", ROUND, (302, 403, 403, 403, 403, 200)),
    ("freeze", ROUND, (302, 403, 403, 403, 403, 200)),
    ("jurors", ("2023",), (302, 403, 403, 403, 403, 200)),
    ("invite", ("2023",), (302, 403, 403, 403, 403, 200)),
    ("invite_many", ("2023",), (302, 403, 403, 403, 403, 200)),
    ("juror", ("2023", "JUROR"), (302, 403, 403, 403, 403, 200)),
    ("juror_conflicts", ("2023", "JUROR"), (302, 403, 403, 403, 403, 200)),
    ("open", ROUND, (302, 405, 405, 405, 405, 405)),
    ("remind", ROUND, (302, 405, 405, 405, 405, 405)),
    ("plenary_move", ROUND, (302, 405, 405, 405, 405, 405)),
    ("resend", ("2023", "JUROR"), (302, 405, 405, 405, 405, 405)),
    ("leave", ("2023", "JUROR"), (302, 403, 403, 403, 403, 200)),
]
POSTS = [
    ("assessment", ("SHEET",), (302, 404, 404, 422, 404, 403)),
    ("open", ROUND, (302, 403, 403, 403, 403, 302)),
    ("assign", ROUND, (302, 403, 403, 403, 403, 422)),
    ("remind", ROUND, (302, 403, 403, 403, 403, 302)),
    ("plenary_move", ROUND, (302, 403, 403, 403, 403, 404)),
    ("freeze", ROUND, (302, 403, 403, 403, 403, 422)),
    ("return", ("SHEET",), (302, 403, 403, 403, 403, 422)),
    ("resend", ("2023", "JUROR"), (302, 403, 403, 403, 403, 302)),
    ("leave", ("2023", "JUROR"), (302, 403, 403, 403, 403, 422)),
    ("juror", ("2023", "JUROR"), (302, 403, 403, 403, 403, 302)),
    ("invite", ("2023",), (302, 403, 403, 403, 403, 422)),
    ("invite_many", ("2023",), (302, 403, 403, 403, 403, 422)),
]


@pytest.fixture
def answers(request, as_user, sheet):
    def ask(method: str, name: str, arguments: tuple[str, ...]) -> tuple[int, ...]:
        known = {"SHEET": sheet.code, "JUROR": sheet.juror.code}
        url = reverse(f"judging:{name}", args=[known.get(each, each) for each in arguments])
        people = [None if each == "public" else request.getfixturevalue(each) for each in PEOPLE]
        return tuple(getattr(as_user(each), method)(url).status_code for each in people)

    return ask


@pytest.mark.parametrize(("name", "arguments", "expected"), GETS, ids=[each[0] for each in GETS])
def test_get(answers, name, arguments, expected):
    assert answers("get", name, arguments) == expected


@pytest.mark.parametrize(("name", "arguments", "expected"), POSTS, ids=[each[0] for each in POSTS])
def test_post(answers, name, arguments, expected):
    assert answers("post", name, arguments) == expected


def test_a_fixed_list_is_seen_by_the_secretariat_alone(as_user, sheet, score, make_juror, secretariat, request):
    other = Assessment.objects.create(entry=sheet.entry, juror=make_juror("budi"), place=1)
    score(sheet, 80, 80)
    score(other, 80, 80)
    note_present(sheet.entry.round, people=[secretariat], guests=[], by=secretariat)
    selection = freeze_selection(sheet.entry.round, minutes_number="1", minutes="x", by=secretariat)
    for name in ("selection", "minutes_pdf"):
        url = reverse(f"judging:{name}", args=[selection.code])
        for each in ("innovator", "agency_admin", "evaluator", "panelist"):
            assert as_user(request.getfixturevalue(each)).get(url).status_code == 403
        answer = as_user(secretariat).get(url)
        assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert as_user(secretariat).get(reverse("judging:plenary", args=ROUND)).status_code == 302


def test_nothing_is_shown_before_the_pact(as_user, sheet):
    sheet.juror.pact_accepted_at = None
    sheet.juror.save()
    client = as_user(sheet.juror.user)
    for name, more in (("assessment", ()), ("recuse", ()), ("document", ("surat",))):
        answer = client.get(reverse(f"judging:{name}", args=[sheet.code, *more]))
        assert answer.url == reverse("judging:pact", args=["2023"])
    assert client.get(reverse("judging:conflicts", args=["2023"])).url == reverse("judging:pact", args=["2023"])
    assert sheet.entry.proposal.title not in client.get(reverse("judging:desk")).content.decode()


def test_who_has_left_sees_nothing(as_user, sheet, secretariat, make_juror):
    sheet.juror.left_at = sheet.juror.invited_at
    sheet.juror.save()
    client = as_user(sheet.juror.user)
    assert client.get(reverse("judging:assessment", args=[sheet.code])).status_code == 404
    assert client.get(reverse("judging:desk")).status_code == 403


def test_an_invited_person_opens_an_account_and_is_led_to_the_pact(client, year, secretariat):
    juror = invite_juror(year, email="ani@kampus.ac.id", name="Ani", kind="evaluator", by=secretariat)
    url = reverse("judging:invitation", args=[invitations.token_for(juror)])
    assert client.get(url).status_code == 200
    assert client.post(url, {"name": "Ani", "password": "pendek"}).status_code == 422
    answer = client.post(url, {"name": "Dr. Ani", "password": "kalimat yang panjang"})
    assert answer.url == reverse("judging:pact", args=["2023"])
    assert client.get(answer.url).status_code == 200
    assert client.post(answer.url, {}).status_code == 422
    assert client.post(answer.url, {"agreed": "on"}).url == reverse("judging:conflicts", args=["2023"])
    assert client.get(url).status_code == 410
