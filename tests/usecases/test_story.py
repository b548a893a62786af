"""The whole story once, through the use cases alone."""

import pytest

from tests.usecases.world import World


@pytest.mark.act(
    "request.open", "request.decide", "request.release", "request.close", "request.review"
)
def test_a_release_leads_through_rotation_and_review_to_closed(ready: World) -> None:
    request = ready.ask()
    assert ready.state(request) == "pending"
    assert ready.approve_all(request).state == "approved"
    released = ready.release(request)
    assert released.state == "released"
    assert len(released.resealed_shares) == 4
    assert ready.close(request).state == "rotation_due"
    ready.rotate(request)
    assert ready.state(request) == "review_due"
    ready.review("ann", request)
    assert ready.review("fay", request).state == "closed"


def test_a_drill_shows_nothing_and_closes_at_once(ready: World) -> None:
    request = ready.ask(drill=True)
    ready.approve_all(request)
    assert ready.release(request).state == "closed"
    assert "envelope:exposed" not in ready.actions()
