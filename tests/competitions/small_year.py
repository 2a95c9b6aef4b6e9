"""A whole year in forty lines, for tests to break."""

SMALL_YEAR = """\
[competition]
code = "kecil"
year = 2023
name = "Kompetisi Kecil"
regulations = ["Peraturan Nomor 1"]
[competition.counts]
registered = 10

[[stages]]
key = "kirim"
kind = "submission"
name = "Pengajuan"
start = 2023-03-14
end = 2023-05-02
[[stages.revisions]]
end = 2023-05-06T23:59:59+07:00
letter_number = "B/188"
reason = '''
Cuti bersama
[[bukan = tabel]]
'''
made_on = 2023-04-28

[[stages]]
key = "nilai"
kind = "assessment"
name = "Penilaian"
start = 2023-05-10
end = 2023-05-29

[categories]
kesehatan = "Kesehatan"
pendidikan = "Pendidikan"

[screening]
second_look_of_passes = 10
correction_days = 5
reasons = [{ title = "Umum saja", text = "Mohon diperiksa." }]

[[screening_checks]]
key = "usia"
label = "Usia cukup"
reason = "Belum cukup usia."
corrects = ["documents:surat", "answers:dampak"]
reasons = [{ title = "Kurang umur", text = "Baru {umur} bulan." }]

[[groups]]
key = "umum"
name = "Umum"
min_age_months = 24
cap_per_agency = 10
caps = { ministry = "unlimited" }
age_exceptions = { kesehatan = 12 }
finalists = 4
winners = 2
assumed = ["min_age_months"]
assumed_note = "Tidak ditemukan."

[[groups.history_rules]]
key = "belum"
kind = "at_most"
tiers = ["winner"]
last_year = 2022
text = "Belum pernah menang."

[[groups.documents]]
key = "surat"
name = "Surat"

[[groups.aspects]]
key = "ringkasan"
name = "Ringkasan"
weight = 0
questions = [{ key = "isi", label = "Ringkas?", max_words = 200 }]

[[groups.aspects]]
key = "dampak"
name = "Dampak"
weight = 100
evidence = { name = "Laporan", required = true, max_mb = 2 }
anchors = [
  { from = 0, to = 50, text = "Kurang" },
  { from = 51, to = 100, text = "Baik" },
]
[[groups.aspects.questions]]
key = "isi"
label = "Apa dampaknya?"

[[groups.rounds]]
key = "meja"
name = "Meja"
stage = "nilai"
assessors = "evaluator"
assessors_per_proposal = 2
advance = 4
selection_name = "Finalis"
award_tier = "finalist"

[[groups.rounds]]
key = "temu"
name = "Temu"
stage = "nilai"
assessors = "panelist"
assessors_per_proposal = 3
advance = 2
selection_name = "Pemenang"
shares = { meja = 70, temu = 30 }
[[groups.rounds.criteria]]
key = "isi"
name = "Isi"
weight = 100
assumed = true
assumed_note = "Rubrik disusun sendiri."
"""


def line_of(text: str, part: str, occurrence: int = 1) -> int:
    """The number of the line that holds the part."""
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if part in line]
    return lines[occurrence - 1]
