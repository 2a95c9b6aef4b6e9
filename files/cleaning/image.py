"""Pictures: decoded and drawn again, so that only what is seen is kept, upright and without where it was taken."""

from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from files.cleaning.refusal import Refused

LONGEST_SIDE = 3000  # pixels kept: A4 at 250 dots per inch
MAX_PIXELS = 16_000_000  # of what has to be decoded whole; a JPEG is decoded smaller at once
MAX_JPEG_PIXELS = 120_000_000
QUALITY = 88
_FORMATS = ("JPEG", "PNG", "WEBP")


def clean(source: Path, target: Path) -> str:
    """Writes the first frame without anything beside its pixels (no EXIF, place, profile, text, appended bytes).

    JPEG and WebP become JPEG, PNG becomes PNG. Raises Refused("broken_image" | "too_many_pixels").
    """
    Image.MAX_IMAGE_PIXELS = None  # counted here, before a pixel is decoded
    try:
        with Image.open(source, formats=_FORMATS) as picture:
            _refuse_too_large(picture)
            if picture.format == "JPEG":
                _decode_smaller(picture)
            written = "png" if picture.format == "PNG" else "jpeg"
            return _write(picture, target, written)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError):
        # Pillow answers nonsense inside the file with any of these.
        raise Refused("broken_image") from None


def _refuse_too_large(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > (MAX_JPEG_PIXELS if picture.format == "JPEG" else MAX_PIXELS) or not width or not height:
        raise Refused("too_many_pixels")


def _decode_smaller(picture: Image.Image) -> None:
    """Lets the JPEG reader leave out pixels that are not kept anyway: half, a quarter or an eighth of each side."""
    width, height = picture.size
    scale = 1
    while scale < 8 and (max(width, height) >= 2 * scale * LONGEST_SIDE or width * height > scale**2 * MAX_PIXELS):
        scale *= 2
    picture.draft("RGB", (width // scale, height // scale))


def _write(picture: Image.Image, target: Path, written: str) -> str:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    plain = _drawn(upright, keeps_clear=written == "png")
    plain.info.clear()
    if written == "png":
        plain.save(target, "PNG", compress_level=3)
    else:
        plain.save(target, "JPEG", quality=QUALITY)
    return written


def _drawn(picture: Image.Image, *, keeps_clear: bool) -> Image.Image:
    """The pixels as RGB, grey or, where a format can hold it, with transparency; else on white."""
    if picture.mode in ("L", "RGB"):
        return picture
    if not (picture.mode in ("LA", "RGBA", "PA", "La", "RGBa") or "transparency" in picture.info):
        return picture.convert("L" if picture.mode in ("1", "I;16", "I", "F") else "RGB")
    clear = picture.convert("RGBA")
    if keeps_clear:
        return clear
    white = Image.new("RGB", clear.size, "white")
    white.paste(clear, mask=clear)
    return white
