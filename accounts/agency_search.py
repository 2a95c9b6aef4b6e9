"""Finding an agency by what people type: parts of its name, the usual abbreviations, small typing mistakes."""

import re
import unicodedata
from difflib import SequenceMatcher

from django.db.models import Q

from accounts.models import Agency
from accounts.querysets import AgencyQuerySet

SHORT = {
    "kab": "kabupaten", "pemkab": "kabupaten", "pemkot": "kota", "pemprov": "provinsi", "prov": "provinsi",
    "pemda": "pemerintah", "kementrian": "kementerian", "dki": "ibukota jakarta", "diy": "istimewa yogyakarta",
    "jogja": "yogyakarta", "jabar": "jawa barat", "jateng": "jawa tengah", "jatim": "jawa timur",
    "sumut": "sumatera utara", "sumbar": "sumatera barat", "sumsel": "sumatera selatan", "ntb": "nusa tenggara barat",
    "ntt": "nusa tenggara timur", "sulsel": "sulawesi selatan", "sulteng": "sulawesi tengah",
    "sultra": "sulawesi tenggara", "sulut": "sulawesi utara", "kalbar": "kalimantan barat",
    "kalteng": "kalimantan tengah", "kalsel": "kalimantan selatan", "kaltim": "kalimantan timur",
    "kaltara": "kalimantan utara", "kepri": "kepulauan riau", "babel": "bangka belitung", "pln": "listrik negara",
    "bri": "rakyat indonesia", "kai": "kereta api",
}  # fmt: skip
ALIKE = 0.72  # share of matching letters from which a name counts as meant ("Bayuwangi" for "Banyuwangi")


def find_agencies(text: str) -> AgencyQuerySet:
    """The agencies whose name holds every typed word; where none does, the few names most alike. Ordered by name."""
    words = words_of(text)
    agencies = Agency.objects.all()
    if not words:
        return agencies.none()
    found = agencies.filter(_holds_all(words))
    return found if found.exists() else agencies.filter(pk__in=_alike(words))


def words_of(text: str) -> list[str]:
    """Lower-case words without accents and punctuation, abbreviations written out."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    written_out = (SHORT.get(word, word) for word in re.findall(r"[a-z0-9]+", plain))
    return re.sub(r"\bkemen(?!terian)(\w+)", r"kementerian \1", " ".join(written_out)).split()


def _holds_all(words: list[str]) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(name__icontains=word)
    return condition


def _alike(words: list[str]) -> list[int]:
    meant = " ".join(words)
    likeness = []
    for pk, name in Agency.objects.values_list("pk", "name"):
        own = " ".join(words_of(name))
        short = own.removeprefix("pemerintah ")
        candidates = {own, short, short.partition(" ")[2] or short}
        likeness.append((max(_ratio(meant, each) for each in candidates), pk))
    return [pk for ratio, pk in sorted(likeness, reverse=True)[:8] if ratio >= ALIKE]


def _ratio(meant: str, name: str) -> float:
    matcher = SequenceMatcher(None, meant, name)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0
