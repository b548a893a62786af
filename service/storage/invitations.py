"""Invitations: rows in, domain values out. A token is known by its SHA-256 alone."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from service.domain.sessions import Invitation
from service.storage.base import table_of
from service.storage.people_tables import InvitationRow

_TABLE = table_of(InvitationRow)
_USED = (
    select(_TABLE.c.person, _TABLE.c.created_at)
    .where(_TABLE.c.person.in_(bindparam("people", expanding=True)), _TABLE.c.used_at.is_not(None))
    .order_by(_TABLE.c.used_at, _TABLE.c.created_at)
)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def by_token(session: Session, digest: str) -> Invitation | None:
    """The invitation whose token has this SHA-256, also one that is used or over, as it now is."""
    row = session.get(InvitationRow, digest, populate_existing=True)
    if row is None:
        return None
    return Invitation(
        person=row.person,
        created_at=_time(row.created_at),
        expires_at=_time(row.expires_at),
        used_at=None if row.used_at is None else _time(row.used_at),
    )


def add(session: Session, invitation: Invitation, *, digest: str) -> None:
    """Store an invitation under the SHA-256 of its token, in place of the person's older ones."""
    now = int(invitation.created_at.timestamp())
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.person == invitation.person, InvitationRow.expires_at > now)
        .values(expires_at=now)
    )
    session.add(
        InvitationRow(
            digest=digest,
            person=invitation.person,
            created_at=now,
            expires_at=int(invitation.expires_at.timestamp()),
        )
    )
    session.flush()


def use(session: Session, digest: str, at: datetime) -> None:
    """Write down that a link was used; it never is again."""
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.digest == digest)
        .values(used_at=int(at.timestamp()))
    )


def close_all(session: Session, at: datetime) -> None:
    """Let every link that is open end now."""
    now = int(at.timestamp())
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.used_at.is_(None), InvitationRow.expires_at > now)
        .values(expires_at=now)
    )


def last_used(session: Session, people: Collection[str]) -> dict[str, datetime]:
    """When the link was issued by which each of these people enrolled last."""
    if not people:
        return {}
    rows = session.connection().execute(_USED, {"people": sorted(people)})
    return {row.person: _time(row.created_at) for row in rows}
