"""From last night's copy to a log that goes on: what each of those who look at it is told.

The copy is a real one, by ``breakglass-ops backup``, on either database, and really put back.
"""

from pathlib import Path

import pytest
from sqlalchemy import select

from crypto.checkpoint import open_checkpoint
from crypto.note import NoteVerifier
from service.bootstrap import assemble
from service.client.audit.replay.world import World as Replayed
from service.client.audit.tree.files import CHECKPOINT, TileWriter
from service.client.audit.tree.marks import Mark
from service.client.audit.verify import verified
from service.client.foundation.errors import ClientRefusal
from service.config import Settings
from service.ops import lock
from service.ops.opening import opened
from service.storage import log
from service.storage.log_tables import audit_checkpoint
from service.usecases.context import Context
from service.usecases.delivery import step
from tests.client.audit.story import begin
from tests.conftest import HandClock
from tests.fakes.channels import FakeChannels
from tests.ops.installation import Installation
from tests.ops.restored.restoring import put_back
from tests.usecases.world import World, make_world

WHY = "the disk broke"


@pytest.fixture
def lost(ready: Installation, read: Settings, clock: HandClock, tmp_path: Path) -> Mark:
    """Last night's copy is put back; a mail of today has a checkpoint that it does not reach."""
    copy = tmp_path / "copy"
    with opened(read) as ctx:
        clock.time = ctx.clock()
        world = make_world(ctx.database, ctx.signer, read.state_dir, clock)
        begin(world)
        world.ask()
        ctx.signer.checkpoint(ctx.database)
        assert ready.run("backup", str(copy)).code == 0
        mark = _what_happens_today(ctx, world)
    put_back(read, copy)
    return mark


def _what_happens_today(ctx: Context, world: World) -> Mark:
    world.approve_all(world.ask())
    verifier = NoteVerifier.from_vkey(ctx.signer.verifier_key)
    checkpoint = open_checkpoint(ctx.signer.checkpoint(ctx.database), verifier)
    return Mark(checkpoint=checkpoint, source="a mail of today")


def export(ctx: Context, folder: Path) -> NoteVerifier:
    folder.mkdir()
    note = ctx.signer.checkpoint(ctx.database)
    with ctx.read() as unit:
        leaves = log.read_leaves(unit.session, 0, 10_000)
    writer = TileWriter(folder)
    for leaf in leaves:
        writer.add(leaf)
    writer.close()
    (folder / CHECKPOINT).write_text(note)
    return NoteVerifier.from_vkey(ctx.signer.verifier_key)


def replayed(read: Settings, folder: Path, *marks: Mark, accept_epoch: bool = False) -> Replayed:
    with opened(read) as ctx:
        verifier = export(ctx, folder)
    return verified(folder, verifier, anchors={}, marks=marks, accept_epoch=accept_epoch)


def test_it_does_not_start_and_says_what_there_is_to_do(ready: Installation, lost: Mark) -> None:
    done = ready.run("worker")
    assert done.code == 1
    assert f"a checkpoint over {lost.checkpoint.size} was signed" in done.err
    assert "breakglass-ops log new-epoch" in done.err
    assert "log-key" in ready.run("status", "--json").out


def test_the_whole_way_back(
    ready: Installation, read: Settings, lost: Mark, tmp_path: Path
) -> None:
    done = ready.run("log", "new-epoch", "--why", WHY, "--yes")
    assert done.code == 0, done.err
    assert f"the checkpoint over {lost.checkpoint.size} entries" in done.out
    assert "log-key" not in ready.run("status", "--json").out
    assert ready.run("log", "check").code == 0
    with opened(read) as ctx:
        channels = FakeChannels()
        step(ctx, channels)
        taken = channels.named["file"].taken
        [notice] = [n for n in taken if n.action == "log:epoch-began"]
        assert notice.severity == "urgent"
        assert "BEGIN CHECKPOINT OF THE LOG" in notice.body
        assert "/epoch-2/" in notice.event_id
        assert "request:expired" in {n.action for n in taken}
    world = replayed(read, tmp_path / "export")
    assert any(WHY in remark and "gave up what was signed" in remark for remark in world.remarks)


def test_without_a_yes_nothing_happens(ready: Installation, lost: Mark) -> None:
    done = ready.run("log", "new-epoch", "--why", WHY)
    assert done.code == 1
    assert "log-key" in ready.run("status", "--json").out


def test_under_a_running_server_nothing_happens(
    ready: Installation, read: Settings, lost: Mark
) -> None:
    with lock.held(read.state_dir / lock.SERVER):
        done = ready.run("log", "new-epoch", "--why", WHY, "--yes")
    assert (done.code, done.out) == (1, "")
    assert "stop the server first" in done.err


def test_a_log_that_lacks_nothing_begins_no_epoch(ready: Installation) -> None:
    done = ready.run("log", "new-epoch", "--why", WHY, "--yes")
    assert done.code == 1
    assert "no new epoch was begun" in done.err


def test_a_mail_of_the_lost_time_is_refused_until_the_auditor_accepts_the_epoch(
    ready: Installation, read: Settings, lost: Mark, tmp_path: Path
) -> None:
    assert ready.run("log", "new-epoch", "--why", WHY, "--yes").code == 0
    with pytest.raises(ClientRefusal) as refused:
        replayed(read, tmp_path / "first", lost)
    assert refused.value.code in {"log-cut", "log-rewritten"}
    world = replayed(read, tmp_path / "second", lost, accept_epoch=True)
    assert world.given_up.gone == [lost]
    assert any("a mail of today was abandoned at leaf" in remark for remark in world.remarks)


def test_a_mail_that_the_epoch_does_not_own_up_to_is_refused_all_the_same(
    ready: Installation, read: Settings, lost: Mark, tmp_path: Path
) -> None:
    """The operator puts an older guard back as well, to admit less than there was."""
    ctx = assemble(read)
    with ctx.database.read() as session:
        kept = session.connection().scalars(select(audit_checkpoint.c.note)).all()
    ctx.database.dispose()
    (read.state_dir / "log.guard").write_text(kept[-1])
    for accept, folder in ((False, "first"), (True, "second")):
        with pytest.raises(ClientRefusal) as refused:
            replayed(read, tmp_path / folder, lost, accept_epoch=accept)
        assert refused.value.code in {"log-cut", "log-rewritten"}
