"""Two people at the same instant: one wins, the other is told, and the log tells it in one order.

Each race runs 50 rounds on both databases, each side on a connection of its own, both let go by one
barrier; in turn one of them is held back for a moment, so that each side is seen to win.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from service.domain import errors
from service.domain.request import State
from service.storage import envelopes, proofs, requests, reseals
from service.usecases.settling import settle_due
from tests.races.conftest import TWO
from tests.usecases.world import World

ROUNDS = 50
Act = Callable[[], Any]
pytestmark = pytest.mark.slow


def race(number: int, first: Act, second: Act) -> tuple[Any, Any]:
    """Let both go at once; returns what each answered, a refusal's code if it was refused."""
    barrier = threading.Barrier(2)
    head_start = (number % 5) * 0.002

    def side(act: Act, *, waits: bool) -> Any:
        barrier.wait()
        if waits:
            time.sleep(head_start)
        for _ in range(20):
            try:
                return act()
            except errors.ConflictError:
                continue  # what a client does: look again and repeat
            except errors.Refusal as refusal:
                return refusal.code
        raise AssertionError("one side never came through")

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(side, first, waits=number % 2 == 0)
        two = pool.submit(side, second, waits=number % 2 == 1)
        return one.result(60), two.result(60)


def check_log(world: World) -> None:
    """No gap, no fork: the hashes lead to the head, and each leaf stands in its place."""
    with world.ctx.read() as unit:
        proofs.check_head(unit.session)
    world.ctx.signer.checkpoint(world.ctx.database)


def test_of_the_last_two_approvals_exactly_one_meets_the_quorum(small: World) -> None:
    winners: Counter[str] = Counter()
    for number in range(ROUNDS):
        request = small.ask()
        one, two = race(
            number,
            partial(small.approve, "ann", request),
            partial(small.approve, "dea", request),
        )
        assert sorted([one.state, two.state]) == ["approved", "pending"]
        assert (one.state == "approved") == (one.leaf > two.leaf)
        assert small.state(request) == "approved"
        winners["ann" if one.leaf < two.leaf else "dea"] += 1
        small.cancel(request)
    assert set(winners) == {"ann", "dea"}
    check_log(small)


def test_a_denial_ends_the_request_whether_or_not_the_approval_came_first(small: World) -> None:
    winners: Counter[str] = Counter()
    for number in range(ROUNDS):
        request = small.ask()
        small.approve("ann", request)
        approval, denial = race(
            number,
            partial(small.approve, "dea", request),
            partial(small.deny, "ann", request),
        )
        assert denial.state == "denied"
        assert small.state(request) == "denied"
        assert approval == "wrong-state" or approval.state == "approved"
        winners["denial" if approval == "wrong-state" else "approval"] += 1
        with small.ctx.read() as unit:
            assert reseals.of_request(unit.session, small.ctx.at_rest, request) == []
    assert set(winners) == {"denial", "approval"}
    check_log(small)


def test_a_request_is_released_or_expired_and_never_both(small: World) -> None:
    winners: Counter[str] = Counter()
    for number in range(ROUNDS):
        request = small.ask(drill=True, lifetime=60)
        for name in TWO:
            small.approve(name, request)

        def expire() -> int:
            small.clock.advance(seconds=60)
            return settle_due(small.ctx)

        released, settled = race(number, partial(small.release, request), expire)
        state = small.state(request)
        assert (state, released if isinstance(released, str) else released.state) in {
            ("expired", "expired"),
            ("closed", "closed"),
        }
        assert settled == (state == "expired")
        winners[state] += 1
    assert set(winners) == {"expired", "closed"}
    check_log(small)


def test_a_release_and_a_newer_envelope_leave_one_of_two_stories(small: World) -> None:
    winners: Counter[str] = Counter()
    for number in range(ROUNDS):
        request = small.ask()
        old = small.manifests["newest"].digest
        for name in TWO:
            small.approve(name, request)
        small.seal()
        small.confirm("ann")
        released, confirmed = race(
            number, partial(small.release, request), partial(small.confirm, "dea")
        )
        assert confirmed.state == "ready"
        with small.ctx.read() as unit:
            assert envelopes.by_manifest(unit.session, old).envelope.state == "superseded"
        state = small.state(request)
        assert state == ("cancelled" if released == "wrong-state" else "released")
        winners[state] += 1
        small.clock.advance(seconds=900)
    assert set(winners) == {"cancelled", "released"}
    check_log(small)


def test_of_two_seals_of_one_version_one_is_stored(small: World) -> None:
    winners: Counter[int] = Counter()
    for number in range(ROUNDS):
        parts = [small.seal_parts(), small.seal_parts()]
        manifests = [small.signed_manifest(p) for p in parts]
        answers = race(
            number,
            partial(small.post_envelope, parts[0], manifests[0]),
            partial(small.post_envelope, parts[1], manifests[1]),
        )
        refused = [a for a in answers if isinstance(a, str)]
        assert refused == ["wrong-version"]
        winner = 0 if answers[1] == "wrong-version" else 1
        small.manifests["newest"] = manifests[winner]
        winners[winner] += 1
    assert set(winners) == {0, 1}
    check_log(small)


def test_a_save_on_a_stale_revision_is_refused_even_without_the_lock(small: World) -> None:
    request = small.ask()
    with small.ctx.read() as unit:
        before = requests.get(unit.session, request).request
    after = replace(before, state=State.CANCELLED)
    with small.ctx.database.write() as session:
        requests.save(session, before, before)
    with pytest.raises(errors.ConflictError), small.ctx.database.write() as session:
        requests.save(session, before, after)
    assert small.state(request) == "pending"
