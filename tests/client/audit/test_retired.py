"""A line that its people have ended, in the audit: the same rules, without the service."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crypto.leaf import Leaf, parse_leaf
from service.client.foundation.errors import ClientRefusal
from service.usecases import offline
from tests.client.audit.exports import encoded, replayed
from tests.client.audit.story import a_world, begin, leaves_of
from tests.usecases.test_brought_in import brought_in
from tests.usecases.test_retired_lines import SIGNERS, retire
from tests.usecases.world import World


@pytest.fixture
def line(tmp_path: Path) -> Iterator[World]:
    """An envelope is in force."""
    with a_world(tmp_path) as world:
        begin(world)
        yield world


def retired_earlier(world: World, action: str) -> list[bytes]:
    """The log with the end of the line before the last leaf with this action."""
    written = [parse_leaf(data) for data in leaves_of(world)]
    end = max(i for i, leaf in enumerate(written) if leaf.action == "roster:accepted")
    start = max(i for i in range(end) if written[i].action == "roster:drafted")
    place = max(i for i in range(start) if written[i].action == action)
    moved: list[Leaf] = [*written[:place], *written[start : end + 1], *written[place:start]]
    return encoded([*moved, *written[end + 1 :]])


def test_what_was_entered_before_the_end_goes_on(line: World) -> None:
    released, pending = line.ask(), line.ask()
    line.approve("ann", released)
    retire(line)
    for name in ("bob", "dea", "eli"):
        line.approve(name, released)
    line.release(released)
    line.close(released)
    line.cancel(pending)
    world = replayed(leaves_of(line))
    roster = world.accounts[line.account].roster
    assert roster is not None
    assert roster.retired
    assert [one for one in world.remarks if "retired this line" in one]


def test_an_envelope_from_before_the_end_is_confirmed_after_it(line: World) -> None:
    line.seal()
    retire(line)
    line.confirm("ann", "bob", "dea", "eli")
    assert replayed(leaves_of(line)).tally["leaves"] == len(leaves_of(line))


@pytest.mark.parametrize(
    ("act", "action"),
    [
        (lambda line: line.ask(), "request:opened"),
        (lambda line: line.ask(drill=True), "request:opened"),
        (lambda line: line.seal(), "envelope:sealed"),
    ],
)
def test_nothing_new_is_taken_after_the_end(
    line: World, act: Callable[[World], object], action: str
) -> None:
    act(line)
    retire(line)
    replayed(leaves_of(line))
    with pytest.raises(ClientRefusal) as refused:
        replayed(retired_earlier(line, action))
    assert refused.value.code == "line-retired"


@pytest.mark.parametrize("lie", [{}, {"retired": True}, {"name": "payments eu"}])
def test_no_roster_follows_the_end(
    line: World, lie: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    retire(line)
    with monkeypatch.context() as lying:
        lying.setattr("service.domain.roster.check_not_retired", lambda _: None)
        line.accept_roster(signers=SIGNERS, **lie)
    with pytest.raises(ClientRefusal, match="this line of the account is retired") as refused:
        replayed(leaves_of(line))
    assert refused.value.code == "roster-chain"


def test_no_release_by_hand_names_the_end(line: World, monkeypatch: pytest.MonkeyPatch) -> None:

    retire(line)
    with monkeypatch.context() as lying:
        lying.setattr(offline, "check_not_retired", lambda _: None)
        offline.bring_in(line.ctx, line.caller("ann"), brought_in(line, SIGNERS))
    with pytest.raises(ClientRefusal) as refused:
        replayed(leaves_of(line))
    assert refused.value.code == "line-retired"


def test_a_request_that_the_end_is_said_to_cancel_is_refused(line: World) -> None:
    """An ordinary version cancels; the same leaves after a retiring one are not what it causes."""
    line.ask()
    line.accept_roster(signers=SIGNERS, name="payments eu")
    [cancelled] = [leaf for leaf in map(parse_leaf, leaves_of(line)) if leaf.details.get("why")]
    line.ask()
    retire(line)
    written = [parse_leaf(data) for data in leaves_of(line)]
    lie = type(cancelled)(
        seq=len(written),
        at=written[-1].at,
        actor=cancelled.actor,
        action=cancelled.action,
        subject=cancelled.subject,
        request=next(one.request for one in written[::-1] if one.request),
        details=cancelled.details,
        statement=b"",
    )
    with pytest.raises(ClientRefusal) as refused:
        replayed(encoded([*written, lie]))
    assert refused.value.code == "uncaused"
