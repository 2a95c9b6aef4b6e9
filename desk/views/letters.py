"""The outbox: what waits, and what could not be delivered."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.rules import as_secretariat
from desk import actions
from desk.forms import AgainForm
from notifications.models import Message

PAGE = 50
STATUS = Message.Status
NOT_FAILED: dict[str | None, str | Promise] = {
    STATUS.QUEUED: gettext_lazy("This letter is already waiting to be sent."),
    STATUS.SENDING: gettext_lazy("This letter is being sent at this moment."),
    STATUS.SENT: gettext_lazy("This letter has been sent meanwhile; it does not go a second time."),
    STATUS.WITHDRAWN: gettext_lazy("This letter was taken back and is not sent any more."),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """POST sends again: the letter its button names, or all."""
    by = as_secretariat(request.user)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data["message"]
        if again := actions.send_again(message=asked, by=by):
            words = ngettext("%d letter is tried again.", "%d letters are tried again.", again) % again
            messages.success(request, words)
        else:
            messages.info(request, _why_none(asked))
        return redirect("desk:letters")
    page = Paginator(Message.objects.failed().select_related("recipient"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "outbox": Message.objects.outbox_state(), "form": form}
    return render(request, "desk/letters.html", context, status=422 if form.is_bound else 200)


def _why_none(asked: int | None) -> str:
    """What became of the letter since the page was opened."""
    status = Message.objects.filter(pk=asked).values_list("status", flat=True).first() if asked else None
    return str(NOT_FAILED.get(status) or _("No letter waits here to be sent again any more."))
