"""From the draft of an announcement to the people who read it."""

from announcements.tasks import publish_due
from tests.browser.entering import TITLE
from tests.browser.people import Person

HEADLINE = "Penetapan Top Inovasi 2023"


def the_secretariat_announces(clerk: Person, list_names: list[str]) -> None:
    clerk.goes_to("Pengumuman")
    clerk.clicks("Susun pengumuman baru")
    clerk.picks("Jenis", "Pemenang")
    clerk.writes("Nomor", "B/97/PP.00.05/2023")
    clerk.writes("Judul", HEADLINE)
    clerk.writes("Isi", "Berdasarkan sidang pleno ditetapkan **daftar berikut**.")
    for name in list_names:
        clerk.ticks(name)
    clerk.clicks("Simpan draf")
    clerk.looks_over_the_page()
    clerk.clicks("Pratinjau")
    clerk.is_at(HEADLINE)
    clerk.sees(TITLE)


def nobody_else_reads_it_yet(visitor: Person) -> None:
    visitor.opens("/announcements/")
    visitor.is_at("Pengumuman")
    visitor.does_not_see(HEADLINE)


def the_secretariat_publishes(clerk: Person) -> None:
    clerk.clicks("Kembali ke penyusunan")
    clerk.clicks("Terbitkan", exact=True)
    clerk.ticks("Sekarang, segera setelah saya konfirmasi")
    clerk.clicks("Lanjutkan")
    clerk.looks_over_the_page()
    clerk.clicks("Terbitkan sekarang")
    clerk.sees("Pengumuman telah terbit")
    publish_due()  # what the clock does each minute


def anybody_reads_it(visitor: Person) -> None:
    visitor.opens("/announcements/")
    visitor.clicks(HEADLINE)
    visitor.is_at(HEADLINE)
    visitor.sees(TITLE)
    assert visitor.downloads("Unduh PDF").startswith(b"%PDF")
    visitor.goes_to("Katalog")
    visitor.sees(TITLE)
    visitor.looks_over_the_page()


def the_agency_reads_its_award(admin: Person, award: str) -> None:
    admin.follows_the_link_in(f"Hasil proposal Anda: {HEADLINE}")
    admin.is_at("Hasil proposal kami")
    admin.sees(award)
    admin.sees("Terpilih")
    admin.opens("/inbox/")
    admin.is_at("Kotak pesan")
    admin.sees(HEADLINE)
