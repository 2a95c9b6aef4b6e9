"""Pictures as attackers send them, and as telephones do."""

import io
import struct
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo


def picture(format_key: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    drawn = Image.new(mode, size, 0)
    drawn.paste(255 if mode == "L" else (255, 0, 0) + (255,) * (mode == "RGBA"), (0, 0, size[0] // 2, size[1]))
    target = io.BytesIO()
    drawn.save(target, format_key, **options)
    return target.getvalue()


def from_a_telephone() -> bytes:
    """Held upright, with where it was taken and a small EVIL in the comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010E] = "EVIL"
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (2.0, 32.0, 1.0)
    return picture(exif=exif, comment=b"EVIL")


def with_text() -> bytes:
    text = PngInfo()
    text.add_text("Comment", "<script>EVIL()</script>", zip=True)
    return picture("PNG", pnginfo=text)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_bomb(side: int = 30_000) -> bytes:
    """A few kilobytes that say they are 900 million pixels."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", zlib.compress(bytes(2**20), 9)) + _chunk(b"IEND", b"")


def text_bomb(megabytes: int = 100) -> bytes:
    """A small picture with a packed comment that is not small."""
    whole = picture("PNG")
    comment = _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(megabytes * 2**20), 9))
    return whole[:33] + comment + whole[33:]


PAGE = b"<!doctype html><script>EVIL()</script>"
REFUSED = {
    "a page called a picture": (PAGE, "wrong_kind"),
    "a drawing that is a program": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="EVIL()"/>', "wrong_kind"),
    "a PNG header with a page": (b"\x89PNG\r\n\x1a\n" + PAGE, "broken_image"),
    "a JPEG header with a page": (b"\xff\xd8\xff\xe0" + PAGE, "broken_image"),
    "a GIF with a script": (b"GIF89a/*" + bytes(20) + b"*/=1;EVIL()", "wrong_kind"),
    "a PNG of 900 million pixels": (png_bomb(), "too_many_pixels"),
    "a PNG whose comment unfolds": (text_bomb(), "broken_image"),
    "half a JPEG": (picture(size=(800, 800))[:-900], "broken_image"),
    "half a PNG": (picture("PNG", size=(800, 800))[:-40], "broken_image"),
    "a WebP without an end": (b"RIFF\xff\xff\xff\x00WEBPVP8 " + bytes(40), "broken_image"),
}
CLEANED = {
    "a telephone's picture": from_a_telephone(),
    "a PNG with a page in its text": with_text(),
    "a JPEG with an archive behind it": picture() + b"PK\x03\x04 EVIL",
    "a JPEG with a page behind it": picture() + PAGE,
}
SOUND = {
    "a JPEG": picture(),
    "a progressive JPEG": picture(size=(1600, 1200), progressive=True),
    "a large JPEG": picture(size=(6000, 4000)),
    "a grey PNG": picture("PNG", mode="L"),
    "a clear PNG": picture("PNG", mode="RGBA"),
    "a WebP": picture("WEBP"),
    "a clear WebP": picture("WEBP", mode="RGBA"),
}
