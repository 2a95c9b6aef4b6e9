"""What runs by the clock. Each task may run twice without harm."""

from celery import shared_task

from judging import actions


@shared_task(name="judging.tasks.remind")
def remind() -> None:
    actions.remind_due()
    actions.remind_interviews()


@shared_task(name="judging.tasks.calibrate")
def calibrate() -> None:
    actions.calibrate_tonight()


@shared_task(name="judging.tasks.solve_plan")
def solve_plan(pk: int) -> None:
    actions.solve_plan(pk)


@shared_task(name="judging.tasks.solve_waiting")
def solve_waiting() -> None:
    actions.solve_waiting()


@shared_task(name="judging.tasks.draft_letters")
def draft_letters(pk: int) -> None:
    actions.draft_letters(pk)


@shared_task(name="judging.tasks.draft_waiting")
def draft_waiting() -> None:
    actions.draft_waiting()
