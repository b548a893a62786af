"""Make all tables: the log, people, accounts with what belongs to them, and the outbox.

Upgrade: into an empty database. Downgrade: deletes everything, the log included; it is there for
tests, and nobody runs it on a service that is in use.

Revision ID: 0001
Revises:
"""

# ruff: noqa: ANN401 - what columns and tables take

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A picture of the tables as they are at this point in history; service.storage moves on.
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CURRENT = sa.text("replaced_at IS NULL")
LIVE_PHRASE = sa.text("kind = 'phrase' AND removed_at IS NULL")


def text(name: str, length: int | None = None, **how: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False, **how)


def number(name: str, **how: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), **({"nullable": False} | how))


def seq(name: str, **how: Any) -> sa.Column[Any]:
    return sa.Column(name, ROW_NUMBER, nullable=False, **({"autoincrement": False} | how))


def small(name: str, **how: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False, **how)


def blob(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def of(name: str, table: str, length: int, **how: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), sa.ForeignKey(f"{table}.id"), nullable=False, **how)


def table(name: str, *parts: Any) -> None:
    sa.Table(name, metadata, *parts)


# ---------------------------------------------------------------- log

table(
    "audit_event",
    seq("seq", primary_key=True),
    seq("at"),
    text("actor"),
    text("action"),
    text("subject"),
    text("request"),
    blob("leaf"),
    blob("leaf_hash"),
    sa.Index(None, "actor", "seq"),
    sa.Index(None, "action", "seq"),
    sa.Index(None, "subject", "seq"),
    sa.Index(None, "request", "seq"),
    sa.Index(None, "at", "seq"),
)
table(
    "audit_head",
    small("id", primary_key=True),
    seq("size"),
    seq("last_at"),
    blob("frontier"),
    text("verifier_key"),
    sa.CheckConstraint("id = 1", name="one_row"),
)
table(
    "audit_node",
    small("level", primary_key=True, autoincrement=False),
    seq("idx", primary_key=True),
    blob("hash"),
)
table(
    "audit_checkpoint",
    seq("size", primary_key=True),
    blob("root"),
    text("note"),
    seq("signed_at"),
)

# ---------------------------------------------------------------- people

table(
    "person",
    text("id", 36, primary_key=True),
    text("email", 254, unique=True),
    text("name", 100),
    flag("operator"),
    flag("auditor"),
    number("created_at"),
)
table(
    "identity",
    text("digest", 64, primary_key=True),
    of("person", "person", 36),
    text("encryption_key", 44, unique=True),
    text("signing_key", 44, unique=True),
    text("fingerprint", 64),
    number("enrolled_at"),
    number("replaced_at", nullable=True),
    sa.Index(
        "ix_identity_person_current",
        "person",
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    ),
)
table(
    "slot",
    text("id", 36, primary_key=True),
    of("person", "person", 36, index=True),
    text("kind", 12),
    blob("wrapped_root"),
    blob("salt"),
    small("iterations"),
    text("sign_in_digest", 64),
    text("statement", 64, unique=True),
    number("created_at"),
    number("removed_at", nullable=True, index=True),
    sa.Index(
        "ix_slot_person_phrase",
        "person",
        unique=True,
        sqlite_where=LIVE_PHRASE,
        postgresql_where=LIVE_PHRASE,
    ),
)
table(
    "session",
    text("digest", 64, primary_key=True),
    text("id", 36, unique=True),
    of("person", "person", 36, index=True),
    text("kind", 6),
    number("created_at", index=True),
    number("last_used_at"),
    number("fresh_at"),
    number("ended_at", nullable=True),
)
table(
    "invitation",
    text("digest", 64, primary_key=True),
    of("person", "person", 36, index=True),
    number("created_at"),
    number("expires_at"),
    number("used_at", nullable=True),
)
table(
    "attempt",
    text("gate", 10, primary_key=True),
    text("digest", 64, primary_key=True),
    text("person", 36),
    number("started_at"),
    small("failures"),
    small("unreported"),
    number("reported_at", nullable=True),
)

# ---------------------------------------------------------------- accounts

table(
    "account",
    text("id", 12, primary_key=True),
    text("sns_topic_arn", 300),
    number("registered_at"),
)
table(
    "statement",
    text("digest", 64, primary_key=True),
    text("kind", 20),
    text("about", 64),
    text("person", 36),
    number("seq", unique=True),
    number("at"),
    blob("raw"),
    sa.Index(None, "about", "seq"),
)
table(
    "roster",
    text("digest", 64, primary_key=True),
    of("account", "account", 12),
    number("version"),
    text("state", 10),
    blob("body"),
    blob("signatures"),
    sa.Index(None, "account", "version"),
)
table(
    "envelope",
    text("id", 36, primary_key=True),
    text("digest", 64, unique=True),
    of("account", "account", 12),
    number("version"),
    text("state", 12),
    blob("content"),
    number("revision"),
    sa.UniqueConstraint("account", "version"),
)
table(
    "sealed_share",
    of("envelope", "envelope", 36, primary_key=True),
    text("custodian", 36, primary_key=True),
    text("group", 8),
    blob("blob"),
)
table(
    "request",
    text("id", 36, primary_key=True),
    text("digest", 64, unique=True),
    of("account", "account", 12),
    text("manifest", 64),
    text("recipient_key", 44, unique=True),
    text("state", 12),
    number("entered_at"),
    number("entered_seq", unique=True),
    number("settles_at", nullable=True),
    number("released_at", nullable=True),
    flag("summarised"),
    text("reviewed", 20),
    number("revision"),
    sa.Index(None, "account", "entered_seq"),
    sa.Index(None, "state", "settles_at"),
)
table(
    "resealed_share",
    of("request", "request", 36, primary_key=True),
    text("custodian", 36, primary_key=True),
    text("group", 8),
    text("decision", 64),
    blob("blob"),
)

# ---------------------------------------------------------------- outbox

table(
    "outbox",
    seq("id", primary_key=True, autoincrement=True),
    number("leaf"),
    text("channel", 300),
    text("state", 8),
    number("attempts"),
    number("next_attempt_at"),
    text("fault", 100),
    sa.UniqueConstraint("leaf", "channel"),
    sa.Index(None, "state", "next_attempt_at"),
)
table(
    "channel_fault",
    text("channel", 300, primary_key=True),
    text("fault", 100),
    number("since"),
)


def upgrade() -> None:
    metadata.create_all(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    metadata.drop_all(op.get_bind(), checkfirst=False)
