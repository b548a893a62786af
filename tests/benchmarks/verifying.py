"""Verifying an export beside the SHA-256 that nobody can do without.

Ours is ``breakglass audit verify`` without its terminal: every file read, every leaf parsed or
recognised, the tree, the order, the rules. Beside it stand, over the same bytes and in the same
run: one SHA-256 from the first byte to the last, and one of each leaf and node as RFC 6962 demands.
"""

import hashlib
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.encoding import b64encode, sha256
from crypto.identity import Identity
from crypto.leaf import Leaf, encode_leaf
from crypto.note import NoteSigner, NoteVerifier
from crypto.randomness import random_uuid
from crypto.statement import sign
from service.client.audit_files import CHECKPOINT, EVENTS, TileWriter
from service.client.audit_pool import cores
from service.client.audit_verify import verified
from tests.benchmarks.figures import Count, Figure, Row

PLAIN = 200_000
SIGNED = 4_000
ROUNDS = 5
WANTED = 0.3
MEGABYTES = 100
_ORIGIN = "breakglass.example/log"
_START = datetime(2026, 11, 2, 9, tzinfo=UTC)
_KIB = 1024


def _plain(number: int) -> Leaf:
    person = f"{number % 50:08x}-d467-4687-80c8-b277f2152320"
    return Leaf(
        seq=number,
        at=_START + timedelta(seconds=number // 3),
        actor=person,
        action="session:opened",
        subject=person,
        details={"session": f"{number:064x}"},
    )


def _signed(number: int) -> Leaf:
    identity, person = Identity.generate(), random_uuid()
    public = identity.public
    fields = {
        "person": person,
        "encryption_key": b64encode(public.encryption_key),
        "signing_key": b64encode(public.signing_key),
    }
    return Leaf(
        seq=number,
        at=_START,
        actor=person,
        action="identity:enrolled",
        subject=person,
        details={"fingerprint": public.keyid},
        statement=sign("identity", fields, identity=identity, at=_START).raw,
    )


def _export(folder: Path, made: Callable[[int], Leaf], count: int) -> NoteVerifier:
    folder.mkdir()
    signer, writer = NoteSigner.generate(_ORIGIN), TileWriter(folder)
    for number in range(count):
        writer.add(encode_leaf(made(number)))
    writer.close()
    head = Checkpoint(origin=_ORIGIN, size=count, root=writer.frontier.root)
    (folder / CHECKPOINT).write_text(sign_checkpoint(head, signer))
    return signer.verifier


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _verify(folder: Path, key: NoteVerifier, workers: int) -> None:
    verified(folder, key, anchors={}, marks=[], workers=workers)


def _one_hash(folder: Path) -> None:
    sha256((folder / EVENTS).read_bytes())


def _tree(folder: Path) -> None:
    """Hash leaves and nodes; a node without a sibling goes up as it is."""
    new = hashlib.sha256
    leaves = (folder / EVENTS).read_bytes().split(b"\n")[:-1]
    hashes = [new(b"\x00" + leaf).digest() for leaf in leaves]
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        rest = hashes[-1:] if len(hashes) % 2 else []
        hashes = [new(b"\x01" + left + right).digest() for left, right in pairs] + rest


def _speed(
    name: str,
    ours: Callable[[], object],
    bare: Callable[[], object],
    at_least: float | None = None,
) -> Row:
    """Time both in turn; with ``at_least``, the ratio is the share of the bare speed."""
    pairs = [(_seconds(ours), _seconds(bare)) for _ in range(ROUNDS)]
    return Row(
        name=name,
        ours=statistics.median(a for a, _ in pairs) * 1000,
        bare=statistics.median(b for _, b in pairs) * 1000,
        quick=min(a for a, _ in pairs) / min(b for _, b in pairs),
        count=ROUNDS,
        at_least=at_least,
    )


def rows(folder: Path) -> Iterator[Figure]:
    """Each as it is measured."""
    plain, signed = folder / "plain", folder / "signed"
    key = _export(plain, _plain, PLAIN)
    many = cores()
    for workers in sorted({1, many}):
        ours = partial(_verify, plain, key, workers)
        told = f"verify {PLAIN:,} plain events in {workers} process{'es' if workers > 1 else ''}"
        yield _speed(f"{told}, beside one SHA-256", ours, partial(_one_hash, plain), WANTED)
        yield _speed(f"{told}, beside the tree's", ours, partial(_tree, plain), WANTED)
    yield Count(
        name=f"MB at most, verifying {PLAIN:,} plain events (the largest process)",
        found=_megabytes(plain, key),
        at_most=MEGABYTES,
    )
    key = _export(signed, _signed, SIGNED)
    yield _speed(
        f"verify {SIGNED:,} statements in {many} processes, beside one",
        partial(_verify, signed, key, many),
        partial(_verify, signed, key, 1),
    )
    spent = _seconds(partial(_verify, signed, key, many))
    yield Count(
        name=f"statements verified in a second, {many} processes", found=int(SIGNED / spent)
    )


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
    _verify(Path(folder), NoteVerifier.from_vkey(vkey), cores())
    status = Path("/proc/self/status").read_text()  # getrusage counts what was there before exec
    own = int(status.partition("VmHWM:")[2].split(maxsplit=1)[0])
    print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // _KIB)


if __name__ == "__main__":
    main(*sys.argv[1:])
