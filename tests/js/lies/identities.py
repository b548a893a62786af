"""Identities beside a chain: brought, missing, forged, exchanged; and what a later release made."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from crypto.encoding import b64encode, canonical, parse_canonical
from crypto.statement import Signature, Statement, merge, payload_body, sign, sign_body
from tests import cast
from tests.cast import ACCOUNT, MFA, PASSWORD, REQUESTER, identity_of, identity_statement
from tests.js.lies.case import Case, plain

NAMES = (*PASSWORD, *MFA, REQUESTER)
AT = cast.ENROLLED_AT
ANN = identity_statement("ann")
OTHER = identity_statement("ann", identity_of("mallory"))  # Ann, with somebody else's keys


def roster(**lines: dict[str, str]) -> Statement:
    """A first roster that everyone named signed; ``lines`` are of people who are listed anew."""

    def line(name: str) -> dict[str, str]:
        return cast.person_line(name) | lines.get(name, {})

    body = payload_body("roster", cast.roster_fields(line), AT)
    return merge([sign_body("roster", body, identity_of(name)) for name in NAMES])


def told(
    name: str, identities: Sequence[Any], code: str = "", chain: Sequence[Any] | None = None
) -> Case:
    chain = [roster()] if chain is None else chain
    given = {"chain": chain, "identities": identities, "account": ACCOUNT}
    says = None
    if not code:
        newest = chain[-1]
        says = {"version": 1, "digest": newest.digest, "remembered": [1, newest.digest]}
    return Case(
        f"identities: {name}",
        "verifyChain",
        {**given, "me": None, "remembered": None},
        code,
        says,
    )


def cases() -> list[Case]:
    honest = [identity_statement(name) for name in NAMES]
    others = [one for one in honest if one != ANN]
    bob = identity_statement("bob")
    return [
        told("all that the roster names", honest),
        told("and others", [*honest, identity_statement("eve"), identity_statement("nell")]),
        told("one of them twice", [*honest, ANN]),
        told("one left out", others, "identity-missing"),
        told("none", [], "identity-missing"),
        told("another digest of the same person", [*others, OTHER], "identity-missing"),
        told(
            "the roster names another's",
            honest,
            "identity-missing",
            [roster(ann={"identity": bob.digest})],
        ),
        told("a signature that is not good", [*others, flipped(ANN)], "identity-forged"),
        told("a signature of somebody else", [*others, by("eve", ANN)], "identity-forged"),
        told("a forged one that nobody names", [*honest, flipped(OTHER)], "identity-forged"),
        told("another kind of statement", [*others, word()], "identity-forged"),
        told("a roster among them", [*honest, roster()], "identity-forged"),
        told("two signatures", [*others, twice(ANN)], "identity-forged"),
        told("no statement", [*honest, {"payload": ""}], "identity-forged"),
        told("no object", [*honest, "ann"], "identity-forged"),
        told("nothing", [*honest, None], "identity-forged"),
        told("no list", {"ann": plain(ANN)}, "identity-forged"),  # type: ignore[arg-type]
        told("no keys that anybody may have", [*others, weak(ANN)], "identity-forged"),
        told("a later suite's", [*others, later(ANN)], "unknown-suite"),
        told("a roster of a later suite", honest, "unknown-suite", [later(roster())]),
        told(
            "a roster whose policy wants a later suite",
            honest,
            "unknown-suite",
            [later(roster(), where="policy")],
        ),
        told(
            "two people with one key",
            [*honest, same()],
            "roster-chain",
            [roster(bob={"identity": same().digest})],
        ),
    ]


def flipped(statement: Statement) -> Statement:
    [signature] = statement.signatures
    sig = bytearray(signature.sig)
    sig[40] ^= 1
    return dataclasses.replace(
        statement, signatures=(Signature(keyid=signature.keyid, sig=bytes(sig)),)
    )


def by(name: str, statement: Statement) -> Statement:
    """The same payload, signed by someone else."""
    return sign_body("identity", statement.body, identity_of(name))


def twice(statement: Statement) -> Statement:
    both = (*statement.signatures, *by("eve", statement).signatures)
    ordered = sorted(both, key=lambda one: one.keyid)
    return dataclasses.replace(statement, signatures=tuple(ordered))


def word() -> Statement:
    fields = {"request": "a" * 64, "requester": cast.uuid_of("ann"), **cast.NO_HEAD}
    return sign("release", fields, identity=identity_of("ann"), at=AT)


def same() -> Statement:
    """Bob, with the signing key of Ann."""
    fields = cast.identity_fields("bob") | {
        "signing_key": cast.identity_fields("ann")["signing_key"]
    }
    return sign("identity", fields, identity=identity_of("ann"), at=AT)


def weak(statement: Statement) -> dict[str, Any]:
    return changed(statement, encryption_key=b64encode(bytes(32)))


def later(statement: Statement, where: str = "") -> dict[str, Any]:
    """What a later release might have signed."""
    if not where:
        return changed(statement, suite="bg9", further="x")
    inner = {**statement.payload[where], "least_suite": "bg9"}
    return changed(statement, **{where: inner})


def changed(statement: Statement, **fields: Any) -> dict[str, Any]:
    """The statement as it travels, with other fields under the old signatures."""
    body = canonical({**parse_canonical(statement.body), **fields})
    return {**plain(statement), "payload": b64encode(body)}
