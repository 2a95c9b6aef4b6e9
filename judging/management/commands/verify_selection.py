"""Compute frozen Selections again from their raw scores: manage.py verify_selection CODE … | --all"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from judging.models import Selection
from judging.plenary.verifying import PROBLEMS, verify


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="*", help="codes of Selections, as printed on their minutes")
        parser.add_argument("--all", action="store_true", help="every Selection, superseded ones too")

    def handle(self, *args: Any, **options: Any) -> None:
        codes = options["codes"]
        if bool(codes) == options["all"]:
            raise CommandError("Name the codes of the Selections, or --all.")
        found = Selection.objects.select_related("round__group__competition").order_by("frozen_at")
        if codes:
            found = found.filter(code__in=codes)
        if missing := set(codes) - {each.code for each in found}:
            raise CommandError(f"There is no Selection {', '.join(sorted(missing))}.")
        broken = sum(not self._holds(each) for each in found)
        if broken:
            raise CommandError(f"{broken} of {len(found)} Selections do not hold.")

    def _holds(self, selection: Selection) -> bool:
        problems = verify(selection)
        head = f"{selection.code} {selection.name} (version {selection.version}), inputs {selection.input_sha256}"
        self.stdout.write(f"{head}: {'DOES NOT HOLD' if problems else 'ok'}")
        for each in problems:
            self.stderr.write(f"  {PROBLEMS[each]}")
        return not problems
