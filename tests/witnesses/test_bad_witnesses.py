"""Witnesses that are no good: forged, silent, or of other logs."""

from pathlib import Path

from crypto.checkpoint import open_checkpoint
from crypto.cosignature import Cosigner, cosignatures_of
from crypto.note import NoteVerifier
from crypto.submission import Submission
from service.storage import witnesses
from service.storage.log_tables import audit_cosignature
from service.usecases.cosigned import newest_cosigned
from service.usecases.witnessing import step
from service.witnesses.asking import Answer, Cosigned, SilentFault
from tests.client.witness.witnessed import NAME
from tests.conftest import HandClock
from tests.usecases.world import World
from tests.witnesses.asked import (
    Asked,
    asking,
    cosigned_by,
    count,
    happen,
    last_leaf,
    log_key,
    world_actions,
)


class Fake:
    """A witness that answers what a test says."""

    def __init__(self, answer: Answer | Exception, key: Cosigner | None = None) -> None:
        self.key = key or Cosigner.generate("fake.example")
        self.verifier = self.key.verifier
        self.answer = answer
        self.asked = 0

    def submit(self, submission: Submission) -> Answer:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_a_forged_cosignature_is_refused_and_not_kept(world: World, witness: Asked) -> None:
    happen(world.ctx, 2)
    step(world.ctx, [witness])
    line = cosigned_line(world, witness)
    thief = Cosigner.generate(NAME)
    checkpoint = open_checkpoint(world.ctx.signer.checkpoint(world.ctx.database), log_key(world))
    under_another_key = thief.cosign(checkpoint, 5)
    for lines in ("", "nothing\n", line[:-9] + "AAAAAAA=\n", under_another_key):
        fake = Fake(Cosigned(lines=lines))
        assert step(world.ctx, [fake]) == 0
        last = last_leaf(world)
        assert (last.action, last.details["fault"]) == ("witness:refused", "bad-cosignature")
    assert set(cosigned_by(world.ctx).witnesses) == {witness.verifier.vkey}
    assert count(world, audit_cosignature) == 1


def cosigned_line(world: World, witness: Asked) -> str:
    [said] = cosignatures_of(newest_cosigned(world.ctx), witness.verifier)
    return said.line


def test_a_cosignature_of_an_older_checkpoint_is_none_of_this_one(
    world: World, witness: Asked
) -> None:
    happen(world.ctx, 2)
    step(world.ctx, [witness])
    line = cosigned_line(world, witness)
    happen(world.ctx, 2)
    replayed = Fake(Cosigned(lines=line))
    replayed.verifier = witness.verifier
    assert step(world.ctx, [replayed]) == 0
    assert last_leaf(world).details["fault"] == "bad-cosignature"
    assert cosigned_by(world.ctx).size == 2


def test_a_witness_of_other_logs_refuses_this_one(
    world: World, witness_folder: Path, clock: HandClock
) -> None:
    other = NoteVerifier(name="elsewhere.example/log", public_key=log_key(world).public_key)
    happen(world.ctx)
    with asking(witness_folder, [other], clock()) as stranger:
        assert step(world.ctx, [stranger]) == 0
    assert last_leaf(world).details["fault"] == "log-not-known"


def test_a_silent_witness_is_asked_later_and_later_and_told_after_ten_minutes(
    world: World, witness: Asked, clock: HandClock
) -> None:
    happen(world.ctx)
    fake = Fake(SilentFault("ConnectTimeout"))
    waits = []
    for _ in range(9):
        step(world.ctx, [fake, witness])
        with world.ctx.database.read() as session:
            due = witnesses.standing(session, fake.verifier.vkey).next_at
        waits.append(due - int(clock().timestamp()))
        told = "witness:silent" in world_actions(world)
        assert told == (sum(waits[:-1]) >= 600)
        clock.advance(seconds=waits[-1] - 1)
        step(world.ctx, [fake, witness])
        clock.advance(seconds=1)
    assert waits == [10, 20, 40, 80, 160, 320, 600, 600, 600]
    assert fake.asked == 9
    assert world_actions(world) == ["session:opened", "witness:silent"]
    assert list(cosigned_by(world.ctx).witnesses) == [witness.verifier.vkey]


def test_a_silence_that_ends_before_it_was_told_is_no_event(
    world: World, witness: Asked, clock: HandClock
) -> None:
    happen(world.ctx)
    fake = Fake(SilentFault("http-503"))
    fake.verifier = witness.verifier
    step(world.ctx, [fake])
    clock.advance(minutes=5)
    assert step(world.ctx, [witness]) == 1
    assert world_actions(world) == ["session:opened"]


def test_a_clock_that_was_set_back_does_not_keep_a_witness_waiting(
    world: World, witness: Asked, clock: HandClock
) -> None:
    happen(world.ctx)
    step(world.ctx, [witness])
    clock.advance(days=-1)
    assert step(world.ctx, [witness]) == 1
    fake = Fake(SilentFault("http-503"))
    clock.advance(days=1)
    step(world.ctx, [fake])
    clock.advance(days=-1)
    step(world.ctx, [fake])
    assert fake.asked == 2
