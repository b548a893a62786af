"""The worker and a real witness over HTTP: what is asked, kept, passed on, and found out."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crypto.checkpoint import open_checkpoint
from crypto.cosignature import Cosigner, cosignatures_of
from crypto.leaf import Leaf
from crypto.note import NoteVerifier
from crypto.proof import parse_receipt
from crypto.submission import Submission
from service.storage import log, witnesses
from service.storage.errors import RewoundError
from service.storage.log_tables import audit_checkpoint, audit_cosignature, witness_standing
from service.usecases import delivery, history
from service.usecases.cosigned import newest_cosigned
from service.usecases.witnessing import step
from service.witnesses.asking import Answer, Cosigned, SilentFault
from tests.client.witnessed import NAME
from tests.conftest import HandClock
from tests.fakes.channels import FakeChannels
from tests.notices.saved import checkpoints_in
from tests.storage.test_signer import edited
from tests.storage.whole_log import check_whole_log
from tests.usecases.world import World
from tests.witnesses.asked import (
    TOPIC,
    Asked,
    asking,
    cosigned_by,
    guard_of,
    happen,
    leaves_of,
    put_back,
)


def log_key(world: World) -> NoteVerifier:
    return NoteVerifier.from_vkey(world.ctx.signer.verifier_key)


def size_of_log(world: World) -> int:
    with world.ctx.database.read() as session:
        return log.head(session).size


def count(world: World, table: object) -> int:
    with world.ctx.database.read() as session:
        return session.connection().execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]


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
    notes += [history.checkpoint(world.ctx, seen=0).checkpoint]
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


# ------------------------------------------------------------------ what only a witness finds


def test_an_older_database_with_its_guard_undone_is_caught(
    world: World, witness: Asked, channels: FakeChannels
) -> None:
    happen(world.ctx, 5)
    older = leaves_of(world)
    happen(world.ctx, 3)
    step(world.ctx, [witness])
    put_back(world, older)
    assert (
        open_checkpoint(world.ctx.signer.checkpoint(world.ctx.database), log_key(world)).size == 5
    )
    assert step(world.ctx, [witness]) == 0
    assert world_actions(world)[-1] == "witness:refused"
    delivery.step(world.ctx, channels)
    [notice] = channels.named[TOPIC].taken
    assert notice.subject == "breakglass URGENT: a witness refuses the log: log-rewound"
    assert f"Witness:    {NAME}\n" in notice.body


def world_actions(world: World) -> list[str]:
    return [leaf.action for leaf in check_whole_log(world.ctx.database)]


def last_leaf(world: World) -> Leaf:
    return check_whole_log(world.ctx.database)[-1]


def test_an_older_database_is_caught_also_when_it_has_grown_past_what_was_cosigned(
    world: World, witness: Asked, clock: HandClock
) -> None:
    happen(world.ctx, 5)
    older = leaves_of(world)
    happen(world.ctx, 3)
    step(world.ctx, [witness])
    put_back(world, older)
    clock.advance(seconds=5)
    happen(world.ctx, 10)
    assert step(world.ctx, [witness]) == 0
    assert witness.sizes == [(0, 8), (0, 15), (8, 15)]
    last = last_leaf(world)
    assert (last.action, last.details["fault"]) == ("witness:refused", "not-continued")
    assert cosigned_by(world.ctx).witnesses == {}


def test_a_rewritten_entry_is_caught_whatever_the_signer_says(world: World, witness: Asked) -> None:
    happen(world.ctx, 8)
    step(world.ctx, [witness])
    put_back(world, edited(leaves_of(world), 4))
    assert (
        open_checkpoint(world.ctx.signer.checkpoint(world.ctx.database), log_key(world)).size == 8
    )
    assert step(world.ctx, [witness]) == 0
    last = last_leaf(world)
    assert (last.action, last.details["fault"]) == ("witness:refused", "not-continued")


def test_with_its_guard_in_place_a_rewound_log_is_not_even_shown(
    world: World, witness: Asked
) -> None:
    happen(world.ctx, 5)
    older = leaves_of(world)
    happen(world.ctx, 3)
    step(world.ctx, [witness])
    guard = guard_of(world)
    guarded = guard.read_text()
    put_back(world, older)
    guard.write_text(guarded)
    with pytest.raises(RewoundError):
        world.ctx.signer.checkpoint(world.ctx.database)
    assert step(world.ctx, [witness]) == 0
    assert witness.sizes == [(0, 8)]


def test_a_refusal_is_told_once_and_so_is_its_end(
    world: World, witness: Asked, clock: HandClock
) -> None:
    happen(world.ctx, 8)
    step(world.ctx, [witness])
    whole = leaves_of(world)
    put_back(world, whole[:5])
    for _ in range(4):
        step(world.ctx, [witness])
        clock.advance(minutes=10)
    assert world_actions(world).count("witness:refused") == 1
    put_back_only_the_log(world, whole)
    step(world.ctx, [witness])
    assert world_actions(world)[-1] == "witness:recovered"
    step(world.ctx, [witness])
    clock.advance(hours=1)
    step(world.ctx, [witness])
    assert world_actions(world)[8:] == ["witness:recovered"]


def put_back_only_the_log(world: World, leaves: list[bytes]) -> None:
    """A newer copy was found; what is known of the witness stays as it is."""
    with world.ctx.database.read() as session:
        [row] = session.connection().execute(select(witness_standing)).mappings()
    put_back(world, leaves)
    with world.ctx.database.write() as session:
        witnesses.locked(session, row["witness"])
        witnesses.put(session, witnesses.Standing(**row))


# ------------------------------------------------------------------ witnesses that are no good


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
    assert cosigned_by(world.ctx).witnesses.keys() == {witness.verifier.vkey}
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
