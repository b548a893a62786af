"""Add passkeys, and the challenges that were answered.

Upgrade: two new tables; nothing that is there changes. Downgrade: deletes both, so that whoever
has a passkey signs in with their recovery phrase; slots of passkeys stay and open nothing.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("slot", sa.String(36), nullable=False),
        sa.Column("credential", sa.String(1364), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("slot", name="pk_passkey"),
        sa.ForeignKeyConstraint(["slot"], ["slot.id"], name="fk_passkey_slot_slot"),
        sa.UniqueConstraint("credential", name="uq_passkey_credential"),
    )
    op.create_table(
        "challenge",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_challenge"),
    )
    op.create_index("ix_challenge_expires_at", "challenge", ["expires_at"])


def downgrade() -> None:
    op.drop_table("challenge")
    op.drop_table("passkey")
