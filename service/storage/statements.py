"""Signed statements as they were received: kept once, never changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto.statement import Statement, parse
from service.domain import errors
from service.storage.tables import StatementRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A statement with its leaf index and the log's time."""

    statement: Statement
    seq: int
    at: datetime


def refuse_known(session: Session, digests: Collection[str]) -> None:
    """Refuse statements that were received before.

    Raises:
        ReplayedError: one of them is stored.
    """
    if (
        digests
        and session.scalar(
            select(StatementRow.seq).where(StatementRow.digest.in_(digests)).limit(1)
        )
        is not None
    ):
        raise errors.ReplayedError


def keep(
    session: Session, statement: Statement, *, about: str, person: str, seq: int, at: datetime
) -> None:
    """Store one statement under its digest; ``about`` is a request's id or a manifest's digest."""
    session.add(
        StatementRow(
            digest=statement.digest,
            kind=statement.kind,
            about=about,
            person=person,
            seq=seq,
            at=int(at.timestamp()),
            raw=statement.raw,
        )
    )


def _received(row: StatementRow) -> Received:
    return Received(
        statement=parse(row.raw), seq=row.seq, at=datetime.fromtimestamp(row.at, tz=UTC)
    )


def about(session: Session, subject: str) -> list[Received]:
    """All statements that belong to a request or a manifest, in the order of the log."""
    rows = session.scalars(
        select(StatementRow).where(StatementRow.about == subject).order_by(StatementRow.seq)
    )
    return [_received(row) for row in rows]


def get(session: Session, digest: str) -> Received:
    """One statement.

    Raises:
        NotFoundError: it was never received.
    """
    row = session.get(StatementRow, digest)
    if row is None:
        raise errors.NotFoundError
    return _received(row)
