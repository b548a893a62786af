"""A copy while the service writes: whole, private, and without the key of what lies at rest."""

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from service.config import Settings
from service.ops.backup import backup
from service.ops.failures import OpsError
from service.ops.opening import opened
from service.storage import proofs
from service.storage.at_rest import AtRest
from service.storage.database import Database
from tests.conftest import HandClock
from tests.ops.installation import Installation
from tests.usecases.world import make_world


@pytest.fixture
def on_sqlite(read: Settings) -> None:
    if read.database_url:
        pytest.skip("PostgreSQL is copied by its own tool")


@pytest.fixture
def on_postgresql(read: Settings) -> None:
    if not read.database_url:
        pytest.skip("SQLite is copied by its own means")


@pytest.mark.usefixtures("on_sqlite")
def test_a_copy_is_a_whole_log_in_a_file_of_its_owner(
    ready: Installation, read: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "copy.db"
    done = ready.run("backup", str(path))
    assert done.code == 0
    assert "2 entries of the log" in done.out
    assert "at-rest.key   never with a backup" in done.out
    assert path.stat().st_mode & 0o777 == 0o600
    copied = Database(f"sqlite:///{path}", tmp_path)
    with copied.read() as session:
        assert proofs.check_head(session).size == 2
    copied.dispose()


@pytest.mark.usefixtures("on_sqlite")
def test_every_file_of_the_state_folder_is_inside_or_named_or_made_anew(
    ready: Installation, tmp_path: Path
) -> None:
    for name in ("witnesses.txt", "sign-in.txt"):
        (ready.state_dir / name).write_text("", encoding="ascii")
    ready.serve()
    ready.stop_all()
    said = ready.run("backup", str(tmp_path / "copy.db")).out.partition("Not in the backup")[2]
    inside = {"breakglass.db", "breakglass.db-wal", "breakglass.db-shm"}
    made_anew = {path.name for path in ready.state_dir.glob("*.lock")}
    sent_and_in_the_log = {"notices.jsonl"}
    left = {path.name for path in ready.state_dir.iterdir()} - inside - made_anew
    named = {name for name in left if name in said}
    assert left - named <= sent_and_in_the_log
    assert {"witnesses.txt", "sign-in.txt", "log.key", "at-rest.key", "log.guard"} <= named


@pytest.mark.usefixtures("on_sqlite")
def test_a_folder_gets_a_file_named_after_the_time(
    ready: Installation, read: Settings, tmp_path: Path, clock: HandClock
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    backup(read, folder, clock())
    assert [p.name for p in folder.iterdir()] == ["breakglass-20261123T090000Z.db"]


@pytest.mark.usefixtures("on_sqlite")
def test_every_copy_taken_while_others_write_is_whole(
    ready: Installation, read: Settings, tmp_path: Path, clock: HandClock
) -> None:
    stop = threading.Event()
    with opened(read) as ctx:
        world = make_world(ctx.database, ctx.signer, read.state_dir, clock)
        clock.time = ctx.clock()
        world.enrol_everybody()

        def write() -> None:
            for number in range(1000):
                if stop.is_set():
                    return
                world.register(f"{number:012}")

        writer = threading.Thread(target=write)
        writer.start()
        sizes = [backup(read, tmp_path / f"{n}.db", clock()).entries for n in range(5)]
        stop.set()
        writer.join()
    assert sizes == sorted(sizes, key=lambda size: size or 0)
    for number in range(5):
        copied = Database(f"sqlite:///{tmp_path / f'{number}.db'}", tmp_path)
        with copied.read() as session:
            assert proofs.check_head(session).size == sizes[number]
        copied.dispose()


@pytest.mark.usefixtures("on_sqlite")
def test_the_key_of_what_lies_at_rest_is_nowhere_in_a_copy(
    ready: Installation, read: Settings, tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "copy.db"
    backup(read, path, clock())
    assert (ready.state_dir / "at-rest.key").read_bytes() not in path.read_bytes()
    assert (ready.state_dir / "log.key").read_bytes() not in path.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "state"]
    AtRest.load(ready.state_dir / "at-rest.key")


def test_a_copy_never_replaces_a_file(
    ready: Installation, read: Settings, tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "copy.db"
    path.write_text("mine", encoding="ascii")
    with pytest.raises(OpsError):
        backup(read, path, clock())
    assert path.read_text(encoding="ascii") == "mine"


@pytest.mark.usefixtures("on_sqlite")
def test_a_copy_that_cannot_be_made_leaves_no_file(
    installation: Installation, read: Settings, tmp_path: Path, clock: HandClock
) -> None:
    with pytest.raises(OpsError, match="there is no database"):
        backup(read, tmp_path / "copy.db", clock())
    sqlite3.connect(read.state_dir / "breakglass.db").close()  # a file that is no database of ours
    with pytest.raises(sqlite3.Error):
        backup(read, tmp_path / "copy.db", clock())
    assert not (tmp_path / "copy.db").exists()


FORMS = (
    "postgresql+psycopg://me:CANARY@db.example:5433/breakglass",
    "postgresql+psycopg://me@db.example:5433/breakglass?password=CANARY",
    "postgresql+psycopg://me:other@db.example:5433/breakglass?password=old&password=CANARY",
    "postgresql+psycopg://me:CANARY@db.example:5433/breakglass?sslpassword=CANARY",
)


@pytest.mark.usefixtures("on_postgresql")
@pytest.mark.parametrize("url", FORMS)
def test_without_pg_dump_the_command_is_said_without_the_password(
    ready: Installation,
    read: Settings,
    tmp_path: Path,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    secret = read.model_copy(update={"database_url": url})
    with pytest.raises(OpsError) as refused:
        backup(secret, tmp_path / "copy.dump", clock())
    assert "pg_dump --format=custom" in str(refused.value)
    assert "'postgresql://me@db.example:5433/breakglass'" in str(refused.value)
    assert "CANARY" not in str(refused.value)
    assert not (tmp_path / "copy.dump").exists()


TOOL = """#!/bin/sh
for argument; do
  case $argument in --file=*) echo "$PGPASSWORD $*" > "${argument#--file=}";; esac
done
exit $FAKE_CODE
"""


@pytest.mark.usefixtures("on_postgresql")
@pytest.mark.parametrize("code", ["0", "1"])
@pytest.mark.parametrize("url", FORMS)
def test_pg_dump_gets_the_password_by_its_environment(
    installation: Installation,
    read: Settings,
    tmp_path: Path,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    url: str,
) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text(TOOL, encoding="ascii")
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_CODE", code)
    secret = read.model_copy(update={"database_url": url})
    path = tmp_path / "copy.dump"
    if code == "1":
        with pytest.raises(OpsError, match="pg_dump failed"):
            backup(secret, path, clock())
        assert not path.exists()
        return
    backup(secret, path, clock())
    password, _, arguments = path.read_text(encoding="ascii").partition(" ")
    assert password == "CANARY"
    assert arguments.split()[-1] == "postgresql://me@db.example:5433/breakglass"
