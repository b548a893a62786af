"""Verifying an export beside the SHA-256 that nobody can do without.

Ours is ``breakglass audit verify`` without its terminal: every file read, every leaf parsed or
recognised, the tree, the order, the rules. Beside it stand, in the same run and in one process:
one SHA-256 of ``events.jsonl`` from its first byte to its last, which has each event once; one of
each file of the export, all of which are read; and one of each leaf and node, as RFC 6962 demands.
"""

import hashlib
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from crypto import statement as statements
from crypto.encoding import b64decode
from crypto.leaf import parse_leaf
from crypto.note import NoteVerifier
from service.client.audit.tree.files import EVENTS
from service.client.audit.tree.pool import cores
from service.client.audit.verify import verified
from tests.benchmarks.exported import plain_export, signed_export
from tests.benchmarks.figures import Count, Figure, Row

PLAIN = 1_000_000
SIGNED = 4_000
ROUNDS = 5
WANTED = 0.3
MEGABYTES = 100
_KIB = 1024
_LEAVES = 1 << 16  # hashed at a time: a complete subtree, so memory does not grow with the log

Act = Callable[[], object]


def rows(folder: Path, plain: int = PLAIN) -> Iterator[Figure]:
    """Each as it is measured, with so many plain events."""
    yield from _plain(folder / "plain", plain)
    yield from _signed(folder / "signed")


def _plain(folder: Path, count: int) -> Iterator[Figure]:
    key = plain_export(folder, count)
    bare: dict[str, Act] = {
        "one SHA-256 of its events": partial(_one_hash, folder),
        "one of each of its files": partial(_each_file, folder),
        "those of leaves and nodes": partial(_tree, folder),
    }
    ours: dict[str, Act] = {
        _processes(workers): partial(verified, folder, key, anchors={}, marks=[], workers=workers)
        for workers in sorted({1, cores()})
    }
    times = _in_turn({**bare, **ours})
    for workers in ours:
        done = f"verify {count:,} plain events in {workers}"
        for name in bare:
            yield _row(f"{done}, beside {name}", times[workers], times[name], at_least=WANTED)
    yield Count(
        name=f"MB at most, verifying {count:,} plain events (the largest process)",
        found=_megabytes(folder, key),
        at_most=MEGABYTES,
    )


def _signed(folder: Path) -> Iterator[Figure]:
    key = signed_export(folder, SIGNED)
    checks = list(_checks(folder))
    many = cores()
    times = _in_turn(
        {
            "one": partial(verified, folder, key, anchors={}, marks=[], workers=1),
            "many": partial(verified, folder, key, anchors={}, marks=[], workers=many),
            "bare": partial(_check_each, checks),
        }
    )
    done = f"verify {SIGNED:,} events with statements in"
    yield _row(
        f"{done} {_processes(1)}, beside their signature checks", times["one"], times["bare"]
    )
    if many > 1:
        yield _row(f"{done} {_processes(many)}, beside one", times["many"], times["one"])
    yield Count(name=f"signature checks in {SIGNED:,} statements", found=len(checks))
    for name, workers in {"one": 1, "many": many}.items():
        speed = len(checks) / statistics.median(times[name])
        yield Count(
            name=f"signature checks in a second, with all around them, {_processes(workers)}",
            found=int(speed),
        )


def _processes(count: int) -> str:
    return "1 process" if count == 1 else f"{count} processes"


def _in_turn(acts: Mapping[str, Act]) -> dict[str, list[float]]:
    """Seconds of each, one after the other, again and again."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(ROUNDS):
        for name, act in acts.items():
            start = time.perf_counter()
            act()
            times[name].append(time.perf_counter() - start)
    return times


def _row(name: str, ours: list[float], bare: list[float], at_least: float | None = None) -> Row:
    return Row(
        name=name,
        ours=statistics.median(ours) * 1000,
        bare=statistics.median(bare) * 1000,
        quick=min(ours) / min(bare),
        count=ROUNDS,
        at_least=at_least,
    )


def _one_hash(folder: Path) -> None:
    _digest(folder / EVENTS)


def _each_file(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            _digest(path)


def _digest(path: Path) -> None:
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")


def _tree(folder: Path) -> None:
    with (folder / EVENTS).open("rb") as file:
        _root(list(_subtrees(file)))


def _subtrees(file: BinaryIO) -> Iterator[bytes]:
    new = hashlib.sha256
    while lines := list(islice(file, _LEAVES)):
        yield _root([new(b"\x00" + line[:-1]).digest() for line in lines])


def _root(hashes: list[bytes]) -> bytes:
    """A node without a sibling goes up as it is."""
    new = hashlib.sha256
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        rest = hashes[-1:] if len(hashes) % 2 else []
        hashes = [new(b"\x01" + left + right).digest() for left, right in pairs] + rest
    return hashes[0]


Check = tuple[bytes, bytes, bytes]


def _checks(folder: Path) -> Iterator[Check]:
    """Key, signature and message of each signature in the statements: identities, as written."""
    for line in (folder / EVENTS).read_bytes().splitlines():
        statement = statements.parse(parse_leaf(line).statement)
        for signature in statement.signatures:
            yield b64decode(statement.payload["signing_key"]), signature.sig, statement.pae


def _check_each(checks: list[Check]) -> None:
    for key, signature, message in checks:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)


def _megabytes(folder: Path, key: NoteVerifier) -> int:
    """The memory of a process that does nothing but verify, and of its largest child."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.verifying", str(folder), key.vkey],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def main(folder: str, vkey: str) -> None:
    """Verify once, and say how much memory it took at most, in MB."""
    verified(Path(folder), NoteVerifier.from_vkey(vkey), anchors={}, marks=[], workers=cores())
    status = Path("/proc/self/status").read_text()  # getrusage counts what was there before exec
    own = int(status.partition("VmHWM:")[2].split(maxsplit=1)[0])
    print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // _KIB)


if __name__ == "__main__":
    main(*sys.argv[1:])
