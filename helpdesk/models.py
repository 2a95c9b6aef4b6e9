"""What the public asks: frequent questions with their answers, and tickets with everything said in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pgtrigger import Delete, Protect, ReadOnly, Update

from accounts.codes import new_code
from accounts.mailed_links import MailedLink
from accounts.models import new_token
from files.models import AttachedFile
from helpdesk.querysets import FrequentQuestionQuerySet, TicketQuerySet

LONGEST_TEXT = 5000


class Subject(models.TextChoices):
    """What a question is about: of frequent questions and of tickets alike."""

    ACCOUNT = "account", _("Account and agency")
    ENTERING = "entering", _("Writing and sending a proposal")
    JUDGING = "judging", _("Screening and judging")
    RESULTS = "results", _("Results, objections and certificates")
    TECHNICAL = "technical", _("Technical trouble")
    OTHER = "other", _("Something else")


class FrequentQuestion(models.Model):
    """A question many ask, answered once. English is optional: without it the Indonesian text is shown."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    subject = models.CharField(_("subject"), max_length=12, choices=Subject)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"), max_length=LONGEST_TEXT)
    question_en = models.CharField(_("question in English"), max_length=200, blank=True)
    answer_en = models.TextField(_("answer in English"), max_length=LONGEST_TEXT, blank=True)
    is_published = models.BooleanField(_("Published on the help page"), default=False)
    changed_at = models.DateTimeField(auto_now=True)

    objects = FrequentQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["subject", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question_en="", answer_en="") | ~(Q(question_en="") | Q(answer_en="")),
                name="english_is_whole_or_absent",
                violation_error_message=_("Give both the question and the answer in English, or neither."),
            )
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def in_words(self) -> tuple[str, str]:
        """Question and answer in the reader's language, where there is such a text."""
        if get_language() == "en" and self.question_en:
            return self.question_en, self.answer_en
        return self.question, self.answer


class WritingLink(MailedLink):
    """Whoever opens it may open tickets."""

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="writing_links_by_time")]


class Ticket(models.Model):
    """One matter of one person. Its messages are never changed and nothing of it is deleted.

    Its owner follows it by the token (and, if it was opened with an account, signed in); the secretariat names it by
    its code, which is also the number on its letters.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the secretariat")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    code = models.CharField(_("ticket number"), max_length=12, unique=True, default=new_code, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    subject = models.CharField(_("subject"), max_length=12, choices=Subject)
    title = models.CharField(_("in a few words"), max_length=150)
    email = models.EmailField(_("e-mail"), help_text="confirmed; lower case")
    name = models.CharField(_("full name"), max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="empty: by a link"
    )
    opened_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    waiting_since = models.DateTimeField(help_text="when its owner wrote what was not answered yet; orders the queue")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("handled by")
    )
    closed_at = models.DateTimeField(null=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["waiting_since", "pk"]
        indexes = [models.Index(fields=["state", "waiting_since"], name="tickets_by_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
                name="a_closed_ticket_says_when",
            )
        ]
        triggers = [
            Protect(name="a_ticket_is_kept", operation=Delete),
            ReadOnly(name="who_asked_stays", fields=["code", "token", "title", "email", "name", "user", "opened_at"]),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """For the secretariat."""
        return reverse("helpdesk:ticket", args=[self.code])

    @property
    def tracking_url(self) -> str:
        """For its owner alone."""
        return reverse("helpdesk:track", args=[self.token])


class TicketMessage(models.Model):
    """Something said in a ticket, never changed. A note is for the secretariat's own eyes."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("From the asker")
        ANSWER = "answer", _("From the secretariat")
        NOTE = "note", _("Note inside the secretariat")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(_("message"), max_length=LONGEST_TEXT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]
        triggers = [Protect(name="what_was_said_is_kept", operation=Update | Delete)]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.text[:40]}"


class TicketFile(AttachedFile):
    """A file sent with a message."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    message = models.ForeignKey(TicketMessage, on_delete=models.PROTECT, related_name="files")

    class Meta(AttachedFile.Meta):
        triggers = [Protect(name="what_was_sent_is_kept", operation=Update | Delete)]


class CannedAnswer(models.Model):
    """A text the secretariat begins an answer with. Changing it changes no answer that was sent."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    subject = models.CharField(_("subject"), max_length=12, choices=Subject)
    title = models.CharField(_("name"), max_length=100, unique=True)
    text = models.TextField(_("text"), max_length=LONGEST_TEXT)

    class Meta:
        ordering = ["subject", "title"]

    def __str__(self) -> str:
        return self.title
