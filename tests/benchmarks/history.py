"""Reading a long log back: pages of history beside those of a short log, and each two filters.

Pages and proofs are asked of the use cases that the page and the API call, in a transaction each.
Every pair of filters is asked for with values that meet in many events, in few and in none, from
the newest event and from one deep in the past.
"""

import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import combinations
from pathlib import Path

from sqlalchemy import text

from crypto.encoding import format_time
from service.domain.events import Action
from service.domain.outcomes import Outcome
from service.usecases import checkpoints, history
from service.usecases.context import Caller
from tests.benchmarks.chronicle import ACCOUNTS, BLOCK, PEOPLE, Chronicle, request_id, written
from tests.benchmarks.figures import WARM, Figure, Timed, in_turn, slowest
from tests.benchmarks.organisation import environment

SMALL, LARGE = 10_000, 1_000_000
ROUNDS = 300
_PORT = 8420  # named by the settings, and not served at
_ACTIONS = (
    Action.SESSION_OPENED,
    Action.REQUEST_APPROVED,
    Action.REQUEST_RELEASED,
    Action.REQUEST_IMPORTED,
)

Asked = Mapping[str, str]


def _account(_: Chronicle, chance: random.Random) -> Asked:
    return {"account": chance.choice(ACCOUNTS)}


def _person(_: Chronicle, chance: random.Random) -> Asked:
    return {"actor": chance.choice(PEOPLE)}


def _action(_: Chronicle, chance: random.Random) -> Asked:
    return {"action": str(chance.choice(_ACTIONS))}


def _request(log: Chronicle, chance: random.Random) -> Asked:
    return {"request": request_id(chance.randrange(log.size // BLOCK * 5 // 4))}


def _outcome(_: Chronicle, chance: random.Random) -> Asked:
    return {"outcome": str(chance.choice(list(Outcome)))}


def _time(log: Chronicle, chance: random.Random) -> Asked:
    """From an hour to all of it; one in ten is before there was anything."""
    length = (log.end - log.start).total_seconds()
    span = max(3600.0, length / chance.choice((1, 2, 10, 100, 1000)))
    since = log.start + timedelta(seconds=int(chance.uniform(-span / 10, length)))
    until = since + timedelta(seconds=int(span))
    return {"since": format_time(since), "until": format_time(until)}


_FILTERS: Mapping[str, Callable[[Chronicle, random.Random], Asked]] = {
    "account": _account,
    "person": _person,
    "action": _action,
    "request": _request,
    "outcome": _outcome,
    "time": _time,
}


def _anew(log: Chronicle, caller: Caller, asked: Asked, before: int | None) -> None:
    """A page whose entries nobody has just looked at: a short log has few, which are remembered."""
    history._parsed.cache_clear()  # noqa: SLF001 - a benchmark's business alone
    _page(log, caller, asked, before)()


def _page(log: Chronicle, caller: Caller, asked: Asked, before: int | None) -> Timed:
    return partial(history.events, log.ctx, caller, **asked, before=before)  # type: ignore[arg-type]


def _searches(log: Chronicle, names: Sequence[str]) -> Iterator[Timed]:
    chance = random.Random(str(names))  # the same in every run
    for number in range(ROUNDS + WARM):
        asked = {k: v for name in names for k, v in _FILTERS[name](log, chance).items()}
        yield _page(log, log.auditor, asked, chance.randrange(log.size) if number % 2 else None)


def _pages(
    logs: tuple[Chronicle, Chronicle],
    who: Callable[[Chronicle], Caller],
    asked: Asked,
    *,
    deep: bool,
) -> Iterator[tuple[Timed, Timed]]:
    """The same page of the large log and the small one."""
    small, large = logs
    chance = random.Random(0)
    for _ in range(ROUNDS + WARM):
        depth = chance.uniform(0.3, 0.7)
        ours, bare = (
            partial(_anew, log, who(log), asked, int(log.size * depth))
            if deep
            else _page(log, who(log), asked, None)
            for log in (large, small)
        )
        yield ours, bare


def _growth(logs: tuple[Chronicle, Chronicle], name: str) -> Iterator[Figure]:
    """First and deep pages: of everything, of an account, and of what one custodian may see."""

    def auditor(log: Chronicle) -> Caller:
        return log.auditor

    def custodian(log: Chronicle) -> Caller:
        return log.custodian

    of_account = {"account": ACCOUNTS[0]}
    for what, who, asked in (
        ("everything", auditor, {}),
        ("an account", auditor, of_account),
        ("a custodian", custodian, {}),
    ):
        for place in ("first", "deep"):
            pairs = _pages(logs, who, asked, deep=place == "deep")
            title = f"{place} page of {what}, {logs[1].size:,} to {logs[0].size:,}, {name}"
            yield in_turn(title, "growth", pairs)


def _proofs(log: Chronicle, name: str) -> Iterator[Figure]:
    chance = random.Random(0)
    indexes = [chance.randrange(log.size) for _ in range(2 * (ROUNDS + WARM))]
    included = [partial(history.proof, log.ctx, log.auditor, seq) for seq in indexes[::2]]
    yield slowest(f"inclusion at {log.size:,}, {name}", "proof", included)
    consistent = [partial(checkpoints.checkpoint, log.ctx, seen=seen + 1) for seen in indexes[1::2]]
    yield slowest(f"consistency at {log.size:,}, {name}", "proof", consistent)


def _told(name: str, count: int) -> None:
    print(f"{name}: {count:,} events written", file=sys.stderr, flush=True)


@contextmanager
def logs_of(
    folder: Path, urls: tuple[str, str], name: str, sizes: tuple[int, int]
) -> Iterator[tuple[Chronicle, Chronicle]]:
    """A short and a long log in two empty databases of one kind."""
    small, large = (
        _log(folder / f"state-{size}", url, name, size)
        for url, size in zip(urls, sizes, strict=True)
    )
    try:
        yield small, large
    finally:
        for log in (small, large):
            log.ctx.database.dispose()


def _log(state_dir: Path, url: str, name: str, size: int) -> Chronicle:
    with environment(state_dir, _PORT, url) as read:
        log = written(read, size, partial(_told, name))
    _settle(log)
    return log


def rows(folder: Path, urls: tuple[str, str], name: str) -> Iterator[Figure]:
    """Each as it is measured; ``urls`` are of two empty databases of one kind."""
    with logs_of(folder, urls, name, (SMALL, LARGE)) as logs:
        yield from rows_of(logs, name)


def rows_of(logs: tuple[Chronicle, Chronicle], name: str) -> Iterator[Figure]:
    """The same of logs that are there, the short one first."""
    yield from _growth(logs, name)
    large = logs[1]
    for pair in combinations(_FILTERS, 2):
        title = f"{' + '.join(pair)} at {large.size:,}, {name}"
        yield slowest(title, "search", _searches(large, pair))
    yield from _proofs(large, name)


def _settle(log: Chronicle) -> None:
    """What a database does by itself after a while, and not while a benchmark waits for it."""
    engine = log.ctx.database.engine
    if engine.dialect.name == "postgresql":
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
