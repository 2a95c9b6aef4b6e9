"""The outbox: what waits, and what could not be delivered."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.rules import as_secretariat
from desk import actions
from desk.forms import AgainForm
from notifications.models import Message

PAGE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """POST sends again: the letter its button names, or all."""
    by = as_secretariat(request.user)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        again = actions.send_again(message=form.cleaned_data["message"], by=by)
        messages.success(request, ngettext("%d letter is tried again.", "%d letters are tried again.", again) % again)
        return redirect("desk:letters")
    page = Paginator(Message.objects.failed().select_related("recipient"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "outbox": Message.objects.outbox_state(), "form": form}
    return render(request, "desk/letters.html", context, status=422 if form.is_bound else 200)
