"""What the pages say of duties and limits that nobody may forget."""

from tests.cast import ACCOUNT
from tests.conftest import HandClock
from tests.usecases.world import World
from tests.web.pages.conftest import Visit, said

NARROWS = "Root can do anything in this account, and nothing here can narrow that"
DUE = "no drill in the last 90 days"


def test_every_account_says_that_nothing_narrows_root(world: World, visit: Visit) -> None:
    world.enrol_everybody()
    world.register()
    assert NARROWS in said(visit("olga", f"/accounts/{ACCOUNT}"))
    world.accept_roster()
    assert NARROWS in said(visit("ann", f"/accounts/{ACCOUNT}"))


def test_a_quarter_without_a_drill_is_told(world: World, visit: Visit, clock: HandClock) -> None:
    world.ready()
    for page in ("/", f"/accounts/{ACCOUNT}"):
        assert DUE in said(visit("ann", page)).lower()
    drill = world.ask(drill=True)
    world.approve_all(drill)
    world.release(drill)
    for page in ("/", f"/accounts/{ACCOUNT}"):
        assert DUE not in said(visit("ann", page)).lower()


def test_it_is_due_again_after_ninety_days(world: World, visit: Visit, clock: HandClock) -> None:
    world.ready()
    drill = world.ask(drill=True)
    world.approve_all(drill)
    world.release(drill)
    clock.advance(days=90)
    assert DUE not in said(visit("dea", f"/accounts/{ACCOUNT}")).lower()  # the first look signs in
    clock.advance(seconds=1)
    assert DUE in said(visit("dea", f"/accounts/{ACCOUNT}")).lower()


def test_a_review_says_where_to_look(world: World, visit: Visit) -> None:
    world.ready()
    request = world.ask()
    world.approve_all(request)
    world.release(request)
    world.rotate(request)
    words = said(visit("ann", f"/requests/{request}/review"))
    for place in ("CloudTrail", "access key of root", "MFA device", "e-mail address"):
        assert place in words
