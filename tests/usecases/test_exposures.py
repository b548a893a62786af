"""Whatever exposes an envelope: the finding says how, and a sealer has the task."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import service
from service.domain.credential import event
from service.domain.events import Action
from service.domain.exposed import SENTENCES, Cause, cause_of
from service.domain.readiness import Act
from service.storage import envelopes
from service.usecases import accounts, home, offline, papers
from service.usecases.settling import settle_due
from service.web.finding_words import message
from tests.cast import ACCOUNT
from tests.unit.domain.builders import roster
from tests.usecases.bodies import body
from tests.usecases.test_brought_in import brought_in
from tests.usecases.world import World

SOURCES = Path(service.__path__[0]) / "usecases"
WHY = re.compile(r'expose\w*\([^)]*why="([a-z-]+)"')


def taken_back(world: World) -> None:
    request = world.ask()
    world.approve_all(request)
    world.cancel(request)


def expired(world: World) -> None:
    world.approve_all(world.ask())
    world.clock.advance(hours=1)
    settle_due(world.ctx)


def denied(world: World) -> None:
    request = world.ask()
    world.approve_all(request)
    for name in ("ann", "bob"):
        world.deny(name, request)


def overtaken(world: World) -> None:
    world.approve_all(world.ask())
    world.accept_roster(("ann", "bob", "dea", "eli"))


def together(world: World) -> None:
    for names in (("ann", "bob"), ("dea", "eli")):
        request = world.ask()
        for name in names:
            world.approve(name, request)
        world.cancel(request)


def released(world: World) -> None:
    request = world.ask()
    world.approve_all(request)
    world.release(request)
    world.close(request)


def opened_offline(world: World) -> None:
    posted = brought_in(world, ("ann", "bob", "dea", "eli"))
    offline.bring_in(world.ctx, world.caller("ann"), posted)


def opened_with_papers(world: World) -> None:
    papers.take_report(world.ctx, body(world.papers()))


def opened_before_it_was_ready(world: World) -> None:
    world.seal(cause="roster")
    opened_with_papers(world)
    world.confirm("ann", "bob", "dea", "eli")


def of_one_password(world: World) -> None:
    """The report names the envelope before it, of which alone it says how it was opened."""
    first = world.manifests["newest"]
    world.seal(cause="roster")
    world.confirm("ann", "bob", "cem", "dea", "eli", "fay")
    papers.take_report(world.ctx, body(world.papers(first)))


CAUSES: dict[Cause, Callable[[World], None]] = {
    Cause.TAKEN_BACK: taken_back,
    Cause.EXPIRED: expired,
    Cause.DENIED: denied,
    Cause.OVERTAKEN: overtaken,
    Cause.TOGETHER: together,
    Cause.RELEASED: released,
    Cause.OFFLINE: opened_offline,
    Cause.PAPERS: opened_with_papers,
    Cause.SAME: of_one_password,
}


@pytest.mark.parametrize("cause", list(CAUSES))
def test_every_exposure_is_a_sealers_task_until_the_new_one_is_ready(
    ready: World, cause: Cause
) -> None:
    assert Act.SEAL not in acts(ready, "gus")
    CAUSES[cause](ready)
    [exposed] = [f for f in shown(ready).findings if f.code.value == "exposed"]
    assert exposed.cause is cause
    assert exposed.urgent
    assert message(exposed).startswith(SENTENCES[cause])
    assert Act.SEAL in acts(ready, "gus")
    assert Act.SEAL not in acts(ready, "ann")
    waiting = shown(ready).rotating
    ready.seal(after_requests=sorted(waiting))
    ready.confirm("ann", "bob", "cem", "dea", "eli", "fay")
    assert Act.SEAL not in acts(ready, "gus")
    assert shown(ready).state == "ready"


def test_what_was_opened_before_it_was_ready_is_exposed_as_soon_as_it_is(ready: World) -> None:
    opened_before_it_was_ready(ready)
    [exposed] = [f for f in shown(ready).findings if f.code.value == "exposed"]
    assert exposed.cause is Cause.SAME


def test_every_cause_that_there_is_was_tried() -> None:
    assert CAUSES.keys() == set(Cause) - {Cause.UNKNOWN}


def test_each_why_that_the_service_writes_is_a_cause_that_has_a_sentence() -> None:
    written = {why for path in SOURCES.rglob("*.py") for why in WHY.findall(path.read_text())}
    assert {"released", "offline-release"} <= written
    known = {why for why in written if cause_of(why, [], roster=roster()) is not Cause.UNKNOWN}
    assert written - known == set()


def test_an_exposure_of_which_the_log_says_nothing_is_said_to_be_unknown(ready: World) -> None:
    taken_back(ready)
    with ready.ctx.write() as unit:
        sealed = envelopes.in_force(unit.session, ACCOUNT)
        assert sealed is not None
        other = replace(sealed, digest="0" * 64)
        unit.record(event(Action.ENVELOPE_EXPOSED, other, why="released"))
    [exposed] = [f for f in shown(ready).findings if f.code.value == "exposed"]
    assert exposed.cause is Cause.UNKNOWN


def test_a_drill_exposes_nothing_and_is_nobodys_task(ready: World) -> None:
    drill = ready.ask(drill=True)
    ready.approve_all(drill)
    ready.cancel(drill)
    assert shown(ready).state == "ready"
    assert Act.SEAL not in acts(ready, "gus")


def shown(world: World) -> accounts.Account:
    return accounts.show(world.ctx, world.caller("gus"), ACCOUNT)


def acts(world: World, name: str) -> frozenset[Act]:
    return home.acts_in(world.ctx, world.caller(name), ACCOUNT)
