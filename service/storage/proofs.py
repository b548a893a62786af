"""Proofs about the log in the database, computed from stored hashes: a few range reads each.

Leaf hashes are the tiles of level 0, ``audit_node`` has those above. A reader's transaction sees
one moment, so a head and the proofs read after it in one session belong together.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crypto.errors import MalformedError
from crypto.tiles import TILE_WIDTH, TileProofs
from service.storage import log
from service.storage.errors import LogDamagedError
from service.storage.log_tables import audit_event, audit_node


def inclusion(session: Session, index: int, size: int) -> list[bytes]:
    """Return the audit path of leaf ``index`` in the tree of the first ``size`` leaves.

    Raises:
        ValueError: no such leaf in such a tree.
        LogDamagedError: a hash that must be there is missing.
    """
    try:
        return _proofs(session).inclusion(index, size)
    except MalformedError as error:
        raise LogDamagedError(str(error)) from None


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of ``old`` leaves is a prefix of the one of ``new``.

    Raises:
        ValueError: not 0 < old <= new.
        LogDamagedError: a hash that must be there is missing.
    """
    try:
        return _proofs(session).consistency(old, new)
    except MalformedError as error:
        raise LogDamagedError(str(error)) from None


def root(session: Session, size: int) -> bytes:
    """Return the root of the tree of the first ``size`` leaves.

    Raises:
        LogDamagedError: a hash that must be there is missing.
    """
    try:
        return _proofs(session).root(size)
    except MalformedError as error:
        raise LogDamagedError(str(error)) from None


def check_head(session: Session) -> log.Head:
    """Return the head, if the stored hashes lead to it and no leaf stands behind it.

    Raises:
        LogMissingError: no log was started.
        LogDamagedError: they do not.
    """
    head = log.head(session)
    if root(session, head.size) != head.frontier.root:
        raise LogDamagedError("its hashes do not lead to its head")
    if log.read_leaves(session, head.size, 1):
        raise LogDamagedError("it has entries behind its head")
    return head


def read_tile(session: Session, level: int, index: int) -> list[bytes]:
    """Return the hashes of a tile that are stored, up to the first that is missing."""
    start = index * TILE_WIDTH
    hashes: list[bytes] = []
    for row in session.connection().execute(_tile_query(level, start)):
        if row.place != start + len(hashes):
            break
        hashes.append(row.hash)
    return hashes


def _tile_query(level: int, start: int) -> Select[Any]:
    if level == 0:
        place, query = audit_event.c.seq, select(audit_event.c.leaf_hash.label("hash"))
    else:
        place = audit_node.c.idx
        query = select(audit_node.c.hash).where(audit_node.c.level == level)
    within = query.where(place >= start, place < start + TILE_WIDTH)
    return within.add_columns(place.label("place")).order_by(place)


def _proofs(session: Session) -> TileProofs:
    def read(level: int, index: int) -> Sequence[bytes]:
        return read_tile(session, level, index)

    return TileProofs(read)
