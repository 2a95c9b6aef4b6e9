"""One sheet with all its page needs, read in few queries."""

from accounts.models import User
from competitions.models import Criterion
from judging.models import Assessment


def read_sheet(code: str, user: User) -> Assessment | None:
    """The sheet of that code with its total, proposal, round and scores; None when the user may not know of it."""
    sheets = Assessment.objects.visible_to(user).with_total().select_related(
        "juror__user", "entry__round__stage", "entry__round__group__competition",
        "entry__proposal__agency", "entry__proposal__unit", "entry__proposal__category", "entry__proposal__group",
    )  # fmt: skip
    return sheets.prefetch_related("scores").filter(code=code).first()


def criteria_of(sheet: Assessment) -> list[Criterion]:
    return list(sheet.entry.round.criteria.select_related("aspect").order_by("order", "key"))
