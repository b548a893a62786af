"""Let the outbox send the most severe notices first, and tell a notice's fault from its channel's.

Upgrade: two columns of the outbox, filled in for what has not been sent, and indexes that hold
nothing but that. Downgrade: takes them away; notices go out oldest first again.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OPEN = sa.text("state <> 'sent'")
FAILED = sa.text("fault <> ''")
# A picture of the table of events as it is at this point; what is in neither is a warning.
RANKS = {
    0: (
        "log:epoch-began",
        "clock:accepted",
        "identity:replaced",
        "roster:restarted",
        "envelope:exposed",
        "request:opened",
        "request:denied",
        "request:ended-by-denial",
        "request:released",
        "request:fetched",
        "request:imported",
        "channel:failed",
        "witness:refused",
    ),
    2: (
        "account:registered",
        "roster:signed",
        "envelope:confirmed",
        "envelope:superseded",
        "request:drill-over",
        "events:exported",
    ),
}
_RANKED = sa.text(
    "UPDATE outbox SET rank = :rank WHERE state <> 'sent'"
    " AND leaf IN (SELECT seq FROM audit_event WHERE action IN :actions)"
).bindparams(sa.bindparam("actions", expanding=True))


def upgrade() -> None:
    op.add_column(
        "outbox", sa.Column("rank", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    op.add_column(
        "outbox", sa.Column("own_fault", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for rank, actions in RANKS.items():
        op.get_bind().execute(_RANKED, {"rank": rank, "actions": list(actions)})
    op.drop_index("ix_outbox_state_next_attempt_at", "outbox")
    order = ["rank", "leaf", "id"]
    op.create_index("ix_outbox_open", "outbox", order, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "ix_outbox_failed", "outbox", ["channel"], sqlite_where=FAILED, postgresql_where=FAILED
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_failed", "outbox")
    op.drop_index("ix_outbox_open", "outbox")
    op.create_index("ix_outbox_state_next_attempt_at", "outbox", ["state", "next_attempt_at"])
    op.drop_column("outbox", "own_fault")
    op.drop_column("outbox", "rank")
