from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from accounts.models import User
from competitions.models import Stage
from competitions.progress import current_years
from sinovik.home.agency import agency_step, agency_tasks, quotas
from sinovik.home.innovator import innovator_step, own_proposals
from sinovik.home.interviews import interview_step, interview_tasks
from sinovik.home.juror import juror_step, piles_of
from sinovik.home.network import network_step, network_tasks
from sinovik.home.public import figures, first_steps, news
from sinovik.home.reader import registrations_of, role_names
from sinovik.home.secretariat import secretariat_desk, secretariat_step
from sinovik.navigation import Roles, roles_of


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The public front page, or what waits for the signed-in reader."""
    if not isinstance(request.user, User):
        years = current_years()
        shown = {"years": years, "news": news(), "figures": figures(), "steps": first_steps(years)}
        return render(request, "sinovik/front.html", shown)
    return render(request, "sinovik/home.html", _desks(request.user, roles_of(request)))


def _desks(user: User, roles: Roles) -> dict[str, object]:
    """One section per role the person has; someone without a role sees what happens next."""
    years = current_years()
    shown: dict[str, object] = {
        "years": years,
        "news": news(),
        "role_names": role_names(roles),
        "deadline": next((year.submission for year in years if year.submission), None),
    }
    if roles.is_secretariat:
        desk = secretariat_desk(years)
        shown |= {"desk": desk, "desk_step": secretariat_step(desk)}
    if roles.admin_of:
        interviews, network, own = interview_tasks(user), network_tasks(user), agency_tasks(user, years)
        step = interview_step(interviews) or agency_step(own, years, otherwise=network_step(network))
        shown |= {
            "network": network,
            "agency_tasks": [*interviews, *own],
            "agency_step": step,
            "quotas": quotas(user, [year for year in years if not year.is_over(Stage.Kind.SUBMISSION)]),
        }
    if roles.jurors:
        piles = piles_of(roles.jurors)
        shown |= {"piles": piles, "juror_step": juror_step(piles)}
    if roles.innovator_of:
        proposals = own_proposals(user, years)
        step = innovator_step(proposals, years)
        shown |= {"proposals": [*interview_tasks(user), *proposals], "innovator_step": step}
    if not roles.any:
        shown["registrations"] = registrations_of(user)
    return shown


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Django's language switch, remembered with the account of a signed-in person."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language"])
    return set_language(request)
