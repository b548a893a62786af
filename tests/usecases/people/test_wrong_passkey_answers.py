"""Answers of a passkey that open nothing, however they are wrong."""

from collections.abc import Callable

import pytest

from crypto.encoding import b64encode
from crypto.errors import MalformedError
from service.domain import errors
from service.domain.events import ACTIONS, Action
from service.storage.database import Database
from service.usecases import assertions
from service.usecases.context import Context
from service.wire.passkeys import Assertion
from service.wire.people import PasskeySignIn
from tests.conftest import HandClock
from tests.fakes.authenticator import PRESENT, Authenticator
from tests.usecases.people import acts, passkeys
from tests.usecases.people.acts import LOGGED, Someone


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
    ("a made-up answer with a lower counter", lambda u: u.answer(count=0, signature=b"s")),
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
    assert refused.value.message.startswith("this passkey cannot sign you in here")
    assert acts.rows(database, without=LOGGED) == before
    leaf = acts.leaves(ctx)[-1]
    known = answer.credential == b64encode(device.credential)
    assert (leaf.action, leaf.details) == (
        "session:failed",
        {"count": 1, "people": [ann.person] if known else []},
    )
    assert answer.credential not in repr(acts.rows(database)["attempt"])


@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize("way", ["sign in", "freshen"])
def test_a_counter_that_falls_is_announced_besides_the_refusal(
    ctx: Context, ann: Someone, device: Authenticator, database: Database, count: int, way: str
) -> None:
    using = Using(ctx, ann, device)
    device.count = 2
    using.used()  # the service has seen 3
    me = acts.caller(ctx, ann)
    asked = assertions.fresh_options(ctx, me) if way == "freshen" else None
    answer = device.use(asked or assertions.sign_in_options(ctx), count=count)
    before = acts.rows(database, without=LOGGED | {"outbox"})
    use: Callable[[], object] = (
        (lambda: assertions.freshen(ctx, me, answer))
        if way == "freshen"
        else lambda: assertions.sign_in(ctx, PasskeySignIn(assertion=answer))
    )
    with pytest.raises(errors.SignInFailedError, match="this passkey cannot sign you in here"):
        use()
    assert acts.rows(database, without=LOGGED | {"outbox"}) == before
    told, counted = acts.leaves(ctx)[-2:]
    assert (told.action, told.actor, told.subject) == ("passkey:fell-back", "service", ann.person)
    assert told.details == {"name": "Ann", "slot": passkeys.slot_of(ctx, me, device)}
    assert counted.action == "session:failed"
    assert ACTIONS[Action.PASSKEY_FELL_BACK].announced


def test_a_copy_cannot_bury_people_in_notices(
    ctx: Context, ann: Someone, device: Authenticator
) -> None:
    using = Using(ctx, ann, device)
    using.used()
    for _ in range(15):
        with pytest.raises(errors.Refusal):
            assertions.sign_in(ctx, PasskeySignIn(assertion=using.answer(count=1)))
    assert acts.actions(ctx).count("passkey:fell-back") == 10


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
