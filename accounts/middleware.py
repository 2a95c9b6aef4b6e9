"""Each reader sees the portal in their own language and time zone."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.requests import wants_json


class LanguageMiddleware:
    """Indonesian, unless the visitor chose otherwise with the language switch.

    A browser's Accept-Language is not a choice: many here were set up in English and belong to people who read
    Indonesian, so it is left aside. This replaces Django's LocaleMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        # ReaderMiddleware may have changed it to a signed-in person's own.
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class ReaderMiddleware:
    """Activates the signed-in person's time zone and language for the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.LANGUAGE_CODE = request.user.language
        with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)), translation.override(request.user.language):
            return self.get_response(request)


class LoginMiddleware(LoginRequiredMiddleware):
    """Every page is closed unless it says `@login_not_required`; a script that asks for JSON is told so as JSON."""

    def handle_no_permission(  # type: ignore[override]  # the stubs know only of a redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if wants_json(request):
            return JsonResponse({"code": "signed_out", "message": _("You are signed out.")}, status=401)
        return super().handle_no_permission(request, view_func)
