"""The browser modules' tests in Node, all in one process."""

import subprocess
from pathlib import Path

from tests.node import NODE

FOLDER = Path(__file__).parent


def test_the_browser_modules_pass_their_tests() -> None:
    files = sorted(path for path in FOLDER.rglob("*.test.js") if "node_modules" not in path.parts)
    ran = subprocess.run(
        [NODE, "--no-warnings", "--test", "--test-isolation=none", "--test-reporter=tap", *files],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    failed = "\n".join(
        line for line in ran.stdout.splitlines() if not line.lstrip().startswith("ok ")
    )
    assert ran.returncode == 0, f"{failed[-20000:]}\n{ran.stderr}"
    assert "\n# fail 0\n" in ran.stdout
    assert files
