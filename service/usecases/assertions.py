"""Passkeys that are used: to sign in, and to sign in again for a sensitive act.

Whatever is wrong with an answer, the refusal is the same and the failure is counted where wrong
phrases are: an unknown passkey, one whose slot was removed, someone else's, a bad signature, no
verified user, a challenge that is old, answered or not ours.
"""

from dataclasses import dataclass
from typing import NoReturn

from crypto.encoding import b64decode, b64encode
from service.domain import errors, site
from service.domain.events import SERVICE, Action, Event
from service.domain.passkeys import Passkey, Purpose
from service.domain.sessions import SessionKind
from service.storage import passkeys, people
from service.storage import sessions as stored
from service.usecases import attempts, ceremonies, challenges, sessions
from service.usecases.ceremonies import Answer
from service.usecases.context import Caller, Context, Unit
from service.usecases.passkeys import user_handle
from service.wire.passkeys import Assertion, KnownPasskey, PasskeyOptions
from service.wire.people import PasskeySignIn, SessionOpened

_SENTENCE = "this passkey cannot sign you in here; use another one or your recovery phrase"


def sign_in_options(ctx: Context) -> PasskeyOptions:
    """What a passkey is asked with to sign in; it names no passkeys."""
    with ctx.read() as unit:
        challenge = challenges.make(ctx, Purpose.SIGN_IN, "", unit.now)
    return _options(ctx, challenge, [])


def fresh_options(ctx: Context, caller: Caller) -> PasskeyOptions:
    """What the caller's passkeys are asked with, for this session alone."""
    with ctx.read() as unit:
        mine = passkeys.of_person(unit.session, caller.person)
        challenge = challenges.make(ctx, Purpose.FRESHEN, caller.session, unit.now)
    return _options(ctx, challenge, mine)


def _options(ctx: Context, challenge: bytes, known: list[Passkey]) -> PasskeyOptions:
    return PasskeyOptions(
        challenge=b64encode(challenge),
        rp_id=site.host(ctx.url),
        credentials=[
            KnownPasskey(
                id=b64encode(passkey.credential),
                transports=list(passkey.transports),
                unlocks=passkey.unlocks,
            )
            for passkey in known
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proof:
    """An answer that was verified: by which passkey, to what, and what its counter now is."""

    passkey: Passkey
    challenge: bytes
    sign_count: int

    def take(self, unit: Unit) -> None:
        """Let it count, once. The person's row is locked, so that no removal comes in between.

        Raises:
            SignInFailedError: the slot was removed since, or another answer was faster.
        """
        now = passkeys.by_credential(unit.session, self.passkey.credential)
        if now is None or not now.live:
            raise errors.SignInFailedError(_SENTENCE)
        if not passkeys.advance(unit.session, self.passkey, self.sign_count):
            raise errors.SignInFailedError(_SENTENCE)
        challenges.spend(unit, self.challenge)


def sign_in(ctx: Context, body: PasskeySignIn) -> SessionOpened:
    """Open a session, which is fresh and travels in a cookie.

    Raises:
        SignInFailedError: whatever is wrong with the answer.
        RateLimitedError: the same, after too many failures of late; a good answer is let in.
    """
    given = _answer(body.assertion)
    known = _known(ctx, given)
    claimed = known is not None and given.user_handle == user_handle(known.person)
    proof = _verify(ctx, given, known, Purpose.SIGN_IN, "") if known and claimed else None
    if proof is None:
        _refuse(ctx, given, known)
    return sessions.open_session(ctx, proof.passkey.person, SessionKind.COOKIE, proof.take)


def freshen(ctx: Context, caller: Caller, assertion: Assertion) -> None:
    """Sign in again, with a passkey of one's own; good for five minutes.

    Raises:
        SignInFailedError, RateLimitedError: as :func:`sign_in`.
    """
    given = _answer(assertion)
    known = _known(ctx, given)
    own = known is not None and known.person == caller.person
    handle = {b"", user_handle(caller.person)}
    proof = None
    if known and own and given.user_handle in handle:
        proof = _verify(ctx, given, known, Purpose.FRESHEN, caller.session)
    if proof is None:
        _refuse(ctx, given, known)
    with ctx.write() as unit:
        people.lock(unit.session, caller.person)
        proof.take(unit)
        stored.freshen(unit.session, caller.session, unit.now)


def _answer(assertion: Assertion) -> Answer:
    return Answer(
        credential=b64decode(assertion.credential),
        client_data=b64decode(assertion.client_data),
        authenticator_data=b64decode(assertion.authenticator_data),
        signature=b64decode(assertion.signature),
        user_handle=b64decode(assertion.user_handle),
    )


def _known(ctx: Context, given: Answer) -> Passkey | None:
    with ctx.read() as unit:
        return passkeys.by_credential(unit.session, given.credential)


def _verify(
    ctx: Context, given: Answer, passkey: Passkey, purpose: Purpose, whose: str
) -> _Proof | None:
    if not passkey.live:
        return None
    try:
        challenge = ceremonies.challenge_in(given.client_data)
        with ctx.read() as unit:
            if not challenges.stands(ctx, unit, purpose, whose, challenge):
                return None
        sign_count = ceremonies.check_answer(ctx.url, given, passkey, challenge)
    except ceremonies.FellBackError:
        _refuse(ctx, given, passkey, _fell_back(ctx, passkey))
    except ceremonies.NotAnswerError:
        return None
    return _Proof(passkey=passkey, challenge=challenge, sign_count=sign_count)


def _fell_back(ctx: Context, passkey: Passkey) -> Event:
    """What everyone hears of a passkey that may have been copied."""
    with ctx.read() as unit:
        name = people.get(unit.session, passkey.person).person.name
    return Event(
        action=Action.PASSKEY_FELL_BACK,
        actor=SERVICE,
        subject=passkey.person,
        details={"name": name, "slot": passkey.slot},
    )


def _refuse(ctx: Context, given: Answer, known: Passkey | None, *further: Event) -> NoReturn:
    attempts.refuse(
        ctx,
        attempts.SIGN_IN,
        b64encode(given.credential),
        person=known.person if known else "",
        sentence=_SENTENCE,
        further=further,
    )
