"""Replaying lines: registered by the service's own rules, and announced to all of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from service.client.audit.replay.claim import Basis, Replayed
from service.client.audit.replay.unsigned import Unsigned
from service.client.audit.replay.world import World
from service.client.foundation.errors import ClientRefusal
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.client.audit.exports import replayed, replayed_by
from tests.client.honest import START
from tests.client.logs import Log

LINE, THIRD = f"{ACCOUNT}.2", f"{ACCOUNT}.3"
DAY = timedelta(days=1)
OLGA = "ops:olga"


def register(
    log: Log, account: str, *lines: str, after: timedelta = timedelta(), by: str = OLGA
) -> None:
    """Register an account or a line, and tell these lines."""
    at = START + after
    details = {"sns_topic_arn": ""}
    log.append("account:registered", actor=OLGA, subject=account, details=details, at=at)
    for line in lines:
        log.append("line:registered", actor=by, subject=line, details={"line": account}, at=at)


def announce(log: Log, line: str, day: int, *to: str, after: timedelta | None = None) -> None:
    at = START + (DAY * day if after is None else after)
    for one in to:
        log.append("line:announced", subject=one, details={"line": line, "day": day}, at=at)


def unasked(log: Log) -> None:
    log.append("line:registered", actor=OLGA, details={"line": THIRD})


@pytest.fixture
def log() -> Log:
    """An account and another one."""
    log = Log().begin()
    register(log, ACCOUNT)
    register(log, OTHER_ACCOUNT)
    return log


@pytest.fixture
def two(log: Log) -> Log:
    """A further line of the first."""
    register(log, LINE, ACCOUNT, LINE)
    return log


def whole(log: Log) -> World:
    return replayed(log.leaves)


def code(log: Log) -> str:
    with pytest.raises(ClientRefusal) as caught:
        whole(log)
    return caught.value.code


def test_lines_follow_one_another_a_week_apart(two: Log) -> None:
    for day in range(1, 8):
        announce(two, LINE, day, ACCOUNT, LINE)
    register(two, THIRD, ACCOUNT, LINE, THIRD, after=7 * DAY)
    world = whole(two)
    assert world.accounts.keys() == {ACCOUNT, OTHER_ACCOUNT, LINE, THIRD}
    assert world.remarks == []


REFUSED: list[tuple[str, str, Callable[[Log], None]]] = [
    (
        "two lines in seven days",
        "line-too-soon",
        lambda log: register(log, THIRD, ACCOUNT, LINE, THIRD, after=7 * DAY - DAY / 86400),
    ),
    (
        "a line without the one before it",
        "line-order",
        lambda log: register(log, f"{ACCOUNT}.4", ACCOUNT, LINE, after=8 * DAY),
    ),
    (
        "a line of an account that is not there",
        "line-order",
        lambda log: register(log, "999999999999.2", "999999999999.2"),
    ),
    ("a line twice", "replayed", lambda log: register(log, LINE, ACCOUNT, LINE, after=8 * DAY)),
    ("an account twice", "replayed", lambda log: register(log, ACCOUNT)),
    ("a first number", "wrong-field", lambda log: register(log, f"{ACCOUNT}.1")),
    (
        "a line that no one hears of",
        "consequence-missing",
        lambda log: register(log, THIRD, after=8 * DAY),
    ),
    (
        "a line that its elder does not hear of",
        "consequence-missing",
        lambda log: register(log, THIRD, LINE, THIRD, after=8 * DAY),
    ),
    (
        "a notice that names another operator",
        "consequence-missing",
        lambda log: register(log, THIRD, ACCOUNT, LINE, THIRD, after=8 * DAY, by="ops:otto"),
    ),
    (
        "a notice out of nothing",
        "uncaused",
        unasked,
    ),
    ("a day too soon", "uncaused", lambda log: announce(log, LINE, 1, ACCOUNT, after=DAY / 2)),
    ("a day twice", "uncaused", lambda log: announce(log, LINE, 1, ACCOUNT, ACCOUNT)),
    (
        "a day that it is not",
        "details-differ",
        lambda log: announce(log, LINE, 2, ACCOUNT, after=DAY),
    ),
    ("a line that is not there", "account-unknown", lambda log: announce(log, THIRD, 1, ACCOUNT)),
    ("a first line", "account-unknown", lambda log: announce(log, ACCOUNT, 1, ACCOUNT)),
    ("in another account", "account-unknown", lambda log: announce(log, LINE, 1, OTHER_ACCOUNT)),
]


@pytest.mark.parametrize(("expected", "change"), [pytest.param(c, x, id=i) for i, c, x in REFUSED])
def test_what_the_rules_forbid_ends_the_replay(
    two: Log, expected: str, change: Callable[[Log], None]
) -> None:
    whole(two)
    change(two)
    assert code(two) == expected


def test_who_registered_a_line_is_the_services_word_though_two_entries_say_so(two: Log) -> None:
    heard: list[Replayed] = []

    class Listening:
        def leaf(self, _world: World, leaf: Replayed) -> None:
            heard.append(leaf)

        def quorum(self, *_: object) -> None: ...

    replayed_by(Listening(), two.leaves)
    for leaf in heard[-2:]:
        assert leaf.basis is Basis.FOLLOWS
        assert isinstance(leaf.actor, Unsigned)
        assert leaf.proven("line") == LINE


def test_a_line_that_was_not_announced_to_the_end_is_remarked(two: Log) -> None:
    announce(two, LINE, 1, ACCOUNT, LINE)
    announce(two, LINE, 7, LINE, after=8 * DAY)
    [remark] = whole(two).remarks
    assert remark == f"line {LINE} was not announced for 7 days to the people of: {ACCOUNT}"
