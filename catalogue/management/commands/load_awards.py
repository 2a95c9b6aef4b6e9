from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from catalogue.loading import PAST_AWARDS, load_awards


class Command(BaseCommand):
    help = "Loads the awards of past years, or another CSV file of the same shape. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=PAST_AWARDS)

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        try:
            loaded = load_awards(file)
        except OSError as error:
            raise CommandError(f"{file}: {error}") from error
        except ValidationError as error:
            raise CommandError(f"{file}: " + "\n".join(error.messages)) from error
        self.stdout.write(
            f"{loaded.innovations} innovations and {loaded.awards} awards added from {loaded.rows} rows;"
            f" {loaded.skipped} rows name no award."
        )
        for name in sorted(set(loaded.unmatched)):
            self.stdout.write(f"no agency of the list: {name}")
