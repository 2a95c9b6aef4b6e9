from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from competitions.loading import YearFileError, load_year


class Command(BaseCommand):
    help = "Load a year's file (competitions/years/*.toml), or say on which line it is wrong and change nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--check", action="store_true", help="only look; undo everything at the end")
        parser.add_argument("--code", help="load under this code instead of the file's own")
        parser.add_argument("--demonstration", action="store_true", help="its dates will follow today")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            competition = load_year(
                options["file"],
                code=options["code"],
                is_demonstration=options["demonstration"],
                check_only=options["check"],
            )
        except OSError as error:
            raise CommandError(_("The file cannot be read: %s") % error) from error
        except YearFileError as error:
            found = {"file": options["file"], "problems": error}
            raise CommandError(_("%(file)s was not loaded:\n%(problems)s") % found) from error
        said = _("%s is right; nothing was changed.") if options["check"] else _("%s is loaded.")
        self.stdout.write(said % competition.name)
