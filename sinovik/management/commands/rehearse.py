"""Live a whole KIPP year through the real actions and check that its rules held."""

import logging
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings

from accounts.models import Agency
from competitions.models import Competition
from sinovik.rehearsal.checks import RULES, broken_rules
from sinovik.rehearsal.script import WHOLE_YEAR, YEARS, begin, live
from sinovik.rehearsal.season import Season


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database and a file store of their own, gone afterwards; transactions in it commit as in real life."""
    name = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory() as media, override_settings(MEDIA_ROOT=media):
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        with connection.cursor() as cursor:  # what is thrown away need not reach the disk first
            cursor.execute("SET synchronous_commit TO off")
        try:
            yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


@contextmanager
def without_queue_warnings() -> Iterator[None]:
    """Nobody waits for these letters: whether a worker was there to be woken is not worth a line each."""
    outbox = logging.getLogger("notifications.outbox")
    before = outbox.level
    outbox.setLevel(logging.ERROR)
    try:
        yield
    finally:
        outbox.setLevel(before)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, default=2023, help="whose rules and size (competitions/years)")
        parser.add_argument("--proposals", type=int, help="how many are registered; default: as many as in that year")
        parser.add_argument("--jurors", type=int, help="how many evaluators; default: 100, fewer in a smaller year")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--rollback", action="store_true", help="rehearse in a scratch database that is dropped")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("A rehearsal invents people and proposals: it runs only where DEMO is set.")
        if not (YEARS / f"{options['year']}.toml").exists():
            raise CommandError(f"There is no file for {options['year']} in competitions/years.")
        with without_queue_warnings(), scratch_database() if options["rollback"] else nullcontext():
            if not Agency.objects.exists():
                call_command("load_agencies", stdout=self.stdout)
            self._live(self._begin(options))

    def _begin(self, options: dict[str, Any]) -> Season:
        return begin(
            options["year"], code=self._free_code(options["year"]), proposals=options["proposals"],
            jurors=options["jurors"], seed=options["seed"],
        )  # fmt: skip

    def _free_code(self, year: int) -> str:
        taken = set(Competition.objects.values_list("code", flat=True))
        return next(code for code in (f"gladi-{year}-{n}" for n in range(1, 1000)) if code not in taken)

    def _live(self, season: Season) -> None:
        self.stdout.write(f"{season.competition} ({season.competition.code})\n")
        self.stdout.write(f"{'step':44}{'count':>8}{'seconds':>10}")
        for lived in live(season, WHOLE_YEAR):
            self.stdout.write(f"{lived.name:44}{lived.count:8d}{lived.seconds:10.1f}")
        broken = broken_rules(season.competition, season.plan)
        for rule in broken:
            self.stderr.write(f"BROKEN {rule.rule}: {rule.detail}")
        if broken:
            raise CommandError(f"{len({rule.rule for rule in broken})} of {len(RULES)} rules are broken.")
        self.stdout.write(self.style.SUCCESS(f"All {len(RULES)} rules hold."))
