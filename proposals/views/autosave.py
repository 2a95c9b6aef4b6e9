"""The small JSON answers that static/js/autosave.js asks for. The same save without JavaScript is views.writing's.

200 {version, words, saved}; 409 {message} when somebody saved meanwhile; 422 {message} when it is too late; 403.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from competitions.models import Aspect
from proposals import actions
from proposals.forms import AspectForm, said
from proposals.models import Proposal
from proposals.views.loading import reader


def is_asked(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def answer(request: HttpRequest, proposal: Proposal, aspect: Aspect) -> JsonResponse:
    """Saves the one box that is posted as `question`, with its text and version as the page's form names them."""
    question = get_object_or_404(aspect.questions, key=request.POST.get("question", ""))
    form = AspectForm(request.POST, aspect=aspect, stored={})
    if not form.is_valid() or question not in form.questions:
        return JsonResponse({"message": _("This could not be saved.")}, status=422)
    text, version = form.sent(question)
    try:
        saved = actions.save_answer(proposal, question, text=text, base_version=version, by=reader(request))
    except actions.StaleVersion as stale:
        return JsonResponse({"message": _conflict(stale)}, status=409)
    except ValidationError as refused:
        return JsonResponse({"message": said(refused)}, status=422)
    except PermissionDenied:
        return JsonResponse({"message": _("You cannot change this proposal at the moment.")}, status=403)
    words = render_to_string("proposals/_saved.txt", {"saved_at": saved.saved_at}).strip()
    return JsonResponse({"version": saved.version, "words": saved.words, "saved": words})


def _conflict(stale: actions.StaleVersion) -> str:
    name = getattr(getattr(stale.current, "saved_by", None), "name", "")
    return _("%(name)s saved another text here meanwhile. Your text is still in the box.") % {"name": name}
