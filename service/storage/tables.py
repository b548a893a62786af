"""Tables of accounts: rosters, envelopes, requests, statements, and the outbox.

Times are whole seconds since 1970 UTC, digests lower-case hex, blobs the bytes that were hashed.
A signed statement is kept once, as signed, with the leaf index under which the log received it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.base import Base

# Written into queries exactly as here: an index over part of a table is used by no other words.
NOT_SENT = text("state <> 'sent'")
FAILED = text("fault <> ''")


class AccountRow(Base):
    """A protected account. Its row is the lock under which everything of it changes."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    sns_topic_arn: Mapped[str] = mapped_column(String(300), default="")
    registered_at: Mapped[int] = mapped_column(BigInteger)
    announced_day: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))


class StatementRow(Base):
    """A signed statement; ``about`` is a request's id or a manifest's digest."""

    __tablename__ = "statement"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(64), default="")
    person: Mapped[str] = mapped_column(String(36), default="")
    seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    at: Mapped[int] = mapped_column(BigInteger)
    raw: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_statement_about_seq", "about", "seq"),)


class RosterRow(Base):
    """A roster: a draft collects signatures, an accepted one is a link of the chain."""

    __tablename__ = "roster"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    signatures: Mapped[bytes] = mapped_column(LargeBinary, default=b"")

    __table_args__ = (Index("ix_roster_account_version", "account", "version"),)


class EnvelopeRow(Base):
    """One sealed version of an account's password: ciphertext and its life."""

    __tablename__ = "envelope"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (UniqueConstraint("account", "version"),)


class SealedShareRow(Base):
    """A custodian's share, sealed to their key."""

    __tablename__ = "sealed_share"

    envelope: Mapped[str] = mapped_column(ForeignKey("envelope.id"), primary_key=True)
    custodian: Mapped[str] = mapped_column(String(36), primary_key=True)
    group: Mapped[str] = mapped_column(String(8))
    blob: Mapped[bytes] = mapped_column(LargeBinary)


class RequestRow(Base):
    """A request's state. What was asked is in its statement."""

    __tablename__ = "request"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"))
    manifest: Mapped[str] = mapped_column(String(64))
    recipient_key: Mapped[str] = mapped_column(String(44), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    entered_at: Mapped[int] = mapped_column(BigInteger)
    entered_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    settles_at: Mapped[int | None] = mapped_column(BigInteger, nullable=True)
    released_at: Mapped[int | None] = mapped_column(BigInteger, nullable=True)
    summarised: Mapped[bool] = mapped_column(Boolean, default=False)
    reviewed: Mapped[str] = mapped_column(String(20), default="")
    revision: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (
        Index("ix_request_account_entered_seq", "account", "entered_seq"),
        Index("ix_request_state_settles_at", "state", "settles_at"),
    )


class ResealedShareRow(Base):
    """A share resealed to a request's recipient key, encrypted once more at rest."""

    __tablename__ = "resealed_share"

    request: Mapped[str] = mapped_column(ForeignKey("request.id"), primary_key=True)
    custodian: Mapped[str] = mapped_column(String(36), primary_key=True)
    group: Mapped[str] = mapped_column(String(8))
    decision: Mapped[str] = mapped_column(String(64))
    blob: Mapped[bytes] = mapped_column(LargeBinary)


class OutboxRow(Base):
    """What must be announced: the leaf and the channel. Text and checkpoint are made at sending.

    ``state`` is ``queued``, ``sending`` (a worker has it until ``next_attempt_at``), ``sent``, or
    ``parked`` (a permanent fault; never dropped). ``fault`` is the last one, if it was not sent;
    ``own_fault``: it failed though its channel has taken another one since. ``rank`` is that of its
    severity, 0 the loudest.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    )
    leaf: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(8), default="queued")
    attempts: Mapped[int] = mapped_column(BigInteger, default=0)
    next_attempt_at: Mapped[int] = mapped_column(BigInteger, default=0)
    fault: Mapped[str] = mapped_column(String(100), default="")
    rank: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    own_fault: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    __table_args__ = (
        UniqueConstraint("leaf", "channel"),
        Index(
            "ix_outbox_open",
            "rank",
            "leaf",
            "id",
            sqlite_where=NOT_SENT,
            postgresql_where=NOT_SENT,
        ),
        Index("ix_outbox_failed", "channel", sqlite_where=FAILED, postgresql_where=FAILED),
    )


class ChannelFaultRow(Base):
    """A channel that does not take notices, from the event that says so until it takes them."""

    __tablename__ = "channel_fault"

    channel: Mapped[str] = mapped_column(String(300), primary_key=True)
    fault: Mapped[str] = mapped_column(String(100))
    since: Mapped[int] = mapped_column(BigInteger)
