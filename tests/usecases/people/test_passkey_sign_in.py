"""Passkeys that are used: to sign in, and to prove anew who it is."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from crypto.encoding import b64decode, b64encode
from crypto.errors import MalformedError
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

LOGGED = frozenset({"attempt", "audit_event", "audit_head", "audit_node"})


@pytest.fixture
def device(ctx: Context, ann: Someone) -> Authenticator:
    return passkeys.add(ctx, ann)


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


class Using:
    """An answer for a case to spoil."""

    def __init__(self, ctx: Context, ann: Someone, device: Authenticator) -> None:
        self.ctx, self.ann, self.device = ctx, ann, device

    def answer(self, **wrong: object) -> Assertion:
        return self.device.use(assertions.sign_in_options(self.ctx), **wrong)

    def to_freshen(self) -> Assertion:
        me = acts.caller(self.ctx, self.ann)
        return self.device.use(assertions.fresh_options(self.ctx, me))

    def by_another_key(self) -> Assertion:
        other = Authenticator(credential=self.device.credential)
        other.user_handle, other.count = self.device.user_handle, 100
        return other.use(assertions.sign_in_options(self.ctx))

    def unknown(self) -> Assertion:
        other = Authenticator()
        other.user_handle = self.device.user_handle
        return other.use(assertions.sign_in_options(self.ctx))

    def removed(self) -> Assertion:
        me = acts.caller(self.ctx, self.ann)
        slot = passkeys.slot_of(self.ctx, me, self.device)
        passkeys.remove(self.ctx, me, self.ann, slot, self.device)
        return self.answer()

    def used(self) -> Assertion:
        answer = self.answer()
        assertions.sign_in(self.ctx, PasskeySignIn(assertion=answer))
        return answer

    def anothers(self) -> Assertion:
        bob = passkeys.add(self.ctx, acts.enrol(self.ctx, "Bob"))
        return self.answer(user_handle=bob.user_handle)


CASES: list[tuple[str, Callable[[Using], Assertion]]] = [
    ("an unknown passkey", Using.unknown),
    ("another key's signature", Using.by_another_key),
    ("a made-up signature", lambda u: u.answer(signature=b"signature")),
    ("an empty signature", lambda u: u.answer(signature=b"")),
    ("no verified user", lambda u: u.answer(flags=PRESENT)),
    ("nobody there", lambda u: u.answer(flags=0x04)),
    ("another site", lambda u: u.answer(origin="https://evil.example")),
    ("another RP id", lambda u: u.answer(rp_id="evil.example")),
    ("inside another site's frame", lambda u: u.answer(cross_origin=True)),
    ("an answer to being made", lambda u: u.answer(type="webauthn.create")),
    ("a made-up challenge", lambda u: u.answer(challenge=bytes(56))),
    ("a challenge for freshness", Using.to_freshen),
    ("a counter that stands", lambda u: u.answer(count=1)),
    ("a counter that went back", lambda u: u.answer(count=0)),
    ("a slot that was removed", Using.removed),
    ("an answer that was used", Using.used),
    ("no user handle", lambda u: u.answer(user_handle=b"")),
    ("another's user handle", Using.anothers),
]


@pytest.mark.parametrize("spoil", [c[1] for c in CASES], ids=[c[0] for c in CASES])
def test_whatever_is_wrong_is_refused_alike_and_counted(
    ctx: Context,
    ann: Someone,
    device: Authenticator,
    database: Database,
    clock: HandClock,
    spoil: Callable[[Using], Assertion],
) -> None:
    answer = spoil(Using(ctx, ann, device))
    before = acts.rows(database, without=LOGGED)
    with pytest.raises(errors.SignInFailedError) as refused:
        assertions.sign_in(ctx, PasskeySignIn(assertion=answer))
    assert refused.value.message.startswith("this passkey does not sign you in here")
    assert acts.rows(database, without=LOGGED) == before
    leaf = acts.leaves(ctx)[-1]
    known = answer.credential == b64encode(device.credential)
    assert (leaf.action, leaf.details) == (
        "session:failed",
        {"count": 1, "people": [ann.person] if known else []},
    )
    assert answer.credential not in repr(acts.rows(database)["attempt"])


def test_what_is_not_base64_is_told_without_being_counted(
    ctx: Context, device: Authenticator, database: Database
) -> None:
    good = device.use(assertions.sign_in_options(ctx))
    before = acts.rows(database)
    with pytest.raises(MalformedError):
        assertions.sign_in(
            ctx, PasskeySignIn(assertion=good.model_copy(update={"signature": "QQ="}))
        )
    assert acts.rows(database) == before


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"[" * 3000, b'{"challenge": 1}'])
def test_client_data_that_is_none_is_a_failure_like_any_other(
    ctx: Context, device: Authenticator, data: bytes
) -> None:
    good = device.use(assertions.sign_in_options(ctx))
    spoilt = good.model_copy(update={"client_data": b64encode(data)})
    with pytest.raises(errors.SignInFailedError):
        assertions.sign_in(ctx, PasskeySignIn(assertion=spoilt))


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


# ---------------------------------------------------------------- proving anew


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
