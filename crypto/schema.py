"""What each kind of statement says: its exact fields, their types, and how they agree.

Only what one payload shows by itself is checked here. Whether people, thresholds and policies are
allowed, and whether a digest names anything, is for the caller to check.
"""

from collections.abc import Callable, Mapping
from typing import Any

from crypto import fields
from crypto.errors import MalformedError
from crypto.fields import NO_DIGEST, Check
from crypto.suite import SUITE

Payload = Mapping[str, Any]

GROUPS = ("password", "mfa")  # in the order of SLIP-39's group index and of a manifest's shares
GROUP_SIZE = 16  # SLIP-39 has room for no more members
_GROUP = fields.one_of(*GROUPS)
_COUNT = fields.integer(1)

_MEMBERS: Mapping[str, Check] = {
    "threshold": fields.integer(1, GROUP_SIZE),
    "custodians": fields.distinct(fields.identifier, most=GROUP_SIZE),
}
_PERSON: Mapping[str, Check] = {
    "person": fields.identifier,
    "name": fields.filled_text,
    "encryption_key": fields.encryption_key,
    "signing_key": fields.signing_key,
}
_POLICY: Mapping[str, Check] = {
    "request_lifetime": _COUNT,
    "release_window": _COUNT,
    "denials": fields.one_of("unreachable", "first"),
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
        "cause": fields.one_of("first", "change", "restart"),
        "name": fields.filled_text,
        "root_email": fields.filled_text,
        "type": fields.one_of("management", "member", "standalone"),
        "groups": fields.record(dict.fromkeys(GROUPS, fields.record(_MEMBERS))),
        "requesters": fields.rising(fields.identifier),
        "sealers": fields.rising(fields.identifier),
        "people": fields.records(_PERSON),
        "policy": fields.record(_POLICY),
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
    "paper": _CUSTODY,
}
KINDS = tuple(FIELDS)


def check_payload(kind: str, payload: Payload) -> None:
    """Accept a payload with exactly the fields of its kind, each of its exact type.

    Raises:
        MalformedError: an unknown kind, or a field that is missing, surplus or ill-formed; the
            message names the field and never its value.
    """
    if kind not in _CHECKS:
        raise MalformedError("an unknown kind of statement")
    _CHECKS[kind](payload)
    if kind in _AGREEMENTS:
        _AGREEMENTS[kind](payload)


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


def _check_manifest(payload: Payload) -> None:
    """Shares of the first group come first; the roster decides the order within a group."""
    _check_chain(payload)
    holders = [(GROUPS.index(share["group"]), share["custodian"]) for share in payload["shares"]]
    ranks = [rank for rank, _ in holders]
    if ranks != sorted(ranks) or len(set(holders)) != len(holders):
        raise MalformedError("shares: not in the order of groups, or a custodian is there twice")
    if not all(1 <= ranks.count(rank) <= GROUP_SIZE for rank in range(len(GROUPS))):
        raise MalformedError(f"shares: not 1 to {GROUP_SIZE} in each group")


def _check_decision(payload: Payload) -> None:
    if (payload["resealed_share_digest"] == "") != (payload["decision"] == "deny"):
        raise MalformedError("resealed_share_digest: empty for a denial, and only for a denial")


_CHECKS: Mapping[str, Check] = {
    kind: fields.record(
        {"kind": fields.one_of(kind), "suite": fields.one_of(SUITE), "at": fields.moment} | table
    )
    for kind, table in ((kind, dict(table)) for kind, table in FIELDS.items())
}
_AGREEMENTS: Mapping[str, Callable[[Payload], None]] = {
    "slot": _check_slot,
    "roster": _check_roster,
    "manifest": _check_manifest,
    "decision": _check_decision,
}
