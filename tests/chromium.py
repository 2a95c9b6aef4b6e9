"""The Chromium of this machine: found, or installed where we may, or said to be missing.

Run as a program it prints what it found. Without one the browser tests are skipped, visibly; with CI=true that is
a failure.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = "Chromium was not found on this machine (looked for: " + ", ".join(NAMES) + ")"


def find() -> str | None:
    """The path of a Chromium that starts; a name alone may be a stub that only advertises a store."""
    for path in filter(None, map(shutil.which, NAMES)):
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
        if asked.returncode == 0:
            return path
    return None


def required() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def install() -> None:
    """On Debian and Ubuntu, as root, from the system's own packages."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests …", flush=True)
        for arguments in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
            env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", *arguments], env=env, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    if not find():
        install()
    found = find()
    print(f"Browser tests use {found}" if found else f"{MISSING}: the browser tests will be SKIPPED")
    return 1 if required() and not found else 0


if __name__ == "__main__":
    sys.exit(main())
