"""The message catalogues: one per app, extracted from its Python files and its templates, without GNU gettext."""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

LANGUAGE = "id"  # English is what the code says; every other language has catalogues
HEADER = """\
msgid ""
msgstr ""
"Language: id\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[#0-9.+-]*[a-z]|%[sd]|\{\w*\}")


def local_apps() -> list[str]:
    """Labels of the portal's own apps, in the order of INSTALLED_APPS."""
    return [app.label for app in apps.get_app_configs() if Path(app.path).parent == Path(settings.BASE_DIR)]


def catalogue_path(app: str) -> Path:
    return Path(apps.get_app_config(app).path) / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def sources(app: str) -> list[Path]:
    """The files whose texts belong to `app`: its code and its templates; shared templates belong to sinovik."""
    folder, templates = Path(apps.get_app_config(app).path), Path(settings.BASE_DIR) / "templates"
    code = [path for path in folder.rglob("*.py") if "migrations" not in path.parts]
    if app == "sinovik":
        others = {templates / label for label in local_apps() if label != app}
        pages = [path for path in templates.rglob("*.*") if not others & set(path.parents)]
    else:
        pages = list((templates / app).rglob("*.*"))
    return sorted(code) + sorted(path for path in pages if path.suffix in {".html", ".txt"})


def extracted(app: str) -> Catalog:
    """A fresh catalogue of everything `app` says, without translations."""
    fresh = pofile.read_po(io.BytesIO(HEADER.encode()), locale=LANGUAGE)  # knows the number of plural forms
    for path in sources(app):
        name = path.relative_to(settings.BASE_DIR).as_posix()
        text = path.read_text()
        if path.suffix != ".py":
            # Brackets around it keep Python's tokenizer from minding a template's indentation.
            text = f"({templatize(text, origin=name)}\n)"
        found = extract("python", io.BytesIO(text.encode()), KEYWORDS, comment_tags=["Translators:"])
        for _line, message, comments, context in found:
            fresh.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return fresh


def stored(app: str) -> Catalog:
    path = catalogue_path(app)
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return pofile.read_po(file, locale=LANGUAGE)


def update(app: str) -> tuple[int, int]:
    """Write the catalogue anew, keeping translations, dropping what is no longer said.

    Returns how many messages there are and how many lack a translation.
    """
    fresh, old = extracted(app), stored(app)
    missing = 0
    for message in _messages(fresh):
        known = old.get(message.id, message.context)
        if known and not known.fuzzy and _is_translated(known) and known.pluralizable == message.pluralizable:
            message.string = known.string
            message.user_comments = known.user_comments
        else:
            missing += 1
            message.string = ("",) * fresh.num_plurals if message.pluralizable else ""
    if len(fresh):
        written = io.BytesIO()
        pofile.write_po(written, fresh, width=110, sort_output=True, omit_header=True, include_lineno=False)
        _replace(catalogue_path(app), HEADER.encode() + written.getvalue().lstrip())
    return len(fresh), missing


def compile_catalogue(app: str) -> None:
    """Write the .mo beside the .po, which Django reads, unless it is newer already."""
    source = catalogue_path(app)
    target = source.with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns):
        return
    written = io.BytesIO()
    write_mo(written, stored(app))
    _replace(target, written.getvalue())


def problems(app: str) -> Iterator[str]:
    """What is wrong with the catalogue of `app`, one line each."""
    fresh, old = extracted(app), stored(app)
    for message in _messages(fresh):
        known = old.get(message.id, message.context)
        if known is None or known.pluralizable != message.pluralizable:
            yield f"{app}: missing: {_shown(message)}"
        elif known.fuzzy or not _is_translated(known):
            yield f"{app}: not translated: {_shown(message)}"
        elif _placeholders(known.string or "") != _placeholders(message.id):
            yield f"{app}: other placeholders than the original: {_shown(message)}"
    for message in _messages(old):
        if fresh.get(message.id, message.context) is None:
            yield f"{app}: no longer said: {_shown(message)}"


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(strings)


def _placeholders(text: str | list[str] | tuple[str, ...]) -> set[str]:
    """Of a plural pair the last form counts: Indonesian has one form, which always names the number."""
    return set(PLACEHOLDER.findall(text if isinstance(text, str) else text[-1]))


def _shown(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    files = ", ".join(dict.fromkeys(name for name, _ in message.locations))
    return f"{text!r}" + (f" ({files})" if files else "")


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)
