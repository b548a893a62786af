"""Verifying an export beside the SHA-256 that nobody can do without.

Ours is ``breakglass audit verify`` without its terminal: every file read, every leaf parsed or
recognised, the tree, the order, the rules. Beside it stand, in the same run and in one process:
one SHA-256 of ``events.jsonl`` from its first byte to its last, which has each event once; one of
each file of the export, all of which are read; and one of each leaf and node, as RFC 6962 demands.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from crypto import statement as statements
from crypto.encoding import b64decode
from crypto.leaf import parse_leaf
from crypto.note import NoteVerifier
from service.client.audit.tree.files import EVENTS
from service.client.audit.tree.pool import cores
from service.client.audit.verify import verified
from tests.benchmarks.bare import hashes
from tests.benchmarks.bare import primitives as bare
from tests.benchmarks.exported import plain_export, signed_export
from tests.benchmarks.figures import Count, Figure, Row

PLAIN = 1_000_000
SIGNED = 4_000
ROUNDS = 5
_KIB = 1024

Act = Callable[[], object]


def rows(folder: Path, plain: int = PLAIN) -> Iterator[Figure]:
    """Each as it is measured, with so many plain events."""
    yield from _plain(folder / "plain", plain)
    yield from _signed(folder / "signed")


def _plain(folder: Path, count: int) -> Iterator[Figure]:
    key = plain_export(folder, count)
    beside: dict[str, Act] = {
        "one SHA-256 of its events": partial(hashes.one_file, folder / EVENTS),
        "one of each of its files": partial(hashes.each_file, folder),
        "those of leaves and nodes": partial(hashes.tree, folder / EVENTS),
    }
    ours: dict[str, Act] = {
        _processes(workers): partial(verified, folder, key, anchors={}, marks=[], workers=workers)
        for workers in sorted({1, cores()})
    }
    times = _in_turn({**beside, **ours})
    for workers in ours:
        done = f"verify {count:,} plain events in {workers}"
        for name in beside:
            yield _row(f"{done}, beside {name}", "verify", times[workers], times[name])
    yield Count(
        name=f"MB at most, verifying {count:,} plain events (the largest process)",
        kind="memory",
        found=_megabytes(folder, key),
    )


def _signed(folder: Path) -> Iterator[Figure]:
    key = signed_export(folder, SIGNED)
    checks = list(_checks(folder))
    many = cores()
    times = _in_turn(
        {
            "one": partial(verified, folder, key, anchors={}, marks=[], workers=1),
            "many": partial(verified, folder, key, anchors={}, marks=[], workers=many),
            "bare": partial(bare.verify, checks),
        }
    )
    done = f"verify {SIGNED:,} events with statements in"
    checked = f"{done} {_processes(1)}, beside their signature checks"
    yield _row(checked, "verify statements", times["one"], times["bare"])
    if many > 1:
        yield _row(
            f"{done} {_processes(many)}, beside one", "processes", times["many"], times["one"]
        )
    yield Count(
        name=f"signature checks in {SIGNED:,} statements", kind="counted", found=len(checks)
    )
    for name, workers in {"one": 1, "many": many}.items():
        speed = len(checks) / statistics.median(times[name])
        yield Count(
            name=f"signature checks in a second, with all around them, {_processes(workers)}",
            kind="counted",
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


def _row(name: str, kind: str, ours: list[float], other: list[float]) -> Row:
    return Row(
        name=name,
        kind=kind,
        ours=statistics.median(ours) * 1000,
        bare=statistics.median(other) * 1000,
        quick=min(ours) / min(other),
        count=ROUNDS,
    )


def _checks(folder: Path) -> Iterator[bare.Check]:
    """Key, signature and message of each signature in the statements: identities, as written."""
    _, *signed = (folder / EVENTS).read_bytes().splitlines()
    for line in signed:
        statement = statements.parse(parse_leaf(line).statement)
        for signature in statement.signatures:
            yield b64decode(statement.payload["signing_key"]), signature.sig, statement.pae


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
