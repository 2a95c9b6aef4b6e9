from audit.models import Event
from catalogue.actions import record_award
from catalogue.models import Award, Innovation
from catalogue.querysets import award_history

ANTAR_OBAT = {"title": "Antar Obat ke Pulau", "category_name": "Kesehatan", "year": 2023}


def test_a_first_award_brings_the_innovation(agency, secretariat):
    award = record_award(**ANTAR_OBAT, agency=agency, tier="finalist", label="Top 99", by=secretariat)
    innovation = award.innovation
    assert (innovation.agency, innovation.agency_name, innovation.category_name) == (agency, agency.name, "Kesehatan")
    assert Event.objects.get(verb="catalogue.record_award").object_key == innovation.code


def test_recording_again_changes_nothing(agency):
    for _ in range(2):
        record_award(**ANTAR_OBAT, agency=agency, tier="finalist", label="Top 99")
    assert (Innovation.objects.count(), Award.objects.count(), Event.objects.count()) == (1, 1, 1)


def test_finalist_then_winner_is_one_innovation_with_two_awards(agency):
    record_award(**ANTAR_OBAT, agency=agency, tier="finalist", label="Finalis Top Inovasi (Top 99)")
    award = record_award(**ANTAR_OBAT, agency=agency, tier="winner", label="Top Inovasi Terpuji (Top 45)")
    history = award_history(award.innovation)
    assert [each.label for each in history] == ["Finalis Top Inovasi (Top 99)", "Top Inovasi Terpuji (Top 45)"]
    assert award.innovation.distinctions == [award]


def test_a_winner_alone_is_a_finalist_too(agency):
    award = record_award(**ANTAR_OBAT, agency=agency, tier="outstanding", label="Outstanding")
    assert {each.tier for each in award_history(award.innovation)} == {"outstanding", "special_finalist"}


def test_the_same_innovation_of_earlier_years_is_kept_under_its_own_title(agency):
    old = Innovation.objects.create(title="Antar Obat", agency=agency, agency_name=agency.name)
    award = record_award(**ANTAR_OBAT, agency=agency, tier="finalist", label="Top 99", innovation=old)
    assert award.innovation == old
    assert Innovation.objects.count() == 1


def test_the_same_title_elsewhere_is_another_innovation(agency, other_agency):
    for each in (agency, other_agency):
        record_award(**ANTAR_OBAT, agency=each, tier="finalist", label="Top 99")
    assert Innovation.objects.count() == 2
