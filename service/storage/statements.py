"""Signed statements as they were received: kept once, never changed.

Their queries are made once and read plain rows: acts and reads are full of them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import bindparam, exists, insert, select
from sqlalchemy.orm import Session

from crypto.statement import Statement, parse
from service.domain import errors
from service.storage.base import table_of
from service.storage.query_cache import found_so_far
from service.storage.tables import StatementRow

_TABLE = table_of(StatementRow)
# One statement that says whether it was there: an error would end PostgreSQL's transaction.
_INSERT_UNKNOWN = (
    insert(_TABLE)
    .from_select(
        list(_TABLE.c.keys()),
        select(*(bindparam(column.name, type_=column.type) for column in _TABLE.c)).where(
            ~exists().where(_TABLE.c.digest == bindparam("digest", type_=_TABLE.c.digest.type))
        ),
    )
    .execution_options(preserve_rowcount=True)
)
_BY_DIGEST = select(_TABLE).where(_TABLE.c.digest == bindparam("digest"))
_IS_ABOUT = _TABLE.c.about.in_(bindparam("subjects", expanding=True))
_IS_ITSELF = _TABLE.c.digest.in_(bindparam("digests", expanding=True))
_IN_ORDER = select(_TABLE.c.about, _TABLE.c.raw, _TABLE.c.seq, _TABLE.c.at).order_by(_TABLE.c.seq)
_ABOUT = _IN_ORDER.where(_IS_ABOUT)
_ABOUT_OR_ITSELF = _IN_ORDER.where(_IS_ABOUT | _IS_ITSELF)
_PLACES = select(_TABLE.c.digest, _TABLE.c.seq, _TABLE.c.at).where(_IS_ITSELF)

# The same bytes say the same for ever, and the newest requests are read again and again. What is
# posted has a small one of its own, for the few times that one act looks at it: strangers can
# neither fill the memory nor push out what is stored.
parsed = lru_cache(maxsize=1024)(parse)
posted = lru_cache(maxsize=32)(parse)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A statement with its leaf index and the log's time."""

    statement: Statement
    seq: int
    at: datetime


def keep(
    session: Session, statement: Statement, *, about: str, person: str, seq: int, at: datetime
) -> None:
    """Store one statement under its digest; ``about`` is a request's id or a manifest's digest.

    Raises:
        ReplayedError: it was received before.
    """
    row = {
        "digest": statement.digest,
        "kind": statement.kind,
        "about": about,
        "person": person,
        "seq": seq,
        "at": int(at.timestamp()),
        "raw": statement.raw,
    }
    if session.connection().execute(_INSERT_UNKNOWN, row).rowcount != 1:
        raise errors.ReplayedError


@lru_cache(maxsize=1024)
def _received(raw: bytes, seq: int, at: int) -> Received:
    return Received(statement=parsed(raw), seq=seq, at=datetime.fromtimestamp(at, tz=UTC))


def about(session: Session, subject: str) -> list[Received]:
    """All statements that belong to a request or a manifest, in the order of the log."""
    return list(about_each(session, [subject])[subject])


def about_each(
    session: Session, subjects: Collection[str], digests: Collection[str] = ()
) -> Mapping[str, Sequence[Received]]:
    """The statements of several requests or manifests, by subject, in one query.

    Of what ``digests`` name, the statement itself and nothing further about it.
    """
    known: dict[str, Sequence[Received]] = found_so_far(session, "statements about")
    asked = [subject for subject in subjects if subject not in known]
    single = [digest for digest in digests if digest not in known and digest not in asked]
    found: Mapping[str, list[Received]] = defaultdict(list)
    if asked or single:
        wanted = {"subjects": asked} | ({"digests": single} if single else {})
        query = _ABOUT_OR_ITSELF if single else _ABOUT
        for about_, raw, seq, at in session.connection().execute(query, wanted).all():
            found[about_].append(_received(raw, seq, at))
    known |= {subject: found[subject] for subject in asked}
    return {one: known.get(one) or found[one] for one in {*subjects, *digests}}


def places(session: Session, digests: Collection[str]) -> Mapping[str, int]:
    """Leaf indexes of statements by their digests; one that was never received is left out."""
    if not digests:
        return {}
    rows = session.connection().execute(_PLACES, {"digests": sorted(digests)}).all()
    return {row.digest: row.seq for row in rows}


def times(session: Session, digests: Collection[str]) -> Mapping[str, datetime]:
    """The log's times of statements by their digests; one that was never received is left out."""
    if not digests:
        return {}
    rows = session.connection().execute(_PLACES, {"digests": sorted(digests)}).all()
    return {row.digest: datetime.fromtimestamp(row.at, tz=UTC) for row in rows}


def get(session: Session, digest: str) -> Received:
    """One statement.

    Raises:
        NotFoundError: it was never received.
    """
    row = session.connection().execute(_BY_DIGEST, {"digest": digest}).one_or_none()
    if row is None:
        raise errors.NotFoundError
    return _received(row.raw, row.seq, row.at)
