"""Passkeys that are made: what a page needs for it, and from its answer to a key slot."""

from uuid import UUID

from crypto.encoding import b64decode, b64encode
from crypto.errors import MalformedError
from crypto.keyslot import WRAPPED_ROOT_LENGTH
from crypto.statement import Statement
from service.domain import errors, site
from service.domain.passkeys import Passkey, Purpose
from service.domain.person import Person
from service.domain.slots import Slot, SlotKind
from service.storage import passkeys, people, slots
from service.usecases import ceremonies, challenges
from service.usecases.context import Caller, Context, Unit
from service.usecases.signing import blob
from service.wire.passkeys import Attestation, NewPasskeyOptions

RP_NAME = "breakglass"


def options(ctx: Context, caller: Caller) -> NewPasskeyOptions:
    """What another passkey of the caller's is made with; their own are excluded.

    Raises:
        StaleSessionError: the session was not proven within the last five minutes.
    """
    if not caller.fresh:
        raise errors.StaleSessionError
    with ctx.read() as unit:
        person = people.get(unit.session, caller.person).person
        known = passkeys.of_person(unit.session, caller.person)
        challenge = challenges.make(ctx, Purpose.ADD, caller.session, unit.now)
    return creation_options(ctx, person, challenge, known)


def creation_options(
    ctx: Context, person: Person, challenge: bytes, known: list[Passkey]
) -> NewPasskeyOptions:
    """What a page needs; the user handle is the person's id, which says nothing by itself."""
    return NewPasskeyOptions(
        challenge=b64encode(challenge),
        rp_id=site.host(ctx.url),
        rp_name=RP_NAME,
        user_id=b64encode(user_handle(person.id)),
        user_name=person.email,
        display_name=person.name,
        exclude=[b64encode(passkey.credential) for passkey in known],
    )


def user_handle(person: str) -> bytes:
    """The 16 bytes of a person's id: what a resident passkey says of whose it is."""
    return UUID(person).bytes


def store(
    ctx: Context,
    unit: Unit,
    statement: Statement,
    given: tuple[Attestation | None, str],
    made_for: tuple[Purpose, str],
) -> None:
    """Store a passkey with its slot, from the signed statement and what came with it.

    ``given`` is the browser's answer and the wrapped root, ``made_for`` what its challenge was
    for and whose.

    Raises:
        MalformedError: no answer, or a wrapped root that is not 60 bytes; one that is there
            although the passkey only signs in.
        WrongBlobError: the wrapped root is not the one that was signed.
        BadPasskeyError: the answer is not a good one, or its credential not the one that was
            signed.
        TakenError: the credential is, or was within 30 days, in use.
    """
    attestation, wrapped_root = given
    if attestation is None:
        raise MalformedError("a passkey needs what the browser answered when it was made")
    slot = _slot(unit, statement, wrapped_root)
    made, challenge = _made(ctx, unit, attestation, made_for)
    if made.credential != slot.credential:
        raise errors.BadPasskeyError("the statement names another passkey")
    if passkeys.by_credential(unit.session, made.credential) is not None:
        raise errors.TakenError("this passkey is already in use")
    challenges.spend(unit, challenge)
    slots.add(unit.session, slot)
    passkeys.add(
        unit.session,
        Passkey(
            slot=slot.id,
            person=slot.person,
            kind=slot.kind,
            credential=made.credential,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=tuple(dict.fromkeys(attestation.transports)),
        ),
    )


def _slot(unit: Unit, statement: Statement, wrapped_root: str) -> Slot:
    payload = statement.payload
    kind, root = SlotKind(payload["slot_kind"]), b""
    if kind is SlotKind.PASSKEY:
        root = blob(wrapped_root, payload["wrapped_root_digest"])
        if len(root) != WRAPPED_ROOT_LENGTH:
            raise MalformedError(f"a wrapped root must be {WRAPPED_ROOT_LENGTH} bytes")
    elif wrapped_root:
        raise MalformedError("a passkey that only signs in must not have a wrapped root")
    return Slot(
        id=payload["slot"],
        person=payload["person"],
        kind=kind,
        credential=b64decode(payload["credential"]),
        wrapped_root=root,
        salt=b"",
        iterations=0,
        sign_in_digest="",
        statement=statement.digest,
        created_at=unit.now,
    )


def _made(
    ctx: Context, unit: Unit, attestation: Attestation, made_for: tuple[Purpose, str]
) -> tuple[ceremonies.Made, bytes]:
    given = ceremonies.Creation(
        credential=b64decode(attestation.credential),
        client_data=b64decode(attestation.client_data),
        attestation=b64decode(attestation.attestation),
    )
    try:
        challenge = ceremonies.challenge_in(given.client_data)
        if not challenges.stands(ctx, unit, *made_for, challenge):
            raise errors.BadPasskeyError
        return ceremonies.check_creation(ctx.url, given, challenge), challenge
    except ceremonies.NotAnswerError:
        raise errors.BadPasskeyError from None
