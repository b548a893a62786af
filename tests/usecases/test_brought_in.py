"""Releases made without the service, brought in afterwards."""

from typing import Any

import pytest

from crypto.encoding import hex_digest
from service.domain import errors
from service.usecases import offline
from service.wire.requests import OfflineImport
from tests.races.whole import check_whole
from tests.usecases.bodies import wire
from tests.usecases.looking import envelope_state, tail
from tests.usecases.world import World


def brought_in(world: World, names: tuple[str, ...], **changes: Any) -> OfflineImport:
    asked = world.request_statement(offline=True, **changes)
    world.asked[asked.payload["request"]] = asked
    return OfflineImport(
        request=wire(asked),
        decisions=[
            wire(
                world.decision(
                    name, asked.payload["request"], resealed_share_digest=hex_digest(name.encode())
                )
            )
            for name in names
        ],
        release=wire(world.word("release", asked.payload["request"])),
        closure=wire(world.word("closure", asked.payload["request"], summary="done by hand")),
    )


@pytest.mark.act("request.import")
def test_a_release_made_without_the_service_enters_at_rotation_due(ready: World) -> None:
    posted = brought_in(ready, ("ann", "bob", "dea", "eli"))
    ready.clock.advance(days=3)  # the log's time is no rule here
    done = offline.bring_in(ready.ctx, ready.caller("ann"), posted)
    assert done.state == "rotation_due"
    assert envelope_state(ready) == "exposed"
    assert tail(ready, 8)[0] == "request:imported"
    with pytest.raises(errors.ReplayedError):
        offline.bring_in(ready.ctx, ready.caller("ann"), posted)
    ready.rotate(done.id)
    assert ready.state(done.id) == "review_due"
    check_whole(ready.ctx)


@pytest.mark.act("request.import")
def test_decisions_that_make_no_quorum_are_not_brought_in(ready: World) -> None:
    before = ready.actions()
    with pytest.raises(errors.NoQuorumError):
        offline.bring_in(ready.ctx, ready.caller("ann"), brought_in(ready, ("ann", "dea", "eli")))
    assert ready.actions() == before


def test_one_decision_twice_is_not_brought_in(ready: World) -> None:
    posted = brought_in(ready, ("ann", "bob", "dea", "eli"))
    twice = posted.model_copy(update={"decisions": [*posted.decisions, posted.decisions[0]]})
    with pytest.raises(errors.ReplayedError):
        offline.bring_in(ready.ctx, ready.caller("ann"), twice)
