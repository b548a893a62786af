"""``python -m tests.conformance``: Go's own sumdb packages over an export, and over broken ones.

Needs Debian's ``golang-go`` and ``golang-golang-x-mod-dev``; nothing is downloaded.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.client.audit.exports import log as story_log
from tests.client.logs import Log
from tests.conformance.material import lay_out, long_log

SOURCE = Path(__file__).parent / "check.go"
GOPATH = Path("/usr/share/gocode")
PACKAGES = "golang-go golang-golang-x-mod-dev"

Folders = tuple[Path, Path, Path]


def build(folder: Path) -> Path:
    """Compile the checker, from Debian's packages alone."""
    go = shutil.which("go")
    if go is None or not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        sys.exit(f"This needs Go and its x/mod packages; on Debian: apt-get install {PACKAGES}")
    program, cache = folder / "check", folder / "cache"
    away = {"GO111MODULE": "off", "GOPATH": str(GOPATH), "GOCACHE": str(cache), "GOPROXY": "off"}
    subprocess.run([go, "build", "-o", program, SOURCE], env=os.environ | away, check=True)
    return program


def run(program: Path, key: str, folders: Folders) -> subprocess.CompletedProcess[str]:
    """Let it look."""
    return subprocess.run(
        [program, key, *folders], capture_output=True, text=True, check=False, timeout=120
    )


def flipped(path: Path) -> None:
    """Change the last bit of a file but one line's end."""
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _another_root(path: Path) -> None:
    lines = path.read_text().split("\n")
    lines[2] = "A" * 43 + "="
    path.write_text("\n".join(lines))


# What must not pass: which file, and what is done to it.
_DAMAGE: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("export/checkpoint", _another_root),
    ("export/tile/0/000", flipped),
    ("export/tile/entries/000", flipped),
    ("export/tile/1/000.p/2", flipped),
    ("export/tile/entries/002.p/88", _cut),
    ("receipts/300.txt", lambda path: path.write_text(path.read_text().replace("300", "301", 1))),
    (
        "checkpoints/200.json",
        lambda path: path.write_text(
            path.with_name("300.json").read_text().partition('"consistency"')[0]
            + '"consistency"'
            + path.read_text().partition('"consistency"')[2]
        ),
    ),
)


def _accepts(program: Path, folder: Path, name: str, made: Log) -> Folders:
    folder.mkdir()
    folders = lay_out(folder, made)
    done = run(program, made.signer.verifier.vkey, folders)
    if done.returncode != 0:
        sys.exit(f"{name} was refused: {done.stderr.strip()}")
    print(f"{name}: {done.stdout.strip()}")
    return folders


def _refuses(program: Path, key: str, folder: Path, whole: Path) -> None:
    for number, (file, damage) in enumerate(_DAMAGE):
        place = folder / str(number)
        shutil.copytree(whole, place)
        damage(place / file)
        done = run(program, key, (place / "export", place / "receipts", place / "checkpoints"))
        if done.returncode != 1:
            sys.exit(f"{file} was damaged, and nothing was said of it")
        print(f"refused, {file}: {done.stderr.strip()}")


def main() -> None:
    """Say what was accepted and what was refused; end with 1 where either is wrong."""
    with tempfile.TemporaryDirectory(prefix="bg-conformance-") as name:
        folder = Path(name)
        program, long = build(folder), long_log()
        _accepts(program, folder / "story", "the story", story_log())
        _accepts(program, folder / "long", "a long log", long)
        broken = folder / "broken"
        broken.mkdir()
        _refuses(program, long.signer.verifier.vkey, broken, folder / "long")


if __name__ == "__main__":
    main()
