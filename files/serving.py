"""Handing out a file, stored or just made. The view that calls this has already checked who may read it."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from files.models import StoredFile


def respond(stored: StoredFile) -> HttpResponseBase:
    return download(stored.path, name=stored.name, media_type=stored.media_type)


def download(path: str, *, name: str, media_type: str) -> HttpResponseBase:
    """Streams the bytes as a download that no browser runs, sniffs, embeds or keeps."""
    response = FileResponse(default_storage.open(path), as_attachment=True, filename=name, content_type=media_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def made(content: bytes | str, *, name: str, media_type: str, inline: bool = False) -> HttpResponse:
    """What was made for this answer, under a name: to keep, or with `inline` for the browser to show."""
    disposition = content_disposition_header(not inline, name)
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})
