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
    place: str
    problem: str
    people: str
    before: int
    after: int
    started_on: date


PROBLEMS = (
    "antrean panjang di loket", "jarak rumah yang jauh", "berkas dari banyak kantor", "rasa malu bertanya",
    "keluhan yang lama dijawab", "desa tanpa petugas", "kader yang bekerja sendiri", "data yang terlambat sampai",
    "biaya perjalanan yang mahal", "jadwal yang berubah-ubah", "formulir yang sulit dibaca", "sinyal yang lemah",
)  # fmt: skip
# Two words of a name: every serial number has another pair.
FIRST = (
    "Lentera", "Perahu", "Jembatan", "Pelita", "Rantang", "Sampan", "Gerobak", "Payung", "Tangga", "Kentongan",
    "Lumbung", "Sumur", "Beranda", "Jendela", "Kompas", "Mercusuar", "Anyaman", "Tungku", "Simpul", "Langkah",
    "Gelombang", "Tenun", "Bakul", "Cermin", "Pagar", "Dermaga", "Obor", "Lesung", "Ruang", "Titian", "Sapaan",
    "Rajutan", "Kolam", "Ladang", "Serambi", "Kayuh", "Tirai", "Genta", "Pelangi", "Sauh", "Teras", "Balai",
    "Gardu", "Kereta", "Layar", "Pondok", "Saluran", "Tiang", "Wadah", "Kunci", "Denyut", "Jejak", "Lintas",
    "Mata Air", "Pasar", "Roda", "Sarang", "Tapak", "Undak", "Warung", "Galah", "Bilik", "Cawan", "Fajar",
)  # fmt: skip
SECOND = (
    "Bahari", "Bunda", "Cerah", "Damai", "Elok", "Gayung", "Harapan", "Ikhlas", "Jernih", "Kasih", "Lestari", "Mandiri",
    "Nusa", "Optimis", "Peduli", "Ramah", "Sejuk", "Tangguh", "Utama", "Waras", "Amanah", "Bestari", "Cekatan",
    "Dekat", "Empati", "Guyub", "Hangat", "Indah", "Juang", "Karya", "Luhur", "Makmur", "Niaga", "Perintis", "Rukun",
    "Santun", "Tanggap", "Unggul", "Welas", "Adil", "Bakti", "Cipta", "Dayung", "Enau", "Gotong", "Hijau", "Insani",
    "Jumpa", "Kita", "Lincah", "Mekar", "Nyaman", "Padu", "Rimba", "Subur", "Terang", "Umbul", "Wibawa", "Asri",
    "Bening", "Cendana", "Duta", "Embun", "Giat",
)  # fmt: skip
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
    """ "Pemerintah Kabupaten Klungkung" → "Klungkung", "Badan Siber dan Sandi Negara" → "Siber"."""
    skip = {"Pemerintah", "Kabupaten", "Kota", "Provinsi", "Kementerian", "Badan", "PT", "Daerah", "Istimewa", "Perum"}
    words = [word.rstrip(",") for word in agency_name.split() if word not in skip][:2]
    return " ".join(words).removesuffix(" dan") or agency_name


def unit_name(random: Random, place: str) -> str:
    return random.choice(UNITS).format(place=place)


def idea(random: Random, category_key: str, place: str, serial: int, latest_start: date) -> Idea:
    """An invented innovation that fits the category; `serial` keeps names apart."""
    theme = next((key for key in OBJECTS if key and key in category_key), "")
    thing, people = random.choice(OBJECTS[theme])
    turn, first = divmod(serial, len(FIRST))
    name = f"{FIRST[first]} {SECOND[(first + turn) % len(SECOND)]}"
    started = date(
        latest_start.year - random.randint(0, 4), random.randint(1, latest_start.month), random.randint(1, 28)
    )
    return Idea(
        title=f"{name} {thing} {place}",
        place=place,
        problem=random.choice(PROBLEMS),
        people=people,
        before=random.randint(10, 40),
        after=random.randint(55, 95),
        started_on=min(started, latest_start),
    )


# Pieces of at most three words, of which an answer is put together: two answers seldom share a longer run, so that the
# comparison of texts finds in a demonstration what it would find in a year: next to nothing.
PIECES = {
    "when": (
        "Setiap {day} {hour}", "Sejak {month} {year}", "Mulai {day} {hour}", "Pada {month} {year}", "Tiap {day} {hour}",
        "Sepanjang {month} {year}", "Sesudah {month} {year}", "Menjelang {month} {year}",
    ),
    "who": (
        "{number} petugas", "{number} kader", "{number} bidan", "{number} relawan", "{number} penyuluh",
        "{number} pendamping", "{number} mahasiswa", "{number} operator", "{number} perangkat desa", "{number} guru",
    ),
    "does": (
        "mendatangi", "mencatat kebutuhan", "menelepon", "mengantar berkas", "menyusun jadwal", "memeriksa data",
        "melatih", "mendengar keluhan", "memetakan rumah", "menyiapkan ruang bagi", "mengurus keperluan", "menemani",
        "menjemput", "memberi penjelasan kepada",
    ),
    "so_that": (
        "dalam {many} menit", "di {many} dusun", "selama {many} hari", "lewat {many} kunjungan",
        "dengan {many} telepon", "bersama {many} keluarga", "untuk {many} rumah", "memakai {many} formulir",
        "sampai {many} berkas", "di {many} titik",
    ),
    "measure": (
        "Cakupan layanan", "Angka kepuasan", "Ketepatan waktu", "Kelengkapan berkas", "Jumlah kunjungan",
        "Kehadiran warga", "Kecepatan jawaban", "Pemakaian layanan", "Kepatuhan jadwal", "Tingkat keberhasilan",
    ),
    "shown_by": (
        "menurut {many} responden", "dalam {many} bulan", "pada {many} laporan", "dari {many} catatan",
        "di {many} pos", "sesuai {many} sampel", "selama {many} minggu", "berdasarkan {many} kunjungan",
    ),
    "keeps": (
        "keputusan pimpinan", "prosedur tertulis", "anggaran rutin", "pelatihan tahunan", "kerja sama desa",
        "forum bulanan", "dana kelurahan", "papan pantau", "kader pengganti", "buku panduan",
    ),
    "shared_with": (
        "dua kecamatan tetangga", "unit lain", "sekolah terdekat", "rumah sakit rujukan", "kabupaten sebelah",
        "paguyuban warga", "dinas serumpun", "kantor wilayah", "koperasi nelayan", "lembaga adat",
    ),
}  # fmt: skip
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu")
HOURS = ("pagi", "siang", "sore", "malam")
MONTHS = ("Januari", "Maret", "April", "Juni", "Juli", "September", "Oktober", "November")
NUMBERS = {"many": "{many}", "number": "{number}"}  # filled in last
SENTENCES = (
    "{when} {who} {does} {people} {so_that}.",
    "Di {place} {who} {does} {people} {so_that}.",
    "{when} {problem} dijawab {who} {so_that}.",
    "{measure} naik: {before} lalu {after} persen {shown_by}.",
    "{measure} di {place} berubah {before} menjadi {after} persen {shown_by}.",
    "{when} {shared_with} belajar pada {who} {so_that}.",
    "Untuk {many} {people} tersedia {keeps} dan {number} petugas.",
)


def answer(random: Random, idea: Idea, max_words: int | None) -> str:
    """A short answer of whole sentences that keeps to the word limit."""
    limit = min(max_words or 120, 120)
    sentences: list[str] = []
    while len(sentences) < 8:
        filled = _sentence(random, idea)
        if sum(len(text.split()) for text in [*sentences, filled]) > limit:
            break
        sentences.append(filled)
    return " ".join(sentences)


def _sentence(random: Random, idea: Idea) -> str:
    pieces = {name: random.choice(choices) for name, choices in PIECES.items()}
    chosen = random.choice(SENTENCES).format(**{name: f"{{{name}}}" for name in vars(idea)} | pieces | NUMBERS)
    return chosen.format(
        **vars(idea), number=random.randint(2, 40), many=random.randint(3, 400), day=random.choice(DAYS),
        hour=random.choice(HOURS), month=random.choice(MONTHS), year=random.randint(2015, 2021),
    )  # fmt: skip
