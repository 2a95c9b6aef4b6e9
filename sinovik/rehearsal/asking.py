"""What people ask and object to in a demonstration year: tickets at the help desk, objections to finalists."""

from accounts.models import User
from competitions import calendar
from competitions.models import Stage
from helpdesk import actions as helpdesk
from helpdesk.models import CannedAnswer, Subject, Ticket
from objections import actions as objections
from objections.letters import panel
from objections.models import Objection
from objections.period import finalists
from sinovik.rehearsal.season import Season

CANNED = (
    (Subject.ENTERING, "Batas ukuran berkas", "Setiap berkas boleh sampai batas yang tertulis di bawah kotak unggah."),
    (Subject.ACCOUNT, "Surat penunjukan admin", "Unggah pindaian surat penunjukan yang ditandatangani, dalam PDF."),
)
STRANGER = "Siti Aminah"  # a citizen without an account, with an address of her own in each year


def ask_for_help(season: Season) -> int:
    """One ticket that waits, one a clerk has taken, one answered, and one closed by its owner; returns how many."""
    for subject, title, text in CANNED:
        if not CannedAnswer.objects.filter(title=title).exists():  # another demonstration year's
            helpdesk.save_canned(CannedAnswer(subject=subject, title=title, text=text), by=season.clerk)
    desk = season.desks[0]
    innovator, admin = desk.innovators[0], desk.admin
    _ask(
        season, innovator, Subject.ENTERING, "Berkas pendukung lebih dari satu",
        "Kami punya tiga surat dukungan. Apakah harus digabung menjadi satu berkas?",
    )  # fmt: skip
    taken = _ask(
        season, None, Subject.OTHER, "Menghubungi pemenang untuk belajar",
        "Puskesmas kami ingin meniru inovasi di kabupaten lain. Kepada siapa kami bertanya?",
    )  # fmt: skip
    helpdesk.take(taken, by=season.clerks[1])
    answered = _ask(
        season, admin, Subject.ACCOUNT, "Mengganti admin instansi",
        "Saya akan pindah tugas bulan depan. Bagaimana menyerahkan akun kepada pengganti?",
    )  # fmt: skip
    _answer(
        season,
        answered,
        "Buka halaman instansi Anda dan pilih “Serahkan peran admin”; siapkan surat penunjukannya.",
    )
    closed = _ask(
        season, admin, Subject.TECHNICAL, "Bukti kirim tidak terbuka di ponsel", "Berkas PDF terunduh, tetapi kosong.",
    )  # fmt: skip
    _answer(season, closed, "Mohon buka dengan pembaca PDF yang baru; berkasnya sudah kami periksa dan utuh.")
    helpdesk.close(closed, by=admin)
    return 4


def object_to_finalists(season: Season) -> int:
    """The public test: one objection answered by the agency and dismissed by the panel, one that has just arrived."""
    calendar.lay_around(season.competition, _stage(season).key, fraction=0.5)
    named = list(finalists(season.competition)[:2])
    email = season.next_email("warga")
    filed = [
        objections.file_objection(
            proposal, email=email, name=STRANGER, by=None,
            text="Menurut pengalaman kami layanan ini belum berjalan di semua tempat yang disebut dalam ringkasan.",
        )
        for proposal in named
    ]  # fmt: skip
    for objection in filed[1:]:
        _dismiss(season, objection)
    return len(filed)


def _dismiss(season: Season, objection: Objection) -> None:
    admin = User.objects.admins_of(objection.proposal.agency).get()
    objections.answer(objection, text="Layanan berjalan di semua tempat sejak Januari; jadwalnya terlampir.", by=admin)
    finding = "Jadwal layanan dan laporan bulanan menunjukkan layanan berjalan di semua tempat yang disebut."
    objection = objections.refer(objection, finding=finding, by=season.clerk)
    first, second = panel(objection)[:2]
    reason = "Bukti yang diajukan tidak menunjukkan bahwa keterangan dalam proposal keliru."
    objection = objections.propose_decision(objection, outcome=Objection.Outcome.DISMISSED, reason=reason, by=first)
    objections.confirm_decision(objection, expected=objections.stamp(objection), by=second)


def _ask(season: Season, by: User | None, subject: str, title: str, text: str) -> Ticket:
    email, name = (by.email, by.name) if by else (season.next_email("warga"), STRANGER)
    return helpdesk.open_ticket(subject=subject, title=title, text=text, email=email, name=name, by=by)


def _answer(season: Season, ticket: Ticket, text: str) -> None:
    asked = ticket.messages.latest("pk")
    helpdesk.answer(ticket, text=text, expected=asked.pk, by=season.clerk)


def _stage(season: Season) -> Stage:
    return season.competition.stages.get(kind=Stage.Kind.OBJECTION)
