"""The way in for an agency's future admin: choose the agency, send the letter, wait."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions
from accounts.agency_search import find_agencies
from accounts.forms import RegistrationForm
from accounts.models import Agency, User
from accounts.requests import Request, refusals_on, visitor_of
from files.models import StoredFile
from files.storing import store

SHOWN = 12
LETTER = "registration_letter"  # session: the letter already received, kept while the rest is corrected
REGISTERED = "registered"  # session: what the page after registering tells


@login_not_required
@require_GET
def agency_search(request: Request) -> HttpResponse:
    """The list of agencies for what was typed: one part of the page for htmx, the whole page otherwise."""
    part = "accounts/_agency_results.html" if request.htmx else "accounts/choose_agency.html"
    return render(request, part, _found(request))


@login_not_required
@require_http_methods(["GET", "POST"])
def register(request: Request) -> HttpResponse:
    """Without ?agency=CODE the agency is chosen first; with it, the person and the letter are asked for."""
    if "agency" not in request.GET:
        return render(request, "accounts/choose_agency.html", _found(request))
    agency = get_object_or_404(Agency.objects.with_admin(), code=request.GET["agency"])
    person = request.user if request.user.is_authenticated else None
    try:
        actions.check_may_register(agency, user=person)
    except ValidationError as error:
        if error.code == "already_admin":
            messages.info(request, error.messages[0])
            return redirect(f"{reverse('accounts:agency')}?agency={agency.code}")
        context = _found(request) | {"agency": agency, "problem": error.messages[0]}
        return render(request, "accounts/choose_agency.html", context, status=422 if request.method == "POST" else 200)
    if request.method == "GET":
        request.session.pop(LETTER, None)
        form = RegistrationForm(initial={"time_zone": agency.time_zone}, person=person)
        return render(request, "accounts/register.html", {"form": form, "agency": agency})
    return _send(request, agency, person)


@login_not_required
@require_GET
def registered(request: Request) -> HttpResponse:
    """What happens next. Says the same whether or not the address already had an account."""
    if REGISTERED not in request.session:
        return redirect("accounts:register")
    return render(request, "accounts/registered.html", request.session[REGISTERED])


def _found(request: Request) -> dict[str, object]:
    text = request.GET.get("q", "").strip()[:100]
    agencies = find_agencies(text).select_related("parent").with_has_admin().order_by("-participates", "name")
    found = list(agencies[: SHOWN + 1])
    return {"q": text, "agencies": found[:SHOWN], "has_more": len(found) > SHOWN}


def _send(request: Request, agency: Agency, person: User | None) -> HttpResponse:
    letter = _kept_letter(request)
    form = RegistrationForm(request.POST, request.FILES, person=person, has_letter=letter is not None)
    is_valid = form.is_valid()
    upload = request.FILES.get("letter")
    if isinstance(upload, UploadedFile) and "letter" not in form.errors:
        letter = _keep_letter(request, form, upload, person)
    if is_valid and letter and not form.errors:
        with refusals_on(form):
            _register(request, form, agency, person, letter)
            return redirect("accounts:registered")
    return render(request, "accounts/register.html", {"form": form, "agency": agency, "letter": letter}, status=422)


def _register(
    request: Request, form: RegistrationForm, agency: Agency, person: User | None, letter: StoredFile
) -> None:
    fields = {name: value for name, value in form.cleaned_data.items() if name not in ("letter", "consent")}
    actions.register(agency, letter=letter, user=person, language=request.LANGUAGE_CODE, **fields)
    request.session.pop(LETTER, None)
    email = person.email if person else fields["email"]
    request.session[REGISTERED] = {"email": email, "agency": agency.name, "is_new": person is None}


def _keep_letter(
    request: Request, form: RegistrationForm, upload: UploadedFile, person: User | None
) -> StoredFile | None:
    """Stores the letter at once, so that a mistake elsewhere in the form does not ask for the upload again."""
    try:
        payers = [] if person else visitor_of(request)
        stored = store(upload, kinds=["pdf"], by=person, max_mb=actions.LETTER_MAX_MB, payers=payers)
    except ValidationError as error:
        form.add_error("letter", error)
        request.session.pop(LETTER, None)
        return None
    request.session[LETTER] = str(stored.pk)
    return stored


def _kept_letter(request: Request) -> StoredFile | None:
    key = request.session.get(LETTER)
    return StoredFile.objects.filter(pk=key).first() if key else None
