"""Is this certificate one the portal printed, and does it still hold? Asked by its number, or with its file or the
digest of it, which alone proves that the words are the printed ones."""

from dataclasses import dataclass

from awards.models import Certificate


class Answer:
    GENUINE = "genuine"
    VALID = "valid"  # one with this number holds; nothing is said of the file
    REPLACED = "replaced"
    REVOKED = "revoked"
    CHANGED = "changed"  # the number is known, the digest is another file's
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """`by_number`: found by its number alone, which can be guessed. What the public list says is told of it, but not
    whose name stands on it."""

    answer: str
    certificate: Certificate | None = None
    by_number: bool = False


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
    known = Certificate.objects.with_list().filter(number=number).first() if number else None
    return Found(Answer.CHANGED, known, by_number=True) if known else Found(Answer.UNKNOWN)


def check_number(number: str) -> Found:
    """Whether the portal printed a certificate with this number, and whether it still holds."""
    known = Certificate.objects.with_list().filter(number=number).first()
    return Found(known.state if known else Answer.UNKNOWN, known, by_number=True)
