"""Give an account's id room for the number of a further line, and count its daily notices.

Upgrade: the id, and what refers to it, holds 16 characters where it held 12; one new column.
Nothing moves. Downgrade: takes both away, and PostgreSQL refuses it as soon as there is a further
line: it is there for tests.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = (
    ("account", "id"),
    ("roster", "account"),
    ("envelope", "account"),
    ("request", "account"),
)


def _resize(before: int, after: int) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _redeclare(before, after)
        return
    for table, column in COLUMNS:
        op.alter_column(
            table,
            column,
            existing_type=sa.String(before),
            type_=sa.String(after),
            existing_nullable=False,
        )


def _redeclare(before: int, after: int) -> None:
    """Change the declared type alone, which SQLite does not enforce.

    Copying a table, as a batch does, would drop one that others refer to. This is the procedure
    that SQLite's documentation of ALTER TABLE gives for a change that does not touch what is kept.
    """
    run = op.get_bind().exec_driver_sql
    version = run("PRAGMA schema_version").scalar_one()
    run("PRAGMA writable_schema=ON")
    for table, column in COLUMNS:
        was, now = (f"\t{column} VARCHAR({length}) NOT NULL" for length in (before, after))
        found = run("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).scalar_one()
        if found.count(was) != 1:
            raise RuntimeError(f"the table {table} is not declared as expected")
        run(
            "UPDATE sqlite_schema SET sql = ? WHERE name = ? AND type = 'table'",
            (found.replace(was, now), table),
        )
    run(f"PRAGMA schema_version={version + 1}")
    run("PRAGMA writable_schema=OFF")


def upgrade() -> None:
    _resize(12, 16)
    day = sa.Column("announced_day", sa.Integer(), nullable=False, server_default=sa.text("0"))
    op.add_column("account", day)


def downgrade() -> None:
    op.drop_column("account", "announced_day")
    _resize(16, 12)
