"""How Alembic runs here: on the connection that ``breakglass-ops`` or a test hands in.

There is no configuration file: whoever migrates has read the settings already. The whole upgrade is
one transaction, on both databases.
"""

from alembic import context


def run() -> None:
    """Run the revisions on ``attributes["connection"]``, inside its transaction."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=None,
        # SQLite cannot change a column in place; batches copy the table.
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
