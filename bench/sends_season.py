"""Complete proposals under review for bench/sends.py, written directly, in a year of their own."""

from datetime import timedelta

from django.utils import timezone


def season(number: int, name: str) -> tuple[list[object], object]:
    """The proposals and the agency admin who may send them."""
    from accounts.models import Agency, Membership, User
    from competitions.models import Category, Competition, Group, Stage
    from proposals.models import Proposal

    now = timezone.now()
    year = Competition.objects.create(code=name, year=2023, edition=10, name=name)
    Stage.objects.create(
        competition=year, key="submission", kind=Stage.Kind.SUBMISSION, name="Submission", order=1,
        starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1),
    )  # fmt: skip
    category = Category.objects.create(competition=year, key="a", name="A", order=1)
    group = Group.objects.create(
        competition=year, key="umum", name="Umum", order=1, finalists=1, winners=1, finalist_label="F", winner_label="W"
    )
    agency = Agency.objects.create(code=f"{name}.1", name=name, slug=name, type=Agency.Type.REGENCY)
    lead, admin = (User.objects.create_user(f"{who}-{name}@example.go.id", name=who) for who in ("lead", "admin"))
    Membership.objects.create(user=lead, agency=agency, role=Membership.Role.INNOVATOR)
    Membership.objects.create(user=admin, agency=agency, role=Membership.Role.ADMIN)
    proposals: list[object] = [
        Proposal.objects.create(
            competition=year, group=group, category=category, agency=agency, lead=lead, title=f"Inovasi {name} {place}",
            started_on=now.date() - timedelta(days=3000), video_url="https://youtu.be/contoh", is_application=False,
            sdgs=[3], status="in_review",
        )
        for place in range(number)
    ]  # fmt: skip
    return proposals, admin
