"""From the agency's registration to the released screening, page by page."""

import re
from pathlib import Path

from playwright.sync_api import expect

from accounts.models import Agency
from tests.browser.people import PASSWORD, Person

TITLE = "Antar Obat ke Pulau"
STORY = "Perahu puskesmas mengantar obat ke pulau kecil setiap pekan."


def an_admin_registers(admin: Person, agency: Agency, letter: Path) -> None:
    admin.opens("/")
    admin.is_at("layanan publik")
    admin.clicks("Daftarkan instansi Anda")
    admin.is_at("Daftarkan instansi Anda")
    _chooses_the_agency(admin, agency)
    admin.is_at("Data dan surat Anda")
    admin.writes("Nama lengkap", "Rahma Lestari")
    admin.writes("Jabatan", "Kepala Bagian Organisasi")
    admin.writes("E-mail", admin.email)
    admin.writes("Nomor telepon", "0812 3456 7890")
    admin.writes("Kata sandi", PASSWORD)
    admin.writes("Nomor surat penunjukan", "065/12/ORG/2023")
    admin.attaches("Surat penunjukan bertanda tangan", letter)
    admin.ticks("Saya setuju")
    admin.clicks("Kirim pendaftaran")
    admin.is_at("Pendaftaran Anda telah dikirim")
    admin.follows_the_link_in("Konfirmasi")
    admin.clicks("Ya, konfirmasi")


def _chooses_the_agency(admin: Person, agency: Agency) -> None:
    """With scripts the list comes while the name is typed, without them by the button."""
    box = admin.content.get_by_label("Nama instansi")
    if admin.has_scripts:
        box.press_sequentially("contoh")
    else:
        box.fill("contoh")
        admin.clicks("Cari", exact=True)
    admin.sees("Instansi yang ditemukan")
    admin.clicks(agency.name)


def the_secretariat_approves(clerk: Person, agency: Agency) -> None:
    clerk.goes_to("Pendaftaran")
    clerk.is_at("Pendaftaran")
    clerk.sees("Terkonfirmasi")
    clerk.clicks(agency.name)
    clerk.looks_over_the_page()
    clerk.clicks("Setujui Rahma Lestari sebagai admin instansi")


def the_admin_opens_a_unit_and_invites(admin: Person, innovator_email: str) -> None:
    admin.logs_in()
    admin.goes_to("Instansi")
    admin.clicks("Unit", exact=True)
    admin.writes("Nama unit", "Puskesmas Contoh")
    admin.clicks("Buka unit", exact=True)
    admin.sees("Puskesmas Contoh")
    admin.looks_over_the_page()
    admin.clicks("Inovator", exact=True)
    admin.clicks("Undang inovator")
    admin.writes("Yang diundang", f"Sri Wahyuni, {innovator_email}")
    admin.picks("UPP", "Puskesmas Contoh")
    admin.clicks("Kirim undangan")
    admin.sees(innovator_email)
    admin.looks_over_the_page()


def the_innovator_accepts(innovator: Person) -> None:
    innovator.follows_the_link_in("mengundang Anda")
    innovator.looks_over_the_page()
    innovator.writes("Nama lengkap", "Sri Wahyuni")
    innovator.writes("Jabatan", "Perawat")
    innovator.writes("Nomor telepon", "0813 9876 5432")
    innovator.writes("Kata sandi", PASSWORD)
    innovator.ticks("Saya setuju")
    innovator.clicks("Terima undangan")


def the_innovator_writes(innovator: Person, letter: Path) -> None:
    innovator.goes_to("Proposal")
    innovator.clicks("Buat proposal baru")
    innovator.writes("Judul inovasi", TITLE)
    innovator.picks("Kategori", "Kesehatan")
    innovator.clicks("Buat proposal")
    innovator.is_at(TITLE)
    innovator.clicks("Rincian inovasi")
    _fills_in_the_details(innovator)
    for aspect in ("Kebaruan", "Dampak"):
        innovator.is_at(aspect)
        _answers(innovator, f"Jelaskan {aspect.lower()}.", STORY)
        innovator.clicks("Simpan dan lanjutkan")
    innovator.is_at("Dokumen")
    innovator.attaches("Berkas", letter)  # with scripts it is sent as soon as it is chosen
    if not innovator.has_scripts:
        innovator.clicks("Lampirkan")
    innovator.sees("surat.pdf")
    innovator.clicks("Kembali ke daftar bagian")


def _fills_in_the_details(innovator: Person) -> None:
    innovator.is_at("Rincian inovasi")
    innovator.writes("Mulai diimplementasikan", "2018-01-02")
    innovator.writes("Tautan video", "https://youtu.be/contoh")
    innovator.ticks("3.")
    innovator.clicks("Simpan dan lanjutkan")


def _answers(innovator: Person, question: str, text: str) -> None:
    """With scripts the words are counted and saved while nobody presses anything; without them the button saves."""
    box = innovator.content.get_by_label(question)
    box.fill(text)
    if innovator.has_scripts:
        innovator.sees(f"{len(text.split())} dari paling banyak 50 kata")
        box.blur()
        expect(innovator.content.locator("[data-save-state]")).to_contain_text("Tersimpan")
        innovator.page.reload()
    else:
        innovator.clicks("Simpan", exact=True)
    expect(innovator.content.get_by_label(question)).to_have_value(text)


def the_innovator_sends_it_to_the_admin(innovator: Person) -> None:
    innovator.clicks("Periksa jawaban Anda")
    innovator.is_at("Periksa jawaban Anda")
    innovator.sees(STORY)
    innovator.clicks("Serahkan kepada admin instansi")
    innovator.is_at(TITLE)
    innovator.sees("Diserahkan kepada admin instansi")


def the_admin_returns_it(admin: Person, note: str) -> None:
    admin.goes_to("Proposal")
    admin.is_at("Proposal")
    admin.clicks(TITLE)
    admin.is_at(TITLE)
    admin.clicks("Kembalikan untuk diperbaiki")
    admin.writes("Catatan", note)
    admin.looks_over_the_page()
    admin.clicks("Kembalikan untuk diperbaiki", exact=True)
    admin.sees("Dikembalikan kepada inovator")


def the_innovator_corrects_it(innovator: Person, note: str) -> None:
    innovator.follows_the_link_in("perbaik")
    innovator.is_at(TITLE)
    innovator.sees(note)
    innovator.clicks("Dampak")
    _answers(innovator, "Jelaskan dampak.", f"{STORY} Kunjungan naik dua kali lipat.")
    innovator.clicks("Simpan dan kembali ke daftar")
    the_innovator_sends_it_to_the_admin(innovator)


def the_admin_sends_it_to_the_ministry(admin: Person) -> tuple[str, str]:
    """Answers with the receipt's number and digest as they are printed on it."""
    admin.follows_the_link_in(TITLE)
    admin.clicks("Periksa dan perbaiki")
    admin.clicks("Kirim ke Kementerian")
    admin.is_at("Proposal telah diterima Kementerian")
    assert admin.downloads("Unduh bukti kirim").startswith(b"%PDF")
    printed = admin.content.inner_text()
    number, digest = re.search(r"KIPP-2023-\d{6}", printed), re.search(r"\b[0-9a-f]{64}\b", printed)
    assert number, printed
    assert digest, printed
    return number[0], digest[0]


def anybody_verifies(visitor: Person, number: str, digest: str) -> None:
    visitor.opens("/verify/")
    visitor.writes("Nomor bukti kirim", number)
    visitor.writes("Sidik isi", digest)
    visitor.clicks("Periksa bukti kirim")
    visitor.sees("Bukti kirim ini asli")
    visitor.looks_over_the_page()


def the_innovator_comes_too_late(innovator: Person, writing_page: str, stale_title: str) -> None:
    """A page left open since before the deadline saves nothing, and the door of the writing page says why."""
    innovator.writes("Judul inovasi", stale_title)
    innovator.content.get_by_role("button", name="Simpan dan kembali ke daftar").click()  # with scripts the page stays
    innovator.sees("Pengajuan ditutup pada")
    innovator.complaints.clear()  # the browser notes that the answer was a refusal
    innovator.opens(writing_page)
    innovator.sees("Pengajuan ditutup pada")
    expect(innovator.content.get_by_role("button")).to_have_count(0)
    innovator.looks_over_the_page()


def the_secretariat_screens(clerk: Person, *, how_many: int) -> None:
    clerk.goes_to("Seleksi")
    clerk.is_at("Seleksi administrasi")
    clerk.clicks("Ambil berikutnya")
    for _turn in range(how_many):
        clerk.looks_over_the_page()
        for box in clerk.content.get_by_role("checkbox").all():
            box.uncheck()
        clerk.ticks("Lolos", exact=True)
        clerk.clicks("Simpan & berikutnya")
    clerk.goes_to("Seleksi")
    clerk.clicks("Periksa dan rilis")
    clerk.looks_over_the_page()
    clerk.clicks("Rilis semua hasil sekarang")
    clerk.sees("Hasil sudah dirilis")


def the_agency_reads_that_it_passed(admin: Person) -> None:
    admin.opens("/results/")
    admin.is_at("Hasil proposal kami")
    admin.sees(TITLE)
    admin.sees("Lolos")
