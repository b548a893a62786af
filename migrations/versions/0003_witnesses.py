"""Add what witnesses have said of the log, and how it stands with each of them.

Upgrade: two new tables; nothing that is there changes. Downgrade: deletes both. The cosignatures
that they held are gone then, but for those in notices and exports; the witnesses remember.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_cosignature",
        sa.Column("size", BIGINT, nullable=False, autoincrement=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", BIGINT, nullable=False),
        sa.PrimaryKeyConstraint("size", "witness", name="pk_audit_cosignature"),
        sa.ForeignKeyConstraint(
            ["size"], ["audit_checkpoint.size"], name="fk_audit_cosignature_size_audit_checkpoint"
        ),
    )
    op.create_table(
        "witness_standing",
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("size", BIGINT, nullable=False),
        sa.Column("cosigned_at", BIGINT, nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("since", BIGINT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", BIGINT, nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("witness", name="pk_witness_standing"),
    )


def downgrade() -> None:
    op.drop_table("witness_standing")
    op.drop_table("audit_cosignature")
