"""Invented innovations for a scratch database: as many as wanted, over all agencies, years, awards and categories."""

from random import Random

from proposal_texts import Author

from accounts.models import Agency
from catalogue.models import IMPLIED, Award, Innovation

CATEGORIES = [
    "Kesehatan", "Pendidikan", "Pertumbuhan ekonomi dan kesempatan kerja", "Pengentasan kemiskinan",
    "Ketahanan pangan", "Pemberdayaan masyarakat", "Inklusi sosial", "Energi dan lingkungan hidup",
    "Tata kelola pemerintahan", "Penegakan hukum", "Ketahanan bencana",
]  # fmt: skip
TIERS = [("winner", "Top 45"), ("finalist", "Top 99"), ("outstanding", "Outstanding"), ("other", "Top 50 provinsi")]


def fill(number: int, *, seed: int) -> None:
    random = Random(seed)  # noqa: S311
    agencies = list(Agency.objects.filter(participates=True).order_by("code"))
    innovations = []
    for count in range(number):
        agency, author = random.choice(agencies), Author(random)
        innovations.append(
            Innovation(
                title=f"{author.title()} {count}", agency=agency, agency_name=agency.name,
                category_name=random.choice(CATEGORIES), summary=author.sentence(),
                sdgs=sorted(random.sample(range(1, 18), random.randint(0, 3))),
            )
        )  # fmt: skip
    Innovation.objects.bulk_create(innovations, batch_size=500)
    awards = {}
    for innovation in innovations:
        year, (tier, label) = random.randint(2014, 2025), random.choice(TIERS)
        awards[innovation.pk, year, tier] = Award(innovation=innovation, year=year, tier=tier, label=label)
        if implied := IMPLIED.get(tier):
            finalist = Award(innovation=innovation, year=year, tier=implied, label="Top 99")
            awards.setdefault((innovation.pk, year, implied), finalist)
    Award.objects.bulk_create(awards.values(), batch_size=1000)
