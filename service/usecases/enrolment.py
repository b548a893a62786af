"""Enrolment: a person's keys, made on their own device, come to the service.

New keys count nowhere until a roster names them. Enrolling again gives up the old identity: all
their sessions end and their old key slots go.
"""

from dataclasses import dataclass

from crypto.encoding import b64encode, format_time
from crypto.enrolled import read_identity
from crypto.errors import MalformedError
from crypto.identity import PublicKeys
from crypto.statement import Statement, verify
from service.domain import errors
from service.domain.events import Action, Event
from service.domain.passkeys import Purpose
from service.domain.sessions import Invitation
from service.domain.slots import SlotKind
from service.storage import invitations, people, sessions, slots
from service.usecases import attempts, challenges, passkeys, salts, tokens
from service.usecases.context import Context, Unit
from service.usecases.signing import received
from service.usecases.slots import phrase_slot
from service.wire.base import Done
from service.wire.passkeys import NewPasskeyOptions
from service.wire.people import Enrolment, InvitationToken, Invitee


def look(ctx: Context, body: InvitationToken) -> Invitee:
    """Whom a link is for; looking does not use it.

    Raises:
        BadLinkError: unknown, used, replaced or expired, all the same.
        RateLimitedError: too many failures of late.
    """
    link = _open_link(ctx, tokens.digest(body.token))
    with ctx.read() as unit:
        found = people.get(unit.session, link.person)
    email = found.person.email
    return Invitee(
        person=found.person.id,
        name=found.person.name,
        email=email,
        operator=found.person.operator,
        auditor=found.person.auditor,
        replaces=found.enrolled is not None,
        expires_at=format_time(link.expires_at),
        salt=b64encode(salts.salt_of(ctx, email)),
    )


def passkey_options(ctx: Context, body: InvitationToken) -> NewPasskeyOptions:
    """What the owner of a link makes a passkey with; their old ones are gone by then.

    Raises:
        BadLinkError, RateLimitedError: as :func:`look`.
    """
    digest = tokens.digest(body.token)
    link = _open_link(ctx, digest)
    with ctx.read() as unit:
        person = people.get(unit.session, link.person).person
        challenge = challenges.make(ctx, Purpose.ENROL, digest, unit.now)
    return passkeys.creation_options(ctx, person, challenge, [])


def _open_link(ctx: Context, digest: str) -> Invitation:
    with ctx.read() as unit:
        link = invitations.by_token(unit.session, digest)
        now = unit.now
    if link is None or not link.open(now):
        attempts.refuse(ctx, attempts.ENROLMENT, digest, person=link.person if link else "")
    return link


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """What was posted, parsed; all statements are signed with the new key."""

    keys: PublicKeys
    identity: Statement
    slot: Statement
    passkey: Statement | None


def enrol(ctx: Context, body: Enrolment) -> Done:
    """Take a person's new identity with its first key slots, and use up the link.

    Raises:
        BadLinkError, RateLimitedError: as :func:`look`.
        MalformedError: a statement or a blob is not what it must be, or a key is one that no one
            may have.
        VerificationError: a statement is not signed with the new key.
        WrongPersonError: a statement names another person than the link.
        WrongBlobError: the wrapped root is not the one that was signed.
        TakenError: a key or the passkey is, or was, in use.
        ReplayedError: a slot's id is in use.
        BadPasskeyError: as :func:`service.usecases.passkeys.store`.
    """
    digest = tokens.digest(body.token)
    link = _open_link(ctx, digest)
    signed = _signed(body, link.person)
    salts.check(ctx, link.person, body.slot.salt)
    with ctx.write() as unit:
        people.lock(unit.session, link.person)
        again = invitations.by_token(unit.session, digest)
        if again is None or not again.open(unit.now):  # someone else was faster
            raise errors.BadLinkError
        invitations.use(unit.session, digest, unit.now)
        event = _replace_identity(unit, link.person, signed)
        _add_slots(ctx, unit, signed, body)
        added = [signed.slot, signed.passkey] if signed.passkey else [signed.slot]
        leaves = unit.record(event, *[_slot_event(link.person, slot) for slot in added])
    replaced = event.action is Action.IDENTITY_REPLACED
    return Done(id=link.person, state="replaced" if replaced else "enrolled", leaf=leaves[0])


def _signed(body: Enrolment, person: str) -> _Signed:
    identity = received(body.statement, "identity")
    slot = received(body.slot.statement, "slot")
    passkey = received(body.passkey.statement, "slot") if body.passkey else None
    statements = [identity, slot, *([passkey] if passkey else [])]
    if {statement.payload["person"] for statement in statements} != {person}:
        raise errors.WrongPersonError
    if (slot.payload["action"], slot.payload["slot_kind"]) != ("add", "phrase"):
        raise MalformedError("the first key slot of an enrolment must be a recovery phrase")
    if passkey and not _adds_passkey(passkey):
        raise MalformedError("besides its recovery phrase, an enrolment may only add a passkey")
    keys = read_identity(identity).keys
    for statement in statements[1:]:
        verify(statement, keys.signing_key)
    return _Signed(keys=keys, identity=identity, slot=slot, passkey=passkey)


def _adds_passkey(statement: Statement) -> bool:
    kinds = {SlotKind.PASSKEY.value, SlotKind.SIGN_IN_ONLY.value}
    return statement.payload["action"] == "add" and statement.payload["slot_kind"] in kinds


def _replace_identity(unit: Unit, person: str, signed: _Signed) -> Event:
    """Store the new keys, and end whatever stood on the old ones."""
    if people.keys_taken(unit.session, signed.keys):
        raise errors.TakenError("one of these keys was already enrolled; make new ones")
    old = people.enrolled(unit.session, [person]).get(person)
    people.add_identity(
        unit.session, person, signed.keys, digest=signed.identity.digest, at=unit.now
    )
    sessions.end_all(unit.session, person, unit.now)
    live = [slot.id for slot in slots.live(unit.session, person)]
    slots.remove(unit.session, live, unit.now)
    details = {"fingerprint": signed.keys.keyid}
    return Event(
        action=Action.IDENTITY_REPLACED if old else Action.IDENTITY_ENROLLED,
        actor=person,
        subject=person,
        details=details | {"replaces": old.keys.keyid} if old else details,
        statement=signed.identity.raw,
    )


def _add_slots(ctx: Context, unit: Unit, signed: _Signed, body: Enrolment) -> None:
    if slots.taken(unit.session, signed.slot.payload["slot"]):
        raise errors.ReplayedError
    slots.add(unit.session, phrase_slot(signed.slot, body.slot, at=unit.now))
    if signed.passkey is None or body.passkey is None:
        return
    if slots.taken(unit.session, signed.passkey.payload["slot"]):
        raise errors.ReplayedError
    given = body.passkey.attestation, body.passkey.wrapped_root
    made_for = Purpose.ENROL, tokens.digest(body.token)
    passkeys.store(ctx, unit, signed.passkey, given, made_for)


def _slot_event(person: str, statement: Statement) -> Event:
    return Event(
        action=Action.SLOT_ADDED,
        actor=person,
        subject=person,
        details={"slot": statement.payload["slot"], "kind": statement.payload["slot_kind"]},
        statement=statement.raw,
    )
