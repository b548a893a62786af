"""Signing in, and what failures leave behind."""

import base64
from dataclasses import replace

import pytest
from sqlalchemy import select

from crypto.encoding import b64decode, b64encode
from crypto.errors import MalformedError
from crypto.identity import Identity
from crypto.randomness import random_bytes
from service.domain import errors
from service.storage.at_rest import AtRest
from service.storage.database import Database
from service.storage.people_tables import AttemptRow
from service.usecases import enrolment, people, sessions, slots
from service.usecases.context import Caller, Context
from service.wire.people import EmailOnly, InvitationToken, SignIn
from tests import cast
from tests.conftest import HandClock
from tests.usecases.people import acts
from tests.usecases.people.acts import Someone

LOGGED = frozenset({"attempt", "audit_event", "audit_head", "audit_node"})


@pytest.mark.act("session.open")
def test_a_person_signs_in_whatever_the_case_of_their_address(ctx: Context, ann: Someone) -> None:
    opened = sessions.sign_in(ctx, acts.sign_in_body(ann, email="ANN@Corp.example"))
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


@pytest.mark.act("session.parameters")
def test_parameters_are_those_of_the_phrase(ctx: Context, ann: Someone) -> None:
    found = sessions.parameters(ctx, EmailOnly(email="Ann@corp.example"))
    assert b64decode(found.salt) == ann.phrase.salt
    assert found.iterations == 600_000


def test_somebody_unknown_or_not_enrolled_gets_a_stable_salt_of_the_same_kind(
    ctx: Context, ann: Someone, database: Database
) -> None:
    acts.invite(ctx, "Bob")
    sessions.parameters(ctx, EmailOnly(email=ann.email))  # the first who asks makes the key of all
    before = acts.rows(database)
    salts = []
    for email in ("bob@corp.example", "nobody@corp.example"):
        first = sessions.parameters(ctx, EmailOnly(email=email))
        again = sessions.parameters(ctx, EmailOnly(email=email.upper()))
        assert first == again
        assert len(b64decode(first.salt)) == len(ann.phrase.salt)
        salts.append(first.salt)
    assert len(set(salts)) == len(salts)
    assert acts.rows(database) == before


def _enrol_with(ctx: Context, salt: str) -> Someone:
    """Enrol Zed, whose link brings exactly this salt."""
    link = acts.invite(ctx, "Zed")
    assert enrolment.look(ctx, InvitationToken(token=link.token)).salt == salt
    identity, phrase = Identity.generate(), acts.Phrase(salt=b64decode(salt))
    enrolment.enrol(ctx, acts.enrolment_of(link, identity, phrase))
    return Someone(person=link.person, email=cast.email("zed"), identity=identity, phrase=phrase)


def test_the_salt_of_an_address_never_moves(ctx: Context) -> None:
    """A stranger who asks again and again does not learn when an account comes, or that it did."""

    def told(at: Context = ctx) -> str:
        return sessions.parameters(at, EmailOnly(email=cast.email("zed"))).salt

    first = told()
    stranger = sessions.parameters(ctx, EmailOnly(email=cast.email("nobody")))
    _enrol_with(ctx, first)
    assert told() == first
    zed = _enrol_with(ctx, first)  # anew, with another identity
    assert told() == first
    new = acts.slot_change(zed.identity, zed.person, acts.Phrase(salt=b64decode(first)))
    slots.change(ctx, acts.caller(ctx, zed), new)
    other_key = replace(ctx, at_rest=AtRest(random_bytes(32)))
    assert told(other_key) == told() == first
    assert sessions.parameters(other_key, EmailOnly(email=cast.email("nobody"))) == stranger


@pytest.mark.parametrize("email", ["ann@corp.example", "bob@corp.example", "nobody@corp.example"])
def test_a_failed_sign_in_is_the_same_for_known_and_unknown(
    ctx: Context, ann: Someone, database: Database, email: str
) -> None:
    bob = acts.invite(ctx, "Bob")
    before, events = acts.rows(database, without=LOGGED), len(acts.leaves(ctx))
    with pytest.raises(errors.SignInFailedError) as refused:
        sessions.sign_in(ctx, acts.wrong(email))
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
        SignIn(email="a\x00b@corp.example", sign_in_key=b64encode(bytes(32))),
        SignIn(email="ann@corp.example", sign_in_key="A" * 42 + "B="),
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
    acts.fail(ctx)
    acts.fail(ctx, "nobody@corp.example", times=3)
    clock.advance(minutes=5, seconds=-1)
    acts.fail(ctx)
    assert acts.actions(ctx).count("session:failed") == 1
    clock.advance(seconds=1)
    acts.fail(ctx, "nobody@corp.example")
    last = acts.leaves(ctx)[-1]
    assert last.action == "session:failed"
    assert last.details == {"count": 5, "people": [ann.person]}


def test_what_is_left_unreported_comes_with_the_next_sign_in_or_sweep(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    acts.fail(ctx, times=3)
    sessions.sign_in(ctx, acts.sign_in_body(ann))
    assert acts.actions(ctx)[-1] == "session:opened"
    clock.advance(minutes=5)
    sessions.sign_in(ctx, acts.sign_in_body(ann))
    assert acts.actions(ctx)[-2:] == ["session:opened", "session:failed"]
    assert acts.leaves(ctx)[-1].details == {"count": 2, "people": [ann.person]}
    acts.fail(ctx)
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
    acts.fail(ctx, times=10)
    before = acts.rows(database)
    with pytest.raises(errors.RateLimitedError):
        sessions.sign_in(ctx, acts.wrong())
    assert acts.rows(database) == before
    acts.fail(ctx, "nobody@corp.example")
    sessions.sign_in(ctx, acts.sign_in_body(ann))
    clock.advance(minutes=15)
    acts.fail(ctx)


def test_beyond_the_limit_a_stranger_waits_for_no_writer_and_keeps_none_waiting(
    ctx: Context, ann: Someone, database: Database
) -> None:
    acts.fail(ctx, times=10)
    with database.write() as session:
        session.scalars(select(AttemptRow).with_for_update()).all()
        with pytest.raises(errors.RateLimitedError):
            sessions.sign_in(ctx, acts.wrong())


def test_a_hundred_failures_over_all_limit_every_address_alike(
    ctx: Context, ann: Someone, database: Database
) -> None:
    for number in range(100):
        acts.fail(ctx, f"stranger{number}@corp.example")
    before = acts.rows(database)
    for email in ("ann@corp.example", "fresh@corp.example"):
        with pytest.raises(errors.RateLimitedError):
            sessions.sign_in(ctx, acts.wrong(email))
    assert acts.rows(database) == before
    assert acts.actions(ctx).count("session:failed") == 1
    sessions.sign_in(ctx, acts.sign_in_body(ann))


def test_counters_that_no_longer_count_are_deleted(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    for number in range(5):
        acts.fail(ctx, f"stranger{number}@corp.example")
    clock.advance(minutes=15)
    acts.fail(ctx)
    acts.fail(ctx)
    with ctx.read() as unit:
        digests = unit.session.scalars(select(AttemptRow.digest)).all()
    assert len(digests) == 2  # over all, and Ann's
