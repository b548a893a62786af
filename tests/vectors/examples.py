"""Fixed payloads of fixed people: the inputs of the vectors, and of the tests of ``crypto``.

Every value follows from a label, so nothing here is a secret and nothing changes between runs.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from crypto.encoding import sha256
from crypto.fields import NO_DIGEST
from crypto.statement import Statement, merge, sign
from tests import cast
from tests.cast import CUSTODIANS, MFA, PASSWORD, REQUESTER, identity_fields, identity_of, uuid_of

AT = datetime(2026, 11, 23, 9, 30, 0, tzinfo=UTC)
ACCOUNT = "012345678901"
HEAD = {"log_size": 1729, "log_root": sha256(b"root of the log").hex()}

EVERYBODY = (*CUSTODIANS, REQUESTER)

Fields = Mapping[str, Any]


def digest_of(label: str) -> str:
    """Return a digest that stands for something which is not part of the example."""
    return sha256(label.encode()).hex()


def roster_fields(
    password: Sequence[str] = PASSWORD,
    mfa: Sequence[str] = MFA,
    thresholds: tuple[int, int] = (2, 2),
) -> dict[str, Any]:
    """Return the fields of a first roster; the requester may also seal."""
    return cast.roster_fields(
        password=password,
        mfa=mfa,
        thresholds=thresholds,
        account=ACCOUNT,
        name="Production",
        root_email="root@example.com",
        type="member",
        policy={**cast.POLICY, "request_lifetime": 14400, "release_window": 3600},
    )


@cache
def roster(thresholds: tuple[int, int] = (2, 2)) -> Statement:
    """Return the roster of three and three, signed by everybody in it."""
    fields = roster_fields(thresholds=thresholds)
    return merge([sign("roster", fields, identity=identity_of(name), at=AT) for name in EVERYBODY])


def envelope_head() -> dict[str, Any]:
    return {
        "envelope": uuid_of("envelope"),
        "version": 1,
        "previous": NO_DIGEST,
        "sealer": uuid_of(REQUESTER),
        "cause": "initial",
        "after_requests": [],
        **HEAD,
    }


def _share_fields(group: str, name: str) -> dict[str, str]:
    return {
        "group": group,
        "custodian": uuid_of(name),
        "commitment": digest_of(f"commitment of {name}"),
        "sealed_share_digest": digest_of(f"sealed share of {name}"),
    }


def _custody_fields() -> dict[str, Any]:
    return {"manifest": digest_of("manifest"), "group": "mfa", "custodian": uuid_of("dea"), **HEAD}


def example_fields() -> dict[str, dict[str, Any]]:
    """Return one good example for each kind of statement, made anew so that tests may change it."""
    request = digest_of("request")
    person = identity_fields("ann")
    return {
        "identity": person,
        "slot": {
            "person": uuid_of("ann"),
            "slot": uuid_of("slot"),
            "action": "add",
            "slot_kind": "phrase",
            "credential": "",
            "wrapped_root_digest": digest_of("wrapped root"),
        },
        "roster": roster_fields(("ann", "bob"), ("dea", "eli")),
        "manifest": {
            **envelope_head(),
            "account": ACCOUNT,
            "roster": digest_of("roster"),
            "after_requests": sorted([request, digest_of("earlier request")]),
            "content_kind": "password",
            "anchor": "",
            "opening_key": person["signing_key"],
            "gate_key": person["encryption_key"],
            "shares": [_share_fields("password", "ann"), _share_fields("mfa", "dea")],
            "content_digest": digest_of("content"),
        },
        "custody-receipt": _custody_fields(),
        "request": {
            "request": uuid_of("request"),
            "account": ACCOUNT,
            "roster": digest_of("roster"),
            "manifest": digest_of("manifest"),
            "requester": uuid_of(REQUESTER),
            "recipient_key": person["encryption_key"],
            "task": "close-account",
            "task_text": "",
            "reason": "The account was merged into another.\nSee the plan \u2013 page 3.",
            "ticket": "OPS-17",
            "lifetime": 3600,
            "window": 900,
            "drill": False,
            "offline": False,
            **HEAD,
        },
        "decision": {
            "request": request,
            "group": "password",
            "custodian": uuid_of("ann"),
            "decision": "approve",
            "reason": "",
            "resealed_share_digest": digest_of("resealed share"),
            **HEAD,
        },
        "cancellation": {
            "request": request,
            "requester": uuid_of(REQUESTER),
            "reason": "not needed any more",
            **HEAD,
        },
        "release": {"request": request, "requester": uuid_of(REQUESTER), **HEAD},
        "closure": {
            "request": request,
            "requester": uuid_of(REQUESTER),
            "summary": "closed the account",
            **HEAD,
        },
        "review": {
            "request": request,
            "group": "mfa",
            "reviewer": uuid_of("dea"),
            "rotated": True,
            "note": "",
            **HEAD,
        },
        "paper": {**_custody_fields(), "place": "the safe on the second floor"},
        "papers": {
            "manifest": digest_of("manifest"),
            "papers": [
                {"group": "password", "custodian": uuid_of("ann")},
                {"group": "mfa", "custodian": uuid_of("dea")},
            ],
            "name": "Fay",
            "place": "Utrecht",
            "reason": "no one's keys were left",
        },
    }
