"""The first page of the secretariat's morning."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.rules import as_secretariat
from competitions.progress import current_years
from desk import today as day


@never_cache
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    return render(request, "desk/today.html", {"day": day.today(current_years())})
