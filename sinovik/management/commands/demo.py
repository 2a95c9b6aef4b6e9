"""Load the real 2023 year, the agencies and the past awards, and live a demonstration year up to a stage."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from competitions.models import Competition
from sinovik import demo, services
from sinovik.rehearsal.script import YEARS, begin, live


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stage", choices=demo.STAGES, default="scoring", help="how far the year has come")
        parser.add_argument("--proposals", type=int, default=demo.PROPOSALS)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration invents people: it runs only where DEMO is set.")
        if kept := Competition.objects.filter(code=demo.CODE).first():
            self.stdout.write("The demonstration year is there already; its data are kept.")
            demo.keep_in_season(kept)
            return
        services.ensure_queue()  # what the year tells people waits there for the workers
        with transaction.atomic():  # a demonstration cut short leaves nothing half-lived
            self._load_facts()
            season = begin(
                demo.YEAR, code=demo.CODE, proposals=options["proposals"], jurors=None, seed=45, named=demo.LOGINS
            )
            season.competition.name += " (peragaan)"  # the real year of that name stands beside it
            season.competition.save(update_fields=["name"])
            for lived in live(season, demo.STAGES[options["stage"]]):
                self.stdout.write(f"{lived.name:44}{lived.count:8d}{lived.seconds:8.1f} s")

    def _load_facts(self) -> None:
        call_command("load_agencies", stdout=self.stdout)
        call_command("load_awards", stdout=self.stdout)
        for path in sorted(YEARS.glob("*.toml")):
            call_command("load_year", str(path), stdout=self.stdout)
