"""Proofs about the log in the database, computed from stored hashes: a few range reads each.

Leaf hashes are the tiles of level 0, ``audit_node`` has those above. A reader's transaction sees
one moment, so a head and the proofs read after it in one session belong together; several proofs
of one moment are made by one ``Reader``, which reads each tile once.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from crypto.errors import MalformedError
from crypto.tiles import TILE_WIDTH, TileProofs
from service.storage import log
from service.storage.errors import LogDamagedError
from service.storage.log_tables import audit_event, audit_node

_LEAF_TILE = (
    select(audit_event.c.seq, audit_event.c.leaf_hash)
    .where(audit_event.c.seq >= bindparam("start"), audit_event.c.seq < bindparam("end"))
    .order_by(audit_event.c.seq)
)
_NODE_TILE = (
    select(audit_node.c.idx, audit_node.c.hash)
    .where(audit_node.c.level == bindparam("level"))
    .where(audit_node.c.idx >= bindparam("start"), audit_node.c.idx < bindparam("end"))
    .order_by(audit_node.c.idx)
)


class Reader:
    """Makes proofs about the log as one session sees it.

    Every method raises LogDamagedError when a hash that must be there is missing, and ValueError
    for a tree or leaf that there cannot be.
    """

    def __init__(self, session: Session) -> None:
        def read(level: int, index: int) -> Sequence[bytes]:
            return read_tile(session, level, index)

        self._tiles = TileProofs(read)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the audit path of leaf ``index`` in the tree of the first ``size`` leaves."""
        try:
            return self._tiles.inclusion(index, size)
        except MalformedError as error:
            raise LogDamagedError(str(error)) from None

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the tree of ``old`` leaves is a prefix of the one of ``new``."""
        try:
            return self._tiles.consistency(old, new)
        except MalformedError as error:
            raise LogDamagedError(str(error)) from None

    def root(self, size: int) -> bytes:
        """Return the root of the tree of the first ``size`` leaves."""
        try:
            return self._tiles.root(size)
        except MalformedError as error:
            raise LogDamagedError(str(error)) from None


def check_head(session: Session) -> log.Head:
    """Return the head, if the stored hashes lead to it and no leaf is beyond it.

    Raises:
        LogMissingError: no log was started.
        LogDamagedError: they do not.
    """
    head = log.head(session)
    if Reader(session).root(head.size) != head.frontier.root:
        raise LogDamagedError("its hashes do not lead to its head")
    if log.read_leaves(session, head.size, 1):
        raise LogDamagedError("it has entries beyond its head")
    return head


def read_tile(session: Session, level: int, index: int) -> list[bytes]:
    """Return the hashes of a tile that are stored, up to the first that is missing."""
    start = index * TILE_WIDTH
    place = {"start": start, "end": start + TILE_WIDTH}
    if level == 0:
        rows = session.connection().execute(_LEAF_TILE, place).all()
    else:
        rows = session.connection().execute(_NODE_TILE, place | {"level": level}).all()
    hashes: list[bytes] = []
    for expected, (number, stored) in enumerate(rows, start):
        if number != expected:
            break
        hashes.append(stored)
    return hashes
