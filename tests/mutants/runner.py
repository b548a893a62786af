"""A copy of the tree that holds one mutant at a time, and the tests that run in it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from tests.contracts.tree import ROOT, project_files
from tests.mutants.mutant import Mutant
from tests.node import NODE

BARE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the plugins take longer to load than most tests
FAILED = re.compile(r"^(?:FAILED|ERROR) ([^ :]+)", re.MULTILINE)


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    SLOW = "timed out"


class Workshop:
    """A copy of what git tracks; only the copy is ever changed."""

    def __init__(
        self, folder: Path, root: Path = ROOT, files: Sequence[Path] | None = None
    ) -> None:
        self._folder = folder
        self._sound: dict[str, bool] = {}
        self._writes = 0
        for path in project_files() if files is None else files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / path, folder / path)
        for tools in (".venv", "tests/js/node_modules"):
            if (root / tools).exists():
                (folder / tools).symlink_to((root / tools).resolve())

    def try_out(self, mutant: Mutant, judges: Sequence[Sequence[str]], seconds: float) -> Fate:
        """Run groups of test files, the likeliest first, until a test fails.

        A test that fails without the mutant as well is no judge. ``seconds`` is the limit of one
        run: of a group, or of a file that has to be tried without the mutant.
        """
        for tests in judges:
            fate = self._judged(mutant, tests, seconds)
            if fate is not Fate.SURVIVED:
                return fate
        return Fate.SURVIVED

    def _judged(self, mutant: Mutant, tests: Sequence[str], seconds: float) -> Fate:
        judges = list(tests)
        while judges:
            with self._holding(mutant):
                ended, failing = self._run(judges, seconds)
            if ended is not Fate.KILLED or not failing:
                return ended
            if self._is_sound(failing, seconds):
                return Fate.KILLED
            judges.remove(failing)
        return Fate.SURVIVED

    @contextmanager
    def _holding(self, mutant: Mutant) -> Iterator[None]:
        file = self._folder / mutant.path
        kept, times = file.read_bytes(), file.stat()
        self._writes += 1
        file.write_text(mutant.mutated, encoding="utf-8")
        # Python takes compiled code to be fresh by time and size: no two writes share a time.
        os.utime(file, (times.st_atime, int(times.st_mtime) + 10 * self._writes))
        try:
            yield
        finally:
            file.write_bytes(kept)
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    def _is_sound(self, test: str, seconds: float) -> bool:
        if test not in self._sound:
            self._sound[test] = self._run([test], seconds)[0] is Fate.SURVIVED
        return self._sound[test]

    def _run(self, tests: Sequence[str], seconds: float) -> tuple[Fate, str]:
        """How the tests ended, and the file of the test that failed."""
        for script in (test for test in tests if test.endswith(".js")):
            command = [str(NODE), "--no-warnings", "--test", script]
            fate, _ = self._ran(command, seconds)
            if fate is not Fate.SURVIVED:
                return fate, script
        files = [test for test in tests if test.endswith(".py")]
        if not files:
            return Fate.SURVIVED, ""
        options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider"]
        fate, said = self._ran([sys.executable, "-m", "pytest", *options, *files], seconds)
        failed = [name for name in FAILED.findall(said) if name in files]
        return fate, failed[0] if failed else ""

    def _ran(self, command: Sequence[str], seconds: float) -> tuple[Fate, str]:
        running = subprocess.Popen(
            command,
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(self._folder), **BARE},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            said, _ = running.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate()
            return Fate.SLOW, ""
        return (Fate.KILLED if running.returncode else Fate.SURVIVED), said
