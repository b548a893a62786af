"""The worker and a real witness over HTTP: what is asked, kept, passed on, and found out."""

import threading
from pathlib import Path

from crypto.checkpoint import open_checkpoint
from crypto.cosignature import cosignatures_of
from crypto.proof import parse_receipt
from crypto.submission import Submission
from service.storage import log
from service.storage.log_tables import audit_checkpoint, audit_cosignature
from service.usecases import checkpoints, delivery, history
from service.usecases.cosigned import newest_cosigned
from service.usecases.witnessing import step
from service.witnesses.asking import Answer
from tests.conftest import HandClock
from tests.fakes.channels import FakeChannels
from tests.notices.saved import checkpoints_in
from tests.usecases.world import World
from tests.witnesses.asked import (
    TOPIC,
    Asked,
    asking,
    cosigned_by,
    count,
    guard_of,
    happen,
    leaves_of,
    log_key,
    put_back,
)


def size_of_log(world: World) -> int:
    with world.ctx.database.read() as session:
        return log.head(session).size


def test_each_new_checkpoint_is_cosigned_once(world: World, witness: Asked) -> None:
    for more in (1, 6, 250, 1):
        happen(world.ctx, more)
        assert step(world.ctx, [witness]) == 1
        assert step(world.ctx, [witness]) == 0
    assert witness.sizes == [(0, 1), (1, 7), (7, 257), (257, 258)]
    assert count(world, audit_cosignature) == 4


def test_what_is_kept_verifies_and_says_who_and_when(
    world: World, witness: Asked, clock: HandClock
) -> None:
    assert cosigned_by(world.ctx).witnesses == {}
    assert newest_cosigned(world.ctx) == ""
    happen(world.ctx, 5)
    step(world.ctx, [witness])
    happen(world.ctx, 2)
    world.ctx.signer.checkpoint(world.ctx.database)
    seen = cosigned_by(world.ctx)
    assert (seen.size, seen.signed) == (5, 7)
    [(by, at)] = seen.witnesses.items()
    assert (by, at) == (witness.verifier.vkey, int(clock().timestamp()))
    note = newest_cosigned(world.ctx)
    assert open_checkpoint(note, log_key(world)).size == 5
    [read] = cosignatures_of(note, witness.verifier)
    assert read.at == at


def test_two_witnesses_say_it_twice(world: World, witness: Asked, tmp_path: Path) -> None:
    with asking(tmp_path / "second", [log_key(world)], world.clock()) as second:
        happen(world.ctx)
        assert step(world.ctx, [witness, second]) == 2
    assert cosigned_by(world.ctx).witnesses.keys() == {
        witness.verifier.vkey,
        second.verifier.vkey,
    }
    assert len(cosignatures_of(newest_cosigned(world.ctx), witness.verifier, second.verifier)) == 2


def test_checkpoints_that_leave_the_house_carry_it(
    world: World, witness: Asked, channels: FakeChannels
) -> None:
    world.enrol_everybody()
    world.register()
    step(world.ctx, [witness])
    delivery.step(world.ctx, channels)
    size = size_of_log(world)
    notes = [checkpoints_in(n.body)[0] for n in channels.named[TOPIC].taken]
    notes += [checkpoints.checkpoint(world.ctx, seen=0).checkpoint]
    receipt = parse_receipt(history.proof(world.ctx, world.caller("aud"), 0).proof)
    with world.ctx.database.read() as session:
        [leaf] = log.read_leaves(session, 0, 1)
    assert receipt.verify(leaf, log_key(world)).size == size
    notes.append(receipt.checkpoint)
    for note in notes:
        assert open_checkpoint(note, log_key(world)).size == size
        assert len(cosignatures_of(note, witness.verifier)) == 1


def test_a_receipt_stands_under_what_witnesses_have_seen_also_when_the_log_has_grown(
    world: World, witness: Asked
) -> None:
    world.enrol_everybody()
    happen(world.ctx, 5)
    step(world.ctx, [witness])
    size = size_of_log(world)
    happen(world.ctx, 3)
    world.ctx.signer.checkpoint(world.ctx.database)
    with world.ctx.database.read() as session:
        leaves = log.read_leaves(session, 0, size + 3)
    for index, covered in ((0, size), (size - 1, size), (size, size + 3), (size + 2, size + 3)):
        receipt = parse_receipt(history.proof(world.ctx, world.caller("aud"), index).proof)
        assert receipt.verify(leaves[index], log_key(world)).size == covered
        words = cosignatures_of(receipt.checkpoint, witness.verifier)
        assert len(words) == (covered == size)


def test_an_export_names_the_newest_cosigned_checkpoint(world: World, witness: Asked) -> None:
    world.enrol_everybody()
    step(world.ctx, [witness])
    size = size_of_log(world)
    exported = history.export(world.ctx, world.caller("aud"))
    assert exported.size == size + 1
    assert open_checkpoint(exported.cosigned, log_key(world)).size == size
    assert len(cosignatures_of(exported.cosigned, witness.verifier)) == 1


def test_without_witnesses_nothing_is_signed_for_them(world: World) -> None:
    happen(world.ctx)
    assert step(world.ctx, []) == 0
    assert count(world, audit_checkpoint) == 0


def test_a_log_that_stands_still_is_cosigned_again_each_hour(
    world: World, witness: Asked, clock: HandClock
) -> None:
    happen(world.ctx)
    step(world.ctx, [witness])
    clock.advance(minutes=59)
    assert step(world.ctx, [witness]) == 0
    clock.advance(minutes=1)
    assert step(world.ctx, [witness]) == 1
    assert witness.sizes == [(0, 1), (1, 1)]
    assert count(world, audit_cosignature) == 1


def test_a_witness_says_itself_what_it_knows(world: World, witness: Asked) -> None:
    happen(world.ctx, 5)
    step(world.ctx, [witness])
    put_back(world, leaves_of(world))  # the same log, without a word of the witness in it
    happen(world.ctx, 3)
    assert step(world.ctx, [witness]) == 1
    assert witness.sizes == [(0, 5), (0, 8), (5, 8)]


def test_a_witness_remembers_over_its_restart(
    world: World, clock: HandClock, witness_folder: Path
) -> None:
    for old in range(3):
        happen(world.ctx)
        with asking(witness_folder, [log_key(world)], clock()) as asked:
            assert step(world.ctx, [asked]) == 1
            assert asked.sizes == [(old, old + 1)]


def test_nothing_is_sent_while_a_transaction_is_open(world: World, witness: Asked) -> None:
    class Writes(Asked):
        def submit(self, submission: Submission) -> Answer:
            happen(world.ctx)  # somebody acts: on SQLite nobody could while another one writes
            return super().submit(submission)

    happen(world.ctx)
    writes = Writes(witness)
    assert step(world.ctx, [writes]) == 1
    assert step(world.ctx, [writes]) == 1
    assert witness.sizes == [(0, 1), (1, 2)]


def test_acts_go_on_while_the_log_is_cosigned(world: World, witness: Asked) -> None:
    done = threading.Event()

    def act() -> None:
        for _ in range(20):
            happen(world.ctx)
            world.ctx.receipt(0)
        done.set()

    thread = threading.Thread(target=act)
    thread.start()
    while not done.is_set():
        step(world.ctx, [witness])
    thread.join()
    step(world.ctx, [witness])
    assert size_of_log(world) == 20  # no trouble was told
    for (_, new), (old, _) in zip(witness.sizes, witness.sizes[1:], strict=False):
        assert new == old
    assert cosigned_by(world.ctx).size == 20


def test_a_log_that_cannot_be_signed_is_not_shown_to_witnesses(
    world: World, witness: Asked
) -> None:
    happen(world.ctx)
    guard_of(world).unlink()  # as if somebody had removed it
    assert step(world.ctx, [witness]) == 0
    assert witness.submitted == []
