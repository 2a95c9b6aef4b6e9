"""Is this certificate one the portal printed, and does it still hold? Asked by number and digest, or with the file."""

from dataclasses import dataclass

from awards.models import Certificate


class Answer:
    GENUINE = "genuine"
    REPLACED = "replaced"
    REVOKED = "revoked"
    CHANGED = "changed"  # the number is known, the digest is another file's
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """`certificate` only where number and digest belong together: a number alone opens nobody's name."""

    answer: str
    certificate: Certificate | None = None


OF_STATE = {
    Certificate.State.VALID: Answer.GENUINE,
    Certificate.State.REPLACED: Answer.REPLACED,
    Certificate.State.REVOKED: Answer.REVOKED,
}


def check_digest(sha256: str, *, number: str = "") -> Found:
    """What the portal knows of a file with this digest; with a number, whether the two belong together."""
    certificate = Certificate.objects.with_list().filter(sha256=sha256).first()
    if certificate and (not number or certificate.number == number):
        return Found(OF_STATE[Certificate.State(certificate.state)], certificate)
    known = bool(number) and Certificate.objects.filter(number=number).exists()
    return Found(Answer.CHANGED if known else Answer.UNKNOWN)
