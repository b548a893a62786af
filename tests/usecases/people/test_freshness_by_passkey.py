"""A passkey makes a session fresh again, and only its owner's does."""

from collections.abc import Callable

import pytest

from crypto.encoding import b64decode
from service.domain import errors
from service.domain.sessions import SessionKind
from service.storage.database import Database
from service.usecases import assertions, sessions
from service.usecases.context import Caller, Context
from service.wire.passkeys import Assertion
from tests.conftest import HandClock
from tests.fakes.authenticator import PRESENT, Authenticator
from tests.usecases.people import acts, passkeys
from tests.usecases.people.acts import LOGGED, Someone


@pytest.fixture
def stale(ctx: Context, device: Authenticator, clock: HandClock) -> tuple[Caller, str]:
    """Signed in with the passkey, and not fresh any more."""
    token = passkeys.sign_in(ctx, device).token
    clock.advance(minutes=5)
    return sessions.authenticate(ctx, token, kind=SessionKind.COOKIE), token


@pytest.mark.act("session.freshen", "session.fresh-options")
def test_a_passkey_makes_a_session_fresh_for_five_minutes(
    ctx: Context,
    ann: Someone,
    device: Authenticator,
    stale: tuple[Caller, str],
    clock: HandClock,
) -> None:
    me, token = stale
    assert not me.fresh
    only = passkeys.add(ctx, ann, kind="sign-in-only")
    options = assertions.fresh_options(ctx, me)
    assert [(b64decode(k.id), k.unlocks) for k in options.credentials] == [
        (device.credential, True),
        (only.credential, False),
    ]
    assert options.credentials[0].transports == ["internal", "hybrid"]
    assertions.freshen(ctx, me, device.use(options))
    assert sessions.authenticate(ctx, token, kind=SessionKind.COOKIE).fresh
    clock.advance(minutes=5)
    assert not sessions.authenticate(ctx, token, kind=SessionKind.COOKIE).fresh


def test_a_passkey_that_does_not_say_whose_it_is_proves_it_too(
    ctx: Context, device: Authenticator, stale: tuple[Caller, str]
) -> None:
    me, token = stale
    assertions.freshen(ctx, me, device.use(assertions.fresh_options(ctx, me), user_handle=b""))
    assert sessions.authenticate(ctx, token, kind=SessionKind.COOKIE).fresh


def bobs(ctx: Context, ann: Someone, device: Authenticator, me: Caller) -> Assertion:
    bob = passkeys.add(ctx, acts.enrol(ctx, "Bob"))
    return bob.use(assertions.fresh_options(ctx, me), user_handle=device.user_handle)


def of_another_session(ctx: Context, ann: Someone, device: Authenticator, me: Caller) -> Assertion:
    return device.use(assertions.fresh_options(ctx, acts.caller(ctx, ann)))


def for_signing_in(ctx: Context, ann: Someone, device: Authenticator, me: Caller) -> Assertion:
    return device.use(assertions.sign_in_options(ctx))


def unverified(ctx: Context, ann: Someone, device: Authenticator, me: Caller) -> Assertion:
    return device.use(assertions.fresh_options(ctx, me), flags=PRESENT)


def strangely_handled(ctx: Context, ann: Someone, device: Authenticator, me: Caller) -> Assertion:
    return device.use(assertions.fresh_options(ctx, me), user_handle=b"somebody else's")


def removed(ctx: Context, ann: Someone, device: Authenticator, me: Caller) -> Assertion:
    options = assertions.fresh_options(ctx, me)
    with_phrase = acts.caller(ctx, ann)
    slot = passkeys.slot_of(ctx, with_phrase, device)
    passkeys.remove(ctx, with_phrase, ann, slot, device)
    return device.use(options)


def used_before(ctx: Context, ann: Someone, device: Authenticator, me: Caller) -> Assertion:
    answer = device.use(assertions.fresh_options(ctx, me))
    assertions.freshen(ctx, me, answer)
    return answer


@pytest.mark.parametrize(
    "spoil",
    [
        bobs,
        of_another_session,
        for_signing_in,
        unverified,
        strangely_handled,
        removed,
        used_before,
    ],
)
def test_what_proves_nothing_makes_nothing_fresh(
    ctx: Context,
    ann: Someone,
    device: Authenticator,
    stale: tuple[Caller, str],
    database: Database,
    spoil: Callable[[Context, Someone, Authenticator, Caller], Assertion],
) -> None:
    answer = spoil(ctx, ann, device, stale[0])
    before = acts.rows(database, without=LOGGED)
    with pytest.raises(errors.SignInFailedError):
        assertions.freshen(ctx, stale[0], answer)
    assert acts.rows(database, without=LOGGED) == before
    assert acts.actions(ctx)[-1] == "session:failed"
