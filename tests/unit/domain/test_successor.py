"""Who may seal after their own release, rule by rule."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from service.domain.credential import Envelope, EnvelopeState
from service.domain.errors import NotSuccessorError
from service.domain.request import Request, State
from service.domain.roster import Roster
from service.domain.successor import (
    MOST,
    Ground,
    check_follows,
    check_successor,
    may_seal,
    sealed_by_requester,
)
from tests.cast import OTHER_ACCOUNT, POLICY
from tests.unit.domain.builders import envelope, next_envelope, next_roster, request, roster

LETS = POLICY | {"requester_seals": True}
RELEASED_AT = 20


@dataclass(frozen=True, kw_only=True)
class World:
    """Gus has released, and seals: every field that a rule looks at."""

    roster: Roster
    asked_under: Roster
    in_force: Envelope | None
    manifest: Envelope
    waiting: tuple[Request, ...]
    newer: tuple[Envelope, ...] = ()

    @property
    def own(self) -> Request:
        return self.waiting[0]

    def check(self) -> list[Envelope]:
        rosters = {r.digest: r for r in (self.asked_under, self.roster)}
        ground = Ground(
            in_force=self.in_force,
            waiting=self.waiting,
            newer=self.newer,
            roster_of=rosters.__getitem__,
        )
        return check_successor(self.manifest, roster=self.roster, ground=ground)

    def check_statements(self) -> None:
        check_follows(
            self.manifest,
            roster=self.roster,
            request=self.own,
            asked_under=self.asked_under,
            opened=self.in_force or envelope(self.asked_under),
        )


def released(**changes: Any) -> Request:
    return request(
        **{"state": State.RELEASED, "released_seq": RELEASED_AT, "due_seq": RELEASED_AT} | changes
    )


def world(under: Roster | None = None, *, later: Roster | None = None, **changes: Any) -> World:
    asked_under = under or roster(policy=LETS, requesters=("gus", "hal"))
    newest = later or asked_under
    opened = envelope(asked_under, state=EnvelopeState.EXPOSED)
    fields = {"sealer": "gus", "after_requests": ["digest-1"], **changes}
    return World(
        roster=newest,
        asked_under=asked_under,
        in_force=opened,
        manifest=next_envelope(opened, newest, state=EnvelopeState.UNCONFIRMED, **fields),
        waiting=(released(),),
    )


def opened(world: World) -> Envelope:
    assert world.in_force is not None
    return world.in_force


def sealed(version: int, by: str = "gus", **changes: Any) -> Envelope:
    fields = {"seq": RELEASED_AT + version, "after_requests": ["digest-1"], **changes}
    return replace(
        next_envelope(envelope(), roster(policy=LETS), sealer=by, **fields),
        version=version,
        digest=f"manifest-{version}",
        state=fields.get("state", EnvelopeState.SUPERSEDED),
    )


BY_STATEMENTS: list[tuple[str, Callable[[], World]]] = [
    ("the policy does not let them", lambda: world(roster())),
    (
        "the newest policy no longer lets them",
        lambda: world(later=next_roster(roster(), policy=POLICY)),
    ),
    (
        "no requester in the newest roster",
        lambda: world(later=next_roster(roster(), policy=LETS, requesters=("hal",))),
    ),
    ("the same password", lambda: world(cause="roster")),
    ("their request is not named", lambda: world(after_requests=[])),
    ("only another request is named", lambda: world(after_requests=["digest-2"])),
    ("another requester's request", lambda: world(sealer="hal")),
    (
        "other keys since",
        lambda: world(
            later=next_roster(roster(), policy=LETS, requesters=("gus", "hal"), keys={"gus": "2"})
        ),
    ),
    (
        "a request on another envelope",
        lambda: replace(w := world(), waiting=(replace(w.own, manifest="manifest-0"),)),
    ),
    (
        "no requester when they asked",
        lambda: world(
            roster(policy=LETS, requesters=("hal",), sealers=("gus",)),
            later=next_roster(roster(), policy=LETS),
        ),
    ),
    (
        "a request of another account",
        lambda: replace(w := world(), waiting=(replace(w.own, account=OTHER_ACCOUNT),)),
    ),
    (
        "an envelope of another account was opened",
        lambda: replace(w := world(), in_force=replace(opened(w), account=OTHER_ACCOUNT)),
    ),
    (
        "no newer envelope than was opened",
        lambda: replace(w := world(), in_force=replace(opened(w), version=2)),
    ),
    ("a drill", lambda: replace(w := world(), waiting=(replace(w.own, drill=True),))),
]

BY_THE_LOG: list[tuple[str, Callable[[], World]]] = [
    ("nothing is in force", lambda: replace(world(), in_force=None)),
    ("nothing is released", lambda: replace(world(), waiting=())),
    (
        "only approved",
        lambda: replace(world(), waiting=(released(state=State.APPROVED, released_seq=-1),)),
    ),
    (
        "rotated already",
        lambda: replace(world(), waiting=(released(state=State.REVIEW_DUE),)),
    ),
    (
        "imported without its release",
        lambda: replace(world(), waiting=(released(state=State.ROTATION_DUE, released_seq=-1),)),
    ),
    (
        "another release on it is not named",
        lambda: replace(
            world(), waiting=(released(), released(digest="digest-2", requester="hal"))
        ),
    ),
    ("a sealer has sealed since", lambda: replace(world(), newer=(sealed(2, "sam"),))),
    ("a fourth", lambda: replace(world(), newer=tuple(sealed(2 + n) for n in range(MOST)))),
]


@pytest.mark.parametrize(
    "broken", [pytest.param(w, id=name) for name, w in (*BY_STATEMENTS, *BY_THE_LOG)]
)
def test_each_rule_is_broken_alone_and_refuses(broken: Callable[[], World]) -> None:
    with pytest.raises(NotSuccessorError):
        broken().check()


@pytest.mark.parametrize("broken", [pytest.param(w, id=name) for name, w in BY_STATEMENTS])
def test_what_statements_show_refuses_by_statements_alone(broken: Callable[[], World]) -> None:
    with pytest.raises(NotSuccessorError):
        broken().check_statements()


@pytest.mark.parametrize(
    "good",
    [
        pytest.param(world, id="while the window is open"),
        pytest.param(
            lambda: replace(world(), waiting=(released(state=State.ROTATION_DUE),)), id="after it"
        ),
        pytest.param(
            lambda: replace(
                world(after_requests=["digest-1", "digest-2"]),
                waiting=(released(), released(digest="digest-2", requester="hal")),
            ),
            id="with every release named",
        ),
        pytest.param(
            lambda: replace(
                world(),
                waiting=(released(), released(digest="digest-2", requester="hal", drill=True)),
            ),
            id="with a drill that it does not name",
        ),
        pytest.param(
            lambda: world(later=next_roster(roster(policy=LETS), policy=LETS, name="eu")),
            id="under a newer roster with the same identity",
        ),
        pytest.param(
            lambda: replace(world(), newer=(sealed(2, "sam", seq=RELEASED_AT - 1),)),
            id="a sealer sealed before the release",
        ),
        pytest.param(
            lambda: replace(
                world(after_requests=["digest-1", "digest-2"]),
                waiting=(released(), released(digest="digest-2", requester="hal")),
                newer=tuple(
                    sealed(2 + n, "hal", after_requests=["digest-1", "digest-2"])
                    for n in range(MOST)
                ),
            ),
            id="three of another requester count for theirs",
        ),
    ],
)
def test_what_keeps_every_rule_is_taken(good: Callable[[], World]) -> None:
    assert good().check() == []
    good().check_statements()


def test_a_second_ends_the_unconfirmed_first_and_nothing_else() -> None:
    first = sealed(2, state=EnvelopeState.UNCONFIRMED)
    others = sealed(3, "hal", state=EnvelopeState.UNCONFIRMED)
    over = sealed(4)
    assert replace(world(), newer=(over, others, first)).check() == [first]


def test_a_sealer_who_also_asks_seals_as_a_sealer() -> None:
    both = roster(policy=LETS, sealers=("gus",))
    assert not may_seal(both, "gus")
    assert not sealed_by_requester(envelope(both, sealer="gus"), both)
    assert sealed_by_requester(envelope(both, sealer="gus"), roster(policy=LETS))
