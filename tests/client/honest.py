"""An honest world in memory: real keys, real statements, a real log. Lies start from here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from crypto import statement as statements
from crypto.encoding import b64decode, b64encode, format_time, hex_digest
from crypto.envelope import context, custody_info, drill_info, drill_plaintext, release_info
from crypto.identity import Identity
from crypto.opening import Content, SealedEnvelope, seal_envelope
from crypto.randomness import random_uuid
from crypto.seal import seal
from crypto.secret import SecretBytes
from crypto.statement import Statement
from crypto.unseal import unseal
from service.wire.base import Dsse
from service.wire.requests import Entered
from tests import cast
from tests.cast import ACCOUNT, NO_HEAD, PASSWORD, REQUESTER, SEALER, person_line, somebody

START = datetime(2026, 11, 2, 9, 0, 0, tzinfo=UTC)
ORIGIN = "breakglass.example/log"
CONTENT = Content(
    password="correct horse battery staple 7!", sign_in_email="root@corp.example", note="MFA: safe"
)
MFA = cast.MFA[:2]
EVERYBODY = (*PASSWORD, *MFA, REQUESTER, SEALER)


def wire(statement: Statement) -> Dsse:
    """A statement as it travels."""
    return Dsse.model_validate_json(statement.raw)


def roster_fields(
    *,
    version: int = 1,
    previous: str = "0" * 64,
    cause: str = "first",
    password: Sequence[str] = PASSWORD,
    mfa: Sequence[str] = MFA,
    thresholds: tuple[int, int] = (2, 1),
    keys: Mapping[str, Identity] | None = None,
    **changes: object,
) -> dict[str, Any]:
    """A roster's fields; ``keys`` gives somebody other keys than their own."""

    def line(name: str) -> dict[str, str]:
        return person_line(name, (keys or {}).get(name)) | {"name": name}

    fields = cast.roster_fields(
        line,
        version=version,
        previous=previous,
        cause=cause,
        password=password,
        mfa=mfa,
        thresholds=thresholds,
        sealers=(SEALER,),
        type="member",
        policy=cast.POLICY | {"request_lifetime": 7200, "release_window": 3600},
    )
    return fields | changes


def signed_roster(
    fields: Mapping[str, Any], signers: Sequence[Identity], at: datetime = START
) -> Statement:
    body = statements.payload_body("roster", fields, at)
    return statements.merge([statements.sign_body("roster", body, who) for who in signers])


def brought(*rosters: Statement) -> list[Dsse]:
    """The identities that an honest service brings with these versions."""
    return [wire(identity) for identity in cast.identities_of(*rosters)]


def encryption_keys(roster: Statement) -> dict[str, bytes]:
    """Whom a sealer seals to: each person's key by their id."""
    said = [identity.payload for identity in cast.identities_of(roster)]
    return {one["person"]: b64decode(one["encryption_key"]) for one in said}


def keys_of(*names: str) -> list[Identity]:
    return [somebody(name).identity for name in names]


@cache
def first_roster() -> Statement:
    return signed_roster(roster_fields(), keys_of(*EVERYBODY))


def second_roster(name: str = "payments", **changes: object) -> Statement:
    """A change without new people, signed by a threshold of each group."""
    fields = roster_fields(version=2, previous=first_roster().digest, cause="change", name=name)
    fields.update(changes)
    return signed_roster(fields, keys_of("ann", "bob", "dea"), START + timedelta(hours=1))


@dataclass(frozen=True)
class Sealed:
    statement: Statement
    parts: SealedEnvelope

    @property
    def context(self) -> bytes:
        return context(self.statement.payload)

    def blob_of(self, name: str) -> bytes:
        return next(s.sealed for s in self.parts.shares if s.custodian == somebody(name).id)

    def mnemonic_of(self, name: str) -> SecretBytes:
        info = custody_info(self.context, group_of(name), somebody(name).id)
        return unseal(somebody(name).identity.encryption_private, info, self.blob_of(name))


def group_of(name: str) -> str:
    return "password" if name in PASSWORD else "mfa"


def seal_for(
    roster: Statement,
    *,
    version: int = 1,
    previous: str = "0" * 64,
    cause: str = "initial",
    after: Sequence[str] = (),
    at: datetime = START,
    by: str = "sam",
    sealing: Callable[..., SealedEnvelope] = seal_envelope,
) -> Sealed:
    parts = sealing(
        CONTENT,
        roster=roster,
        keys=encryption_keys(roster),
        head={
            "envelope": random_uuid(),
            "version": version,
            "previous": previous,
            "sealer": somebody(by).id,
            "cause": cause,
            "after_requests": sorted(after),
            **NO_HEAD,
        },
        at=at,
    )
    statement = statements.sign("manifest", parts.manifest, identity=somebody(by).identity, at=at)
    return Sealed(statement, parts)


@cache
def first_envelope() -> Sealed:
    return seal_for(first_roster())


def receipt_of(name: str, sealed: Sealed, at: datetime = START) -> Statement:
    fields = {
        "manifest": sealed.statement.digest,
        "group": group_of(name),
        "custodian": somebody(name).id,
        **NO_HEAD,
    }
    return statements.sign("custody-receipt", fields, identity=somebody(name).identity, at=at)


def request_by(
    recipient: bytes,
    *,
    roster: Statement | None = None,
    sealed: Sealed | None = None,
    by: str = "gus",
    at: datetime = START,
    **changes: object,
) -> Statement:
    fields = {
        "request": random_uuid(),
        "account": ACCOUNT,
        "roster": (roster or first_roster()).digest,
        "manifest": (sealed or first_envelope()).statement.digest,
        "requester": somebody("gus").id,
        "recipient_key": b64encode(recipient),
        "task": "mfa-devices",
        "task_text": "",
        "reason": "the device is lost",
        "ticket": "OPS-7",
        "lifetime": 3600,
        "window": 1800,
        "drill": False,
        "offline": False,
        **NO_HEAD,
        **changes,
    }
    return statements.sign("request", fields, identity=somebody(by).identity, at=at)


def resealed(name: str, request: Statement, sealed: Sealed, recipient: bytes) -> bytes:
    """What an honest custodian sends along with an approval."""
    bound, group, me = sealed.context, group_of(name), somebody(name).id
    if request.payload["drill"]:
        info = drill_info(request.digest, bound, group, me)
        return seal(recipient, info, drill_plaintext(request.digest))
    info = release_info(request.digest, bound, group, me)
    return seal(recipient, info, sealed.mnemonic_of(name).reveal())


def decision_by(
    name: str,
    request: Statement,
    blob: bytes = b"",
    *,
    by: str = "",
    at: datetime = START,
    **changes: object,
) -> Statement:
    fields = {
        "request": request.digest,
        "group": group_of(name),
        "custodian": somebody(name).id,
        "decision": "approve" if blob else "deny",
        "reason": "" if blob else "not now",
        "resealed_share_digest": hex_digest(blob) if blob else "",
        **NO_HEAD,
        **changes,
    }
    return statements.sign("decision", fields, identity=somebody(by or name).identity, at=at)


def word_by(
    name: str, kind: str, request: Statement, *, at: datetime = START, **further: object
) -> Statement:
    """A cancellation, release, closure or review."""
    who = "reviewer" if kind == "review" else "requester"
    fields = {"request": request.digest, who: somebody(name).id, **NO_HEAD, **further}
    return statements.sign(kind, fields, identity=somebody(name).identity, at=at)


def entered(statement: Statement, leaf: int, minutes: int = 0) -> Entered:
    return Entered(
        statement=wire(statement), leaf=leaf, at=format_time(START + timedelta(minutes=minutes))
    )
