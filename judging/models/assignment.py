"""Who is to judge what: proposed assignments of a round."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from competitions.models import Round


class AssignmentPlan(models.Model):
    """A proposed assignment of a round: computed, changed by hand, compared, and at last deployed or left.

    `rows` are [entry, juror, sheet]: primary keys of what would be given, and of the unstarted sheet that it takes from
    another juror (null: a new sheet). Until it is deployed nobody is given anything.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting for its turn")
        SOLVING = "solving", _("Being computed")
        PROPOSED = "proposed", _("Proposed")
        FAILED = "failed", _("Could not be computed")
        DEPLOYED = "deployed", _("Deployed")
        DISCARDED = "discarded", _("Discarded")

    class Mode(models.TextChoices):
        FILL = "fill", _("Fill what is missing; every sheet stays where it is")
        LEVEL = "level", _("Level the loads; sheets nobody has begun may move")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    mode = models.CharField(_("What it may change"), max_length=6, choices=Mode, default=Mode.FILL)
    seed = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict, help_text="links_percent, pairs_limit; see judging.planning.Options")
    rows = models.JSONField(default=list)
    proof = models.JSONField(default=dict, help_text="what the solver found and proved; see judging.planning.proof_of")
    edits = models.JSONField(default=list, help_text="changes by hand: who, when, why, what")
    progress = models.CharField(max_length=20, blank=True, help_text="step of the computation: name:number")
    problem = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="rises with each change by hand")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    deployed_at = models.DateTimeField(null=True)
    deployed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.code

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.SOLVING)
