"""The people of every test: their names, parts, addresses, ids and keys, and the rosters they form.

Ids and keys follow from the names, so they are the same in every run and process and nothing here
is a secret. The vectors were recorded with these people: what follows from a name must not change.
The demo's people are the product's: ``service.ops.organisation`` has their names.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from crypto.cosignature import Cosigner
from crypto.encoding import b64encode, sha256
from crypto.fields import NO_DIGEST
from crypto.identity import Identity
from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from crypto.statement import Statement, sign

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"

PASSWORD = ("ann", "bob", "cem")
MFA = ("dea", "eli", "fay")
CUSTODIANS = (*PASSWORD, *MFA)
REQUESTER = "gus"
SEALER = "sam"  # where the requester does not seal
OPERATOR = "olga"
AUDITOR = "aud"
STRANGER = "eve"
EVERYBODY = (*CUSTODIANS, REQUESTER, OPERATOR, AUDITOR, STRANGER)

ENROLLED_AT = datetime(2026, 11, 2, 8, 0, 0, tzinfo=UTC)
POLICY = {
    "request_lifetime": 3600,
    "release_window": 900,
    "denials": "unreachable",
    "requester_seals": False,
    "least_suite": "bg1",
}
NO_HEAD = {"log_size": 0, "log_root": ""}  # of a statement whose signer had no checkpoint

Line = Callable[[str], Mapping[str, str]]


def email(name: str) -> str:
    """A person's address."""
    return f"{name.lower()}@corp.example"


def uuid_of(label: str) -> str:
    """The id of a person, or of anything else that a label names."""
    return str(uuid.UUID(bytes=sha256(label.encode())[:16], version=4))


@cache
def identity_of(name: str) -> Identity:
    """A person's keys."""
    return Identity.from_root(SecretBytes(sha256(f"root of {name}".encode())))


@dataclass(frozen=True)
class Somebody:
    """A person with their id and keys."""

    name: str
    id: str
    identity: Identity


@cache
def somebody(name: str) -> Somebody:
    """The person of this name."""
    return Somebody(name, uuid_of(name), identity_of(name))


def identity_fields(name: str, identity: Identity | None = None) -> dict[str, str]:
    """What a person's identity says; ``identity`` when it shows other keys than their own."""
    public = (identity or identity_of(name)).public
    return {
        "person": uuid_of(name),
        "encryption_key": b64encode(public.encryption_key),
        "signing_key": b64encode(public.signing_key),
    }


_ENROLLED: dict[str, Statement] = {}  # every identity that was asked for, by its digest


def identity_statement(name: str, identity: Identity | None = None) -> Statement:
    """The statement by which a person enrolled these keys."""
    mine = identity or identity_of(name)
    statement = sign("identity", identity_fields(name, mine), identity=mine, at=ENROLLED_AT)
    return _ENROLLED.setdefault(statement.digest, statement)


def person_line(name: str, identity: Identity | None = None) -> dict[str, str]:
    """A person's line in a roster; ``identity`` when it shows other keys than their own."""
    digest = identity_statement(name, identity).digest
    return {"person": uuid_of(name), "name": name.title(), "identity": digest}


def identities_of(*rosters: Statement) -> list[Statement]:
    """The identities that rosters name, as an answer with them brings them."""
    named = {one["identity"] for roster in rosters for one in roster.payload.get("people", ())}
    return [_ENROLLED[digest] for digest in sorted(named & _ENROLLED.keys())]


@cache
def log_key(name: str = "corp.example/log") -> str:
    """The verifier key of a log of this name."""
    return NoteSigner(name, SecretBytes(sha256(f"log {name}".encode()))).verifier.vkey


@cache
def witness_key(name: str) -> str:
    """The verifier key of a witness of this name."""
    return Cosigner(name, SecretBytes(sha256(f"witness {name}".encode()))).verifier.vkey


def roster_fields(
    line: Line = person_line,
    *,
    password: Sequence[str] = PASSWORD,
    mfa: Sequence[str] = MFA,
    thresholds: tuple[int, int] = (2, 2),
    requesters: Sequence[str] = (REQUESTER,),
    sealers: Sequence[str] = (REQUESTER,),
    **changes: Any,
) -> dict[str, Any]:
    """The fields of a first roster of these people, 2 of 3 in both groups.

    ``line`` makes a person's line from the name; ``changes`` are fields that come out as given.
    """
    named = {*password, *mfa, *requesters, *sealers}

    def ids(names: Sequence[str]) -> list[str]:
        return [line(name)["person"] for name in names]

    return {
        "account": ACCOUNT,
        "version": 1,
        "previous": NO_DIGEST,
        "cause": "first",
        "name": "payments",
        "root_email": "root@corp.example",
        "type": "standalone",
        "groups": {
            "password": {"threshold": thresholds[0], "custodians": ids(password)},
            "mfa": {"threshold": thresholds[1], "custodians": ids(mfa)},
        },
        "requesters": ids(requesters),
        "sealers": ids(sealers),
        "people": sorted((line(name) for name in named), key=lambda entry: entry["person"]),
        "policy": POLICY,
        "log_key": log_key(),
        "witnesses": [],
        "cosigned_by": 0,
        "retired": False,
        **changes,
    }
