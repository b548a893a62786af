"""An event that says more than its action declares is a fault of the program, and not written."""

import pytest

from service.domain.events import SERVICE, Action, Detail, Event
from tests.usecases.world import World

SESSION: dict[str, Detail] = {"session": "s"}


@pytest.mark.parametrize(
    ("details", "about", "subject"),
    [
        ({**SESSION, "state": "closed"}, "", SERVICE),
        ({}, "", SERVICE),
        ({"session": 1}, "", SERVICE),
        (SESSION, "r", SERVICE),
        (SESSION, "", "someone else"),
    ],
)
def test_what_is_not_declared_is_not_appended(
    world: World, details: dict[str, Detail], about: str, subject: str
) -> None:
    event = Event(
        action=Action.SESSION_OPENED,
        actor=SERVICE,
        subject=subject,
        request=about,
        details=details,
    )
    with pytest.raises(RuntimeError, match="session:opened: "), world.ctx.write() as unit:
        unit.record(event)
    with world.ctx.write() as unit:
        assert unit.record() == []
    with world.ctx.write() as unit:
        event = Event(action=Action.SESSION_OPENED, actor=SERVICE, subject=SERVICE, details=SESSION)
        assert unit.record(event) == [0]
