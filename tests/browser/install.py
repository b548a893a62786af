"""Find the browsers that the tests drive, or install them: ``make browser``.

Chromium is needed. As root, or where sudo asks for no password, it is Debian's package; elsewhere
it is the build that Playwright brings. Firefox runs the modules' tests a second time where it can
be had.
"""

import os
import shutil
import subprocess
import sys

from tests.browser import programs

_MISSING = """\
The tests need Chromium, and it could not be installed. Do one of these, then repeat:
    apt-get install chromium                          (Debian, as root)
    .venv/bin/python -m playwright install chromium   (elsewhere)"""
_NO_FIREFOX = "Firefox is not here and could not be installed: its tests will be skipped."


def as_root() -> list[str] | None:
    """What stands before a command that root has to run; None if we may not be root."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run("sudo", "-n", "true"):
        return ["sudo", "-n"]
    return None


def run(*command: str) -> bool:
    """Run a command and let it speak on standard error; False if it failed."""
    return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0


def from_debian(*packages: str) -> bool:
    """Install Debian's packages; False where that is not possible."""
    prefix = as_root()
    if prefix is None or not shutil.which("apt-get"):
        return False
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    return run(*prefix, *quiet, "update") and run(*prefix, *quiet, "install", "-y", *packages)


def main() -> int:
    """Say what was found; 1 without a Chromium."""
    if not programs.chromium():
        print("Installing Chromium", file=sys.stderr)
        if not from_debian("chromium"):
            run(sys.executable, "-m", "playwright", "install", "chromium")
    if not programs.chromium():
        print(_MISSING, file=sys.stderr)
        return 1
    print(f"Chromium: {programs.chromium()}")
    if not programs.firefox() and not from_debian("firefox-esr"):
        print(_NO_FIREFOX, file=sys.stderr)
    else:
        print(f"Firefox: {programs.firefox()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
