"""What a home page reads, it reads of all accounts at once: an operator may see hundreds."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from service.usecases import home
from tests.cast import ACCOUNT, OPERATOR
from tests.usecases.world import World

OTHERS = ("222233334444", "333344445555", "444455556666")


@contextmanager
def counted() -> Iterator[list[str]]:
    ran: list[str] = []

    def note(_c: object, _cursor: object, sql: str, *_: object) -> None:
        ran.append(sql)

    event.listen(Engine, "before_cursor_execute", note)
    yield ran
    event.remove(Engine, "before_cursor_execute", note)


def asked(world: World) -> int:
    caller = world.caller(OPERATOR)
    home.due(world.ctx, caller)  # what is kept for good is kept from here on
    with counted() as ran:
        home.due(world.ctx, caller)
    return len(ran)


def test_more_accounts_take_no_more_queries(ready: World) -> None:
    before = asked(ready)
    for account in OTHERS:
        ready.register(account)
        ready.account, ready.roster = account, None
        ready.accept_roster()
    ready.account = ACCOUNT
    assert asked(ready) == before
