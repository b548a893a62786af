"""Entries of the log that came with an answer: what is proved to stand in it.

A leaf travels without its statement. The bytes that were verified are put in before it is hashed,
so a leaf is only ever proved with exactly what this device has read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crypto.checkpoint import Checkpoint
from crypto.encoding import b64decode
from crypto.epoch import Epoch
from crypto.errors import CryptoError
from crypto.leaf import Leaf, encode_leaf, parse_leaf
from crypto.merkle import leaf_hash, verify_inclusion
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.trust.growth import ALARM, proved_roots
from service.client.trust.outsiders import Seen
from service.domain.events import Action
from service.wire.log import LogView, ProvenLeaf


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Leaves with their audit paths to the root of a checkpoint that this device has verified.

    ``roots`` are those that the log is proved to have had, by size; ``epochs`` are in the log;
    ``seen`` are checkpoints that it begins with, among them its own, with witnesses' lines.
    """

    checkpoint: Checkpoint
    leaves: tuple[tuple[Leaf, tuple[bytes, ...]], ...]
    roots: Mapping[int, bytes] = field(default_factory=dict)
    epochs: tuple[Epoch, ...] = ()
    seen: tuple[Seen, ...] = ()


def open_view(
    shown: LogView,
    checkpoint: Checkpoint,
    epochs: Iterable[Epoch] = (),
    seen: Iterable[Seen] = (),
) -> View:
    """Read the leaves of an answer; all else that is given is its own, verified.

    Raises:
        ClientRefusal: ``log-receipt-forged``: one of them is no leaf.
    """
    try:
        leaves = tuple(map(_read, shown.leaves))
    except CryptoError as refused:
        raise ClientRefusal(
            "log-receipt-forged", f"the log shows an entry that is none: {refused}", ALARM
        ) from None
    roots = proved_roots(shown.heads, checkpoint)
    return View(
        checkpoint=checkpoint,
        leaves=leaves,
        roots=roots,
        epochs=tuple(epochs),
        seen=tuple(seen),
    )


def _read(shown: ProvenLeaf) -> tuple[Leaf, tuple[bytes, ...]]:
    return parse_leaf(b64decode(shown.leaf)), tuple(map(b64decode, shown.path))


def entry_of(
    views: Iterable[View],
    actions: frozenset[str],
    account: str,
    request: str,
    statement: Statement,
) -> Leaf | None:
    """Return the leaf with exactly this statement, if one of the views proves it."""
    for view in views:
        for shown, path in view.leaves:
            if shown.action not in actions or (shown.subject, shown.request) != (account, request):
                continue
            leaf = replace(shown, statement=statement.raw)
            if _stands(leaf, path, view.checkpoint):
                return leaf
    return None


def draft_entry(views: Iterable[View], account: str, digest: str) -> Leaf | None:
    """Return the leaf with which this draft was entered, if one of the views proves it."""
    for view in views:
        for leaf, path in view.leaves:
            said = (leaf.action, leaf.subject, leaf.details.get("roster"))
            if said == (Action.ROSTER_DRAFTED.value, account, digest) and _stands(
                leaf, path, view.checkpoint
            ):
                return leaf
    return None


def _stands(leaf: Leaf, path: Sequence[bytes], checkpoint: Checkpoint) -> bool:
    try:
        digest = leaf_hash(encode_leaf(leaf))
        verify_inclusion(digest, leaf.seq, checkpoint.size, path, checkpoint.root)
    except (CryptoError, ValueError):
        return False
    return True
