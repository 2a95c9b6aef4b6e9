"""The inbox of a person, and in the demo the mailbox of everybody."""

from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from notifications import actions
from notifications.models import Message

PER_PAGE = 20


@never_cache
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        read = actions.mark_all_read(by=request.user)
        notices.success(request, ngettext("%d message marked as read.", "%d messages marked as read.", read) % read)
        return redirect("notifications:inbox")
    mine = Message.objects.inbox_of(request.user)
    only_unread = request.GET.get("show") == "unread"
    shown = mine.unread_for(request.user) if only_unread else mine
    page = Paginator(shown.defer("body"), PER_PAGE).get_page(request.GET.get("page"))
    unread = mine.unread_for(request.user).count()
    return render(request, "notifications/inbox.html", {"page": page, "unread": unread, "only_unread": only_unread})


@never_cache
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Message.objects.inbox_of(request.user), pk=pk)
    actions.mark_read(found)
    return render(request, "notifications/message.html", {"message": found})


@login_not_required
@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every outgoing mail, for trying the portal without a mail server. A real portal has no such page."""
    if not settings.DEMO:
        raise Http404
    address = request.GET.get("to", "").strip()
    sent = Message.objects.select_related("recipient").order_by("-id")
    if address:
        sent = sent.filter(address__icontains=address)
    page = Paginator(sent, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/mailbox.html", {"page": page, "address": address})
