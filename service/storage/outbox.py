"""What must be told: one row per leaf and channel, written with the leaf."""

from sqlalchemy.orm import Session

from service.storage.tables import AccountRow, OutboxRow

FILE_CHANNEL = "file"


def queue(session: Session, *, leaf: int, subject: str, default: str) -> None:
    """Queue the notice of a leaf: to the account's own channel where set, else to ``default``."""
    account = session.get(AccountRow, subject) if subject.isdigit() else None
    channel = (account.sns_topic_arn if account is not None else "") or default
    session.add(OutboxRow(leaf=leaf, channel=channel))
