"""An agency asks a source for what it offers; the two write to each other until one of them closes it."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.rules import is_admin_of
from audit.recording import record
from catalogue import emails
from catalogue.actions.curating import locked_current
from catalogue.models import Innovation, Offer, ReplicationRequest, RequestMessage
from catalogue.rules import writes_as
from competitions import calendar
from files.attaching import attach
from files.models import StoredFile
from files.storing import store_several

DAY = timedelta(days=1)
KINDS = ("pdf", "image", "office")
MOST_FILES, MAX_MB = 5, 5
REQUESTS_A_DAY, MESSAGES_A_DAY = 5, 20  # of one agency; of one side in one thread
State = ReplicationRequest.State


def ask_source(
    innovation: Innovation, *, agency: Agency, text: str, uploads: Sequence[UploadedFile] = (), by: User
) -> ReplicationRequest:
    """The agency asks for what the source offers; the source is told. The same again is what was asked before, and
    where a request is open already the text goes into it. Files are checked and stored first.

    PermissionDenied, and ValidationError `merged`, `own`, `not_offered`, `too_many`, or what `store` says of a file."""
    if not is_admin_of(by, agency):
        raise PermissionDenied
    stored = store_several(uploads, most=MOST_FILES, kinds=KINDS, by=by, max_mb=MAX_MB)
    with transaction.atomic():
        return _ask(innovation, agency, text, stored, by)


def write(request: ReplicationRequest, *, text: str, uploads: Sequence[UploadedFile] = (), by: User) -> RequestMessage:
    """One side writes, the other is told; the request then waits for the source, or is answered. Twice is once. Files
    are checked and stored first.

    PermissionDenied, and ValidationError `closed`, `too_many`, or what `store` says of a file."""
    if writes_as(by, request) is None:
        raise PermissionDenied
    stored = store_several(uploads, most=MOST_FILES, kinds=KINDS, by=by, max_mb=MAX_MB)
    with transaction.atomic():
        return _write(_locked(request), text, stored, by)


def _ask(innovation: Innovation, agency: Agency, text: str, stored: list[StoredFile], by: User) -> ReplicationRequest:
    source = locked_current(innovation)
    if source.agency and is_admin_of(by, source.agency):
        raise ValidationError(_("An agency does not ask itself."), code="own")
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)  # counts one at a time
    asked = ReplicationRequest.objects.filter(agency=agency)
    if standing := asked.open().about(source).first():
        _write(_locked(standing), text, stored, by)
        return standing
    if Offer.objects.shown_of(source) is None:
        raise ValidationError(_("The source no longer offers this innovation."), code="not_offered")
    if asked.filter(asked_at__gt=calendar.now() - DAY).count() >= REQUESTS_A_DAY:
        words = _("Your agency has asked for many innovations today. Come back tomorrow.")
        raise ValidationError(words, code="too_many")
    found = ReplicationRequest.objects.create(source=source, agency=agency)
    message, files = _say(found, False, text, stored, by)
    data = {"source": source.code, "agency": agency.code, "files": files}
    record("catalogue.ask_source", by=by, on=found, data=data)
    emails.tell_asked(_locked(found), message)
    return found


def _write(row: ReplicationRequest, text: str, stored: list[StoredFile], by: User) -> RequestMessage:
    as_source = writes_as(by, row)
    if as_source is None:
        raise PermissionDenied
    if said := _said_last(row, as_source, text, stored):
        return said
    if row.state == State.CLOSED:
        raise ValidationError(_("This request is closed. Ask anew from the page of the innovation."), code="closed")
    if row.messages.filter(from_source=as_source, written_at__gt=calendar.now() - DAY).count() >= MESSAGES_A_DAY:
        raise ValidationError(_("You have written many messages today. Come back tomorrow."), code="too_many")
    message, files = _say(row, as_source, text, stored, by)
    before, row.state = row.state, State.ANSWERED if as_source else State.ASKED
    if (before, row.state) == (State.ANSWERED, State.ASKED):
        row.waiting_since = Now()
    row.save(update_fields=["state", "waiting_since"])
    record("catalogue.write_in_request", by=by, on=row, data={"from": before, "to": row.state, "files": files})
    (emails.tell_answer if as_source else emails.tell_asked)(row, message)
    return message


@transaction.atomic
def close(request: ReplicationRequest, *, expected: str, by: User) -> ReplicationRequest:
    """Either side ends the thread, the other is told; what was said stays to be read. Twice is once. `expected`: the
    stamp of what was read. ValidationError `changed` when more was said since."""
    row = _locked(request)
    as_source = writes_as(by, row)
    if as_source is None:
        raise PermissionDenied
    if row.state != State.CLOSED:
        if row.stamp != expected:
            raise ValidationError(
                _("More was written meanwhile. Read it before you close the request."), code="changed"
            )
        before, row.state, row.closed_at = row.state, State.CLOSED, Now()
        row.save(update_fields=["state", "closed_at"])
        record("catalogue.close_request", by=by, on=row, data={"from": before})
        emails.tell_closed(row, by_source=as_source)
    return row


def _say(
    row: ReplicationRequest, as_source: bool, text: str, stored: list[StoredFile], by: User
) -> tuple[RequestMessage, list[str]]:
    message = RequestMessage.objects.create(request=row, from_source=as_source, text=text.strip(), author=by)
    return message, attach(message.files, stored, most=MOST_FILES)["files"]


def _said_last(row: ReplicationRequest, as_source: bool, text: str, stored: list[StoredFile]) -> RequestMessage | None:
    """The last message, if it says the same already with the same files: a form that was sent twice."""
    last = row.messages.last()
    if last is None or (last.from_source, last.text) != (as_source, text.strip()):
        return None
    sent = set(last.files.values_list("file__sha256", flat=True))
    return last if {each.sha256 for each in stored} <= sent else None


def _locked(request: ReplicationRequest) -> ReplicationRequest:
    return ReplicationRequest.objects.select_for_update(of=("self",)).with_ends().get(pk=request.pk)
