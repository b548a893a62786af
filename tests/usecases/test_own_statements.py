"""What signing in brings: a person's own newest word on the log, and nothing older or of others."""

from service.usecases.own_statements import newest_with_head
from service.wire.base import Dsse
from tests.usecases.bodies import wire
from tests.usecases.test_before_signing import head_of
from tests.usecases.world import World


def newest(world: World, name: str = "gus") -> Dsse | None:
    with world.ctx.read() as unit:
        return newest_with_head(unit.session, world.id(name))


def test_it_is_the_newest_that_names_a_head(ready: World) -> None:
    assert newest(ready) is None  # everything so far was signed without a checkpoint
    for _ in range(2):
        asked = ready.asked[ready.ask(**head_of(ready))]
        assert newest(ready) == wire(asked)
    assert newest(ready, "ann") is None


def test_what_names_none_is_passed_over_however_many_they_are(ready: World) -> None:
    asked = ready.asked[ready.ask(**head_of(ready))]
    for _ in range(6):
        ready.clock.advance(minutes=30)
        ready.cancel(ready.ask())
    assert newest(ready) == wire(asked)


def test_what_they_signed_with_earlier_keys_is_never_handed_over(ready: World) -> None:
    request = ready.ask()
    ready.approve("ann", request, **head_of(ready))
    assert newest(ready, "ann") is not None
    ready.enrol_anew("ann")
    assert newest(ready, "ann") is None
