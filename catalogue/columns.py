"""Which column of a spreadsheet holds what: guessed from its head, put right by the secretariat."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.spreadsheets import Heads


@dataclass(frozen=True)
class Column:
    label: str | Promise
    heads: tuple[str, ...]
    needed: bool = False


COLUMNS = {
    "title": Column(
        _("Title"),
        ("judul", "judul inovasi", "nama inovasi", "inovasi", "title", "judul proposal", "nama/judul inovasi"),
        needed=True,
    ),
    "agency": Column(
        _("Agency"),
        ("instansi", "nama instansi", "pemda", "pemerintah daerah", "agency", "k/l/d", "k/l/pemda"),
        needed=True,
    ),
    "year": Column(
        _("Year"), ("tahun", "thn", "year", "tahun kipp", "tahun kompetisi", "tahun penghargaan"), needed=True
    ),
    "award": Column(
        _("Award"),
        ("penghargaan", "award", "level", "tingkat", "capaian", "predikat", "hasil", "kategori penghargaan", "top"),
        needed=True,
    ),
    "category": Column(_("Category"), ("kategori", "category", "bidang", "kategori inovasi", "urusan")),
    "sdgs": Column(_("Development goals"), ("tpb", "sdgs", "sdg", "tpb/sdgs", "tujuan pembangunan berkelanjutan")),
    "summary": Column(_("Summary"), ("ringkasan", "deskripsi", "summary", "abstrak", "ringkasan inovasi", "uraian")),
    "source": Column(_("Source"), ("sumber", "source", "tautan", "url", "link", "dasar hukum", "sumber data")),
}  # fmt: skip
NOT_GIVEN = -1

knows_head = Heads(frozenset(head for column in COLUMNS.values() for head in column.heads))


def missing(places: dict[str, int]) -> list[str | Promise]:
    """What cannot be done without and is in no column."""
    return [column.label for name, column in COLUMNS.items() if column.needed and places.get(name, NOT_GIVEN) < 0]


def guess(heads: list[str]) -> dict[str, int]:
    """Field → place of its column, or NOT_GIVEN; each column serves once."""
    plain = [" ".join(head.casefold().split()) for head in heads]
    places: dict[str, int] = {}
    for name, column in COLUMNS.items():
        fitting = (plain.index(head) for head in column.heads if head in plain)
        places[name] = next((place for place in fitting if place not in places.values()), NOT_GIVEN)
    return places
