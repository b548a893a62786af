"""Keep the key from which addresses have their salts.

Upgrade: one new table, empty; the key is made when a salt is first asked for. Made-up salts move
this once; those of people stay. Downgrade: deletes it, and made-up salts move again.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "salt_key",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_salt_key"),
    )


def downgrade() -> None:
    op.drop_table("salt_key")
