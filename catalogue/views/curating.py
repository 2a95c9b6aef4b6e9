"""One innovation put right: its name, the row it is the same as, who is asked about replicating it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import refusals_on, refusals_said
from accounts.rules import as_secretariat
from catalogue import actions
from catalogue.forms import ContactForm, MergeForm, RenameForm
from catalogue.models import Innovation, Merge
from catalogue.rules import may_name_contact


@require_http_methods(["GET", "HEAD", "POST"])
def curate(request: HttpRequest, code: str) -> HttpResponse:
    """Rename it, or join it to another row; what was joined can be parted again."""
    clerk = as_secretariat(request.user)
    innovation = get_object_or_404(Innovation.objects.current(), code=code)
    asked = request.POST.get("do")
    naming = RenameForm(request.POST if asked == "rename" else None, initial={"title": innovation.title})
    joining = MergeForm(request.POST if asked == "merge" else None)
    form = {"rename": naming, "merge": joining}.get(asked or "")
    if form is not None and form.is_valid():
        with refusals_on(form):
            if form is naming:
                actions.rename(innovation, title=naming.cleaned_data["title"], by=clerk)
                messages.success(request, _("The title was changed; the one before is kept and found."))
                return redirect(innovation)
            given = joining.cleaned_data
            kept = actions.merge(innovation, into=given["into"], reason=given["reason"], by=clerk).kept
            messages.success(request, _("The two are one innovation now."))
            return redirect("catalogue:curate", kept.code)
    context = {
        "innovation": innovation, "naming": naming, "joining": joining, "failed": form,
        "merges": innovation.merges.filter(undone_at=None).select_related("other", "made_by"),
    }  # fmt: skip
    return render(request, "catalogue/curate.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def part(request: HttpRequest, code: str) -> HttpResponse:
    """`code` is the merge's."""
    clerk = as_secretariat(request.user)
    merged = get_object_or_404(Merge.objects.select_related("kept", "other"), code=code)
    with refusals_said(request):
        actions.undo_merge(merged, by=clerk)
        messages.success(request, _("They are two innovations again."))
    return redirect("catalogue:curate", merged.kept.code)


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, code: str) -> HttpResponse:
    innovation = get_object_or_404(Innovation.objects.current().select_related("agency"), code=code)
    if not isinstance(request.user, User) or not may_name_contact(request.user, innovation):
        raise PermissionDenied
    form = ContactForm(request.POST or None, initial={
        "name": innovation.contact_name, "email": innovation.contact_email, "phone": innovation.contact_phone,
    })  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actions.set_contact(innovation, by=request.user, **form.cleaned_data)
        messages.success(request, _("The contact was saved."))
        return redirect(innovation)
    context = {"innovation": innovation, "form": form}
    return render(request, "catalogue/contact.html", context, status=422 if request.method == "POST" else 200)
