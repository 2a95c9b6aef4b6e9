import pytest
from django.utils.translation import override

from accounts.models import Agency, Membership, Unit
from judging.jurors import conflicts
from judging.models import ConflictOfInterest
from proposals.models import Answer


@pytest.fixture
def province(agency) -> Agency:
    return Agency.objects.create(
        code="76", name="Provinsi Sulawesi Contoh", slug="prov", type="province", province="Sulawesi Contoh"
    )


@pytest.fixture
def ministry(db) -> Agency:
    return Agency.objects.create(code="KM001", name="Kementerian Contoh", slug="kemen", type="ministry")


def test_a_stranger_has_no_conflict(make_juror, make_proposal):
    assert conflicts.reason(make_juror("ani"), make_proposal("A")) is None


def test_own_agency(make_juror, make_proposal, agency):
    assert conflicts.reason(make_juror("ani", agency=agency), make_proposal("A")) == conflicts.OWN_AGENCY


def test_an_agency_the_juror_acts_for_in_the_portal(make_juror, make_proposal, agency):
    juror = make_juror("ani")
    Membership.objects.create(user=juror.user, agency=agency, role="innovator")
    assert conflicts.reason(juror, make_proposal("A")) == conflicts.OWN_AGENCY


@pytest.mark.parametrize("direction", ["parent", "child"])
def test_the_agencies_above_and_below(direction, make_juror, make_proposal, ministry):
    other = Agency.objects.create(code="LB001", name="Badan", slug="badan", type="institution", parent=ministry)
    own, theirs = (other, ministry) if direction == "parent" else (ministry, other)
    juror = make_juror("ani", agency=own)
    assert conflicts.reason(juror, make_proposal("A", agency=theirs)) == conflicts.RELATED_AGENCY


@pytest.mark.parametrize(("kind", "is_conflict"), [("regency", True), ("roe", True), ("ministry", False)])
def test_same_province_binds_regional_governments_only(kind, is_conflict, make_juror, make_proposal, province):
    juror = make_juror("ani", agency=province)
    theirs = Agency.objects.create(code="x", name="X", slug="x", type=kind, province="Sulawesi Contoh")
    expected = conflicts.SAME_PROVINCE if is_conflict else None
    assert conflicts.reason(juror, make_proposal("A", agency=theirs)) == expected


def test_a_juror_from_a_ministry_may_judge_any_province(make_juror, make_proposal, ministry):
    assert conflicts.reason(make_juror("ani", agency=ministry), make_proposal("A")) is None


def test_declared_ties(make_juror, make_proposal, agency, other_agency):
    juror = make_juror("ani")
    by_agency, by_proposal = make_proposal("A"), make_proposal("B", agency=other_agency)
    ConflictOfInterest.objects.create(juror=juror, agency=agency, reason="x")
    ConflictOfInterest.objects.create(juror=juror, proposal=by_proposal, reason="x")
    assert conflicts.reason(juror, by_agency) == conflicts.DECLARED_AGENCY
    assert conflicts.reason(juror, by_proposal) == conflicts.DECLARED_PROPOSAL


def test_the_lead_of_a_proposal(make_juror, make_proposal, other_agency):
    juror = make_juror("ani")
    assert conflicts.reason(juror, make_proposal("A", lead=juror.user)) == conflicts.OWN_PROPOSAL


def test_ties_of_many_take_the_same_queries(make_juror, agency, django_assert_num_queries):
    jurors = [make_juror(name, agency=agency) for name in ("ani", "budi", "cici")]
    with django_assert_num_queries(4):
        conflicts.ties_of(jurors[:1])
    with django_assert_num_queries(4):
        conflicts.ties_of(jurors)


def steps(juror, proposal) -> list[str]:
    return conflicts.ties_of([juror])[juror.pk].path(proposal).sentences()


def test_the_way_is_told_step_by_step(make_juror, make_proposal, ministry):
    """In order from the juror to the proposal, and to the juror as "Anda"."""
    below = Agency.objects.create(code="LB001", name="Badan Contoh", slug="badan", type="institution", parent=ministry)
    juror, proposal = make_juror("ani", agency=below), make_proposal("A", agency=ministry)
    found = steps(juror, proposal)
    assert len(found) == 3
    assert "Badan Contoh" in found[0]
    assert "Badan Contoh" in found[1]
    assert "Kementerian Contoh" in found[1]
    assert "Kementerian Contoh" in found[2]
    path = conflicts.ties_of([juror])[juror.pk].path(proposal)
    with override("id"):
        assert path.to_you()[0].startswith("Anda bekerja")
    assert str(path).count(" → ") == 2


@pytest.mark.parametrize("named", ["Kementerian Contoh", "kementrian  contoh", "RS Contoh Sehat"])
def test_the_institution_a_juror_names(named, make_juror, make_proposal, ministry):
    Unit.objects.create(agency=ministry, name="RS Contoh Sehat")
    juror = make_juror("ani", institution=named)
    assert conflicts.reason(juror, make_proposal("A", agency=ministry)) == conflicts.INSTITUTION
    assert conflicts.reason(juror, make_proposal("B")) is None


def test_who_wrote_in_a_proposal(make_juror, make_proposal, group):
    juror, proposal = make_juror("ani"), make_proposal("A")
    question = group.aspects.first().questions.get()
    Answer.objects.create(proposal=proposal, question=question, text="x", saved_by=juror.user)
    assert conflicts.reason(juror, proposal) == conflicts.OWN_PROPOSAL
    assert conflicts.reason(juror, make_proposal("B")) is None
