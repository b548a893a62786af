"""Passkeys that are used: to sign in, and to prove anew who it is."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from crypto.encoding import b64encode
from service.domain import errors
from service.domain.sessions import SessionKind
from service.storage.database import Database
from service.storage.people_tables import ChallengeRow
from service.usecases import assertions, ceremonies, people, sessions
from service.usecases.context import Caller, Context
from service.wire.passkeys import Assertion
from service.wire.people import PasskeySignIn
from tests.conftest import HandClock
from tests.fakes.authenticator import PRESENT, Authenticator
from tests.usecases.people import acts, passkeys
from tests.usecases.people.acts import Someone


@pytest.mark.act("session.open-with-passkey", "session.passkey-options")
@pytest.mark.parametrize("kind", ["passkey", "sign-in-only"])
def test_a_passkey_opens_a_fresh_session_in_a_cookie(ctx: Context, ann: Someone, kind: str) -> None:
    device = passkeys.add(ctx, ann, kind=kind)
    opened = passkeys.sign_in(ctx, device)
    assert (opened.person, opened.name) == (ann.person, "Ann")
    caller = sessions.authenticate(ctx, opened.token, kind=SessionKind.COOKIE)
    assert caller == Caller(
        person=ann.person, operator=False, auditor=False, session=opened.session, fresh=True
    )
    with pytest.raises(errors.NotSignedInError):
        sessions.authenticate(ctx, opened.token)
    leaf = acts.leaves(ctx)[-1]
    assert (leaf.action, leaf.details) == ("session:opened", {"session": opened.session})


def test_what_a_stranger_is_asked_with_names_nobody_and_leaves_nothing(
    ctx: Context, device: Authenticator, database: Database
) -> None:
    before = acts.rows(database)
    options = assertions.sign_in_options(ctx)
    assert (options.rp_id, options.credentials) == ("localhost", [])
    assert assertions.sign_in_options(ctx).challenge != options.challenge
    assert acts.rows(database) == before


def test_a_synchronised_passkey_without_a_counter_signs_in_each_time(
    ctx: Context, ann: Someone
) -> None:
    device = passkeys.add(ctx, ann, Authenticator(counts=False))
    assert {passkeys.sign_in(ctx, device).person for _ in range(3)} == {ann.person}


def test_a_challenge_for_signing_in_is_good_for_five_minutes(
    ctx: Context, device: Authenticator, clock: HandClock
) -> None:
    early, late = (device.use(assertions.sign_in_options(ctx)) for _ in range(2))
    clock.advance(minutes=5, seconds=-1)
    assertions.sign_in(ctx, PasskeySignIn(assertion=early))
    clock.advance(seconds=1)
    with pytest.raises(errors.SignInFailedError):
        assertions.sign_in(ctx, PasskeySignIn(assertion=late))


def test_a_challenge_from_a_clock_that_was_ahead_is_not_good(
    ctx: Context, device: Authenticator, clock: HandClock
) -> None:
    clock.advance(minutes=1)
    answer = device.use(assertions.sign_in_options(ctx))
    clock.advance(minutes=-1)
    with pytest.raises(errors.SignInFailedError):
        assertions.sign_in(ctx, PasskeySignIn(assertion=answer))


def test_an_answered_challenge_is_remembered_until_it_is_old(
    ctx: Context, device: Authenticator, clock: HandClock
) -> None:
    passkeys.sign_in(ctx, device)
    clock.advance(minutes=5, seconds=-1)
    people.sweep(ctx)
    assert answered(ctx) == 2  # the passkey was made with one, too
    clock.advance(seconds=1)
    people.sweep(ctx)
    assert answered(ctx) == 0


def answered(ctx: Context) -> int:
    with ctx.read() as unit:
        return len(unit.session.scalars(select(ChallengeRow.digest)).all())


def test_a_passkey_without_a_counter_answers_a_challenge_once(ctx: Context, ann: Someone) -> None:
    device = passkeys.add(ctx, ann, Authenticator(counts=False))
    body = PasskeySignIn(assertion=device.use(assertions.sign_in_options(ctx)))
    assertions.sign_in(ctx, body)
    with pytest.raises(errors.SignInFailedError):
        assertions.sign_in(ctx, body)


def test_beyond_the_limit_nothing_is_written_and_a_good_answer_still_opens(
    ctx: Context, ann: Someone, device: Authenticator, database: Database
) -> None:
    for _ in range(10):
        with pytest.raises(errors.SignInFailedError):
            passkeys.sign_in(ctx, device, flags=PRESENT)
    before = acts.rows(database)
    with pytest.raises(errors.RateLimitedError):
        passkeys.sign_in(ctx, device, flags=PRESENT)
    assert acts.rows(database) == before
    assert passkeys.sign_in(ctx, device).person == ann.person


def test_a_passkey_that_is_removed_meanwhile_opens_nothing(
    ctx: Context, ann: Someone, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the verification and the transaction that opens the session."""
    me, check = acts.caller(ctx, ann), ceremonies.check_answer
    slot = passkeys.slot_of(ctx, me, device)

    def and_remove(*given: Any) -> int:
        counter = check(*given)
        passkeys.remove(ctx, me, ann, slot, device)
        return counter

    monkeypatch.setattr(ceremonies, "check_answer", and_remove)
    with pytest.raises(errors.SignInFailedError):
        passkeys.sign_in(ctx, device)
    assert [s.session for s in sessions.mine(ctx, me).sessions] == [me.session]


def test_of_two_answers_at_one_moment_the_one_behind_is_refused(
    ctx: Context, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = PasskeySignIn(assertion=device.use(assertions.sign_in_options(ctx)))
    second = PasskeySignIn(assertion=device.use(assertions.sign_in_options(ctx)))
    check = ceremonies.check_answer

    def and_another(*given: Any) -> int:
        counter = check(*given)
        monkeypatch.setattr(ceremonies, "check_answer", check)
        assertions.sign_in(ctx, second)
        return counter

    monkeypatch.setattr(ceremonies, "check_answer", and_another)
    with pytest.raises(errors.SignInFailedError):
        assertions.sign_in(ctx, first)


# ---------------------------------------------------------------- other sessions


def test_removing_a_passkey_ends_the_other_sessions(
    ctx: Context, ann: Someone, device: Authenticator
) -> None:
    stranger = passkeys.sign_in(ctx, device).token
    me = acts.caller(ctx, ann)
    passkeys.remove(ctx, me, ann, passkeys.slot_of(ctx, me, device), device)
    with pytest.raises(errors.NotSignedInError):
        sessions.authenticate(ctx, stranger, kind=SessionKind.COOKIE)
    assert [s.session for s in sessions.mine(ctx, me).sessions] == [me.session]
    with pytest.raises(errors.SignInFailedError):
        passkeys.sign_in(ctx, device)


def test_adding_a_passkey_ends_no_session(ctx: Context, ann: Someone) -> None:
    token = sessions.sign_in(ctx, acts.sign_in_body(ann)).token
    passkeys.add(ctx, ann)
    assert sessions.authenticate(ctx, token).person == ann.person


def test_what_a_passkey_derives_has_no_place_in_an_answer(
    ctx: Context, device: Authenticator
) -> None:
    good = device.use(assertions.sign_in_options(ctx)).model_dump()
    Assertion.model_validate(good)
    for name in ("extensions", "client_extension_results", "prf"):
        with pytest.raises(ValidationError):
            Assertion.model_validate({**good, name: {"first": b64encode(bytes(32))}})
