"""One person's acts that are told: so many in an hour, and no emergency waits for it."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import event, text

from service.domain import budgets, errors
from service.domain.budgets import HOUR, Budget
from service.storage import last_acts
from service.usecases import bundles, history
from tests.cast import ACCOUNT
from tests.usecases.refusals.conftest import refused
from tests.usecases.world import World


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """A budget that is used up sooner."""
    small = Budget(most=3, actions=budgets.OWN.actions)
    monkeypatch.setattr(budgets, "BUDGETS", (small, budgets.SEALING, budgets.OPERATING))


def fetch(world: World, name: str = "ann") -> None:
    bundles.fetch(world.ctx, world.caller(name), ACCOUNT)


@pytest.mark.usefixtures("three")
def test_one_too_many_within_an_hour_is_refused_and_leaves_nothing(ready: World) -> None:
    for _ in range(3):
        fetch(ready)
        ready.clock.advance(minutes=10)
    refused(ready, "too-many-acts", fetch)
    ready.clock.advance(minutes=30, seconds=-1)
    refused(ready, "too-many-acts", fetch)
    ready.clock.advance(seconds=1)  # an hour after the first one
    fetch(ready)
    refused(ready, "too-many-acts", fetch)


@pytest.mark.usefixtures("three")
def test_each_person_has_their_own(ready: World) -> None:
    for _ in range(3):
        fetch(ready)
    refused(ready, "too-many-acts", fetch)
    fetch(ready, "dea")
    history.export(ready.ctx, ready.caller("aud"))


@pytest.mark.usefixtures("three")
def test_whoever_has_used_it_up_still_asks_decides_releases_and_ends(ready: World) -> None:
    for name in ("gus", "ann", "bob", "dea", "eli", "fay"):
        for _ in range(3):
            fetch(ready, name)
        refused(ready, "too-many-acts", partial(fetch, name=name))
    request = ready.ask()
    ready.deny("ann", request)
    ready.approve_all(request)
    ready.release(request)
    ready.close(request)
    ready.rotate(request)
    ready.review("ann", request)
    ready.review("fay", request)
    assert ready.state(request) == "closed"
    ready.cancel(ready.ask())


@pytest.mark.usefixtures("three")
def test_what_a_clock_that_was_ahead_left_behind_counts_for_nothing(ready: World) -> None:
    who, far = ready.id("ann"), int(ready.clock().timestamp()) + 10**8
    for _ in range(3):
        fetch(ready)
    with ready.ctx.database.write() as session:
        session.execute(
            text("UPDATE audit_event SET actor = :who, at = :far WHERE action = 'bundle:fetched'"),
            {"who": who, "far": far},
        )
    fetch(ready)


@pytest.mark.usefixtures("three")
def test_acts_at_one_moment_do_not_exceed_it_together(ready: World) -> None:
    together = Barrier(8)

    def run(_: int) -> str:
        together.wait()
        try:
            fetch(ready)
        except errors.TooManyActsError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(run, range(8)))
    assert came.count("done") == 3
    assert came.count("too-many-acts") == 5


def test_the_count_reads_the_last_hour_of_the_actor_by_index(ready: World) -> None:
    with ready.ctx.database.write() as session:
        connection = session.connection()
        postgresql = connection.dialect.name == "postgresql"
        if postgresql:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        ran: list[tuple[str, object]] = []
        event.listen(
            connection,
            "before_cursor_execute",
            lambda _c, _cursor, sql, values, _ctx, _many: ran.append((sql, values)),
        )
        now = ready.clock()
        last_acts.count(session, "p", budgets.OWN.actions, since=now - HOUR, until=now)
        [(asked, values)] = ran
        words = "EXPLAIN" if postgresql else "EXPLAIN QUERY PLAN"
        rows = connection.exec_driver_sql(f"{words} {asked}", values).all()  # type: ignore[arg-type]
    plan = "\n".join(str(row) for row in rows)
    assert "ix_audit_event_at_seq" in plan
    assert "ix_audit_event_actor_seq" in plan
