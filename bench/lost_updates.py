"""Eight people save a hundred times each into one box, all at once: is a text ever overwritten unseen, or lost?"""

from threading import Barrier, Thread

import scratch
from figures import Figure

WRITERS, SAVES = 8, 100


def main() -> list[Figure]:
    scratch.begin()
    with scratch.database():
        return _measured()


def _measured() -> list[Figure]:
    from proposals.models import Answer, AnswerVersion, SetAside

    proposal, question, writers = _desk()
    start, accepted, refused, broken = Barrier(WRITERS), list[str](), list[str](), list[str]()
    threads = [
        Thread(target=_write, args=(proposal, question, writer, start, accepted, refused, broken))
        for writer in writers
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = set(AnswerVersion.objects.values_list("text", flat=True))
    aside = set(SetAside.objects.values_list("text", flat=True))
    lost = [text for text in accepted if text not in kept] + [text for text in refused if text not in aside]
    version = Answer.objects.get().version
    total = len(accepted) + len(refused)
    return [
        Figure("saves answered, accepted and refused", f"{total} = {len(accepted)} + {len(refused)}",
               f"{WRITERS * SAVES}", total == WRITERS * SAVES and not broken),
        Figure("updates lost", f"{len(lost)}", "0", not lost),
        Figure("versions, the first text and one for each accepted save", f"{version}", f"{len(accepted) + 1}",
               version == len(accepted) + 1 == len(kept)),
        Figure("refused texts kept aside", f"{len(aside)}", f"{len(refused)}", len(aside) == len(refused)),
    ]  # fmt: skip


def _write(proposal, question, writer, start, accepted, refused, broken) -> None:  # type: ignore[no-untyped-def]
    """Reads the version, as a page does when it is opened, and saves a text nobody else writes."""
    from django.db import connection

    from proposals import actions
    from proposals.models import Answer

    try:
        start.wait()
        for turn in range(SAVES):
            base = Answer.objects.get().version
            text = f"Teks {turn} dari {writer.name}."
            try:
                actions.save_answer(
                    proposal, question, text=text, base_version=base, by=writer, key=f"{writer.pk}-{turn}"
                )
                accepted.append(text)
            except actions.StaleVersion:
                refused.append(text)
    except Exception as error:  # whatever it is, it counts as a save without an answer
        broken.append(repr(error))
        raise
    finally:
        connection.close()


def _desk():  # type: ignore[no-untyped-def]
    """An open year with one box, already written in, and eight colleagues who write together."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import Agency, Membership, Unit, User
    from competitions.models import Aspect, Category, Competition, Group, Question, Stage
    from proposals import actions
    from proposals.models import TeamMember

    now = timezone.now()
    year = Competition.objects.create(code="bench", year=2023, edition=10, name="Bench")
    moments = dict.fromkeys(("planned_start", "starts_at"), now - timedelta(days=1))
    moments |= dict.fromkeys(("planned_end", "ends_at"), now + timedelta(days=1))
    Stage.objects.create(competition=year, key="submission", kind=Stage.Kind.SUBMISSION, name="–", order=1, **moments)
    category = Category.objects.create(competition=year, key="c", name="–", order=1)
    group = Group.objects.create(competition=year, key="g", name="–", order=1)
    aspect = Aspect.objects.create(group=group, key="a", name="–", order=1, weight=100)
    question = Question.objects.create(aspect=aspect, key="q", label="–", order=1)
    agency = Agency.objects.create(code="99.99", name="Bench", slug="bench", type=Agency.Type.REGENCY, province="–")
    unit = Unit.objects.create(agency=agency, name="–")
    writers = [User.objects.create_user(email=f"w{n}@example.go.id", name=f"Penulis {n}") for n in range(WRITERS)]
    for writer in writers:
        Membership.objects.create(user=writer, agency=agency, unit=unit, role=Membership.Role.INNOVATOR)
    proposal = actions.start_proposal(
        group=group, category=category, agency=agency, unit=unit, title="Bench", by=writers[0]
    )
    for writer in writers[1:]:
        TeamMember.objects.create(proposal=proposal, user=writer, email=writer.email, added_by=writers[0])
    actions.save_answer(proposal, question, text="Teks pertama.", base_version=0, by=writers[0])
    return proposal, question, writers
