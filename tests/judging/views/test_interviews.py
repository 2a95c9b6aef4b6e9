"""The pages of interviews: each reader sees their own, and nothing of who judges whom leaks to an agency."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from judging import actions
from judging.models import Assessment, InterviewSlot, Panel
from tests.judging.interviewing import reload

ROUND = ("2023", "umum", "interview")
OWN = reverse("judging:interviews")
FILE = reverse("judging:interviews_file")


def at(name: str, *more: object) -> str:
    return reverse(f"judging:{name}", args=more or ROUND)


@pytest.fixture
def office(as_user, secretariat):
    return as_user(secretariat)


def events(response) -> list:
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_from_panels_to_publication_by_forms_alone(office, interview_round, hours):
    assert "Susun usulan jadwal" in office.get(at("timetable")).content.decode()
    form = {
        "days": hours["days"], "opens": "09:00", "closes": "15:00", "lunch_from": "12:00", "lunch_to": "13:00",
        "office_from": "08:00", "office_to": "16:00", "pause_minutes": "5", "anew": "on",
    }  # fmt: skip
    assert office.post(at("timetable_propose"), form | {"closes": "08:00"}).status_code == 422
    assert office.post(at("timetable_propose"), form | {"days": []}).status_code == 422
    assert office.post(at("timetable_propose"), form).url == at("timetable")
    assert InterviewSlot.objects.count() == 4
    office.post(at("timetable_publish"))
    assert InterviewSlot.objects.published().count() == 4
    assert office.get(at("timetable")).status_code == 200


def test_panels_are_formed_and_changed_by_forms(office, interview_round):
    Panel.objects.all().delete()
    assert office.post(at("form_panels"), {"count": "9"}).status_code == 422
    assert office.post(at("form_panels"), {"count": "1"}).status_code == 302
    panel = Panel.objects.get()
    members = list(panel.members.values_list("pk", flat=True))
    change = at("panel", panel.code)
    too_few = office.post(change, {"name": "Panel A", "members": members[:1]})
    assert (too_few.status_code, reload(panel).name) == (422, "Panel 1")
    office.post(change, {"name": "Panel A", "members": members, "video_url": "https://rapat.go.id/a"})
    assert (reload(panel).name, reload(panel).video_url) == ("Panel A", "https://rapat.go.id/a")
    assert office.post(at("panel_new"), {"name": "Panel A", "members": members}).status_code == 422
    assert office.post(at("panel_remove", panel.code)).status_code == 302
    assert not Panel.objects.exists()


def test_a_clash_is_refused_on_the_form_in_words(office, timetable):
    first, second = InterviewSlot.objects.order_by("starts_at", "pk")[:2]
    start = second.starts_at + timedelta(hours=7)  # by Jakarta's clock
    form = {"panel": second.panel_id, "day": f"{start:%Y-%m-%d}", "time": f"{start:%H:%M}", "reason": "Coba"}
    answer = office.post(at("interview_move", first.code), form)
    assert answer.status_code == 422
    assert second.entry.proposal.title in answer.content.decode()
    assert "Coba" in answer.content.decode()


def test_places_are_changed_on_the_form(office, timetable):
    panel = Panel.objects.first()
    first, second = panel.slots.order_by("starts_at")[:2]
    form = {"panel": panel.pk, "day": "2023-01-01", "time": "09:00", "swap": second.pk, "reason": "Bertukar"}
    assert office.post(at("interview_move", first.code), form).status_code == 302
    assert reload(first).starts_at == second.starts_at


# --- What each may see ---------------------------------------------------------------------------------------------
def test_an_agency_sees_only_its_own_interviews_and_never_who_hears_them(
    as_user, timetable, agency_admin, innovator, agency, other_agency, slot_of
):
    names = [str(juror.user) for panel in Panel.objects.all() for juror in panel.members.all()]
    Panel.objects.update(video_url="https://rapat.go.id/rahasia")
    for person in (agency_admin, innovator):
        client = as_user(person)
        listed, page, file = (client.get(url) for url in (OWN, at("interview", slot_of(agency).code), FILE))
        assert "Milik Contoh" in listed.content.decode()
        assert "Milik Lain" not in listed.content.decode()
        assert "https://rapat.go.id/rahasia" in page.content.decode()
        assert len(events(file)) == 2
        for answer in (listed, page, file):
            assert not [name for name in names if name in answer.content.decode()]
        assert client.get(at("interview", slot_of(other_agency).code)).status_code == 404


def test_nobody_sees_an_interview_before_it_is_published(as_user, interview_round, hours, secretariat, agency_admin):
    actions.propose_timetable(interview_round, hours=hours, anew=True, by=secretariat)
    slot = InterviewSlot.objects.filter(entry__proposal__title__startswith="Milik Contoh").first()
    member = slot.panel.members.first().user
    for person in (agency_admin, member):
        assert as_user(person).get(at("interview", slot.code)).status_code == 404
        assert not events(as_user(person).get(FILE))


def test_a_panelist_sees_what_they_hear_until_they_step_back(as_user, timetable, make_juror):
    slot = InterviewSlot.objects.first()
    juror = slot.panel.members.first()
    client = as_user(juror.user)
    assert str(juror.user) in client.get(at("interview", slot.code)).content.decode()
    sheet = Assessment.objects.get(entry=slot.entry, juror=juror)
    assert at("assessment", sheet.code) in client.get(at("interview", slot.code)).content.decode()
    assert {str(each["uid"]) for each in events(client.get(FILE))} == {
        f"{each.code}@sinovik" for each in InterviewSlot.objects.heard_by(juror.user)
    }
    actions.recuse(sheet, reason="Saudara", by=juror.user)
    assert client.get(at("interview", slot.code)).status_code == 404


def test_the_calendar_file_says_when_for_how_long_and_which_version(as_user, timetable, agency, agency_admin, slot_of):
    slot = slot_of(agency)
    actions.confirm_interview(slot, by=agency_admin)
    event = next(each for each in events(as_user(agency_admin).get(FILE)) if each["uid"] == f"{slot.code}@sinovik")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (slot.starts_at, slot.ends_at)
    assert (int(event["sequence"]), str(event["status"])) == (slot.version, "CONFIRMED")
    assert slot.entry.proposal.title in str(event["summary"])
    assert len(event.walk("VALARM")) == 2


def test_the_whole_timetable_is_one_calendar_file(office, timetable):
    found = events(office.get(at("timetable_file")))
    assert len(found) == 4
    juror = Panel.objects.first().members.first()
    assert any(str(juror.user) in str(each["description"]) for each in found)


# --- Deeds ---------------------------------------------------------------------------------------------------------
def test_the_agency_confirms_with_one_press_and_may_ask_for_another_time(
    as_user, timetable, agency, agency_admin, slot_of, office
):
    slot, client = slot_of(agency), as_user(agency_admin)
    assert "Konfirmasi wawancara" in client.get(at("interview", slot.code)).content.decode()
    client.post(at("interview_confirm", slot.code))
    assert reload(slot).confirmed_by == agency_admin
    assert client.post(at("interview_change", slot.code), {"reason": ""}).status_code == 422
    client.post(at("interview_change", slot.code), {"reason": "Bupati dinas luar"})
    assert "Bupati dinas luar" in office.get(at("interview", slot.code)).content.decode()
    asked = slot.change_requests.get()
    assert office.post(at("interview_answer", slot.code, asked.pk), {"answer": ""}).status_code == 422
    office.post(at("interview_answer", slot.code, asked.pk), {"answer": "Jadwal penuh"})
    assert "Jadwal penuh" in client.get(at("interview", slot.code)).content.decode()


def test_the_panel_runs_the_day_and_goes_on_to_its_sheet(as_user, today):
    panel = Panel.objects.first()
    slot = panel.slots.order_by("starts_at").first()
    juror = panel.members.first()
    client = as_user(juror.user)
    assert "Berikutnya" in client.get(OWN).content.decode()
    client.post(at("interview_deed", slot.code), {"deed": "begin"})
    assert "Sedang berlangsung" in client.get(OWN).content.decode()
    assert client.post(at("interview_end", slot.code), {"presenters": "", "leader_attended": "yes"}).status_code == 422
    answer = client.post(at("interview_end", slot.code), {"presenters": "Ani, Kepala Dinas", "leader_attended": "no"})
    assert answer.url == at("assessment", Assessment.objects.get(entry=slot.entry, juror=juror).code)
    following = panel.slots.order_by("starts_at").last()
    client.post(at("panel_late", panel.code), {"minutes": "10"})
    assert reload(following).minutes_late == 10
    assert "10 menit lebih lambat" in client.get(OWN).content.decode()


@pytest.mark.parametrize("who", ["secretariat", "agency_admin", "member"])
def test_lists_ask_a_constant_number_of_questions(
    who, request, as_user, timetable, hours, secretariat, finalist, agency_admin, other_agency
):
    people = {
        "secretariat": secretariat,
        "agency_admin": agency_admin,
        "member": Panel.objects.first().members.first().user,
    }
    client, url = as_user(people[who]), at("timetable") if who == "secretariat" else OWN

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    before = count()
    for number in range(6):
        finalist(f"Tambahan {number}", **({"agency": other_agency} if number % 2 else {}))
    actions.propose_timetable(timetable, hours=hours, anew=True, by=secretariat)
    actions.publish_timetable(timetable, by=secretariat)

    assert count() == before <= 15


def test_the_home_page_leads_to_what_is_to_be_confirmed(as_user, timetable, agency, agency_admin, innovator, outsider):
    home = reverse("home")
    page = as_user(agency_admin).get(home)
    assert page.context["agency_step"].url == OWN
    assert "2 perlu dikonfirmasi" in page.content.decode()
    assert OWN in as_user(innovator).get(home).content.decode()
    assert OWN not in as_user(outsider).get(home).content.decode()
    for slot in InterviewSlot.objects.filter(entry__proposal__agency=agency):
        actions.confirm_interview(slot, by=agency_admin)
    assert as_user(agency_admin).get(home).context["agency_step"].url != OWN
