"""For everybody: whom one may object to, filing with a confirmed address, and following one's own objection."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.mailed_links import kept_secret
from accounts.models import User
from accounts.requests import refusals_on, visitor_of
from announcements.lists import narrowed
from competitions import calendar
from files.serving import respond
from objections import actions
from objections.forms import FilingForm, FinalistFilter, LinkForm
from objections.models import Evidence, FilingLink, Objection
from objections.period import finalists, open_stage, period_to_show
from proposals.models import Proposal

PAGE = 50


@login_not_required
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """The objection period that is open or next or was last: its dates, its counts, and the finalists while it is."""
    shown = period_to_show()
    form = FinalistFilter(request.GET or None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    named = narrowed(finalists(shown.stage.competition), query) if shown and shown.is_open else Proposal.objects.none()
    context = {
        "period": shown, "page": Paginator(named, PAGE).get_page(request.GET.get("page")), "query": query,
        "counts": Objection.objects.filter(stage__competition=shown.stage.competition).counts() if shown else None,
    }  # fmt: skip
    return render(request, "objections/objections.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A signed-in person writes the objection here; anybody else asks for a link to their address first."""
    proposal = _finalist(code)
    if isinstance(request.user, User):
        return _filing(request, proposal, email=request.user.email, person=request.user)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.ask_link(proposal, email=form.cleaned_data["email"], visitor=visitor_of(request))
            context = {"proposal": proposal, "email": form.cleaned_data["email"]}
            return render(request, "objections/link_sent.html", context)
    context = {"form": form, "proposal": proposal, "stage": open_stage(proposal.competition)}
    return render(request, "objections/new.html", context, status=422 if request.method == "POST" else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads: whoever opens it has the address."""
    link = get_object_or_404(
        FilingLink.objects.select_related("proposal__competition", "proposal__agency"), token=token
    )
    if link.expires_at < calendar.now():
        return render(request, "objections/link_expired.html", {"proposal": link.proposal}, status=410)
    return _filing(request, link.proposal, email=link.email, person=None)


def _filing(request: HttpRequest, proposal: Proposal, *, email: str, person: User | None) -> HttpResponse:
    form = FilingForm(request.POST or None, request.FILES or None, person=person)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            filed = actions.file_objection(
                proposal, email=email, name=person.name if person else given["name"], text=given["text"],
                uploads=given["uploads"], payers=[] if person else visitor_of(request), by=person,
            )  # fmt: skip
            messages.success(request, _("Your objection is received. Its receipt is on its way to you by e-mail."))
            return redirect("objections:track", filed.token)
    context = {"form": form, "proposal": proposal, "email": email, "stage": open_stage(proposal.competition)}
    return render(request, "objections/file.html", context, status=422 if request.method == "POST" else 200)


@login_not_required
@never_cache
@require_safe
def track(request: HttpRequest, token: str) -> HttpResponse:
    found = _own(request, token)
    context = {"objection": found, "evidence": found.evidence.all()}
    return kept_secret(render(request, "objections/track.html", context))


@login_not_required
@require_safe
def track_evidence(request: HttpRequest, token: str, place: int) -> HttpResponseBase:
    found = get_object_or_404(Evidence.objects.select_related("file"), objection=_own(request, token), place=place)
    return respond(found.file)


def _own(request: HttpRequest, token: str) -> Objection:
    """By its link; one filed with an account also wants its owner signed in."""
    whole = Objection.objects.select_related("proposal__agency", "stage__competition").prefetch_related(
        "evidence__file"
    )
    found = get_object_or_404(whole, token=token)
    if found.user_id and found.user_id != request.user.pk:
        raise Http404
    return found


def _finalist(code: str) -> Proposal:
    """A published finalist of any year; whether objecting is open is another question. 404 says nothing of others."""
    proposal = get_object_or_404(Proposal.objects.select_related("competition", "agency"), code=code)
    if not finalists(proposal.competition).filter(pk=proposal.pk).exists():
        raise Http404
    return proposal
