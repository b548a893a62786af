"""What each kind of statement says: its exact fields, their types, and how they agree.

Only what one payload shows by itself is checked here. Whether people, thresholds and policies are
allowed, and whether a digest names anything, is for the caller to check.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crypto import fields
from crypto.cosignature import WitnessVerifier
from crypto.errors import MalformedError
from crypto.fields import NO_DIGEST, Check
from crypto.note import NoteVerifier

Payload = Mapping[str, Any]

GROUPS = ("password", "mfa")  # in the order of SLIP-39's group index and of a manifest's shares
GROUP_SIZE = 16  # SLIP-39 has room for no more members
WITNESSES = 8  # that a roster may name
_GROUP = fields.one_of(*GROUPS)
_COUNT = fields.integer(1)

_MEMBERS: Mapping[str, Check] = {
    "threshold": fields.integer(1, GROUP_SIZE),
    "custodians": fields.distinct(fields.identifier, most=GROUP_SIZE),
}
_PERSON: Mapping[str, Check] = {
    "person": fields.identifier,
    "name": fields.person_name,
    "identity": fields.digest,
}
_POLICY: Mapping[str, Check] = {
    "request_lifetime": _COUNT,
    "release_window": _COUNT,
    "denials": fields.one_of("unreachable", "first"),
    "requester_seals": fields.boolean,
    "least_suite": fields.suite_name,
}
_SHARE: Mapping[str, Check] = {
    "group": _GROUP,
    "custodian": fields.identifier,
    "commitment": fields.digest,
    "sealed_share_digest": fields.digest,
}
_CUSTODY: Mapping[str, Check] = {
    "manifest": fields.digest,
    "group": _GROUP,
    "custodian": fields.identifier,
}
_PAPER: Mapping[str, Check] = {"group": _GROUP, "custodian": fields.identifier}
_HEAD: Mapping[str, Check] = {"log_size": fields.integer(0), "log_root": fields.digest_or_empty}

FIELDS: Mapping[str, Mapping[str, Check]] = {
    "identity": {
        "person": fields.identifier,
        "encryption_key": fields.encryption_key,
        "signing_key": fields.signing_key,
    },
    "slot": {
        "person": fields.identifier,
        "slot": fields.identifier,
        "action": fields.one_of("add", "replace", "remove"),
        "slot_kind": fields.one_of("phrase", "passkey", "sign-in-only"),
        "credential": fields.credential,
        "wrapped_root_digest": fields.digest_or_empty,
    },
    "roster": {
        "account": fields.account,
        "version": _COUNT,
        "previous": fields.digest,
        "cause": fields.one_of("first", "change"),
        "name": fields.filled_text,
        "root_email": fields.filled_text,
        "type": fields.one_of("management", "member", "standalone"),
        "groups": fields.record(dict.fromkeys(GROUPS, fields.record(_MEMBERS))),
        "requesters": fields.rising(fields.identifier),
        "sealers": fields.rising(fields.identifier),
        "people": fields.records(_PERSON),
        "policy": fields.record(_POLICY),
        "log_key": fields.verifier_key(NoteVerifier.from_vkey),
        "witnesses": fields.rising(fields.verifier_key(WitnessVerifier.from_vkey), most=WITNESSES),
        "cosigned_by": fields.integer(0, WITNESSES),
        "retired": fields.boolean,
    },
    "manifest": {
        "envelope": fields.identifier,
        "account": fields.account,
        "version": _COUNT,
        "previous": fields.digest,
        "roster": fields.digest,
        "sealer": fields.identifier,
        "cause": fields.one_of("initial", "rotation", "roster"),
        "after_requests": fields.rising(fields.digest),
        "content_kind": fields.one_of("password", "session-key"),
        "anchor": fields.digest_or_empty,
        "opening_key": fields.signing_key,
        "gate_key": fields.encryption_key,
        "shares": fields.records(_SHARE),
        "content_digest": fields.digest,
    },
    "custody-receipt": _CUSTODY,
    "request": {
        "request": fields.identifier,
        "account": fields.account,
        "roster": fields.digest,
        "manifest": fields.digest,
        "requester": fields.identifier,
        "recipient_key": fields.encryption_key,
        "task": fields.filled_text,
        "task_text": fields.text,
        "reason": fields.text,
        "ticket": fields.text,
        "lifetime": _COUNT,
        "window": _COUNT,
        "drill": fields.boolean,
        "offline": fields.boolean,
    },
    "decision": {
        "request": fields.digest,
        "group": _GROUP,
        "custodian": fields.identifier,
        "decision": fields.one_of("approve", "deny"),
        "reason": fields.text,
        "resealed_share_digest": fields.digest_or_empty,
    },
    "cancellation": {
        "request": fields.digest,
        "requester": fields.identifier,
        "reason": fields.text,
    },
    "release": {"request": fields.digest, "requester": fields.identifier},
    "closure": {
        "request": fields.digest,
        "requester": fields.identifier,
        "summary": fields.text,
    },
    "review": {
        "request": fields.digest,
        "group": _GROUP,
        "reviewer": fields.identifier,
        "rotated": fields.boolean,
        "note": fields.text,
    },
    "paper": {**_CUSTODY, "place": fields.text},
    "papers": {
        "manifest": fields.digest,
        "papers": fields.records(_PAPER),
        "name": fields.filled_text,
        "place": fields.text,
        "reason": fields.text,
    },
}
KINDS = tuple(FIELDS)
HEADLESS = frozenset({"identity", "slot", "roster", "papers"})  # these name no head of the log


def check_payload(kind: str, payload: Payload) -> None:
    """Accept a payload with exactly the fields of its kind, each of its exact type.

    Raises:
        UnknownSuiteError: it is of a suite that this release does not have.
        MalformedError: an unknown kind, or a field that is missing, surplus or ill-formed; the
            message names the field and never its value.
    """
    if kind not in _CHECKS:
        raise MalformedError("an unknown kind of statement")
    if isinstance(payload, dict) and isinstance(payload.get("suite"), str):
        fields.suite_name(payload["suite"])  # before its fields: a later suite may have others
    _CHECKS[kind](payload)
    if kind not in HEADLESS:
        _check_head(payload)
    if kind in _AGREEMENTS:
        _AGREEMENTS[kind](payload)


def _check_head(payload: Payload) -> None:
    if (payload["log_size"] == 0) != (payload["log_root"] == ""):
        raise MalformedError("log_root: empty where no head is named, and only there")


def _check_slot(payload: Payload) -> None:
    """A phrase has no credential, the others have one; only what unlocks has a wrapped root."""
    if (payload["credential"] == "") != (payload["slot_kind"] == "phrase"):
        raise MalformedError("credential: empty for a phrase, and only for a phrase")
    holds_root = payload["action"] != "remove" and payload["slot_kind"] != "sign-in-only"
    if (payload["wrapped_root_digest"] != "") != holds_root:
        raise MalformedError(
            "wrapped_root_digest: empty for a removal and for sign-in only, and only then"
        )


def _check_chain(payload: Payload) -> None:
    """A first version follows nothing, and only a first version does."""
    if (payload["version"] == 1) != (payload["previous"] == NO_DIGEST):
        raise MalformedError("previous: 64 zeros for version 1, and only for version 1")


def _check_roster(payload: Payload) -> None:
    _check_chain(payload)
    people = [entry["person"] for entry in payload["people"]]
    if people != sorted(set(people)):
        raise MalformedError("people: not sorted by person, or a person is there twice")
    if payload["cosigned_by"] > len(payload["witnesses"]):
        raise MalformedError("cosigned_by: more than there are witnesses")


def _check_manifest(payload: Payload) -> None:
    """Shares of the first group come first; the roster decides the order within a group."""
    _check_chain(payload)
    if (payload["anchor"] == "") != (payload["content_kind"] == "password"):
        raise MalformedError("anchor: empty for a password, and only for a password")
    _check_holders("shares", payload["shares"])


def _check_papers(payload: Payload) -> None:
    _check_holders("papers", payload["papers"])


def _check_holders(name: str, entries: Sequence[Mapping[str, str]]) -> None:
    holders = [(GROUPS.index(entry["group"]), entry["custodian"]) for entry in entries]
    ranks = [rank for rank, _ in holders]
    if ranks != sorted(ranks) or len(set(holders)) != len(holders):
        raise MalformedError(f"{name}: not in the order of groups, or a custodian is there twice")
    if not all(1 <= ranks.count(rank) <= GROUP_SIZE for rank in range(len(GROUPS))):
        raise MalformedError(f"{name}: not 1 to {GROUP_SIZE} in each group")


def _check_decision(payload: Payload) -> None:
    if (payload["resealed_share_digest"] == "") != (payload["decision"] == "deny"):
        raise MalformedError("resealed_share_digest: empty for a denial, and only for a denial")


def _check_of(kind: str) -> Check:
    common = {"kind": fields.one_of(kind), "suite": fields.suite_name, "at": fields.moment}
    return fields.record({**common, **({} if kind in HEADLESS else _HEAD), **FIELDS[kind]})


_CHECKS: Mapping[str, Check] = {kind: _check_of(kind) for kind in KINDS}
_AGREEMENTS: Mapping[str, Callable[[Payload], None]] = {
    "slot": _check_slot,
    "roster": _check_roster,
    "manifest": _check_manifest,
    "decision": _check_decision,
    "papers": _check_papers,
}
