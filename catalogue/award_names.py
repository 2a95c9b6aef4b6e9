"""Which award the words of a source mean: "Top 45", "TOP 99", "Finalis", "Outstanding Achievement", "PKRI"."""

import re

from catalogue.models import Award

LONGEST = 100
# The first that fits. What a province gives is some recognition, but no national award.
NAMES: tuple[tuple[str, str], ...] = (
    (r"provinsi|kabupaten|kota|provincial", Award.Tier.OTHER),
    (r"pkri|keberlanjutan|sustainab", Award.Tier.SUSTAINABILITY),
    (r"outstanding|pelayanan publik terbaik|top 5 khusus|top 5 kelompok khusus", Award.Tier.OUTSTANDING),
    (r"khusus|special", Award.Tier.SPECIAL_FINALIST),
    (r"(finalis|top 15).*replikasi|replikasi.*finalis|replication.finalist", Award.Tier.REPLICATION_FINALIST),
    (r"replikasi|replication", Award.Tier.REPLICATION_WINNER),
    (r"terpuji|pemenang|juara|winner|top (9|25|35|40|45)\b", Award.Tier.WINNER),
    (r"finalis|top 99\b", Award.Tier.FINALIST),
    (r"penghargaan lain|pengakuan|other", Award.Tier.OTHER),
)


def tier_of(words: str) -> str | None:
    """The tier, or None where the words name no award."""
    plain = re.sub(r"top\s*(\d)", r"top \1", " ".join(re.sub(r"[_\-]", " ", words.casefold()).split()))
    return next((tier for pattern, tier in NAMES if re.search(pattern, plain)), None)
