"""From the jurors' invitation to the frozen lists, page by page."""

import re

from playwright.sync_api import expect

from judging import tasks
from tests.browser.entering import TITLE
from tests.browser.people import PASSWORD, Person

EVALUATOR, PANELIST = "Evaluator (TE)", "Panelis (TPI)"


def the_secretariat_opens_the_list_of_jurors(clerk: Person) -> None:
    clerk.goes_to("Penilaian")
    clerk.is_at("Penilaian")
    clerk.clicks(re.compile(r"^\d+ Penilai"))
    clerk.is_at("Penilai")


def the_secretariat_invites(clerk: Person, email: str, name: str, role: str) -> None:
    clerk.clicks("Undang penilai")
    clerk.is_at("Undang penilai")
    clerk.ticks(role)
    clerk.writes("Nama lengkap", name)
    clerk.writes("E-mail", email)
    clerk.writes("Lembaga", "Universitas Contoh")
    clerk.ticks("Kesehatan")
    clerk.clicks("Kirim undangan")
    clerk.sees(email)


def the_juror_accepts(juror: Person) -> None:
    juror.follows_the_link_in("penilai")
    juror.writes("Kata sandi", PASSWORD)
    juror.looks_over_the_page()
    juror.clicks("Buka akun saya")
    juror.is_at("Pakta integritas")
    juror.ticks("Saya telah membaca dan menyetujui")
    juror.clicks("Setujui pakta integritas")
    juror.sees("Terima kasih")
    juror.looks_over_the_page()


def the_secretariat_gives_out_the_sheets(clerk: Person, round_name: str, *, sheets: int) -> None:
    _goes_to_the_round(clerk, round_name)
    clerk.clicks("Buka babak")
    clerk.clicks("Bagikan proposal kepada penilai")
    clerk.clicks("Hitung rencana")
    tasks.solve_waiting()  # what the beat does each minute; no worker runs in this suite
    clerk.page.reload()
    clerk.clicks(f"Bagikan {sheets} lembar")
    clerk.is_at(round_name)


def _goes_to_the_round(clerk: Person, round_name: str) -> None:
    clerk.goes_to("Penilaian")
    clerk.clicks(round_name, exact=True)
    clerk.is_at(round_name)


def the_juror_scores(juror: Person, *, ours: int, theirs: int) -> None:
    """Every sheet of the pile, each with the same score for all criteria, to the last."""
    juror.goes_to("Penilaian saya")
    juror.is_at("Penilaian saya")
    juror.clicks(re.compile("Mulai dari proposal pertama|Lanjutkan ke proposal berikutnya"))
    while juror.content.get_by_role("button", name="Simpan final & berikutnya").is_visible():
        juror.looks_over_the_page()
        score = ours if juror.page.get_by_role("heading", level=1).inner_text() == TITLE else theirs
        for box in juror.content.locator("[name^=score-]").all():
            box.fill(str(score))
        if juror.has_scripts:
            expect(juror.content.locator("[data-total]")).to_have_text(f"{score},00")
        juror.writes("Komentar untuk instansi", "Dampaknya terukur dan mudah ditiru.")
        juror.clicks("Simpan final & berikutnya")
    juror.sees("Semua lembar Anda sudah final")


def the_plenary_fixes(clerk: Person, round_name: str, list_name: str) -> None:
    _goes_to_the_round(clerk, round_name)
    clerk.clicks("Peringkat", exact=True)
    clerk.is_at("Peringkat")
    clerk.clicks("Ke sidang pleno")
    clerk.is_at(f"Sidang pleno: {list_name}")
    clerk.clicks("Catat yang hadir")
    clerk.writes("Peserta lain, satu orang per baris", "Prof. Hana Lubis, ketua\nDr. Iwan Amir, anggota")
    clerk.clicks("Catat hadir")
    clerk.sees("Dr. Iwan Amir")
    clerk.clicks("Kembali ke sidang pleno")
    clerk.clicks("Tulis berita acara dan tetapkan daftar")
    clerk.writes("Nomor berita acara", f"BA/{round_name.upper()}/2023")
    clerk.clicks("Periksa sebelum menetapkan")
    clerk.looks_over_the_page()
    clerk.clicks(f"Tetapkan “{list_name}”")
    clerk.is_at(list_name)
    clerk.sees("Ditetapkan dalam sidang pleno")
    clerk.sees(TITLE)
