from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from accounts.models import User
from sinovik import home as home_page
from sinovik.navigation import Roles, roles_of


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The public front page, or what waits for the signed-in reader."""
    if not isinstance(request.user, User):
        return render(
            request,
            "sinovik/front.html",
            {"years": home_page.years(), "news": home_page.news(), "figures": home_page.figures()},
        )
    return render(request, "sinovik/home.html", _desks(request.user, roles_of(request)))


def _desks(user: User, roles: Roles) -> dict[str, object]:
    """One section per role the person has; someone without a role sees what happens next."""
    years = home_page.years()
    shown: dict[str, object] = {
        "years": years,
        "news": home_page.news(),
        "role_names": home_page.role_names(roles),
        "deadline": next((year.submission for year in years if year.submission), None),
    }
    if roles.is_secretariat:
        desk = home_page.secretariat_desk(years)
        shown |= {"desk": desk, "desk_step": home_page.secretariat_step(desk)}
    if roles.admin_of:
        tasks = home_page.agency_tasks(user, years)
        step = home_page.agency_step(tasks, years)
        shown |= {"agency_tasks": tasks, "agency_step": step, "quotas": home_page.quotas(user, years)}
    if roles.jurors:
        piles = home_page.piles(roles.jurors)
        shown |= {"piles": piles, "juror_step": home_page.juror_step(piles)}
    if roles.innovator_of:
        proposals = home_page.own_proposals(user, years)
        shown |= {"proposals": proposals, "innovator_step": home_page.innovator_step(proposals, years)}
    if not roles.any:
        shown["registrations"] = home_page.registrations_of(user)
    return shown


@login_not_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "sinovik/help.html")


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Django's language switch, remembered with the account of a signed-in person."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language"])
    return set_language(request)
