import base64
from datetime import timedelta

import pytest
from sqlalchemy import select

from crypto.encoding import b64decode, b64encode
from crypto.errors import MalformedError
from crypto.randomness import random_bytes
from service.domain import errors
from service.domain.sessions import SessionKind
from service.storage.database import Database
from service.storage.people_tables import AttemptRow, SessionRow
from service.usecases import people, sessions
from service.usecases.context import Caller, Context
from service.wire.people import EmailOnly, Freshen, SignIn
from tests.conftest import HandClock
from tests.usecases.people import acts
from tests.usecases.people.acts import Someone

LOGGED = frozenset({"attempt", "audit_event", "audit_head", "audit_node"})


def wrong(email: str = "ann@example.org") -> SignIn:
    return SignIn(email=email, sign_in_key=b64encode(random_bytes(32)))


def fail(ctx: Context, email: str = "ann@example.org", *, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(errors.SignInFailedError):
            sessions.sign_in(ctx, wrong(email))


@pytest.fixture
def ann(ctx: Context) -> Someone:
    return acts.enrol(ctx, "Ann")


def test_a_person_signs_in_whatever_the_case_of_their_address(ctx: Context, ann: Someone) -> None:
    opened = sessions.sign_in(ctx, acts.sign_in_body(ann, email="ANN@Example.org"))
    assert (opened.person, opened.name) == (ann.person, "Ann")
    assert opened.expires_at == "2026-11-23T21:00:00Z"
    assert sessions.authenticate(ctx, opened.token) == Caller(
        person=ann.person, operator=False, auditor=False, session=opened.session, fresh=True
    )
    [*_, leaf] = acts.leaves(ctx)
    assert (leaf.action, leaf.actor, leaf.subject) == ("session:opened", ann.person, ann.person)
    assert leaf.details == {"session": opened.session}


def test_neither_token_nor_sign_in_key_is_stored(
    ctx: Context, ann: Someone, database: Database
) -> None:
    opened = sessions.sign_in(ctx, acts.sign_in_body(ann))
    stored = repr(acts.rows(database))
    raw = base64.urlsafe_b64decode(opened.token + "=")
    for secret in (opened.token, repr(raw)[2:-1], ann.phrase.key, repr(ann.phrase.sign_in_key)):
        assert secret not in stored


def test_roles_come_with_the_session(ctx: Context) -> None:
    olga = acts.caller(ctx, acts.enrol(ctx, "Olga", operator=True))
    aude = acts.caller(ctx, acts.enrol(ctx, "Aude", auditor=True))
    assert (olga.operator, olga.auditor) == (True, False)
    assert (aude.operator, aude.auditor) == (False, True)


def test_parameters_are_those_of_the_phrase(ctx: Context, ann: Someone) -> None:
    found = sessions.parameters(ctx, EmailOnly(email="Ann@example.org"))
    assert b64decode(found.salt) == ann.phrase.salt
    assert found.iterations == 600_000


def test_somebody_unknown_or_not_enrolled_gets_a_stable_salt_of_the_same_kind(
    ctx: Context, ann: Someone, database: Database
) -> None:
    acts.invite(ctx, "Bob")
    before = acts.rows(database)
    salts = []
    for email in ("bob@example.org", "nobody@example.org"):
        first = sessions.parameters(ctx, EmailOnly(email=email))
        again = sessions.parameters(ctx, EmailOnly(email=email.upper()))
        assert first == again
        assert len(b64decode(first.salt)) == len(ann.phrase.salt)
        salts.append(first.salt)
    assert len(set(salts)) == len(salts)
    assert acts.rows(database) == before


@pytest.mark.parametrize("email", ["ann@example.org", "bob@example.org", "nobody@example.org"])
def test_a_failed_sign_in_is_the_same_for_known_and_unknown(
    ctx: Context, ann: Someone, database: Database, email: str
) -> None:
    bob = acts.invite(ctx, "Bob")
    before, events = acts.rows(database, without=LOGGED), len(acts.leaves(ctx))
    with pytest.raises(errors.SignInFailedError) as refused:
        sessions.sign_in(ctx, wrong(email))
    assert refused.value.message == errors.SignInFailedError.default
    assert acts.rows(database, without=LOGGED) == before
    [leaf] = acts.leaves(ctx)[events:]
    concerned = [ann.person] if email.startswith("ann") else []
    assert (leaf.action, leaf.actor, leaf.subject) == ("session:failed", "service", "service")
    assert leaf.details == {"count": 1, "people": concerned}
    assert email not in repr(acts.rows(database)["attempt"])
    assert bob.person not in repr(leaf.details)


@pytest.mark.parametrize(
    "body",
    [
        SignIn(email="a\x00b@example.org", sign_in_key=b64encode(bytes(32))),
        SignIn(email="ann@example.org", sign_in_key="A" * 42 + "B="),
    ],
)
def test_what_is_malformed_is_told_without_being_counted(
    ctx: Context, database: Database, body: SignIn
) -> None:
    before = acts.rows(database)
    with pytest.raises(MalformedError):
        sessions.sign_in(ctx, body)
    assert acts.rows(database) == before


def test_the_log_hears_of_failures_at_most_every_five_minutes(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    fail(ctx)
    fail(ctx, "nobody@example.org", times=3)
    clock.advance(minutes=5, seconds=-1)
    fail(ctx)
    assert acts.actions(ctx).count("session:failed") == 1
    clock.advance(seconds=1)
    fail(ctx, "nobody@example.org")
    last = acts.leaves(ctx)[-1]
    assert last.action == "session:failed"
    assert last.details == {"count": 5, "people": [ann.person]}


def test_what_is_left_unreported_comes_with_the_next_sign_in_or_sweep(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    fail(ctx, times=3)
    sessions.sign_in(ctx, acts.sign_in_body(ann))
    assert acts.actions(ctx)[-1] == "session:opened"
    clock.advance(minutes=5)
    sessions.sign_in(ctx, acts.sign_in_body(ann))
    assert acts.actions(ctx)[-2:] == ["session:opened", "session:failed"]
    assert acts.leaves(ctx)[-1].details == {"count": 2, "people": [ann.person]}
    fail(ctx)
    people.sweep(ctx)
    assert acts.actions(ctx)[-1] == "session:failed"
    size = len(acts.leaves(ctx))
    clock.advance(minutes=5)
    people.sweep(ctx)
    assert acts.leaves(ctx)[-1].details == {"count": 1, "people": [ann.person]}
    people.sweep(ctx)
    assert len(acts.leaves(ctx)) == size + 1


def test_beyond_ten_failures_nothing_is_written_and_the_right_key_still_opens(
    ctx: Context, ann: Someone, database: Database, clock: HandClock
) -> None:
    fail(ctx, times=10)
    before = acts.rows(database)
    with pytest.raises(errors.RateLimitedError):
        sessions.sign_in(ctx, wrong())
    assert acts.rows(database) == before
    fail(ctx, "nobody@example.org")
    sessions.sign_in(ctx, acts.sign_in_body(ann))
    clock.advance(minutes=15)
    fail(ctx)


def test_beyond_the_limit_a_stranger_waits_for_no_writer_and_keeps_none_waiting(
    ctx: Context, ann: Someone, database: Database
) -> None:
    fail(ctx, times=10)
    with database.write() as session:
        session.scalars(select(AttemptRow).with_for_update()).all()
        with pytest.raises(errors.RateLimitedError):
            sessions.sign_in(ctx, wrong())


def test_a_hundred_failures_over_all_limit_every_address_alike(
    ctx: Context, ann: Someone, database: Database
) -> None:
    for number in range(100):
        fail(ctx, f"stranger{number}@example.org")
    before = acts.rows(database)
    for email in ("ann@example.org", "fresh@example.org"):
        with pytest.raises(errors.RateLimitedError):
            sessions.sign_in(ctx, wrong(email))
    assert acts.rows(database) == before
    assert acts.actions(ctx).count("session:failed") == 1
    sessions.sign_in(ctx, acts.sign_in_body(ann))


def test_counters_that_no_longer_count_are_deleted(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    for number in range(5):
        fail(ctx, f"stranger{number}@example.org")
    clock.advance(minutes=15)
    fail(ctx)
    fail(ctx)
    with ctx.read() as unit:
        digests = unit.session.scalars(select(AttemptRow.digest)).all()
    assert len(digests) == 2  # over all, and Ann's


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


def test_a_session_is_fresh_for_five_minutes_and_again_after_a_proof(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    token = sessions.sign_in(ctx, acts.sign_in_body(ann)).token
    clock.advance(minutes=5, seconds=-1)
    assert sessions.authenticate(ctx, token).fresh
    clock.advance(seconds=1)
    stale = sessions.authenticate(ctx, token)
    assert not stale.fresh
    sessions.freshen(ctx, stale, Freshen(sign_in_key=ann.phrase.key))
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
            sessions.freshen(ctx, stale, Freshen(sign_in_key=wrong().sign_in_key))
    with pytest.raises(errors.RateLimitedError):
        sessions.sign_in(ctx, wrong())
    assert not sessions.authenticate(ctx, token).fresh
    assert acts.leaves(ctx)[-1].details == {"count": 1, "people": [ann.person]}


def test_sessions_are_listed_newest_first_and_revoked_one_by_one(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    first = sessions.sign_in(ctx, acts.sign_in_body(ann))
    clock.advance(minutes=1)
    second = sessions.sign_in(ctx, acts.sign_in_body(ann), kind=SessionKind.COOKIE)
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
    token = sessions.sign_in(ctx, acts.sign_in_body(ann), kind=issued).token
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
