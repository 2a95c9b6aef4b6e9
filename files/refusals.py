"""Why a file is not taken, in words that say what to do next."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from files import kinds as known

MAX_PAGES = 500  # as files.cleaning.pdf has it, which only the checking process loads
REASONS = {
    "empty": _("This file is empty. Choose the file again, or save it anew if it is empty on your device too."),
    "too_large": _(
        "This file is %(size)s; at most %(limit)s is allowed. Make it smaller, for example by scanning in grey."
    ),
    "wrong_kind": _(
        "This file is not of a kind that is accepted here (%(accepted)s), whatever its name says. Save or scan the"
        " document in that form and attach it again."
    ),
    "broken_pdf": _("This PDF is damaged or incomplete. Open it, save it again as PDF and attach the new file."),
    "encrypted_pdf": _("This PDF is protected by a password. Save it without protection and attach it again."),
    "empty_pdf": _("This PDF has no pages. Save or scan the document again and attach the new file."),
    "too_many_pages": _("This PDF has more than %(pages)s pages. Attach only the pages that are asked for."),
    "broken_image": _("This picture is damaged or incomplete. Take or save it again and attach the new file."),
    "too_many_pixels": _("This picture has too many pixels. Make it smaller, or save it as JPEG, and attach it again."),
    "old_office": _(
        "This is an older Office format, or the file is protected by a password. Save it without a password as DOCX,"
        " XLSX or PPTX, or as PDF, and attach it again."
    ),
    "not_office": _("This archive is not a Word, Excel or PowerPoint file. Attach the document itself, not a ZIP."),
    "broken_office": _("This Office file is damaged or incomplete. Open it, save it again and attach the new file."),
    "encrypted_office": _("This Office file is protected by a password. Save it without one and attach it again."),
    "macros": _("This Office file contains macros. Save it without macros (DOCX, XLSX, PPTX) or as PDF."),
    "embedded_files": _(
        "This Office file contains another file or object inside it. Replace the object by a picture of it, or save"
        " the document as PDF."
    ),
    "external_parts": _(
        "This Office file fetches something from outside it, such as a linked template, picture or table. Break those"
        " links, or save the document as PDF."
    ),
    "too_heavy": _("This file is too complex to check. Print it to a new PDF and attach that file."),
    "virus": _(
        "The virus scanner found something dangerous in this file. It was not stored. Check your device for viruses"
        " and attach a clean copy."
    ),
    "scanner_away": _(
        "The virus scanner cannot be reached, so the file was not stored. Nothing is wrong with your file: try again"
        " in a few minutes."
    ),
    "quota": _(
        "Too much has been sent today from this account or place (at most %(limit)s a day). Try again tomorrow, or ask"
        " the help desk."
    ),
}


def refusal(code: str, *, kinds: Collection[str] = (), **facts: object) -> ValidationError:
    params = {"pages": MAX_PAGES, "accepted": known.named(kinds), **facts}
    return ValidationError(REASONS[code], code=code, params=params)
