"""Sign-in and sessions.

A person signs in with a key that their device derives from the recovery phrase; the service knows
its SHA-256. For an unknown person the answers and the work are the same: a salt that never moves,
the same comparison, the same counter. Signing in with a passkey is ``assertions``.
"""

import hmac
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

from crypto.encoding import b64decode, b64encode, format_time, hex_digest
from crypto.randomness import random_uuid
from service.domain import errors
from service.domain.events import Action, Event
from service.domain.sessions import Session, SessionKind
from service.domain.slots import Slot
from service.storage import people, sessions, sign_in_note, slots
from service.usecases import attempts, tokens
from service.usecases.context import Caller, Context, Unit
from service.usecases.naming import address_of
from service.usecases.own_statements import newest_with_head
from service.usecases.salts import salt_of
from service.wire.people import (
    EmailOnly,
    SessionOpened,
    Sessions,
    SignIn,
    SignInParameters,
)
from service.wire.people import Session as SessionShape

ITERATIONS: Literal[600_000] = 600_000
_NOBODY = "0" * 64  # a digest that no key is known to have


def parameters(ctx: Context, body: EmailOnly) -> SignInParameters:
    """What to stretch a phrase with: for each address always the same, known or not."""
    salt = salt_of(ctx, address_of(body.email))
    return SignInParameters(salt=b64encode(salt), iterations=ITERATIONS)


def sign_in(ctx: Context, body: SignIn) -> SessionOpened:
    """Open a session, which is fresh. ``expires_at`` is its end if it is never idle.

    Where the session is to travel in a cookie, putting it there is the caller's business.

    Raises:
        SignInFailedError: an unknown address or a wrong key, all the same.
        RateLimitedError: the same, after too many failures of late; a right key is let in.
    """
    email, proof = address_of(body.email), hex_digest(b64decode(body.sign_in_key))
    with ctx.read() as unit:
        slot = slots.phrase_of_email(unit.session, email)
    if not _opens(slot, proof) or slot is None:
        attempts.refuse(ctx, attempts.SIGN_IN, email, person=slot.person if slot else "")
    kind = SessionKind.COOKIE if body.cookie else SessionKind.BEARER

    def still(unit: Unit) -> None:
        if not _opens(slots.phrase(unit.session, slot.person), proof):  # replaced since
            raise errors.SignInFailedError

    return open_session(ctx, slot.person, kind, still)


def _opens(slot: Slot | None, proof: str) -> bool:
    """Compare in constant time; also with a made-up digest, for the same work."""
    known = slot.sign_in_digest if slot else _NOBODY
    return hmac.compare_digest(known, proof) and slot is not None


def open_session(
    ctx: Context, person: str, kind: SessionKind, still: Callable[[Unit], None]
) -> SessionOpened:
    """Open a session for a person who has proven who they are, and log it.

    ``still`` refuses if the proof does not hold any more, now that the person's row is locked.
    """
    token = tokens.new()
    with ctx.read() as unit:
        own = newest_with_head(unit.session, person)
    with ctx.write() as unit:
        found = people.lock(unit.session, person)
        still(unit)
        session = Session(
            id=random_uuid(),
            person=person,
            kind=kind,
            created_at=unit.now,
            last_used_at=unit.now,
            fresh_at=unit.now,
        )
        sessions.add(unit.session, session, digest=tokens.digest(token))
        unit.record(
            _event(Action.SESSION_OPENED, session.id, person),
            *attempts.pending(unit, attempts.SIGN_IN),
        )
    return SessionOpened(
        token=token,
        session=session.id,
        person=person,
        name=found.name,
        expires_at=format_time(session.ends_at),
        own_statement=own,
    )


def _event(action: Action, session: str, person: str) -> Event:
    return Event(action=action, actor=person, subject=person, details={"session": session})


def note(ctx: Context) -> tuple[str, ...]:
    """What the operator wants everyone to read who is about to sign in, strangers included."""
    return sign_in_note.read(ctx.sign_in_note)


def authenticate(ctx: Context, token: str, *, kind: SessionKind = SessionKind.BEARER) -> Caller:
    """Who holds this token. The last use is written down once a minute.

    ``kind`` is how the token travelled: a cookie's never works as a header, nor the reverse.

    Raises:
        NotSignedInError: no such session, one of another kind, or one that is over.
    """
    with ctx.database.look() as connection:
        found = sessions.by_token(connection, tokens.digest(token))
    if found is None:
        raise errors.NotSignedInError
    session, person, now = found.session, found.person, max(ctx.clock(), found.log_at)
    if session.kind is not kind or not session.live(now):
        raise errors.NotSignedInError
    if session.to_be_touched(now):
        _touch(ctx, session.id)
    return Caller(
        person=person.id,
        operator=person.operator,
        auditor=person.auditor,
        session=session.id,
        fresh=session.fresh(now),
        name=person.name,
        at=now,
    )


def _touch(ctx: Context, session: str) -> None:
    """Write down the use; a busy database or a wrong clock must not stop a reader."""
    with suppress(errors.Refusal), ctx.write() as unit:
        sessions.touch(unit.session, session, unit.now)


def mine(ctx: Context, caller: Caller) -> Sessions:
    """The caller's sessions that still count, newest first."""
    with ctx.read() as unit:
        found = sessions.live(unit.session, caller.person, unit.now)
    return Sessions(
        sessions=[
            SessionShape(
                session=session.id,
                kind=session.kind.value,
                created_at=format_time(session.created_at),
                last_used_at=format_time(session.last_used_at),
                expires_at=format_time(session.ends_at),
                current=session.id == caller.session,
            )
            for session in found
        ]
    )


def revoke(ctx: Context, caller: Caller, session: str) -> None:
    """End one of the caller's own sessions, the current one included.

    Raises:
        NotFoundError: it is someone else's, or over.
    """
    with ctx.write() as unit:
        mine_ = {s.id for s in sessions.live(unit.session, caller.person, unit.now)}
        if session not in mine_ or not sessions.end(unit.session, session, unit.now):
            raise errors.NotFoundError
        unit.record(_event(Action.SESSION_ENDED, session, caller.person))


def freshen(ctx: Context, caller: Caller, sign_in_key: str) -> None:
    """Sign in again, with the sign-in key; good for five minutes.

    Raises:
        SignInFailedError, RateLimitedError: as :func:`sign_in`, and counted with it.
    """
    proof = hex_digest(b64decode(sign_in_key))
    with ctx.read() as unit:
        email = people.get(unit.session, caller.person).person.email
        slot = slots.phrase(unit.session, caller.person)
    if not _opens(slot, proof):
        attempts.refuse(ctx, attempts.SIGN_IN, email, person=caller.person)
    with ctx.write() as unit:
        sessions.freshen(unit.session, caller.session, unit.now)
