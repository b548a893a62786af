"""``breakglass-ops log check``: it says what is wrong, and changes nothing."""

import pytest
from sqlalchemy import update

from service.config import Settings
from service.domain.events import SERVICE, Action, Event
from service.ops.opening import opened
from service.storage.log_tables import audit_event
from tests.ops.installation import Installation


@pytest.fixture
def written(ready: Installation, read: Settings) -> int:
    """More entries than ``status`` reads, all of them signed for."""
    one = Event(
        action=Action.SESSION_OPENED, actor=SERVICE, subject=SERVICE, details={"session": "s"}
    )
    with opened(read) as ctx:
        with ctx.write() as unit:
            leaves = unit.record(*[one] * 1200)
        ctx.signer.checkpoint(ctx.database)
    return leaves[-1] + 1


def edit(read: Settings, seq: int) -> None:
    with opened(read) as ctx, ctx.database.write() as session:
        session.execute(update(audit_event).where(audit_event.c.seq == seq).values(actor="nobody"))


def test_a_whole_log(ready: Installation, written: int) -> None:
    done = ready.run("log", "check")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{written} entries, no faults.\n"


def test_an_old_row_that_was_edited_is_found_here_and_not_by_a_quick_look(
    ready: Installation, read: Settings, written: int
) -> None:
    edit(read, 1)
    assert "log-rows" not in ready.run("status").out
    done = ready.run("log", "check")
    assert done.code == 1
    assert done.out.splitlines()[:2] == [
        "- entry 1: its column 'actor' is not what its leaf says",
        f"1 fault in {written} entries.",
    ]


def test_a_new_row_that_was_edited_is_found_by_a_quick_look(
    ready: Installation, read: Settings, written: int
) -> None:
    edit(read, written - 1)
    out = ready.run("status").out
    assert f"entry {written - 1}: its column 'actor' is not what its leaf says" in out
    assert "breakglass-ops log check" in out


def test_a_missing_guard_is_a_fault_and_the_rest_is_still_read(
    ready: Installation, read: Settings, written: int
) -> None:
    edit(read, 1)
    (ready.state_dir / "log.guard").unlink()
    done = ready.run("log", "check")
    assert done.code == 1
    assert "log.guard is missing" in done.out
    assert "entry 1: its column 'actor'" in done.out
    assert f"2 faults in {written} entries." in done.out


def test_it_changes_nothing(ready: Installation, written: int) -> None:
    before = {path.name: path.read_bytes() for path in ready.state_dir.iterdir()}
    ready.run("log", "check")
    after = {path.name: path.read_bytes() for path in ready.state_dir.iterdir()}
    for name, content in before.items():
        if not name.endswith(("-wal", "-shm")):
            assert after[name] == content, name


def test_without_an_installation_it_says_so(installation: Installation) -> None:
    done = installation.run("log", "check")
    assert done.code == 1
    assert "run 'breakglass-ops init'" in done.err
