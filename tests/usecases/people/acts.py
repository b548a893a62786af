"""What people do in these tests, with real keys and real signatures.

The sign-in key is 32 random bytes: the service knows only its SHA-256 and never derives it.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crypto.encoding import b64decode, b64encode, hex_digest
from crypto.identity import Identity
from crypto.keyslot import wrap_root
from crypto.leaf import Leaf, parse_leaf
from crypto.randomness import random_bytes, random_uuid
from crypto.secret import SecretBytes
from crypto.statement import Statement, sign
from service.domain import errors
from service.storage import log
from service.storage.base import Base
from service.storage.database import Database
from service.usecases import enrolment, invitations, sessions
from service.usecases.context import Caller, Context
from service.wire.base import Dsse
from service.wire.people import (
    Enrolment,
    Invitation,
    InvitationToken,
    NewInvitation,
    PhraseSlot,
    SignIn,
    SlotChange,
)
from tests.cast import email
from tests.salts import salt_of

SIGNED_AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OPERATOR = Caller(
    person="00000000-0000-4000-8000-000000000001",
    operator=True,
    auditor=False,
    session="",
    fresh=True,
)


ANN = email("ann")


def posted(statement: Statement) -> Dsse:
    return Dsse.model_validate_json(statement.raw)


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A slot's parts as a device makes them, and the key to sign in with."""

    slot: str = field(default_factory=random_uuid)
    salt: bytes = field(default_factory=salt_of)
    sign_in_key: bytes = field(default_factory=lambda: random_bytes(32))
    slot_key: SecretBytes = field(default_factory=lambda: SecretBytes(random_bytes(32)))

    def wrapped(self, identity: Identity, person: str) -> bytes:
        return wrap_root(self.slot_key, identity.root, person, self.slot)

    @property
    def key(self) -> str:
        return b64encode(self.sign_in_key)

    @property
    def digest(self) -> str:
        return hex_digest(self.sign_in_key)


@dataclass(frozen=True, kw_only=True)
class Someone:
    """A person who has enrolled."""

    person: str
    email: str
    identity: Identity
    phrase: Phrase


def slot_statement(
    identity: Identity, person: str, slot: str, blob: bytes, **changed: str
) -> Statement:
    removes = changed.get("action") == "remove"
    further = {
        "person": person,
        "slot": slot,
        "action": "add",
        "slot_kind": "phrase",
        "credential": "",
        "wrapped_root_digest": "" if removes else hex_digest(blob),
        **changed,
    }
    return sign("slot", further, identity=identity, at=SIGNED_AT)


def phrase_slot(identity: Identity, person: str, phrase: Phrase, **changed: str) -> PhraseSlot:
    blob = phrase.wrapped(identity, person)
    return PhraseSlot(
        statement=posted(slot_statement(identity, person, phrase.slot, blob, **changed)),
        wrapped_root=b64encode(blob),
        salt=b64encode(phrase.salt),
        iterations=600_000,
        sign_in_digest=phrase.digest,
    )


def slot_change(identity: Identity, person: str, phrase: Phrase, **changed: str) -> SlotChange:
    new = phrase_slot(identity, person, phrase, **{"action": "replace", **changed})
    return SlotChange.model_validate(new.model_dump())


def removal(identity: Identity, person: str, slot: str, **changed: str) -> SlotChange:
    statement = slot_statement(identity, person, slot, b"", action="remove", **changed)
    return SlotChange(statement=posted(statement))


def identity_statement(
    identity: Identity, person: str, *, encryption: Identity | None = None
) -> Statement:
    encryption = encryption or identity
    further = {
        "person": person,
        "encryption_key": b64encode(encryption.public.encryption_key),
        "signing_key": b64encode(identity.public.signing_key),
    }
    return sign("identity", further, identity=identity, at=SIGNED_AT)


def enrolment_of(
    link: Invitation, identity: Identity, phrase: Phrase, *, person: str = ""
) -> Enrolment:
    person = person or link.person
    return Enrolment(
        token=link.token,
        statement=posted(identity_statement(identity, person)),
        slot=phrase_slot(identity, person, phrase),
    )


def invite(ctx: Context, name: str = "Ann", **roles: bool) -> Invitation:
    body = NewInvitation(email=email(name), name=name, **roles)
    return invitations.invite(ctx, OPERATOR, body)


def enrol(ctx: Context, name: str = "Ann", **roles: bool) -> Someone:
    link = invite(ctx, name, **roles)
    looked = enrolment.look(ctx, InvitationToken(token=link.token))
    identity, phrase = Identity.generate(), Phrase(salt=b64decode(looked.salt))
    enrolment.enrol(ctx, enrolment_of(link, identity, phrase))
    return Someone(person=link.person, email=email(name), identity=identity, phrase=phrase)


def sign_in_body(who: Someone, *, email: str = "", key: str = "", cookie: bool = False) -> SignIn:
    return SignIn(email=email or who.email, sign_in_key=key or who.phrase.key, cookie=cookie)


def caller(ctx: Context, who: Someone) -> Caller:
    """Sign in and come back with the token."""
    opened = sessions.sign_in(ctx, sign_in_body(who))
    return sessions.authenticate(ctx, opened.token)


def leaves(ctx: Context) -> list[Leaf]:
    with ctx.read() as unit:
        return [parse_leaf(data) for data in log.read_leaves(unit.session, 0, 10_000)]


def actions(ctx: Context) -> list[str]:
    return [leaf.action for leaf in leaves(ctx)]


def rows(database: Database, *, without: frozenset[str] = frozenset()) -> dict[str, list[Any]]:
    """Every row of every table: what a refusal must leave as it is."""
    with database.read() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in without
        }


def wrong(email: str = ANN) -> SignIn:
    return SignIn(email=email, sign_in_key=b64encode(random_bytes(32)))


def fail(ctx: Context, email: str = ANN, *, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(errors.SignInFailedError):
            sessions.sign_in(ctx, wrong(email))


LOGGED = frozenset({"attempt", "audit_event", "audit_head", "audit_node"})
