"""What keeps the server from starting, made as it happens: files of others, older copies.

Each time ``serve`` ends with code 1 and one sentence that says why and what to do, nothing answers
on the port, and ``status`` says the same sentence.
"""

import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from service.config import Settings
from service.ops.opening import opened
from service.storage.database import Database
from tests.ops.installation import Answer, Installation, ended, free_port


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of another installation under the same name: its own keys and log."""
    folder = tmp_path_factory.mktemp("other") / "state"
    made = Installation(state_dir=folder, port=free_port())
    done = ended(made.start("init", "--invite-nobody"))
    assert done.code == 0, done.err
    return folder


def refused(installation: Installation) -> Answer:
    """Try to serve; what it said, which status has to say as well."""
    done = ended(installation.start("serve"))
    assert done.code == 1
    assert done.out == ""
    assert not installation.answers()
    [line] = done.err.splitlines()
    status = installation.run("status")
    assert status.code == 1
    why = line.removeprefix("breakglass-ops: ")
    assert why in status.out
    return done


def checkpoint(read: Settings) -> None:
    """Sign the log as it stands, which the guard remembers."""
    with opened(read) as ctx:
        ctx.signer.checkpoint(ctx.database)


FOREIGN: dict[str, tuple[tuple[str, ...], str]] = {
    "key": (("log.key",), "the guard"),
    "guard": (("log.guard",), "is not a checkpoint signed by the log's key"),
    "key and guard": (("log.key", "log.guard"), "the database's log belongs to another key"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_files_of_another_log_are_told_from_our_own(
    ready: Installation, read: Settings, other: Path, what: str
) -> None:
    checkpoint(read)
    names, said = FOREIGN[what]
    for name in names:
        shutil.copy2(other / name, ready.state_dir / name)
    done = refused(ready)
    assert said in done.err
    assert "correct that one alone. Never take a guard from a copy" in done.err


def test_an_older_copy_of_the_database_is_a_rewound_log(
    ready: Installation, read: Settings, tmp_path: Path
) -> None:
    checkpoint(read)
    copy = tmp_path / "copy.db"
    assert ready.run("backup", str(copy)).code == 0
    assert ready.run("invite", "later@corp.example", "Later").code == 0
    checkpoint(read)
    for path in ready.state_dir.glob("breakglass.db*"):
        path.unlink()
    shutil.copy2(copy, ready.state_dir / "breakglass.db")
    done = refused(ready)
    assert "the log was rewound: it has 2 entries, and a checkpoint over 3 was signed" in done.err
    assert "put back a newer copy of the database" in done.err


def lose_version(database: Database) -> None:
    with database.write() as session:
        session.execute(text("DELETE FROM alembic_version"))


def newer_version(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))


VERSIONS: dict[str, tuple[Callable[[Database], None], str]] = {
    "none": (lose_version, "the database has no tables: check BREAKGLASS_DATABASE_URL"),
    "newer": (newer_version, "install the version that was used last, or a newer one"),
}


@pytest.mark.parametrize("which", VERSIONS)
def test_a_database_of_another_version_is_not_touched(
    ready: Installation, read: Settings, which: str
) -> None:
    change, said = VERSIONS[which]
    database = Database(read.database, read.state_dir)
    change(database)
    database.dispose()
    assert said in refused(ready).err


def test_a_missing_database_is_not_made_anew(ready: Installation) -> None:
    (ready.state_dir / "breakglass.db").unlink()
    assert "or put back the newest copy of the database; only if" in refused(ready).err
    assert not (ready.state_dir / "breakglass.db").exists()


def test_a_second_server_on_sqlite_does_not_start_and_the_first_goes_on(
    ready: Installation,
) -> None:
    ready.serve()
    second = Installation(state_dir=ready.state_dir, port=free_port(), settings=ready.settings)
    done = ended(second.start("serve"))
    assert (done.code, done.out) == (1, "")
    assert "another server is already running in this state folder" in done.err
    assert not second.answers()
    assert ready.answers()


def test_an_address_that_others_have_is_one_sentence(ready: Installation) -> None:
    with socket.create_server(("127.0.0.1", ready.port)):
        done = ended(ready.start("serve"))
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        f"breakglass-ops: another program already listens on 127.0.0.1:{ready.port}: stop it, or "
        "set BREAKGLASS_BIND\n"
    )


def test_an_address_of_another_machine_is_one_sentence(ready: Installation) -> None:
    done = ended(ready.start("serve", BREAKGLASS_BIND="192.0.2.1:8420"))
    assert done.code == 1
    assert done.err.startswith("breakglass-ops: cannot listen on 192.0.2.1:8420: ")
    assert len(done.err.splitlines()) == 1


def test_it_takes_over_at_once_from_a_server_that_was_killed(ready: Installation) -> None:
    first = ready.serve()
    first.kill()  # its parent process alone: the worker finds out by itself
    ready.serve()
