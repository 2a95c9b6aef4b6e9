"""The 38 provinces as tiles of one size: small Jakarta can be hit as well as large Papua."""

from dataclasses import dataclass

COLUMNS, ROWS = 11, 7


@dataclass(frozen=True)
class Tile:
    """A province by the name that agencies carry, the letters on its tile, and its place from the north-west."""

    name: str
    letters: str
    column: int
    row: int


TILES = tuple(
    Tile(*each)
    for each in [
        ("Aceh", "ACE", 0, 0), ("Kalimantan Utara", "KLU", 5, 0), ("Sulawesi Utara", "SLU", 7, 0),
        ("Maluku Utara", "MLU", 8, 0),
        ("Sumatera Utara", "SMU", 0, 1), ("Riau", "RIA", 1, 1), ("Kepulauan Riau", "KPR", 2, 1),
        ("Kalimantan Barat", "KLB", 3, 1), ("Kalimantan Tengah", "KLT", 4, 1), ("Kalimantan Timur", "KTM", 5, 1),
        ("Sulawesi Tengah", "SLT", 6, 1), ("Gorontalo", "GTO", 7, 1), ("Papua Barat Daya", "PBD", 8, 1),
        ("Papua Barat", "PPB", 9, 1), ("Papua", "PAP", 10, 1),
        ("Sumatera Barat", "SMB", 0, 2), ("Jambi", "JMB", 1, 2), ("Kepulauan Bangka Belitung", "BBL", 2, 2),
        ("Kalimantan Selatan", "KLS", 4, 2), ("Sulawesi Barat", "SLB", 6, 2), ("Sulawesi Tenggara", "STG", 7, 2),
        ("Maluku", "MLK", 8, 2), ("Papua Tengah", "PPT", 9, 2), ("Papua Pegunungan", "PPG", 10, 2),
        ("Bengkulu", "BKL", 0, 3), ("Sumatera Selatan", "SMS", 1, 3), ("Sulawesi Selatan", "SLS", 6, 3),
        ("Papua Selatan", "PPS", 10, 3),
        ("Lampung", "LPG", 1, 4),
        ("Banten", "BTN", 1, 5), ("Daerah Khusus Ibukota Jakarta", "DKI", 2, 5), ("Jawa Barat", "JBR", 3, 5),
        ("Jawa Tengah", "JTG", 4, 5), ("Jawa Timur", "JTM", 5, 5), ("Bali", "BAL", 6, 5),
        ("Nusa Tenggara Barat", "NTB", 7, 5), ("Nusa Tenggara Timur", "NTT", 8, 5),
        ("Daerah Istimewa Yogyakarta", "DIY", 4, 6),
    ]
)  # fmt: skip
