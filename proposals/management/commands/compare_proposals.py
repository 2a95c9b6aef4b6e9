"""Compare every sent proposal of a year anew with all others and with the catalogue."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from competitions.models import Competition
from proposals import actions
from proposals.models import Resemblance


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", help="the code of the competition")

    def handle(self, *args: Any, **options: Any) -> None:
        competition = Competition.objects.filter(code=options["year"]).first()
        if competition is None:
            raise CommandError(f"There is no competition {options['year']}.")
        compared = actions.compare_year(competition)
        found = Resemblance.objects.filter(submission__proposal__competition=competition, submission__stands=True)
        self.stdout.write(f"compared: {compared}")
        for kind, number in found.order_by("kind").values_list("kind").annotate(number=Count("pk")):
            self.stdout.write(f"{kind}: {number}")
