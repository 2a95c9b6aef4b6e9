"""Taking a pile along without a line: the page, what the pack holds, and the script that serves it."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from competitions import calendar
from judging.models import Assessment
from judging.scoring import desk
from judging.views.desk import person
from proposals.models import Document

UNTIL = timedelta(days=14)  # how long a pack is kept where no round says when it closes
MODULES = ("both", "keys", "offline", "pack", "saver")  # what scoring.js and the page itself import
ASSETS = (
    "bootstrap/css/bootstrap.min.css", "css/portal.css", "css/judging.css", "img/mark.svg", "js/portal.js",
    "js/scoring.js", "js/offline.js", "django_htmx/htmx-2.min.js",
)  # fmt: skip


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Explains, takes along, shows what waits."""
    sheets = _open_sheets(request)
    size = sum(each.file.size for each in _documents(sheets))
    context = {"count": len(sheets), "size": size, "reader": request.user}
    return render(request, "judging/offline.html", context)


@require_safe
def pack(request: HttpRequest) -> JsonResponse:
    """Every address of the pack, and the token with which what waited is sent."""
    sheets = _open_sheets(request)
    documents: dict[int, list[str]] = {}
    for each in _documents(sheets):
        documents.setdefault(each.proposal_id, []).append(each.requirement.key)
    closing = [sheet.entry.round.stage.ends_at for sheet in sheets if sheet.entry.round.stage.ends_at]
    return JsonResponse({
        "reader": person(request).email, "token": get_token(request),
        "until": max(closing, default=calendar.now() + UNTIL),
        "assets": [static(each) for each in ASSETS] + [f"{static('js/')}{name}.js" for name in MODULES],
        "sheets": [
            {
                "code": sheet.code, "title": sheet.entry.proposal.title, "version": sheet.version, "place": place,
                "url": reverse("judging:assessment", args=[sheet.code]), "isFinal": False,
                "documents": [
                    reverse("judging:document", args=[sheet.code, key])
                    for key in documents.get(sheet.entry.proposal_id, [])
                ],
            }
            for place, sheet in enumerate(sheets)
        ],
    })  # fmt: skip


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from an address that limits it to the juror's pages; it holds nothing of anybody."""
    path = finders.find("js/worker.js")
    with open(str(path), encoding="utf-8") as file:
        answer = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _open_sheets(request: HttpRequest) -> list[Assessment]:
    """What can still be scored, in the juror's order; 403 to whoever is no juror with a signed pact."""
    piles = desk.piles(person(request))
    if not piles and not person(request).juror_roles.filter(left_at=None, pact_accepted_at__isnull=False).exists():
        raise PermissionDenied
    final = Assessment.Status.FINAL
    return [sheet for pile in piles if not pile.closed for sheet in pile.sheets if sheet.status != final]


def _documents(sheets: list[Assessment]) -> list[Document]:
    proposals = [sheet.entry.proposal_id for sheet in sheets]
    return list(Document.objects.filter(proposal__in=proposals).select_related("file", "requirement"))
