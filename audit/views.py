"""The record for the secretariat, and its proof for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.forms import EventFilter, ReceiptForm, SealForm
from audit.limiting import may_ask
from audit.models import Event, Seal
from audit.naming import told
from audit.rules import may_read_record
from audit.sealing import state
from audit.verification import check_receipt, proof_of

PER_PAGE = 50
RECEIPT_VERB = "proposals.send"  # whoever gives receipts records this deed with {number, sha256}
ENDING_VERBS = ("proposals.withdraw", "proposals.correct", "proposals.mend")  # which take one back, with {number}
ANSWERS_A_MINUTE = 120  # a whole office may sit behind one address; counted by each web process for itself


@never_cache
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    if not may_read_record(request.user):
        raise PermissionDenied
    recorded = Event.objects.order_by("verb").values_list("verb", flat=True).distinct()
    form = EventFilter(request.GET, recorded=recorded)
    found = form.events().select_related("actor").order_by("-id")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": told(list(page.object_list)),
        "sealed": state(),
        "filtered": form.has_changed(),
    }
    return render(request, "audit/events.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Answers for a receipt whether number and fingerprint belong together, and nothing else about the proposal."""
    receipt = ReceiptForm(request.GET if "number" in request.GET else None)
    seal = SealForm(request.GET if "root" in request.GET else None)
    if request.GET and not may_ask(request, "verify", most=ANSWERS_A_MINUTE):
        return render(request, "audit/busy.html", status=429)
    context: dict[str, object] = {"receipt": receipt, "seal_form": seal, "last": Seal.objects.last()}
    if receipt.is_valid():
        found = check_receipt(verb=RECEIPT_VERB, ended_by=ENDING_VERBS, **receipt.cleaned_data)
        proof = proof_of(found.event) if found.event else None
        context |= {
            "asked": "receipt", "answer": found.answer, "event": found.event, "ended": found.ended, "proof": proof,
            "sound": proof is None or proof.holds(),
        }  # fmt: skip
    elif seal.is_valid():
        context |= {"asked": "seal", "found": Seal.objects.filter(root=seal.cleaned_data["root"]).first()}
    return render(request, "audit/verify.html", context, status=422 if receipt.errors or seal.errors else 200)
