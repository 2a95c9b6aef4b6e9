from argparse import ArgumentParser
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.agency_list import OFFICIAL_LIST, load_agencies


class Command(BaseCommand):
    help = "Loads the official list of agencies, or another CSV file of the same shape. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=OFFICIAL_LIST)

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            created, total = load_agencies(file)
        except FileNotFoundError as error:
            raise CommandError(f"{file}: no such file") from error
        except ValidationError as error:
            raise CommandError(f"{file}: {'; '.join(error.messages)}") from error
        self.stdout.write(f"{created} agencies created; the list holds {total}.")
