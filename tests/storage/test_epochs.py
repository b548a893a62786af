"""A new epoch: begun only where signed history is missing, and never without saying what."""

from pathlib import Path

import pytest
from sqlalchemy import delete, update

from crypto.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from crypto.epoch import Epoch
from crypto.errors import MalformedError
from crypto.merkle import EMPTY_ROOT
from crypto.note import NoteSigner, NoteVerifier
from crypto.secret import SecretBytes
from service.domain.notices import render
from service.storage import epochs as stored
from service.storage import log_check
from service.storage.at_rest import AtRest
from service.storage.database import Database
from service.storage.errors import EpochRefusedError, ForkError, LogDamagedError, RewoundError
from service.storage.guard import FileGuard
from service.storage.log_tables import audit_checkpoint, audit_node
from service.storage.signer import Signer
from service.usecases import epochs
from service.usecases.context import Context
from service.usecases.notice_facts import notice_facts
from tests.conftest import ORIGIN, HandClock
from tests.storage.rewriting import edited, leaves_of, rewrite
from tests.storage.whole_log import write

WHY = "the disk of the machine broke, and this is last night's copy"


@pytest.fixture
def ctx(database: Database, signer: Signer, state_dir: Path, clock: HandClock) -> Context:
    return Context(
        database=database,
        clock=clock,
        signer=signer,
        at_rest=AtRest.create(state_dir / "at-rest.key"),
        url="http://localhost:8420",
        default_channel="file",
    )


def verifier(ctx: Context) -> NoteVerifier:
    return NoteVerifier.from_vkey(ctx.signer.verifier_key)


def restored(ctx: Context, clock: HandClock) -> tuple[str, list[bytes]]:
    """Put back a copy of 270 entries, of which 260 are signed; returns what was signed over 280."""
    write(ctx.database, clock, 260)
    ctx.signer.checkpoint(ctx.database)
    write(ctx.database, clock, 10)
    older = leaves_of(ctx.database)
    write(ctx.database, clock, 10)
    note = ctx.signer.proof(ctx.database, 279).partition("\n\n")[2]
    rewrite(ctx.database, older)
    return note, older


def begin(ctx: Context, newer: str = "") -> Epoch:
    return epochs.begin(ctx, "ops:nina", WHY, newer)


def test_its_first_leaf_says_what_is_given_up_by_whom_and_why(
    ctx: Context, clock: HandClock
) -> None:
    note, _ = restored(ctx, clock)
    epoch = begin(ctx)
    assert (epoch.size, epoch.continues, epoch.abandoned.size) == (270, 260, 280)
    assert (epoch.note, epoch.why, epoch.by) == (note, WHY, "ops:nina")
    newest = open_checkpoint(ctx.signer.checkpoint(ctx.database), verifier(ctx))
    assert newest.size == 271
    ctx.signer.check(ctx.database)
    with ctx.database.read() as session:
        found = log_check.check(session, verifier(ctx), ctx.signer.guarded())
        assert list(found) == []


def test_its_notice_is_urgent_and_no_repetition_of_a_lost_one(
    ctx: Context, clock: HandClock
) -> None:
    restored(ctx, clock)
    begin(ctx)
    write(ctx.database, clock, 1)
    with ctx.read() as unit:
        told = notice_facts(unit.session, 270, url=ctx.url, checkpoint="x")
        before = notice_facts(unit.session, 269, url=ctx.url, checkpoint="x")
        after = notice_facts(unit.session, 271, url=ctx.url, checkpoint="x")
    notice = render(told)
    assert notice.severity == "urgent"
    assert (
        "nina (in the server's shell) began a new epoch of the log after a restore" in notice.body
    )
    assert "over 280 entries is abandoned, the first 260 are unchanged" in notice.body
    assert notice.event_id == f"{ORIGIN}/epoch-2/270"
    assert render(before).event_id == f"{ORIGIN}/269"
    assert render(after).event_id == f"{ORIGIN}/epoch-2/271"


def test_a_log_that_only_grew_begins_no_epoch(ctx: Context, clock: HandClock) -> None:
    write(ctx.database, clock, 3)
    note = ctx.signer.checkpoint(ctx.database)
    write(ctx.database, clock, 3)
    for newer in ("", note):
        with pytest.raises(EpochRefusedError):
            begin(ctx, newer)
    assert len(leaves_of(ctx.database)) == 6


def test_entries_that_came_on_top_of_the_copy_do_not_hide_it(
    ctx: Context, clock: HandClock
) -> None:
    restored(ctx, clock)
    clock.advance(seconds=1)
    write(ctx.database, clock, 30)
    with pytest.raises(ForkError):
        ctx.signer.check(ctx.database)
    epoch = begin(ctx)
    assert (epoch.size, epoch.continues, epoch.abandoned.size) == (300, 260, 280)


def test_a_past_that_was_rewritten_below_its_own_checkpoints_is_no_older_copy(
    ctx: Context, clock: HandClock
) -> None:
    _, older = restored(ctx, clock)
    rewrite(ctx.database, edited(older, 100))
    with pytest.raises(ForkError):
        begin(ctx)
    with ctx.database.engine.begin() as connection:
        connection.execute(
            update(audit_checkpoint).values(note="nothing").where(audit_checkpoint.c.size == 260)
        )
    with pytest.raises(ForkError):
        begin(ctx)


def test_without_its_checkpoints_a_rewritten_past_owns_up_to_everything(
    ctx: Context, clock: HandClock
) -> None:
    """An operator who deletes them can call a rewrite a restore, and the leaf says how far."""
    note, older = restored(ctx, clock)
    rewrite(ctx.database, edited(older, 100))
    with ctx.database.engine.begin() as connection:
        connection.execute(delete(audit_checkpoint))
    epoch = begin(ctx)
    assert (epoch.continues, epoch.note) == (0, note)


def test_a_damaged_log_begins_no_epoch(ctx: Context, clock: HandClock) -> None:
    restored(ctx, clock)
    with ctx.database.engine.begin() as connection:
        connection.execute(delete(audit_node))
    with pytest.raises(LogDamagedError):
        begin(ctx)


@pytest.mark.parametrize("why", ["", "  ", "x" * 501, "a\x1bb"])
def test_without_a_reason_nothing_is_done(ctx: Context, clock: HandClock, why: str) -> None:
    restored(ctx, clock)
    with pytest.raises(MalformedError):
        epochs.begin(ctx, "ops:nina", why)
    with pytest.raises(RewoundError):
        ctx.signer.check(ctx.database)


def test_a_run_that_was_interrupted_before_the_guard_moved_says_it_once(
    ctx: Context, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, _ = restored(ctx, clock)

    def unplugged(_self: FileGuard, _note: str) -> None:
        raise OSError("the plug was pulled")

    with monkeypatch.context() as patch:
        patch.setattr(FileGuard, "write", unplugged)
        with pytest.raises(OSError, match="plug"):
            begin(ctx)
    with pytest.raises(RewoundError):
        ctx.signer.check(ctx.database)
    epoch = begin(ctx)
    assert (epoch.size, epoch.note) == (270, note)
    with ctx.database.read() as session:
        assert len(stored.first_leaves(session)) == 1
    ctx.signer.check(ctx.database)


def test_what_somebody_kept_beyond_the_guard_is_given_up_by_a_second_leaf(
    ctx: Context, clock: HandClock, state_dir: Path
) -> None:
    """The guard itself was older than a mail that somebody has kept."""
    write(ctx.database, clock, 260)
    guarded = ctx.signer.checkpoint(ctx.database)
    older = leaves_of(ctx.database)
    write(ctx.database, clock, 20)
    mailed = ctx.signer.proof(ctx.database, 279).partition("\n\n")[2]
    rewrite(ctx.database, older)
    (state_dir / "log.guard").write_text(guarded)
    clock.advance(seconds=5)
    write(ctx.database, clock, 40)
    ctx.signer.checkpoint(ctx.database)  # nothing here knows of what was lost
    for useless in ("nothing", guarded, forged(281)):
        with pytest.raises(EpochRefusedError):
            begin(ctx, useless)
    epoch = begin(ctx, mailed)
    assert (epoch.size, epoch.abandoned.size, epoch.note) == (300, 280, mailed)
    assert epoch.continues == 0  # nothing says where the two pasts divide
    ctx.signer.check(ctx.database)


def forged(size: int) -> str:
    other = NoteSigner(ORIGIN, SecretBytes(bytes(32)))
    return sign_checkpoint(Checkpoint(origin=ORIGIN, size=size, root=bytes(32)), other)


def test_after_it_the_next_rewind_is_refused_again(ctx: Context, clock: HandClock) -> None:
    restored(ctx, clock)
    begin(ctx)
    write(ctx.database, clock, 5)
    ctx.signer.checkpoint(ctx.database)
    rewrite(ctx.database, leaves_of(ctx.database)[:273])
    with pytest.raises(RewoundError):
        ctx.signer.check(ctx.database)
    with ctx.database.engine.begin() as connection:
        connection.execute(delete(audit_checkpoint).where(audit_checkpoint.c.size > 273))
    clock.advance(seconds=1)
    second = begin(ctx)
    assert (second.size, second.continues, second.abandoned.size) == (273, 271, 276)
    with ctx.database.read() as session:
        assert stored.number_at(session, 272) == 2
        assert stored.number_at(session, 273) == 3


def test_what_an_epoch_owns_up_to() -> None:
    root, other = bytes(32), bytes([1]) * 32
    abandoned = Checkpoint(origin=ORIGIN, size=280, root=root)
    epoch = Epoch(size=270, root=EMPTY_ROOT, continues=260, abandoned=abandoned, note="x", why=WHY)
    owned = {261, 270, 279}
    for size in (1, 260, *owned, 281):
        seen = Checkpoint(origin=ORIGIN, size=size, root=other)
        assert epoch.admits(seen) == (size in owned), size
    assert epoch.admits(abandoned)
    assert not epoch.admits(Checkpoint(origin=ORIGIN, size=280, root=other))
