"""Tables of people: identities, key slots, sessions, invitations, counted failures.

Times are whole seconds since 1970 UTC, digests lower-case hex, keys base64. No token and no sign-in
key is stored, only its SHA-256.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.base import Base

_CURRENT = text("replaced_at IS NULL")
_LIVE_PHRASE = text("kind = 'phrase' AND removed_at IS NULL")


class PersonRow(Base):
    """A person who was invited. The row is the lock for all that follows in this file."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    operator: Mapped[bool] = mapped_column(Boolean)
    auditor: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[int] = mapped_column(BigInteger)


class IdentityRow(Base):
    """Two public keys with the statement that enrolled them; kept after they were replaced."""

    __tablename__ = "identity"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    encryption_key: Mapped[str] = mapped_column(String(44), unique=True)
    signing_key: Mapped[str] = mapped_column(String(44), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    enrolled_at: Mapped[int] = mapped_column(BigInteger)
    replaced_at: Mapped[int | None] = mapped_column(BigInteger, nullable=True)

    __table_args__ = (
        Index(
            "ix_identity_person_current",
            "person",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
    )


class SlotRow(Base):
    """One wrapped copy of a root. A removed one is kept for 30 days."""

    __tablename__ = "slot"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    wrapped_root: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    iterations: Mapped[int] = mapped_column(Integer)
    sign_in_digest: Mapped[str] = mapped_column(String(64))
    statement: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[int] = mapped_column(BigInteger)
    removed_at: Mapped[int | None] = mapped_column(BigInteger, nullable=True, index=True)

    __table_args__ = (
        Index(
            "ix_slot_person_phrase",
            "person",
            unique=True,
            sqlite_where=_LIVE_PHRASE,
            postgresql_where=_LIVE_PHRASE,
        ),
    )


class PasskeyRow(Base):
    """What verifies a passkey's answers; it stays as long as its slot's row, removed or not."""

    __tablename__ = "passkey"

    slot: Mapped[str] = mapped_column(ForeignKey("slot.id"), primary_key=True)
    credential: Mapped[str] = mapped_column(String(1364), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[str] = mapped_column(String(200))


class ChallengeRow(Base):
    """A challenge that was answered, by its SHA-256, until it would have expired anyway."""

    __tablename__ = "challenge"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)


class SessionRow(Base):
    """A session under the SHA-256 of its token."""

    __tablename__ = "session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(6))
    created_at: Mapped[int] = mapped_column(BigInteger, index=True)
    last_used_at: Mapped[int] = mapped_column(BigInteger)
    fresh_at: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger, nullable=True)


class InvitationRow(Base):
    """An enrolment link under the SHA-256 of its token."""

    __tablename__ = "invitation"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[int | None] = mapped_column(BigInteger, nullable=True)


class SaltKeyRow(Base):
    """The one key of all salts; see ``storage.salt_key``."""

    __tablename__ = "salt_key"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class AttemptRow(Base):
    """Failures at one gate: over all (an empty digest), or of one address or link.

    ``digest`` is keyed, so that the table does not reveal what strangers typed. ``person`` is whom
    it concerned, where the service knows. ``reported_at`` is used in the row over all.
    """

    __tablename__ = "attempt"

    gate: Mapped[str] = mapped_column(String(10), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(36), default="")
    started_at: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(Integer)
    unreported: Mapped[int] = mapped_column(Integer)
    reported_at: Mapped[int | None] = mapped_column(BigInteger, nullable=True)
