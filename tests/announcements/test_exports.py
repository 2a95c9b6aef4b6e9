"""The paper version says what the page says."""

from announcements.exports import blocks


def test_markdown_becomes_plain_blocks_in_order():
    text = "# Judul\n\nSatu **tebal** dan\nlanjutan.\n\n- butir [tautan](https://contoh.go.id)\n- dua\n\nAkhir."
    assert [(each["kind"], each["text"]) for each in blocks(text)] == [
        ("heading", "Judul"),
        ("paragraph", "Satu tebal dan lanjutan."),
        ("item", "butir tautan"),
        ("item", "dua"),
        ("paragraph", "Akhir."),
    ]
