"""File fields whose button says the same in every browser."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class FileBox(forms.FileInput):
    """The browser's own button speaks the browser's language; a label that looks like one takes its place. The field
    itself stays where it is: it is reached by keyboard, shows the chosen name, and needs no script."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        field = super().render(name, value, attrs, renderer)
        words = _("Choose a file")
        target = (attrs or {}).get("id", "")
        return format_html(
            '<span class="file-box"><label class="btn btn-secondary" for="{}">{}</label>{}</span>', target, words, field
        )


class FilesBox(FileBox):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; its value is a list. `accept` as of `accepted_by_browsers`."""

    def __init__(self, *, accept: str, **kwargs: Any) -> None:
        super().__init__(widget=FilesBox({"multiple": True, "accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(FilesField, self).clean(each, initial) for each in files]
