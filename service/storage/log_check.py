"""Holding the whole log in the database against itself: every row, hash, node and checkpoint.

It changes nothing, keeps a thousand entries in memory at a time, and does not stop at the first
fault: each one is named with the entry that it is about. The tree is grown from the stored hashes
of leaves, each of which is held against its leaf: so one edited leaf is one fault, and not one for
everything above it. It grows by whole tiles, and stops between them where something was signed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.errors import CryptoError
from crypto.merkle import HASH_LENGTH, TILE_HEIGHT, Frontier, Subtree, leaf_hash
from crypto.note import NoteVerifier
from crypto.tiles import TILE_WIDTH
from service.domain.events import Action
from service.storage import log_rows
from service.storage.log_rows import Fault
from service.storage.log_tables import audit_checkpoint, audit_node


def check(
    session: Session,
    verifier: NoteVerifier,
    guarded: Checkpoint | None,
    tick: Callable[[int], None] = lambda _count: None,
) -> Iterator[Fault]:
    """Yield everything that is wrong with the log as this session sees it.

    ``guarded`` is the checkpoint that the signer gave out last. ``tick`` is called with the number
    of entries read since it was called before.

    Raises:
        LogMissingError: no log was started.
    """
    yield from _Check(session, verifier, guarded).run(tick)


class _Check:
    """One pass over everything, oldest first."""

    def __init__(
        self, session: Session, verifier: NoteVerifier, guarded: Checkpoint | None
    ) -> None:
        self._session = session
        self._verifier = verifier
        self._guarded = guarded
        self._tree: Frontier | None = Frontier()  # None behind a gap: nothing can be hashed there
        self._waiting: list[bytes] = []  # hashes of leaves that the tree does not have yet
        self._stop = 0  # the size at which it gets them
        self._next = 0
        self._last_at = 0
        self._agreed = 0
        self._rewritten = False
        self._marks = _Marks(session)

    def run(self, tick: Callable[[int], None]) -> Iterator[Fault]:
        head = log_rows.head(self._session)
        if head.verifier_key != self._verifier.vkey:
            yield Fault(leaf=0, message="the log names another key than the one that signs it")
        yield from self._compare_marks()
        self._stop = self._next_stop(head)
        for row in log_rows.rows(self._session, -(1 << 62)):
            yield from self._take(row, head)
            if self._next % log_rows.BLOCK == 0:
                tick(log_rows.BLOCK)
        yield from self._end(head)
        tick(self._next % log_rows.BLOCK)

    def _take(self, row: Row[Any], head: Row[Any]) -> Iterator[Fault]:
        if row.seq != self._next:
            yield log_rows.gap(self._next, row.seq)
            self._tree = None
        yield from log_rows.row_faults(row)
        yield from self._time(row)
        self._next = row.seq + 1
        if row.seq >= head.size:
            yield Fault(leaf=row.seq, message=f"entry {row.seq} is beyond the log's head")
        self._waiting.append(_hash_of(row))
        if self._next >= self._stop:
            yield from self._grow(head)
            self._stop = self._next_stop(head)

    def _next_stop(self, head: Row[Any]) -> int:
        """The next size at which a tile is full, or a root or an edge is to be compared."""
        tile = (self._next // TILE_WIDTH + 1) * TILE_WIDTH
        guarded = self._guarded.size if self._guarded else 0
        sizes = (head.size, guarded, self._marks.next_size)
        return min([tile, *(size for size in sizes if size > self._next)])

    def _grow(self, head: Row[Any]) -> Iterator[Fault]:
        hashes, self._waiting = self._waiting, []
        if self._tree is None:
            return
        self._tree, full = self._tree.extend(hashes)
        for subtree in full:
            yield from self._node(subtree)
        yield from self._compare_marks()
        if self._next == head.size:
            yield from self._edge(head)

    def _time(self, row: Row[Any]) -> Iterator[Fault]:
        if row.at < self._last_at and row.action != Action.CLOCK_ACCEPTED:
            yield Fault(
                leaf=row.seq,
                message=f"entry {row.seq}: its time is before that of the entry before it",
            )
        self._last_at = row.at

    def _node(self, subtree: Subtree) -> Iterator[Fault]:
        query = select(audit_node.c.hash).where(
            audit_node.c.level == subtree.level, audit_node.c.idx == subtree.index
        )
        stored = self._session.connection().execute(query).scalar()
        if stored != subtree.hash:
            width = 1 << (TILE_HEIGHT * subtree.level)
            first = subtree.index * width
            what = "is missing" if stored is None else "is not that of these entries"
            yield Fault(
                leaf=first,
                message=f"the stored hash over entries {first} to {first + width - 1} {what}",
            )

    def _edge(self, head: Row[Any]) -> Iterator[Fault]:
        """The head against the tree of exactly as many entries."""
        tree = self._tree
        if tree is not None and head.frontier != tree.to_bytes():
            yield Fault(
                leaf=max(0, head.size - 1),
                message=f"the log's head has other hashes than its {head.size} entries",
            )
        if head.last_at != self._last_at:
            yield Fault(
                leaf=max(0, head.size - 1),
                message="the log's head has another time than its last entry",
            )

    def _compare_marks(self) -> Iterator[Fault]:
        """Hold every signed checkpoint of exactly this size against the root."""
        if self._tree is None:
            return
        for mark in self._marks.of(self._next):
            yield from self._compare(mark.note, mark.root, f"the stored checkpoint of {mark.size}")
        guarded = self._guarded
        if guarded is not None and guarded.size == self._next:
            yield from self._root(guarded.root, f"the guard's checkpoint of {guarded.size}")

    def _compare(self, note: str, root: bytes, what: str) -> Iterator[Fault]:
        try:
            opened = open_checkpoint(note, self._verifier)
        except CryptoError as refused:
            yield Fault(leaf=max(0, self._next - 1), message=f"{what} entries: {refused}")
            return
        if (opened.size, opened.root) != (self._next, root):
            yield Fault(
                leaf=max(0, self._next - 1),
                message=f"{what} entries: its columns are not what its note says",
            )
        yield from self._root(opened.root, what)

    def _root(self, signed: bytes, what: str) -> Iterator[Fault]:
        """One fault for a rewritten past: every later checkpoint would only repeat it."""
        if self._tree is not None and signed == self._tree.root:
            self._agreed = self._next
        elif not self._rewritten:
            self._rewritten = True
            yield Fault(
                leaf=self._agreed,
                message=f"{what} entries signs another history: something between entry "
                f"{self._agreed} and entry {self._next - 1} was changed after it was signed",
            )

    def _end(self, head: Row[Any]) -> Iterator[Fault]:
        if self._next < head.size:
            yield log_rows.gap(self._next, head.size)
        elif self._next == head.size == 0:
            yield from self._edge(head)
        yield from self._beyond()
        yield from _stray_nodes(self._session, self._next)

    def _beyond(self) -> Iterator[Fault]:
        """Checkpoints over more entries than there are: the end is cut off."""
        query = select(func.max(audit_checkpoint.c.size))
        stored = self._session.connection().execute(query).scalar() or 0
        guarded = self._guarded.size if self._guarded else 0
        if max(stored, guarded) > self._next:
            whose = "the guard's" if guarded >= stored else "a stored"
            yield Fault(
                leaf=self._next,
                message=f"the log ends before entry {self._next}, and {whose} checkpoint covers "
                f"{max(stored, guarded)} entries",
            )


class _Marks:
    """Stored checkpoints in the order of their sizes, a block of them in memory at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: list[Row[Any]] = []
        self._ended = False
        self._last = -1

    @property
    def next_size(self) -> int:
        """The size of the next one, or 0 if none is left."""
        self._fill()
        return self._waiting[0].size if self._waiting else 0

    def of(self, size: int) -> Sequence[Row[Any]]:
        """Those of exactly this size; what is smaller is passed over."""
        self._fill()
        while self._waiting and self._waiting[0].size < size:
            self._waiting.pop(0)
            self._fill()
        return [self._waiting.pop(0)] if self._waiting and self._waiting[0].size == size else []

    def _fill(self) -> None:
        if self._waiting or self._ended:
            return
        query = select(audit_checkpoint).where(audit_checkpoint.c.size > self._last)
        query = query.order_by(audit_checkpoint.c.size).limit(log_rows.BLOCK)
        self._waiting = list(self._session.connection().execute(query))
        self._ended = not self._waiting
        if self._waiting:
            self._last = self._waiting[-1].size


def _hash_of(row: Row[Any]) -> bytes:
    """The stored hash; one that is none was named already, and the tree goes on with its leaf's."""
    stored: bytes = row.leaf_hash
    return stored if len(stored) == HASH_LENGTH else leaf_hash(row.leaf)


def _stray_nodes(session: Session, size: int) -> Iterator[Fault]:
    """Hashes of subtrees that the log does not have."""
    query = select(audit_node.c.level, func.max(audit_node.c.idx)).group_by(audit_node.c.level)
    for level, last in session.connection().execute(query.order_by(audit_node.c.level)):
        full = size >> (TILE_HEIGHT * level) if level > 0 else 0
        if last >= full:
            yield Fault(
                leaf=size,
                message=f"a stored hash of level {level} is of entries that the log does not have "
                f"(number {last})",
            )
