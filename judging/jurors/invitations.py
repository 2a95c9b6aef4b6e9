"""The link by which an invited juror opens their account: signed, expiring, good for one use.

No row is kept: the token names the juror and carries a mark of the account's state, which changes when a password is
set, so that a used link opens nothing.
"""

from django.core import signing
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from judging.models import Juror

DAYS_VALID = 30
_SALT = "judging.invitation"


def token_for(juror: Juror) -> str:
    return signing.dumps([juror.code, _mark(juror)], salt=_SALT)


def path_for(juror: Juror) -> str:
    """Where the invited person goes on: to set a password, or straight to the pact with an account they have."""
    if juror.user.has_usable_password():
        return reverse("judging:pact", args=[juror.competition.code])
    return reverse("judging:invitation", args=[token_for(juror)])


def read(token: str) -> Juror:
    """The juror a link invites. ValidationError with code `expired`, `used` or `invalid`, in words for its reader."""
    try:
        code, mark = signing.loads(token, salt=_SALT, max_age=DAYS_VALID * 24 * 3600)
    except signing.SignatureExpired as error:
        words = _("This invitation has expired. Ask the secretariat to send it again.")
        raise ValidationError(words, code="expired") from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ValidationError(_("This link is not a valid invitation."), code="invalid") from error
    juror = Juror.objects.current().select_related("user", "competition").filter(code=code).first()
    if juror is None:
        raise ValidationError(_("This invitation was withdrawn."), code="invalid")
    if juror.user.has_usable_password() or mark != _mark(juror):
        raise ValidationError(_("This invitation was already used. Sign in with your password."), code="used")
    return juror


def _mark(juror: Juror) -> str:
    return salted_hmac(_SALT, f"{juror.user_id}:{juror.user.email}:{juror.user.password}").hexdigest()[:16]
