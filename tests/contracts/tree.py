"""A copy of the source tree in which a test may do what the contracts forbid."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("crypto", "service", "migrations")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def project_files(*suffixes: str) -> list[Path]:
    """The files that git tracks, relative to the root; all of them where no suffix is named."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    paths = [Path(name) for name in listed.split("\0") if name]
    return [
        path
        for path in paths
        if (not suffixes or path.suffix in suffixes) and (ROOT / path).is_file()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A copy of the packages and of the contracts that hold for them."""

    path: Path

    def write(self, module: str, line: str) -> None:
        """Append a line to a module, which is made where it does not exist."""
        package = self.path.joinpath(*module.split("."))
        target = package / "__init__.py" if package.is_dir() else package.with_suffix(".py")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a") as file:
            file.write(f"\n{line}\n")

    def check(self, *contracts: str) -> tuple[bool, str]:
        """Whether the named contracts hold, and what import-linter printed."""
        limits = [part for contract in contracts for part in ("--contract", contract)]
        done = subprocess.run(
            [LINT_IMPORTS, "--no-logo", "--no-cache", *limits],
            cwd=self.path,
            env={"PYTHONPATH": str(self.path), "COLUMNS": "200", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode == 0, done.stdout + done.stderr


def copy_of(root: Path, target: Path) -> Tree:
    """Copy what the contracts speak of."""
    for package in PACKAGES:
        shutil.copytree(
            root / package, target / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(root / "pyproject.toml", target)
    return Tree(path=target)
