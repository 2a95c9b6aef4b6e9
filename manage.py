#!/usr/bin/env python
"""Django's command-line utility for the portal."""

import os
import signal
import sys
from types import FrameType


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)  # a terminated command says goodbye to the embedded servers too


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sinovik.settings")
    signal.signal(signal.SIGTERM, _leave)
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from sinovik.embedded.place import ServerError

    try:
        settings.DATABASES  # noqa: B018 - Django itself would go on without settings and trip over that later
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, ServerError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
