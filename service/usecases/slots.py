"""A person's key slots: shown to themselves alone, changed by signed statements."""

from datetime import datetime

from crypto.encoding import b64decode, b64encode, format_time
from crypto.errors import MalformedError
from crypto.keyslot import WRAPPED_ROOT_LENGTH
from crypto.statement import Statement, verify
from service.domain import errors
from service.domain.events import Action, Event
from service.domain.passkeys import Purpose
from service.domain.slots import (
    SALT_LENGTH,
    Slot,
    SlotKind,
    Way,
    check_addition,
    removable,
    replaced_by,
)
from service.storage import people, sessions, slots
from service.usecases import passkeys, salts
from service.usecases.context import Caller, Context, Unit
from service.usecases.signing import blob, received
from service.wire.base import Done
from service.wire.people import PhraseSlot, SlotChange, Slots
from service.wire.people import Slot as SlotShape

_STATES = {
    Action.SLOT_ADDED: "added",
    Action.SLOT_REPLACED: "replaced",
    Action.SLOT_REMOVED: "removed",
}


def phrase_slot(statement: Statement, parts: PhraseSlot | SlotChange, *, at: datetime) -> Slot:
    """A phrase's slot from its signed statement and the parts that were posted with it.

    Raises:
        MalformedError: a salt that is not 16 bytes, a wrapped root that is not 60, other than
            600,000 iterations, or no digest of a sign-in key.
        WrongBlobError: the wrapped root is not the one that was signed.
    """
    if isinstance(parts, SlotChange) and parts.attestation:
        raise MalformedError("a recovery phrase must not have a passkey's answer")
    salt = b64decode(parts.salt)
    if len(salt) != SALT_LENGTH or not parts.iterations or not parts.sign_in_digest:
        raise MalformedError("a recovery phrase needs a salt of 16 bytes and a sign-in key")
    wrapped_root = blob(parts.wrapped_root, statement.payload["wrapped_root_digest"])
    if len(wrapped_root) != WRAPPED_ROOT_LENGTH:
        raise MalformedError(f"a wrapped root must be {WRAPPED_ROOT_LENGTH} bytes")
    return Slot(
        id=statement.payload["slot"],
        person=statement.payload["person"],
        kind=SlotKind.PHRASE,
        wrapped_root=wrapped_root,
        salt=salt,
        iterations=parts.iterations,
        sign_in_digest=parts.sign_in_digest,
        statement=statement.digest,
        created_at=at,
    )


def mine(ctx: Context, caller: Caller) -> Slots:
    """The caller's slots, oldest first, with what it takes to unwrap them."""
    with ctx.read() as unit:
        found = slots.live(unit.session, caller.person)
    return Slots(
        slots=[
            SlotShape(
                slot=slot.id,
                kind=slot.kind.value,
                credential=b64encode(slot.credential),
                wrapped_root=b64encode(slot.wrapped_root),
                salt=b64encode(slot.salt),
                iterations=slot.iterations,
                created_at=format_time(slot.created_at),
            )
            for slot in found
        ]
    )


def change(ctx: Context, caller: Caller, body: SlotChange) -> Done:
    """Add, replace or remove a slot; a replacement names the new slot and takes the phrase's place.

    A slot that is gone may have been an intruder's: replacing or removing one ends all
    the person's sessions but this.

    Raises:
        StaleSessionError: the session was not proven within the last five minutes.
        WrongPersonError, VerificationError: not the caller's own statement, or not signed with
            their current key.
        ReplayedError: the new slot's id is in use.
        SlotKindError, WrongStateError, LastSlotError, NotFoundError: see ``service.domain.slots``.
        MalformedError, WrongBlobError: as :func:`phrase_slot`; another salt than that of the
            person's address; parts of another kind of slot, or of
            any with a removal.
        BadPasskeyError, TakenError: as :func:`service.usecases.passkeys.store`.
    """
    if not caller.fresh:
        raise errors.StaleSessionError
    statement = received(body.statement, "slot")
    if statement.payload["person"] != caller.person:
        raise errors.WrongPersonError
    if body.salt:
        salts.check(ctx, caller.person, body.salt)
    with ctx.write() as unit:
        people.lock(unit.session, caller.person)
        verify(statement, people.keys_of(unit.session, caller.person).signing_key)
        if statement.payload["action"] == "remove":
            event = _remove(unit, statement, body)
        else:
            event = _add(ctx, unit, caller, statement, body)
        if event.action is not Action.SLOT_ADDED:
            sessions.end_others(unit.session, caller.person, caller.session, unit.now)
        [leaf] = unit.record(event)
    return Done(id=statement.payload["slot"], state=_STATES[event.action], leaf=leaf)


def _add(ctx: Context, unit: Unit, caller: Caller, statement: Statement, body: SlotChange) -> Event:
    payload = statement.payload
    kind, live = SlotKind(payload["slot_kind"]), slots.live(unit.session, payload["person"])
    old: Slot | None = None
    if payload["action"] == "replace":
        old = replaced_by(live, kind)
    else:
        check_addition(live, kind)
    if slots.taken(unit.session, payload["slot"]):
        raise errors.ReplayedError
    if kind is SlotKind.PHRASE:
        new = phrase_slot(statement, body, at=unit.now)
        slots.remove(unit.session, [old.id] if old else [], unit.now)
        slots.add(unit.session, new)
    else:
        _add_passkey(ctx, unit, caller, statement, body)
    if old is None:
        return _event(Action.SLOT_ADDED, statement)
    return _event(Action.SLOT_REPLACED, statement, replaces=old.id)


def _add_passkey(
    ctx: Context, unit: Unit, caller: Caller, statement: Statement, body: SlotChange
) -> None:
    if _of_a_phrase(body):
        raise MalformedError("a passkey must not have a salt or a sign-in key")
    given = body.attestation, body.wrapped_root
    passkeys.store(ctx, unit, statement, given, (Purpose.ADD, caller.session))


def _of_a_phrase(body: SlotChange) -> bool:
    return bool(body.salt or body.iterations or body.sign_in_digest)


def _remove(unit: Unit, statement: Statement, body: SlotChange) -> Event:
    if body.wrapped_root or body.attestation or _of_a_phrase(body):
        raise MalformedError("a removal must not have parts of a slot")
    payload = statement.payload
    slot = removable(
        slots.live(unit.session, payload["person"]),
        Way(
            id=payload["slot"],
            kind=SlotKind(payload["slot_kind"]),
            credential=b64decode(payload["credential"]),
        ),
        in_a_roster=people.in_a_roster(unit.session, payload["person"]),
    )
    slots.remove(unit.session, [slot.id], unit.now)
    return _event(Action.SLOT_REMOVED, statement)


def _event(action: Action, statement: Statement, *, replaces: str = "") -> Event:
    payload = statement.payload
    details = {"slot": payload["slot"], "kind": payload["slot_kind"]}
    return Event(
        action=action,
        actor=payload["person"],
        subject=payload["person"],
        details=details | {"replaces": replaces} if replaces else details,
        statement=statement.raw,
    )
