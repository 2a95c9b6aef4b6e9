"""The network around a rehearsed year: an innovation ready to be replicated, who asks for it and who replicates it, and
the follow-up of past winners. All of it is invented, and marked as such."""

from datetime import date, timedelta

from catalogue import actions
from catalogue.models import FollowUpReport, Innovation
from competitions import calendar
from sinovik.rehearsal import texts
from sinovik.rehearsal.season import Desk, Season

FIRST_YEAR, LAST_YEAR = 2019, 2022  # of the awards followed up
OFFER = {
    "documents": "Peraturan kepala daerah, SOP layanan, kode sumber aplikasi, dan bahan pelatihan kader.",
    "assistance": "Kunjungan belajar dua hari, pendampingan daring selama tiga bulan, dan grup tanya jawab petugas.",
    "costs": "Tanpa biaya lisensi. Instansi pereplikasi menanggung perjalanan dan perangkat di loket.",
}
REQUEST = "Kami ingin menerapkannya di dua puskesmas mulai triwulan depan. Mohon SOP dan jadwal kunjungan belajar."
CHANGES = "Jadwal disesuaikan dengan kapal perintis, dan pendaftaran dapat dilakukan melalui kader desa."
REPORT = "Berjalan di 14 lokasi dan melayani sekitar 9.600 warga setahun; waktu tunggu turun dari 90 menjadi 25 menit."


def live(season: Season) -> int:
    """The first agency offers its innovation: one agency asks for it, another declares that it replicates it. It
    replicates the second agency's, with that one's word. Of the follow-up one report is accepted, one was sent and
    the first agency's waits. Returns how many innovations take part."""
    first, second, third = season.desks[:3]
    own, seconds, thirds = (
        _winner(desk, title, year)
        for desk, title, year in (
            (first, "Perahu Sehat", 2019),
            (second, "Loket Desa", 2021),
            (third, "Kader Siaga", 2022),
        )
    )
    contact = {"name": first.unit.name, "email": season.next_email("replikasi"), "phone": ""}
    actions.offer(own, **OFFER, contact=contact, uploads=[season.paper("SOP layanan.pdf")], by=first.admin)
    actions.ask_source(own, agency=second.agency, text=REQUEST, by=second.admin)
    actions.declare(own, agency=third.agency, kind="adapt", since=date(2024, 3, 1), changes=CHANGES, by=third.admin)
    replicated = actions.declare(
        seconds,
        agency=first.agency,
        kind="replicate",
        since=date(2023, 8, 1),
        unit_name=first.unit.name,
        by=first.admin,
    )
    actions.confirm(replicated, expected=replicated.stamp, by=second.admin)
    _follow_up(season, {seconds: second, thirds: third})
    return 3


def _winner(desk: Desk, name: str, year: int) -> Innovation:
    award = actions.record_award(
        title=f"{name} {texts.short_place(desk.agency.name)} (rekaan)", agency=desk.agency,
        agency_name=desk.agency.name, year=year, tier="winner", label="Penghargaan rekaan",
        source="Data rekaan, bukan pemenang sungguhan",
    )  # fmt: skip
    return award.innovation


def _follow_up(season: Season, reporting: dict[Innovation, Desk]) -> None:
    """Each of them reports; the secretariat accepts the last."""
    closes_at = calendar.end_of((calendar.now() + timedelta(days=30)).date())
    found = actions.open_follow_up(first_year=FIRST_YEAR, last_year=LAST_YEAR, closes_at=closes_at, by=season.clerk)
    for innovation, desk in reporting.items():
        report = actions.send_report(
            found.reports.get(innovation=innovation), standing=FollowUpReport.Standing.GROWN, text=REPORT,
            uploads=[season.paper("Laporan tahunan.pdf")], by=desk.admin,
        )  # fmt: skip
    report.refresh_from_db()
    actions.accept_report(report, expected=report.stamp, by=season.clerk)
