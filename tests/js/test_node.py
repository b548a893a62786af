"""The browser modules' tests in Node, each file in a process of its own: hooks stay with it."""

import subprocess
from pathlib import Path

from tests.node import NODE

FOLDER = Path(__file__).parent


def test_the_browser_modules_pass_their_tests() -> None:
    files = sorted(path for path in FOLDER.rglob("*.test.js") if "node_modules" not in path.parts)
    ran = subprocess.run(
        [NODE, "--no-warnings", "--test", "--test-reporter=dot", *files],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    told = ran.stdout.lstrip(".\n")  # a dot for each test; then those that failed
    assert ran.returncode == 0, f"{told}\n{ran.stderr}"
    assert ran.stdout.count(".") > len(files)
