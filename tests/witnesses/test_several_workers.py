"""Workers of several machines ask the same witnesses at the same moment: one story comes of it."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from crypto.checkpoint import parse_checkpoint
from crypto.cosignature import Cosigner
from crypto.note import parse_note
from crypto.submission import Submission
from service.storage import witnesses
from service.storage.log_tables import audit_cosignature, witness_standing
from service.usecases.witnessing import PATIENCE, step
from service.witnesses.asking import Answer, Cosigned, RefusalFault, SilentFault
from tests.conftest import HandClock
from tests.storage.whole_log import check_whole_log
from tests.usecases.world import World
from tests.witnesses.asked import happen

WORKERS = 4
ROUNDS = 12


class Crowded:
    """Answers when all workers have asked, so that all of them write at once."""

    def __init__(self, name: str, fault: Exception | None = None) -> None:
        self.key = Cosigner.generate(name)
        self.verifier = self.key.verifier
        self.fault = fault
        self.barrier = threading.Barrier(WORKERS, timeout=60)

    def submit(self, submission: Submission) -> Answer:
        self.barrier.wait()
        if self.fault is not None:
            raise self.fault
        checkpoint = parse_checkpoint(parse_note(submission.note)[0])
        return Cosigned(lines=self.key.cosign(checkpoint, 1_800_000_000))


def at_once(work: Callable[[], int]) -> list[int]:
    with ThreadPoolExecutor(WORKERS) as pool:
        return [done.result(60) for done in [pool.submit(work) for _ in range(WORKERS)]]


def rows(world: World, table: object) -> int:
    with world.ctx.database.read() as session:
        return session.connection().execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]


def told(world: World) -> Counter[str]:
    return Counter(leaf.action for leaf in check_whole_log(world.ctx.database))


def test_the_first_word_of_a_new_witness_may_reach_several_workers_at_once(world: World) -> None:
    happen(world.ctx)
    for number in range(1, ROUNDS + 1):
        new = Crowded(f"w{number}.example")
        assert at_once(lambda new=new: step(world.ctx, [new])) == [1] * WORKERS  # type: ignore[misc]
        assert rows(world, witness_standing) == rows(world, audit_cosignature) == number
        with world.ctx.database.read() as session:
            assert witnesses.standing(session, new.verifier.vkey).size == 1
    assert told(world) == {"session:opened": 1}


@pytest.mark.parametrize(
    ("fault", "action"),
    [
        (RefusalFault("not-continued"), "witness:refused"),
        (SilentFault("ConnectTimeout"), "witness:silent"),
    ],
)
def test_trouble_and_its_end_are_told_by_one_worker(
    world: World, clock: HandClock, fault: Exception, action: str
) -> None:
    for number in range(1, ROUNDS + 1):
        happen(world.ctx)
        bad = Crowded(f"w{number}.example", fault)
        assert at_once(lambda bad=bad: step(world.ctx, [bad])) == [0] * WORKERS  # type: ignore[misc]
        clock.advance(seconds=PATIENCE.total_seconds())
        assert at_once(lambda bad=bad: step(world.ctx, [bad])) == [0] * WORKERS  # type: ignore[misc]
        assert told(world)[action] == number
        bad.fault = None
        clock.advance(seconds=PATIENCE.total_seconds())
        assert at_once(lambda bad=bad: step(world.ctx, [bad])) == [1] * WORKERS  # type: ignore[misc]
        assert told(world)["witness:recovered"] == number
