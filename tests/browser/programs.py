"""Which browsers are here."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_FIREFOX = ("firefox-esr", "firefox")


def chromium() -> str:
    """The path of a Chromium: this system's, or the one that Playwright has installed; else ''."""
    return _first(_CHROMIUM) or _playwright_has()


def firefox() -> str:
    """The path of a Firefox of this system; '' if there is none."""
    return _first(_FIREFOX)


def _first(names: tuple[str, ...]) -> str:
    return next((path for name in names if (path := shutil.which(name))), "")


def _playwright_has() -> str:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


def switches() -> list[str]:
    """What Chromium is started with: it talks to nobody but us, and has a sandbox where it can.

    As root there is none: Chromium refuses to start with it.
    """
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet
