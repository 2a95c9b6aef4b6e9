"""Schemathesis asks the served API all that its own description allows and forbids: does anything break its word?

Every phase and every check, over HTTP, with innovations, a public list and one that is still to come.
"""

import io
import json
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import scratch

scratch.begin()

from catalogue_rows import fill  # noqa: E402
from certificates import _published_lists  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import override_settings  # noqa: E402
from figures import Figure  # noqa: E402
from pages import end_other_sessions, served  # noqa: E402

from accounts.models import User  # noqa: E402
from announcements.models import Announcement  # noqa: E402

INNOVATIONS, EXAMPLES, SEED = 300, 100, 26


def main() -> list[Figure]:
    with scratch.database(), override_settings(OPEN_DATA_PER_MINUTE=10**9):
        settings.ALLOWED_HOSTS += ["127.0.0.1"]
        call_command("load_agencies", stdout=io.StringIO())
        fill(INNOVATIONS, seed=SEED)
        _announce()
        with served() as base, tempfile.TemporaryDirectory() as folder:
            report = _asked(f"{base}/api/v1", Path(folder))
        end_other_sessions()
    return _figures(report)


def _announce() -> None:
    """One public announcement with three lists, and its successor of tomorrow."""
    clerk = User.objects.create_user("sekretariat@contoh.go.id", name="Sekretariat", is_secretariat=True)
    _published_lists(clerk)
    first = Announcement.objects.get()
    Announcement.objects.create(
        competition=first.competition, kind="news", number="B/2", title="Besok",
        publish_at=first.publish_at + timedelta(days=1),
    )  # fmt: skip


def _asked(base: str, folder: Path) -> dict[str, Any]:
    target = folder / "report.json"
    command = [
        str(Path(sys.executable).with_name("st")), "run", f"{base}/openapi.json", "--url", base,
        "--checks", "all", "--mode", "all", "--max-examples", str(EXAMPLES), "--seed", str(SEED),
        "--continue-on-failure", "--generation-database", "none", "--no-color", "--report", "json",
        "--report-json-path", str(target),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        print(done.stdout, done.stderr, file=sys.stderr)
    report: dict[str, Any] = json.loads(target.read_text())
    return report


def _figures(report: dict[str, Any]) -> list[Figure]:
    cases, operations = report["test_cases"], report["operations"] or {}
    failed, broken = cases["unique_failures"], len(report["errors"])
    whole = bool(report["complete"]) and cases["generated"] > 0
    return [
        Figure("operations asked, and cases", f"{operations.get('tested', '?')} and {cases['generated']}"),
        Figure("run to its end", "yes" if whole else "no", "yes", whole),
        Figure("failures", str(failed), "0", failed == 0),
        Figure("errors of the run", str(broken), "0", broken == 0),
    ]
