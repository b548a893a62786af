"""The server as a process: what it refuses to start with, and how it runs and stops."""

import resource
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import text

from service.config import Settings
from service.ops import lock
from service.ops.opening import opened
from service.storage.database import Database
from service.storage.log_tables import audit_event, audit_head
from tests.ops.installation import Installation, ended, eventually, free_port


def test_it_answers_says_where_and_stops_when_asked(ready: Installation) -> None:
    server = ready.serve()
    limits = Path(f"/proc/{server.pid}/limits")
    if limits.exists():
        [core] = [line for line in limits.read_text().splitlines() if "core file" in line]
        assert core.split()[4:6] == ["0", "0"]
    assert eventually(lambda: lock.is_held(ready.state_dir / lock.WORKER))
    server.send_signal(signal.SIGTERM)
    done = ended(server)
    assert (done.code, done.out) == (
        0,
        f"breakglass listens on 127.0.0.1:{ready.port}: {ready.url}\n",
    )
    assert not lock.is_held(ready.state_dir / lock.WORKER)
    assert "Traceback" not in done.err


def test_it_tells_people_by_itself(ready: Installation) -> None:
    ready.serve()
    notices = ready.state_dir / "notices.jsonl"
    assert eventually(lambda: notices.exists() and "invitation:created" in notices.read_text())


def test_it_leaves_telling_to_others_when_asked_to(ready: Installation) -> None:
    ready.serve("--no-worker")
    assert not lock.is_held(ready.state_dir / lock.WORKER)
    worker = ready.start("worker")
    assert eventually((ready.state_dir / "notices.jsonl").exists)
    worker.send_signal(signal.SIGTERM)
    assert ended(worker).code == 0


def test_a_second_server_beside_one_on_sqlite_is_refused(
    ready: Installation, read: Settings
) -> None:
    if read.database_url:
        pytest.skip("PostgreSQL takes any number")
    ready.serve()
    second = ready.run("serve")
    assert (second.code, "another server is already running" in second.err) == (1, True)
    assert ready.run("migrate").code == 1


def test_several_servers_and_workers_share_postgresql(ready: Installation, read: Settings) -> None:
    if not read.database_url:
        pytest.skip("SQLite allows one")
    ready.serve("--workers", "2")
    second = Installation(state_dir=ready.state_dir, port=ready.port + 1, settings=ready.settings)
    try:
        second.serve()
        assert ready.answers()
        assert second.answers()
    finally:
        second.stop_all()


def test_counters_are_served_on_loopback_when_asked_for(ready: Installation) -> None:
    port = free_port()
    ready.serve("--metrics-port", str(port))
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        assert b"breakglass_outbox_waiting" in answer.read()


def lose_key(state_dir: Path, _: Database) -> None:
    (state_dir / "log.key").unlink()


def open_key(state_dir: Path, _: Database) -> None:
    (state_dir / "log.key").chmod(0o644)


def lose_guard(state_dir: Path, _: Database) -> None:
    (state_dir / "log.guard").unlink()


def lose_at_rest(state_dir: Path, _: Database) -> None:
    (state_dir / "at-rest.key").unlink()


def other_key(_: Path, database: Database) -> None:
    with database.write() as session:
        row = session.connection().execute(audit_head.select()).one()
        other = row.verifier_key.replace("localhost", "elsewhere")
        session.connection().execute(audit_head.update(), {"verifier_key": other})


def rewind(_: Path, database: Database) -> None:
    """As if a backup from before the last event had been put back."""
    with database.write() as session:
        session.connection().execute(audit_event.delete())
        empty = {"size": 0, "last_at": 0, "frontier": b""}
        session.connection().execute(audit_head.update(), empty)


def damage(_: Path, database: Database) -> None:
    with database.write() as session:
        session.connection().execute(audit_event.update(), {"leaf_hash": b"\0" * 32})


BROKEN: dict[str, tuple[Callable[[Path, Database], None], str]] = {
    "lost key": (lose_key, "log.key is missing: put back the copy of log.key"),
    "open key": (open_key, "is open to other users"),
    "lost guard": (
        lose_guard,
        "log.guard is missing: save there the checkpoint of the newest",
    ),
    "lost at-rest key": (
        lose_at_rest,
        "at-rest.key is missing: put back the copy of the at-rest.key",
    ),
    "another key": (other_key, "the database's log belongs to another key"),
    "rewound": (rewind, "the log was rewound: it has 0 entries, and a checkpoint over 2"),
    "damaged": (damage, "the log is damaged"),
}


@pytest.fixture
def signed(ready: Installation, read: Settings) -> Installation:
    """Set up, and a checkpoint over everything was signed."""
    with opened(read) as ctx:
        ctx.signer.checkpoint(ctx.database)
    return ready


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_it_does_not_start_with_a_log_it_cannot_vouch_for(
    signed: Installation, read: Settings, command: str, how: str
) -> None:
    change, said = BROKEN[how]
    database = Database(read.database, read.state_dir)
    change(signed.state_dir, database)
    database.dispose()
    process = ended(signed.start(command))
    assert process.code == 1
    assert said in process.err
    assert len(process.err.splitlines()) == 1
    assert not signed.answers()
    status = signed.run("status")
    assert status.code == 1
    assert said in status.out


def test_it_does_not_start_when_migrations_are_due(ready: Installation, read: Settings) -> None:
    database = Database(read.database, read.state_dir)
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.dispose()
    done = ended(ready.start("serve"))
    assert (done.code, "9999" in done.err) == (1, True)


def test_core_dumps_stay_off_in_the_worker_too(ready: Installation) -> None:
    worker = ready.start("worker")
    assert eventually(lambda: lock.is_held(ready.state_dir / lock.WORKER))
    assert resource.prlimit(worker.pid, resource.RLIMIT_CORE) == (0, 0)


def test_the_database_is_private_from_the_first_moment(ready: Installation, read: Settings) -> None:
    if read.database_url:
        pytest.skip("about SQLite's files")
    ready.serve()
    for path in ready.state_dir.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    sqlite3.connect(ready.state_dir / "breakglass.db").close()
