from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from audit.models import Seal
from audit.sealing import unsealed
from audit.verification import first_fault


class Command(BaseCommand):
    help = "Recomputes the sealed record; exits 1 and names the first seal or event that is not as it was sealed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--root", help="a root printed or published earlier; fails if the record no longer has it (a cut-off tail)"
        )

    def handle(self, *, root: str | None = None, **options: object) -> None:
        fault = first_fault()
        if fault:
            raise CommandError(f"The record is broken at {fault}.")
        if root and not Seal.objects.filter(root=root.strip().lower()).exists():
            raise CommandError(f"The record has no seal with the root {root}.")
        last = Seal.objects.last()
        if last is None:
            self.stdout.write(f"Nothing is sealed yet; {unsealed().count()} events wait.")
            return
        sealed = sum(len(ids) for ids in Seal.objects.values_list("event_ids", flat=True).iterator(chunk_size=100))
        self.stdout.write(
            f"The record is whole: {sealed} events in {Seal.objects.count()} seals, {unsealed().count()} waiting.\n"
            f"Last root {last.root} of {last.at:%Y-%m-%d %H:%M:%S} UTC."
        )
