"""Sessions: how long they last, how they stay fresh, how they end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.domain import errors
from service.domain.sessions import SessionKind
from service.storage.database import Database
from service.storage.people_tables import SessionRow
from service.usecases import people, sessions
from service.usecases.context import Context
from tests.conftest import HandClock
from tests.usecases.people import acts
from tests.usecases.people.acts import Someone


@pytest.mark.parametrize("token", ["", "A" * 43, "é", "\udcff"])
def test_a_token_of_nobody_opens_nothing(ctx: Context, ann: Someone, token: str) -> None:
    with pytest.raises(errors.NotSignedInError):
        sessions.authenticate(ctx, token)


def test_a_session_ends_when_idle_for_half_an_hour(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    token = sessions.sign_in(ctx, acts.sign_in_body(ann)).token
    clock.advance(minutes=29, seconds=59)
    sessions.authenticate(ctx, token)
    clock.advance(minutes=29, seconds=59)
    sessions.authenticate(ctx, token)
    clock.advance(minutes=30)
    with pytest.raises(errors.NotSignedInError):
        sessions.authenticate(ctx, token)


def test_a_session_ends_after_twelve_hours_of_use(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    token = sessions.sign_in(ctx, acts.sign_in_body(ann)).token
    for _ in range(12 * 60 // 20 - 1):
        clock.advance(minutes=20)
        sessions.authenticate(ctx, token)
    clock.advance(minutes=20, seconds=-1)
    sessions.authenticate(ctx, token)
    clock.advance(seconds=1)
    with pytest.raises(errors.NotSignedInError):
        sessions.authenticate(ctx, token)


def used_at(ctx: Context) -> int:
    with ctx.read() as unit:
        return unit.session.scalars(select(SessionRow.last_used_at)).one()


def test_the_last_use_is_written_down_once_a_minute(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    token = sessions.sign_in(ctx, acts.sign_in_body(ann)).token
    start = used_at(ctx)
    clock.advance(seconds=59)
    sessions.authenticate(ctx, token)
    assert used_at(ctx) == start
    clock.advance(seconds=1)
    sessions.authenticate(ctx, token)
    assert used_at(ctx) == start + 60


def test_a_clock_that_is_behind_does_not_keep_a_reader_out(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    token = sessions.sign_in(ctx, acts.sign_in_body(ann)).token
    clock.advance(minutes=10)
    acts.enrol(ctx, "Bob")
    clock.advance(minutes=-6)
    assert sessions.authenticate(ctx, token).person == ann.person


@pytest.mark.act("session.freshen")
def test_a_session_is_fresh_for_five_minutes_and_again_after_a_proof(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    token = sessions.sign_in(ctx, acts.sign_in_body(ann)).token
    clock.advance(minutes=5, seconds=-1)
    assert sessions.authenticate(ctx, token).fresh
    clock.advance(seconds=1)
    stale = sessions.authenticate(ctx, token)
    assert not stale.fresh
    sessions.freshen(ctx, stale, ann.phrase.key)
    assert sessions.authenticate(ctx, token).fresh
    clock.advance(minutes=5)
    assert not sessions.authenticate(ctx, token).fresh


def test_a_wrong_proof_makes_nothing_fresh_and_counts_as_a_failed_sign_in(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    token = sessions.sign_in(ctx, acts.sign_in_body(ann)).token
    clock.advance(minutes=5)
    stale = sessions.authenticate(ctx, token)
    for _ in range(10):
        with pytest.raises(errors.SignInFailedError):
            sessions.freshen(ctx, stale, acts.wrong().sign_in_key)
    with pytest.raises(errors.RateLimitedError):
        sessions.sign_in(ctx, acts.wrong())
    assert not sessions.authenticate(ctx, token).fresh
    assert acts.leaves(ctx)[-1].details == {"count": 1, "people": [ann.person]}


@pytest.mark.act("session.list", "session.revoke")
def test_sessions_are_listed_newest_first_and_revoked_one_by_one(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    first = sessions.sign_in(ctx, acts.sign_in_body(ann))
    clock.advance(minutes=1)
    second = sessions.sign_in(ctx, acts.sign_in_body(ann, cookie=True))
    me = sessions.authenticate(ctx, second.token, kind=SessionKind.COOKIE)
    listed = sessions.mine(ctx, me).sessions
    assert [(s.session, s.kind, s.current) for s in listed] == [
        (second.session, "cookie", True),
        (first.session, "bearer", False),
    ]
    sessions.revoke(ctx, me, first.session)
    [leaf] = acts.leaves(ctx)[-1:]
    assert (leaf.action, leaf.details) == ("session:ended", {"session": first.session})
    with pytest.raises(errors.NotSignedInError):
        sessions.authenticate(ctx, first.token)
    assert [s.session for s in sessions.mine(ctx, me).sessions] == [second.session]
    sessions.revoke(ctx, me, second.session)
    with pytest.raises(errors.NotSignedInError):
        sessions.authenticate(ctx, second.token, kind=SessionKind.COOKIE)


@pytest.mark.parametrize(
    ("issued", "sent"),
    [(SessionKind.COOKIE, SessionKind.BEARER), (SessionKind.BEARER, SessionKind.COOKIE)],
)
def test_a_token_works_only_the_way_it_was_issued(
    ctx: Context, ann: Someone, issued: SessionKind, sent: SessionKind
) -> None:
    body = acts.sign_in_body(ann, cookie=issued is SessionKind.COOKIE)
    token = sessions.sign_in(ctx, body).token
    assert sessions.authenticate(ctx, token, kind=issued).person == ann.person
    with pytest.raises(errors.NotSignedInError):
        sessions.authenticate(ctx, token, kind=sent)


def test_a_session_that_is_over_or_another_persons_cannot_be_revoked(
    ctx: Context, ann: Someone, clock: HandClock, database: Database
) -> None:
    bob = acts.enrol(ctx, "Bob")
    hers = sessions.sign_in(ctx, acts.sign_in_body(ann))
    idle = sessions.sign_in(ctx, acts.sign_in_body(bob))
    clock.advance(minutes=30)
    his = acts.caller(ctx, bob)
    sessions.revoke(ctx, his, his.session)
    before = acts.rows(database)
    for session in (hers.session, idle.session, his.session, "unknown"):
        with pytest.raises(errors.NotFoundError):
            sessions.revoke(ctx, his, session)
    assert acts.rows(database) == before


def test_another_persons_live_session_cannot_be_revoked(
    ctx: Context, ann: Someone, database: Database
) -> None:
    hers = sessions.sign_in(ctx, acts.sign_in_body(ann))
    his = acts.caller(ctx, acts.enrol(ctx, "Bob"))
    before = acts.rows(database)
    with pytest.raises(errors.NotFoundError):
        sessions.revoke(ctx, his, hers.session)
    assert acts.rows(database) == before


def test_sessions_are_forgotten_thirty_days_after_they_can_last(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    acts.caller(ctx, ann)
    clock.time += timedelta(days=30, hours=12, seconds=-1)
    people.sweep(ctx)
    used_at(ctx)
    clock.advance(seconds=1)
    people.sweep(ctx)
    with ctx.read() as unit:
        assert unit.session.scalars(select(SessionRow.id)).all() == []
