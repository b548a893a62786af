"""A block of an export, read and checked on any core: files, hashes, leaves, signatures.

Nothing here depends on what comes before the block. The one replay applies the rules to its leaves
afterwards, in their order; it reuses the signatures that were found good here, and verifies all
others itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from crypto import statement as statements
from crypto.encoding import b64decode
from crypto.errors import CryptoError, MalformedError
from crypto.identity import PublicKeys
from crypto.leaf import Leaf, parse_leaf
from crypto.merkle import HASH_LENGTH, complete_root
from crypto.statement import Statement
from crypto.tiles import TILE_WIDTH, Tile
from service.client.audit.tree.damage import TileFiles
from service.client.audit.tree.plain import Run, is_counted, run_of
from service.client.foundation.errors import ClientRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A leaf to be replayed; ``statement`` is its own, or None if it has none that parses."""

    leaf: Leaf
    statement: Statement | None = None


Step: TypeAlias = Run | Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Which tiles to check.

    ``offsets`` say at which byte of ``events.jsonl`` each one's leaves begin; ``keys`` are the
    signing keys that the log has named so far, by key id.
    """

    folder: Path
    tiles: tuple[Tile, ...]
    offsets: tuple[int, ...]
    keys: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTile:
    """What the replay needs of up to 256 leaves.

    ``hashes`` are theirs, joined, 32 bytes each; ``root`` is that of a full tile, else empty;
    ``length`` is how many bytes they have in ``events.jsonl``. ``refused``, a code and a message,
    is why the reading ended, after the steps before it.
    """

    hashes: bytes = b""
    root: bytes = b""
    steps: tuple[Step, ...] = ()
    length: int = 0
    refused: tuple[str, str] | None = None

    @property
    def width(self) -> int:
        """How many leaves it has."""
        return len(self.hashes) // HASH_LENGTH


def check_block(task: Task) -> list[CheckedTile]:
    """Check tiles, up to and with the first one in which something is wrong."""
    done: list[CheckedTile] = []
    for tile, offset in zip(task.tiles, task.offsets, strict=True):
        done.append(_check_tile(task, tile, offset))
        if done[-1].refused:
            break
    return done


def _check_tile(task: Task, tile: Tile, offset: int) -> CheckedTile:
    files = TileFiles(task.folder, tile, offset)
    try:
        files.read()
    except ClientRefusal as refused:
        return CheckedTile(refused=(refused.code, refused.message))
    start = tile.index * TILE_WIDTH
    run = run_of(files.leaves, files.said, start) if files.damage is None else None
    steps, wrong = ([run], files.damage) if run else _one_by_one(files, start, task.keys)
    full = len(files.hashes) == TILE_WIDTH
    return CheckedTile(
        hashes=b"".join(files.hashes),
        root=complete_root(files.hashes) if full else b"",
        steps=tuple(steps),
        length=len(files.said),
        refused=(wrong.code, wrong.message) if wrong else None,
    )


def _one_by_one(
    files: TileFiles, start: int, keys: Mapping[str, bytes]
) -> tuple[list[Step], ClientRefusal | None]:
    """Parse each leaf up to the first that is wrong: those before it are replayed first."""
    steps: list[Step] = []
    good = files.leaves if files.damage is None else files.leaves[: files.damage_at]
    try:
        for seq, data in enumerate(good, start):
            _take(steps, parsed(data, seq), keys)
    except ClientRefusal as refused:
        return steps, refused
    return steps, files.damage


def _take(steps: list[Step], leaf: Leaf, keys: Mapping[str, bytes]) -> None:
    """Add a leaf to the run before it, or keep it for the replay."""
    last = steps[-1] if steps else None
    if not is_counted(leaf):
        steps.append(Act(leaf=leaf, statement=_statement(leaf, keys)))
    elif isinstance(last, Run) and last.until <= leaf.at:
        steps[-1] = replace(last, count=last.count + 1, until=leaf.at)
    else:
        steps.append(Run(first=leaf, count=1, until=leaf.at))


def parsed(data: bytes, index: int) -> Leaf:
    """Parse the leaf with number ``index``.

    Raises:
        ClientRefusal: ``leaf-malformed``.
    """
    try:
        leaf = parse_leaf(data)
    except MalformedError as refused:
        raise ClientRefusal("leaf-malformed", f"leaf {index}: {refused}") from None
    if leaf.seq != index:
        raise ClientRefusal("leaf-malformed", f"leaf {index} says that it is leaf {leaf.seq}")
    return leaf


def _statement(leaf: Leaf, keys: Mapping[str, bytes]) -> Statement | None:
    """Parse and verify ahead; the replay refuses what does not parse, in its turn."""
    if not leaf.statement:
        return None
    try:
        statement = statements.parse(leaf.statement)
        return statements.verified_ahead(statement, {**keys, **own_keys(statement)})
    except CryptoError:
        return None


def own_keys(statement: Statement) -> dict[str, bytes]:
    """Return the signing key, by key id, that an identity contains.

    Raises:
        MalformedError: a key is not canonical, or of small order.
    """
    if statement.kind != "identity":
        return {}
    payload = statement.payload
    keys = PublicKeys(
        encryption_key=b64decode(payload["encryption_key"]),
        signing_key=b64decode(payload["signing_key"]),
    )
    return {keys.keyid: keys.signing_key}
