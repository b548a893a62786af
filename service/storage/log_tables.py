"""The log's tables. The leaf is the truth; the columns beside it are copies to search by."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from service.storage.base import BIGINT, Base

audit_event = Table(
    "audit_event",
    Base.metadata,
    Column("seq", BIGINT, primary_key=True, autoincrement=False),  # the leaf's index in the tree
    Column("at", BIGINT, nullable=False),  # seconds since 1970
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    # What follows "seq" is for those who look for two things: they read no leaf in vain.
    Index(None, "actor", "seq", "action", "subject"),
    Index(None, "action", "seq", "subject"),
    Index(None, "subject", "seq", "action"),
    Index(None, "request", "seq"),
    Index(None, "at", "seq"),
)

# One row. It exists from the moment a key was made for the log, and names that key.
audit_head = Table(
    "audit_head",
    Base.metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True),
    Column("size", BIGINT, nullable=False),
    Column("last_at", BIGINT, nullable=False),
    Column("frontier", LargeBinary, nullable=False),  # 32 bytes for each 1 bit of size
    Column("verifier_key", Text, nullable=False),
)

# Roots of complete subtrees of 256 leaves (level 1), 65,536 (level 2) and so on: the hashes of
# C2SP tiles. With the right edge in audit_head, they make appending and proving cheap.
audit_node = Table(
    "audit_node",
    Base.metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("idx", BIGINT, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

audit_checkpoint = Table(
    "audit_checkpoint",
    Base.metadata,
    Column("size", BIGINT, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_at", BIGINT, nullable=False),
)

# What witnesses said of a checkpoint: their signature lines, verified before they were kept.
audit_cosignature = Table(
    "audit_cosignature",
    Base.metadata,
    Column(
        "size",
        BIGINT,
        ForeignKey(audit_checkpoint.c.size),
        primary_key=True,
        autoincrement=False,
    ),
    Column("witness", Text, primary_key=True),  # its verifier key
    Column("root", LargeBinary, nullable=False),
    Column("line", Text, nullable=False),
    Column("at", BIGINT, nullable=False),  # by the witness's clock
)

# The state of each witness that was ever asked: see ``witnesses.Standing``.
witness_standing = Table(
    "witness_standing",
    Base.metadata,
    Column("witness", Text, primary_key=True),  # its verifier key
    Column("size", BIGINT, nullable=False),
    Column("cosigned_at", BIGINT, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("fault", Text, nullable=False),
    Column("since", BIGINT, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("next_at", BIGINT, nullable=False),
    Column("told", Text, nullable=False),
)
