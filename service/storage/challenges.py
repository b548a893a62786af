"""Challenges that were answered, so that none counts twice; the others leave nothing here."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.storage.people_tables import ChallengeRow


def spent(session: Session, digest: str) -> bool:
    """Whether the challenge with this SHA-256 was answered before."""
    return session.get(ChallengeRow, digest) is not None


def spend(session: Session, digest: str, *, expires_at: datetime) -> None:
    """Write down that a challenge was answered.

    Two at the same moment: the primary key lets one through.
    """
    session.add(ChallengeRow(digest=digest, expires_at=int(expires_at.timestamp())))
    session.flush()


def forget(session: Session, now: datetime) -> None:
    """Delete those that can no longer be answered."""
    session.execute(delete(ChallengeRow).where(ChallengeRow.expires_at <= int(now.timestamp())))
