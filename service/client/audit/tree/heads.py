"""The heads of the log that statements name, held against the tree as it grows.

A signer's device names the newest head that it has verified. One that this log never had shows
that the device was shown another log, unless an epoch before the leaf gives that head up. Code:
``log-forked``, with the signer and the size. One that names none had verified none: a remark.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from crypto.checkpoint import Checkpoint
from crypto.merkle import Frontier
from crypto.tiles import TileProofs
from service.client.audit.tree.given_up import GivenUp
from service.client.foundation.errors import ClientRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedHead:
    """What a leaf's statement says of the log: ``size`` leaves have ``root`` (hexadecimal)."""

    leaf: int
    signer: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class _Span:
    """A tile's leaf hashes, and the edge of the tree before them."""

    before: Frontier
    hashes: Sequence[bytes]


@dataclass(slots=True)
class Heads:
    """Heads that were named and are still to be compared.

    Most are of the newest leaves, so two tiles are kept at hand; older ones wait for the end.
    ``without`` are the leaves of acts that name none.
    """

    given_up: GivenUp
    without: list[int] = field(default_factory=list)
    _named: list[NamedHead] = field(default_factory=list)
    _older: list[NamedHead] = field(default_factory=list)
    _spans: list[_Span] = field(default_factory=list)

    def name(self, head: NamedHead, *, alone: bool = False) -> None:
        """Take a head that a statement names; 0 names none.

        ``alone``: it was signed without the service, where no log can be had.

        Raises:
            ClientRefusal: ``log-forked``: it lies above the leaf that names it.
        """
        if head.size == 0:
            self.without += [] if alone else [head.leaf]
            return
        if self._admitted(head):
            return
        if head.size > head.leaf:
            raise _forked(head)
        self._named.append(head)

    def remarks(self) -> list[str]:
        """Say how many acts name no head, and which was the first."""
        count = len(self.without)
        if count == 0:
            return []
        more = "" if count == 1 else f", and {count - 1} later ones"
        seen = "what it had seen of the log cannot be compared with this one"
        return [
            f"leaf {self.without[0]}: its signer's device names no head of the log{more}: {seen}"
        ]

    def reach(self, before: Frontier, hashes: Sequence[bytes]) -> None:
        """Compare what was named of a tile's leaves, or of the one before it.

        Raises:
            ClientRefusal: ``log-forked``.
        """
        self._spans = [*self._spans[-1:], _Span(before, hashes)]
        first = self._spans[0].before.size
        self._older += (head for head in self._named if head.size <= first)
        for span in self._spans:
            start, end = span.before.size, span.before.size + len(span.hashes)
            _compare(span, [head for head in self._named if start < head.size <= end])
        self._named = []

    def finish(self, read_tile: Callable[[int, int], Sequence[bytes]]) -> None:
        """Compare the older ones, from the tiles of the whole tree.

        Raises:
            ClientRefusal: ``log-forked``.
        """
        proofs = TileProofs(read_tile)
        for head in self._older:
            if proofs.root(head.size).hex() != head.root:
                raise _forked(head)
        self._older = []

    def _admitted(self, head: NamedHead) -> bool:
        return any(
            epoch.admits(
                Checkpoint(
                    origin=epoch.abandoned.origin, size=head.size, root=bytes.fromhex(head.root)
                )
            )
            for epoch in self.given_up.epochs
        )


def _compare(span: _Span, heads: Iterable[NamedHead]) -> None:
    edge, done = span.before, 0
    for head in sorted(heads, key=lambda one: one.size):
        wanted = head.size - span.before.size
        edge, done = edge.extend(span.hashes[done:wanted])[0], wanted
        if edge.root.hex() != head.root:
            raise _forked(head)


def _forked(head: NamedHead) -> ClientRefusal:
    return ClientRefusal(
        "log-forked",
        f"leaf {head.leaf}: its signer {head.signer} names a head of {head.size} entries that this "
        "log never had: their device was shown another log",
        "ask them for their device's memory, which holds the checkpoint that they were shown",
    )
