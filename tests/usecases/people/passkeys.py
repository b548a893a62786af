"""People with passkeys: slots as a page makes them, answers as an authenticator gives them."""

from typing import Any

from crypto.encoding import b64encode, hex_digest
from crypto.identity import Identity
from crypto.keyslot import passkey_slot_key, wrap_root
from crypto.randomness import random_bytes, random_uuid
from crypto.secret import SecretBytes
from service.usecases import assertions, enrolment, passkeys, slots
from service.usecases.context import Caller, Context
from service.wire.base import Done
from service.wire.passkeys import Attestation
from service.wire.people import (
    InvitationToken,
    NewPasskey,
    PasskeySignIn,
    SessionOpened,
    SlotChange,
)
from tests.fakes.authenticator import Authenticator
from tests.usecases.people import acts
from tests.usecases.people.acts import Phrase, Someone


def signed(
    who: Identity,
    person: str,
    attestation: Attestation,
    *,
    kind: str = "passkey",
    slot: str = "",
    **changed: str,
) -> NewPasskey:
    """A slot of this kind around what the browser answered, signed by ``who``."""
    slot = slot or random_uuid()
    key = passkey_slot_key(SecretBytes(random_bytes(32)))
    root = wrap_root(key, who.root, person, slot) if kind == "passkey" else b""
    fields = {
        "slot_kind": kind,
        "credential": attestation.credential,
        "wrapped_root_digest": hex_digest(root) if root else "",
        **changed,
    }
    return NewPasskey(
        statement=acts.posted(acts.slot_statement(who, person, slot, root, **fields)),
        wrapped_root=b64encode(root),
        attestation=attestation,
    )


def as_change(new: NewPasskey, **more: Any) -> SlotChange:
    return SlotChange.model_validate({**new.model_dump(), **more})


def addition(
    ctx: Context, me: Caller, who: Someone, device: Authenticator, *, kind: str = "passkey"
) -> SlotChange:
    """Everything right: a new passkey of this person."""
    attestation = device.make(passkeys.options(ctx, me))
    return as_change(signed(who.identity, who.person, attestation, kind=kind))


def add(
    ctx: Context, who: Someone, device: Authenticator | None = None, *, kind: str = "passkey"
) -> Authenticator:
    """The person adds a passkey in a session of its own."""
    device = device or Authenticator()
    me = acts.caller(ctx, who)
    slots.change(ctx, me, addition(ctx, me, who, device, kind=kind))
    return device


def sign_in(ctx: Context, device: Authenticator, **wrong: Any) -> SessionOpened:
    answer = device.use(assertions.sign_in_options(ctx), **wrong)
    return assertions.sign_in(ctx, PasskeySignIn(assertion=answer))


def remove(ctx: Context, me: Caller, who: Someone, slot: str, device: Authenticator) -> Done:
    kinds = {s.slot: s.kind for s in slots.mine(ctx, me).slots}
    body = acts.removal(
        who.identity,
        who.person,
        slot,
        slot_kind=kinds[slot],
        credential=b64encode(device.credential),
    )
    return slots.change(ctx, me, body)


def slot_of(ctx: Context, me: Caller, device: Authenticator) -> str:
    [found] = [
        s.slot for s in slots.mine(ctx, me).slots if s.credential == b64encode(device.credential)
    ]
    return found


class Making:
    """A passkey to be added, for a case to spoil one thing."""

    def __init__(self, ctx: Context, ann: Someone) -> None:
        self.ctx, self.ann, self.me = ctx, ann, acts.caller(ctx, ann)
        self.device = Authenticator()

    def attestation(self, **wrong: Any) -> Attestation:
        return self.device.make(passkeys.options(self.ctx, self.me), **wrong)

    def signed(self, attestation: Attestation, **changed: str) -> NewPasskey:
        return signed(self.ann.identity, self.ann.person, attestation, **changed)

    def answer(self, **wrong: Any) -> SlotChange:
        return as_change(self.signed(self.attestation(**wrong)))

    def statement(self, **changed: str) -> SlotChange:
        return as_change(self.signed(self.attestation(), **changed))

    def parts(self, **more: Any) -> SlotChange:
        return as_change(self.signed(self.attestation()), **more)

    def only(self, **more: Any) -> SlotChange:
        return as_change(self.signed(self.attestation(), kind="sign-in-only"), **more)

    def other_session(self) -> SlotChange:
        elsewhere = acts.caller(self.ctx, self.ann)
        made = self.device.make(passkeys.options(self.ctx, elsewhere))
        return as_change(self.signed(made))

    def of_a_link(self) -> SlotChange:
        link = acts.invite(self.ctx, "Bob")
        options = enrolment.passkey_options(self.ctx, InvitationToken(token=link.token))
        return as_change(self.signed(self.device.make(options)))

    def known_credential(self) -> SlotChange:
        bob = acts.enrol(self.ctx, "Bob")
        add(self.ctx, bob, self.device)
        return self.answer()

    def known_slot(self) -> SlotChange:
        return self.statement(slot=self.ann.phrase.slot)

    def signed_by_another(self) -> SlotChange:
        made = self.attestation()
        return as_change(signed(Identity.generate(), self.ann.person, made))

    def phrase_with_answer(self) -> SlotChange:
        body = acts.slot_change(self.ann.identity, self.ann.person, Phrase())
        return body.model_copy(update={"attestation": self.attestation()})

    def removal_with_answer(self) -> SlotChange:
        add(self.ctx, self.ann)
        body = acts.removal(self.ann.identity, self.ann.person, self.ann.phrase.slot)
        return body.model_copy(update={"attestation": self.attestation()})
