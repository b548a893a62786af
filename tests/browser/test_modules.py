"""The browser modules' tests where the modules run: in Chromium, and in Firefox if there is one."""

import queue
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import programs
from tests.browser.modules import files_to_run, runner

PATIENCE = 180.0
# No news, no updates, no first-run pages: nothing but the page that is asked for.
QUIET = """\
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("datareporting.policy.firstRunURL", "");
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("services.settings.server", "data:,");
"""


def passed(report: Any, product: str) -> None:
    """Every test file was run by this browser, and nothing failed."""
    assert product in report["agent"]
    assert [one for one in report["found"] if one["error"]] == []
    ran = {one["name"].partition(":")[0] for one in report["found"]}
    assert ran == set(files_to_run())
    assert len(report["found"]) > 100


@pytest.mark.slow
def test_the_modules_pass_their_tests_in_chromium(browser: Browser) -> None:
    with runner(files_to_run()) as running:
        page = browser.new_page()
        page.goto(running.url)
        page.wait_for_function("document.querySelector('#said').textContent !== 'running'",
                               timeout=PATIENCE * 1000)  # fmt: skip
        passed(running.reports.get(timeout=5), "Chrome")
        page.close()


@contextmanager
def firefox_at(url: str, folder: Path) -> Iterator[None]:
    """A Firefox without a window, with a profile of its own, that opens one page."""
    path = programs.firefox()
    if not path:
        pytest.skip("no Firefox is here: 'make browser' installs it where it can")
    folder.mkdir()
    (folder / "user.js").write_text(QUIET)
    process = subprocess.Popen(
        [path, "--headless", "--no-remote", "--profile", str(folder), url],
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "MOZ_REMOTE_SETTINGS_DEVTOOLS": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        started = process.poll() is None
        process.terminate()
        process.wait(15)
    if not started:
        pytest.skip("Firefox is here and does not start on this machine")


@pytest.mark.slow
def test_the_modules_pass_their_tests_in_firefox(tmp_path: Path) -> None:
    report: Any = None
    with runner(files_to_run()) as running, firefox_at(running.url, tmp_path / "profile"):
        try:
            report = running.reports.get(timeout=PATIENCE)
        except queue.Empty:
            report = None
    if report is None:
        pytest.fail("Firefox started and told nothing of the tests")
    passed(report, "Firefox")
