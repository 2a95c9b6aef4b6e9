"""The secretariat prints, corrects, revokes and hands out certificates."""

import tempfile
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import refusals_on
from accounts.rules import as_secretariat
from awards import actions
from awards.certificates import no_longer_listed
from awards.exports import write_zip
from awards.forms import IssueForm, ReplaceForm, RevokeForm
from awards.lists import award_lists
from awards.models import Certificate, Issue, Kind
from competitions.models import Competition
from judging.models import Selection

PER_PAGE = 50


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """To the newest year that has award-giving lists."""
    as_secretariat(request.user)
    year = _years().first() or Competition.objects.first()
    return redirect("awards:lists", year.code) if year else redirect("announcements:manage")


@require_safe
def lists(request: HttpRequest, year: str) -> HttpResponse:
    """The award-giving lists of a year, and how far their certificates are."""
    as_secretariat(request.user)
    competition = get_object_or_404(Competition, code=year)
    rows, ceremonies = award_lists(competition), competition.ceremonies.all()
    context = {"competition": competition, "rows": rows, "years": _years(), "ceremonies": ceremonies}
    return render(request, "awards/lists.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one_list(request: HttpRequest, code: str) -> HttpResponse:
    """One list: what is printed so far; POST asks for the rest."""
    by = as_secretariat(request.user)
    selection = _selection(code)
    form = IssueForm(_sent(request), initial=_as_last_time(selection))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            issue = actions.ask_certificates(selection, **form.cleaned_data, by=by)
            messages.success(request, _("%(count)d certificates are being printed.") % {"count": issue.total})
            return redirect("awards:list", selection.code)
    return render(request, "awards/list.html", _context(request, selection, form), status=422 if form.is_bound else 200)


@require_safe
def archive(request: HttpRequest, code: str) -> HttpResponseBase:
    """All valid certificates of the list as one ZIP."""
    as_secretariat(request.user)
    selection = _selection(code)
    certificates = _certificates(selection).valid().select_related("file")
    target = tempfile.TemporaryFile(prefix="certificates-")  # noqa: SIM115  the answer closes it
    write_zip(certificates.iterator(100), target)
    target.seek(0)
    name = f"piagam-{selection.code}.zip"
    return FileResponse(target, as_attachment=True, filename=name, content_type="application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    one = _one(code)
    form = ReplaceForm(_sent(request), initial={"name": one.name})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            new = actions.replace_certificate(one, **form.cleaned_data, by=by)
            messages.success(request, _("The new certificate is printed; the old one verifies as replaced."))
            return redirect(new)
    context = {
        "certificate": one, "form": form, "title": _("Correct and print anew"), "style": "primary",
        "lead": _("A new certificate with a new number is printed. The old one stays, and verifies as replaced."),
        "button": _("Print the new certificate"),
    }  # fmt: skip
    return render(request, "awards/end.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    one = _one(code)
    if request.method != "POST" and one.state != one.State.VALID:
        return redirect(one)
    form = RevokeForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.revoke_certificate(one, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("The certificate is revoked."))
            return redirect(one)
    title = _("Revoke the certificate")
    context = {
        "certificate": one, "form": form, "title": title, "button": title, "style": "danger",
        "lead": _("The certificate verifies as revoked from now on. This cannot be undone."),
    }  # fmt: skip
    return render(request, "awards/end.html", context, status=422 if form.is_bound else 200)


def _context(request: HttpRequest, selection: Selection, form: IssueForm) -> dict[str, Any]:
    wanted, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    certificates = _certificates(selection).select_related("agency", "proposal", "replaced_by")
    valid = certificates.valid().order_by().values_list("kind").annotate(number=Count("pk"))
    numbers = dict(valid)
    counts = {value: (label, numbers[value]) for value, label in Kind.choices if value in numbers}
    if kind in Kind.values:
        certificates = certificates.filter(kind=kind)
    if wanted:
        named = Q(name__icontains=wanted) | Q(number__icontains=wanted) | Q(agency__name__icontains=wanted)
        certificates = certificates.filter(named | Q(proposal__title__icontains=wanted))
    try:
        actions.check_may_issue(selection)
        hindrance = ""
    except ValidationError as error:
        hindrance = " ".join(error.messages)
    issues = list(selection.issues.select_related("asked_by")[:10])
    return {
        "selection": selection, "competition": selection.round.group.competition, "form": form, "counts": counts,
        "running": next((each for each in issues if each.state == Issue.State.WAITING), None), "issues": issues,
        "hindrance": hindrance, "page": Paginator(certificates, PER_PAGE).get_page(request.GET.get("page")),
        "kind": kind, "kinds": Kind.choices, "wanted": wanted, "held": sum(numbers.values()),
        "unlisted": no_longer_listed(selection) if selection.version > 1 else [],
    }  # fmt: skip


def _as_last_time(selection: Selection) -> dict[str, Any]:
    """Place, decree and signatory as they were printed last for this year."""
    competition = selection.round.group.competition
    last = Issue.objects.filter(selection__round__group__competition=competition).first()
    fields = ("place", "day", "decree", "signer_name", "signer_office")
    return {field: getattr(last, field) for field in fields} if last else {}


def _certificates(selection: Selection) -> Any:
    return Certificate.objects.filter(issue__selection__round=selection.round)


def _years() -> Any:
    with_lists = Count("groups__rounds__selections", filter=~Q(groups__rounds__award_tier=""))
    return Competition.objects.annotate(lists=with_lists).filter(lists__gt=0)


def _selection(code: str) -> Selection:
    loaded = Selection.objects.select_related("round__group__competition").exclude(round__award_tier="")
    return get_object_or_404(loaded, code=code)


def _one(code: str) -> Certificate:
    return get_object_or_404(Certificate.objects.with_list(), code=code)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also if nothing: an empty form is told so."""
    return request.POST if request.method == "POST" else None
