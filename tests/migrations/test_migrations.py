"""Every revision up and down, and at the end exactly the tables that the models say."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from service.ops import lock, migrate
from service.ops.failures import OpsError
from service.storage import log_tables, people_tables, tables
from service.storage.base import Base
from service.storage.database import Database

REVISIONS = [
    step.revision
    for step in reversed(list(ScriptDirectory.from_config(migrate.revisions()).walk_revisions()))
]
__all__ = ["log_tables", "people_tables", "tables"]  # imported so that Base knows every table


@pytest.fixture
def bare(database_url: str, state_dir: Path) -> Any:
    """A database without a table; the test runs once on each engine."""
    database = Database(database_url, state_dir)
    yield database
    database.dispose()


def to(database: Database, revision: str, *, up: bool = True) -> None:
    with database.write() as session:
        config = migrate.revisions(session.connection())
        (command.upgrade if up else command.downgrade)(config, revision)


def plain(value: Any) -> str:
    """A reflected value as text, whatever order and whatever objects it came in."""
    if isinstance(value, dict):
        return str(sorted((name, plain(part)) for name, part in value.items()))
    return str(sorted(map(plain, value))) if isinstance(value, list) else str(value)


def picture(connection: Connection) -> dict[str, Any]:
    """Everything that the engine knows of its tables, but for Alembic's own."""
    found = inspect(connection)
    looks = {
        "key": found.get_pk_constraint,
        "foreign": found.get_foreign_keys,
        "unique": found.get_unique_constraints,
        "indexes": found.get_indexes,
        "checks": found.get_check_constraints,
    }
    return {
        name: {
            "columns": [plain(column) for column in found.get_columns(name)],
            **{what: plain(look(name)) for what, look in looks.items()},
        }
        for name in sorted(found.get_table_names())
        if name != "alembic_version"
    }


def pictured(database: Database) -> dict[str, Any]:
    with database.read() as session:
        return picture(session.connection())


def test_the_newest_revision_is_what_the_models_say(bare: Database) -> None:
    migrate.upgrade(bare)
    with bare.read() as session:
        how = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(session.connection(), opts=how)
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_makes_the_very_tables_that_tests_make_from_the_models(bare: Database) -> None:
    migrate.upgrade(bare)
    migrated = pictured(bare)
    to(bare, "base", up=False)
    Base.metadata.create_all(bare.engine)
    assert migrated == pictured(bare)
    assert len(migrated) == len(Base.metadata.tables)


@pytest.mark.parametrize("revision", REVISIONS)
def test_down_undoes_up(bare: Database, revision: str) -> None:
    below = REVISIONS[: REVISIONS.index(revision)]
    if below:
        to(bare, below[-1])
    before = pictured(bare)
    to(bare, revision)
    assert pictured(bare) != before
    to(bare, below[-1] if below else "base", up=False)
    assert pictured(bare) == before


def test_an_upgrade_says_what_it_ran_and_runs_nothing_twice(bare: Database) -> None:
    assert migrate.upgrade(bare) == REVISIONS
    assert migrate.upgrade(bare) == []
    assert migrate.current(bare) == migrate.newest() == REVISIONS[-1]
    migrate.check(bare)


def test_an_upgrade_that_fails_leaves_nothing(bare: Database) -> None:
    with bare.write() as session:  # in the way of one of the last tables
        session.execute(text("CREATE TABLE outbox (id INTEGER)"))
    with pytest.raises(Exception, match="outbox"):
        migrate.upgrade(bare)
    assert list(pictured(bare)) == ["outbox"]
    assert migrate.current(bare) == ""


def test_a_database_without_tables_says_so(bare: Database) -> None:
    with pytest.raises(OpsError, match="has no tables: check BREAKGLASS_DATABASE_URL"):
        migrate.check(bare)


def test_a_database_of_a_newer_program_is_refused(bare: Database) -> None:
    migrate.upgrade(bare)
    with bare.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(OpsError, match="does not know"):
        migrate.check(bare)


def test_nothing_is_migrated_under_a_running_server(bare: Database, state_dir: Path) -> None:
    with (
        lock.held(state_dir / lock.SERVER),
        pytest.raises(OpsError, match="a server is running"),
    ):
        migrate.upgrade_stopped(bare, state_dir)
    assert migrate.upgrade_stopped(bare, state_dir) == REVISIONS


def test_the_revisions_are_found_where_the_package_stands() -> None:
    folder = migrate.revisions().get_main_option("script_location")
    assert folder is not None
    assert {path.name for path in Path(folder, "versions").glob("0*.py")}
