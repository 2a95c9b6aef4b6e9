"""Invented people, innovations and answers, in Indonesian. Nothing here is or describes a real proposal."""

from dataclasses import dataclass
from datetime import date
from random import Random

GIVEN = (
    "Adi", "Agus", "Andi", "Arif", "Ayu", "Bayu", "Budi", "Citra", "Dewi", "Dian", "Eka", "Endang", "Fajar",
    "Fitri", "Gita", "Hadi", "Hana", "Indah", "Iwan", "Joko", "Kartika", "Laila", "Lestari", "Made", "Maria",
    "Markus", "Mega", "Nanda", "Nur", "Nyoman", "Oki", "Putri", "Rahma", "Ratna", "Rini", "Rizki", "Sari",
    "Siti", "Sri", "Tono", "Tri", "Umar", "Wahyu", "Wati", "Wayan", "Yanti", "Yohanes", "Yusuf", "Yulia",
    "Zainal",
)  # fmt: skip
FAMILY = (
    "Amir", "Ansyari", "Bakri", "Damanik", "Fauzi", "Gunawan", "Hakim", "Harahap", "Hidayat", "Irawan", "Kambu",
    "Kurniawan", "Lubis", "Mahendra", "Mansur", "Nababan", "Nasution", "Nugroho", "Pangestu", "Pattiasina",
    "Permana", "Pratama", "Purnomo", "Rahman", "Rumbiak", "Saputra", "Sembiring", "Setiawan", "Simatupang",
    "Siregar", "Suryani", "Susanto", "Sutrisno", "Tahir", "Wibowo", "Wijaya", "Wulandari", "Yusran",
    "Zulkarnain",
)  # fmt: skip

UNITS = (
    "Puskesmas {place}",
    "RSUD {place}",
    "Dinas Kependudukan dan Pencatatan Sipil",
    "Dinas Pendidikan",
    "Dinas Pertanian dan Pangan",
    "Dinas Sosial",
    "Dinas Lingkungan Hidup",
    "Dinas Penanaman Modal dan PTSP",
    "Badan Penanggulangan Bencana",
    "UPT Layanan Terpadu {place}",
)


@dataclass(frozen=True)
class Idea:
    """The seed of an invented innovation: what it does, for whom, and the numbers it claims."""

    title: str
    problem: str
    people: str
    before: int
    after: int
    started_on: date


ACTIONS = (
    ("Jemput", "antrean panjang di loket"),
    ("Antar", "jarak rumah warga yang jauh dari tempat layanan"),
    ("Satu Pintu", "berkas yang harus dibawa ke banyak kantor"),
    ("Sahabat", "warga yang enggan datang karena malu bertanya"),
    ("Lapor Cepat", "keluhan yang baru dijawab setelah berminggu-minggu"),
    ("Keliling", "desa yang belum terjangkau petugas"),
    ("Bersama", "kader yang bekerja sendiri-sendiri"),
    ("Pantau", "data yang terlambat sampai kepada pengambil keputusan"),
)
OBJECTS = {
    "kesehatan": (("Ibu Hamil", "ibu hamil"), ("Obat Lansia", "lansia"), ("Balita Sehat", "balita")),
    "pendidikan": (("Anak Putus Sekolah", "anak putus sekolah"), ("Guru Pulau", "guru di pulau kecil")),
    "pangan": (("Petani Muda", "petani muda"), ("Benih Desa", "kelompok tani")),
    "lingkungan": (("Sampah Pasar", "pedagang pasar"), ("Sungai Bersih", "warga bantaran sungai")),
    "kemiskinan": (("Keluarga Rentan", "keluarga rentan"), ("Rumah Layak", "keluarga tanpa rumah layak")),
    "ekonomi": (("Perajin Kampung", "perajin kampung"), ("Nelayan Kecil", "nelayan kecil")),
    "hukum": (("Bantuan Hukum Desa", "warga tanpa pendamping hukum"),),
    "bencana": (("Siaga Banjir", "warga daerah rawan banjir"),),
    "": (("Akta Kelahiran", "keluarga baru"), ("Izin Usaha", "pelaku usaha kecil"), ("Difabel", "warga difabel")),
}


def person_name(random: Random) -> str:
    return f"{random.choice(GIVEN)} {random.choice(FAMILY)}"


def short_place(agency_name: str) -> str:
    """ "Pemerintah Kabupaten Klungkung" → "Klungkung"."""
    words = agency_name.split()
    skip = {"Pemerintah", "Kabupaten", "Kota", "Provinsi", "Kementerian", "Badan", "PT", "Daerah", "Istimewa", "Perum"}
    return " ".join([word for word in words if word not in skip][:2]) or agency_name


def unit_name(random: Random, place: str) -> str:
    return random.choice(UNITS).format(place=place)


def idea(random: Random, category_key: str, place: str, serial: int, latest_start: date) -> Idea:
    """An invented innovation that fits the category; `serial` keeps titles apart."""
    theme = next((key for key in OBJECTS if key and key in category_key), "")
    thing, people = random.choice(OBJECTS[theme])
    action, problem = random.choice(ACTIONS)
    started = date(
        latest_start.year - random.randint(0, 4), random.randint(1, latest_start.month), random.randint(1, 28)
    )
    return Idea(
        title=f"{action} {thing} {place} {serial}",
        problem=problem,
        people=people,
        before=random.randint(10, 40),
        after=random.randint(55, 95),
        started_on=min(started, latest_start),
    )


PARAGRAPHS = (
    "Sebelum inovasi ini berjalan, {people} menghadapi {problem}; baru {before} persen yang terlayani tepat waktu.",
    "Tim kami mendatangi {people}, memetakan hambatan tiap langkah, lalu menyusun ulang alur layanan bersama kader.",
    "Sejak dijalankan, cakupan layanan naik dari {before} persen menjadi {after} persen menurut rekapitulasi bulanan.",
    "Hasil diukur dengan membandingkan data layanan sebelum dan sesudah, serta survei kepuasan setiap semester.",
    "Kebaruannya terletak pada layanan yang mendatangi {people}, bukan menunggu mereka datang ke kantor.",
    "Tiga unit lain telah mempelajari cara kerja ini; panduan dan formulirnya terbuka untuk ditiru dengan biaya kecil.",
    "Pendanaan memakai anggaran rutin unit, tenaga memakai petugas yang ada, dan alatnya cukup telepon genggam.",
    "Keberlanjutan dijaga dengan keputusan pimpinan, prosedur baku, pelatihan kader baru, dan kemitraan dengan desa.",
)


def answer(random: Random, idea: Idea, max_words: int | None) -> str:
    """A short answer of whole sentences that keeps to the word limit."""
    limit = max_words or 120
    sentences: list[str] = []
    for sentence in random.sample(PARAGRAPHS, k=len(PARAGRAPHS)):
        filled = sentence.format(**vars(idea))
        if sum(len(text.split()) for text in [*sentences, filled]) > min(limit, 120):
            break
        sentences.append(filled)
    return " ".join(sentences)
