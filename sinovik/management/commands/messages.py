from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sinovik import translations


class Command(BaseCommand):
    help = "Extract what the portal says, update the catalogues of the named apps (default: all) and compile them."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("apps", nargs="*", metavar="APP")
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--compile", action="store_true", help="only compile")
        only.add_argument("--check", action="store_true", help="write nothing; fail on what is missing, empty or stale")

    def handle(self, *args: Any, **options: Any) -> None:
        known = translations.local_apps()
        apps: list[str] = options["apps"] or known
        if unknown := set(apps) - set(known):
            raise CommandError(f"No app of ours: {', '.join(sorted(unknown))}. There are {', '.join(known)}.")
        if options["check"]:
            self._check(apps)
            return
        for app in apps:
            if not options["compile"]:
                total, missing = translations.update(app)
                self.stdout.write(f"{app}: {total} messages, {missing} to translate")
            translations.compile_catalogue(app)

    def _check(self, apps: list[str]) -> None:
        found = [problem for app in apps for problem in translations.problems(app)]
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} messages need attention: run `manage.py messages`, then translate.")
