"""Payloads of every kind of statement, good and bad, as the text that would be signed."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from crypto.encoding import canonical
from crypto.schema import KINDS
from tests.cast import NO_HEAD, log_key, uuid_of, witness_key
from tests.vectors.examples import AT, digest_of, example_fields
from tests.vectors.forms import FORMS, LOOKALIKES

Case = dict[str, Any]
Payload = dict[str, Any]


def example(kind: str) -> Payload:
    """Return a good payload, made anew."""
    return {
        **example_fields()[kind],
        "kind": kind,
        "suite": "bg1",
        "at": AT.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _text(payload: Payload) -> str:
    """Serialise as the canonical form would, also what has none."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _with(kind: str, name: str, value: object) -> str:
    return _text({**example(kind), name: value})


def _changed(kind: str, change: Callable[[Payload], object]) -> str:
    payload = copy.deepcopy(example(kind))
    change(payload)
    return _text(payload)


def _bad_fields(kind: str) -> Iterator[tuple[str, str]]:
    """Yield each field missing, of another type, and in each ill form of its own."""
    for name, value in example(kind).items():
        missing = {key: kept for key, kept in example(kind).items() if key != name}
        yield f"{name}-missing", _text(missing)
        for number, other in enumerate(LOOKALIKES[type(value)], 1):
            yield f"{name}-type-{number}", _with(kind, name, other)
        for label, other in FORMS.get(name, ()):
            yield f"{name}-{label}", _with(kind, name, other)
    yield "surplus-field", _with(kind, "comment", "")
    yield "not-an-object", "[]"
    yield "white-space", _text(example(kind)).replace(":", ": ", 1)
    yield "key-twice", _text(example(kind)).replace("{", '{"suite":"bg1",', 1)
    yield "byte-order-mark", "\ufeff" + _text(example(kind))


def statement_cases(
    good: Iterator[tuple[str, str, Payload]], bad: Iterator[tuple[str, str, str]]
) -> Iterator[Case]:
    """Yield the cases: every kind's example, further good ones, and all that is refused."""
    for kind in KINDS:
        yield _case(kind, "example", canonical(example(kind)).decode(), "ok")
    for kind, label, payload in good:
        yield _case(kind, label, canonical(payload).decode(), "ok")
    for kind in KINDS:
        for label, body in _bad_fields(kind):
            yield _case(kind, label, body, "malformed")
    for kind, label, body in bad:
        yield _case(kind, label, body, "malformed")
    yield _case("vote", "unknown-kind", _with("identity", "kind", "vote"), "malformed")
    yield _case("release", "other-kind", _text(example("identity")), "malformed")


def _case(kind: str, label: str, body: str, expect: str) -> Case:
    return {"id": f"{kind}/{label}", "kind": kind, "body": body, "expect": expect}


def further_good() -> Iterator[tuple[str, str, Payload]]:
    """Yield payloads at the edge of what is allowed."""
    removed = {"action": "remove", "wrapped_root_digest": ""}
    passkey = {"slot_kind": "passkey", "credential": "AAECAw=="}
    sign_in = {"slot_kind": "sign-in-only", "credential": "AAEC", "wrapped_root_digest": ""}
    later = {"version": 2**53 - 1, "previous": digest_of("previous")}
    yield "slot", "replaced", {**example("slot"), "action": "replace"}
    yield "slot", "removed", {**example("slot"), **removed}
    yield "slot", "passkey", {**example("slot"), **passkey}
    yield (
        "slot",
        "credential-of-1023-bytes",
        {**example("slot"), **passkey, "credential": "A" * 1364},
    )
    yield "slot", "sign-in-only", {**example("slot"), **sign_in}
    yield "roster", "later", {**example("roster"), **later, "cause": "change", "retired": True}
    yield "roster", "second-line", {**example("roster"), "account": "012345678901.2"}
    yield "roster", "line-999", {**example("roster"), "account": "012345678901.999"}
    keys = sorted(witness_key(f"w{number}") for number in range(8))
    yield "roster", "witnessed", {**example("roster"), "witnesses": keys, "cosigned_by": 8}
    yield "manifest", "session", {**example("manifest"), **_SESSION}
    for kind in ("decision", "request", "release"):
        yield kind, "no-head", {**example(kind), "log_size": 0, "log_root": ""}
    yield "roster", "nobody-asks", {**example("roster"), "requesters": [], "sealers": []}
    yield "manifest", "later", {**example("manifest"), **later, "cause": "rotation"}
    denied = {"decision": "deny", "reason": "no call back", "resealed_share_digest": ""}
    yield "decision", "denied", {**example("decision"), **denied}
    yield "request", "drill", {**example("request"), "drill": True, "reason": ""}
    yield "request", "offline", {**example("request"), "offline": True, "lifetime": 1, "window": 1}
    yield "closure", "1000-characters", {**example("closure"), "summary": "\U0001f511" * 1000}
    yield "closure", "line-separator", {**example("closure"), "summary": 'a\u2028b\n"c\\d\x7f/'}


def further_bad() -> Iterator[tuple[str, str, str]]:
    """Yield payloads whose fields are well-formed one by one, and nested fields that are not."""
    for kind, label, change in _CHANGES:
        yield kind, label, _changed(kind, change)


_SESSION = {"content_kind": "session-key", "anchor": digest_of("anchor")}


def _share(payload: Payload, **fields: object) -> Payload:
    return {**payload["shares"][0], **fields}


_LATER = {"version": 2, "previous": digest_of("previous")}

_CHANGES: list[tuple[str, str, Callable[[Payload], object]]] = [
    ("slot", "phrase-with-credential", lambda p: p.update(credential="AAEC")),
    ("slot", "passkey-without-credential", lambda p: p.update(slot_kind="passkey")),
    (
        "slot",
        "credential-of-1024-bytes",
        lambda p: p.update(slot_kind="passkey", credential="A" * 1366 + "=="),
    ),
    ("slot", "added-without-root", lambda p: p.update(wrapped_root_digest="")),
    ("slot", "removed-with-root", lambda p: p.update(action="remove")),
    ("slot", "sign-in-with-root", lambda p: p.update(slot_kind="sign-in-only", credential="AAEC")),
    ("decision", "approved-without-share", lambda p: p.update(resealed_share_digest="")),
    ("decision", "denied-with-share", lambda p: p.update(decision="deny")),
    ("request", "lifetime-zero", lambda p: p.update(lifetime=0)),
    ("request", "window-zero", lambda p: p.update(window=0)),
    ("roster", "version-zero", lambda p: p.update(version=0)),
    ("roster", "first-with-previous", lambda p: p.update(previous=digest_of("x"))),
    ("roster", "later-without-previous", lambda p: p.update(version=2)),
    ("roster", "requester-twice", lambda p: p.update(requesters=2 * p["requesters"])),
    (
        "roster",
        "sealers-unsorted",
        lambda p: p.update(sealers=sorted([uuid_of("ann"), uuid_of("gus")], reverse=True)),
    ),
    ("roster", "people-unsorted", lambda p: p["people"].reverse()),
    ("roster", "person-twice", lambda p: p["people"].insert(0, p["people"][0])),
    ("roster", "person-without-name", lambda p: p["people"][0].update(name="")),
    ("roster", "person-with-unseen", lambda p: p["people"][0].update(name="An\u200bn")),
    ("roster", "person-surplus", lambda p: p["people"][0].update(role="")),
    ("roster", "person-not-an-object", lambda p: p["people"].append("gus")),
    ("roster", "person-with-keys", lambda p: p["people"][0].update(signing_key="AQ==")),
    ("roster", "person-without-identity", lambda p: p["people"][0].update(identity="")),
    ("roster", "restart", lambda p: p.update(_LATER, cause="restart")),
    ("roster", "cosigned-by-more", lambda p: p.update(cosigned_by=1)),
    (
        "roster",
        "nine-witnesses",
        lambda p: p.update(witnesses=sorted(witness_key(f"w{number}") for number in range(9))),
    ),
    ("roster", "witness-twice", lambda p: p.update(witnesses=2 * [witness_key("wit")])),
    ("roster", "log-as-witness", lambda p: p.update(witnesses=[log_key()])),
    ("roster", "requester-seals-text", lambda p: p["policy"].update(requester_seals="true")),
    ("roster", "least-suite-unknown", lambda p: p["policy"].update(least_suite="bg9")),
    ("manifest", "password-with-anchor", lambda p: p.update(anchor=digest_of("anchor"))),
    ("manifest", "session-without-anchor", lambda p: p.update(content_kind="session-key")),
    ("papers", "of-one-group", lambda p: p["papers"].pop()),
    ("papers", "none", lambda p: p.update(papers=[])),
    ("papers", "twice", lambda p: p["papers"].insert(0, p["papers"][0])),
    ("papers", "groups-reversed", lambda p: p["papers"].reverse()),
    ("papers", "with-a-head", lambda p: p.update(NO_HEAD)),
    ("identity", "with-a-head", lambda p: p.update(NO_HEAD)),
    ("roster", "group-missing", lambda p: p["groups"].pop("mfa")),
    ("roster", "group-surplus", lambda p: p["groups"].update(third=p["groups"]["mfa"])),
    ("roster", "group-empty", lambda p: p["groups"]["mfa"].update(custodians=[])),
    (
        "roster",
        "group-of-17",
        lambda p: p["groups"]["mfa"].update(custodians=[uuid_of(str(n)) for n in range(17)]),
    ),
    (
        "roster",
        "custodian-twice",
        lambda p: p["groups"]["mfa"].update(custodians=2 * [uuid_of("a")]),
    ),
    ("roster", "threshold-zero", lambda p: p["groups"]["mfa"].update(threshold=0)),
    ("roster", "threshold-17", lambda p: p["groups"]["mfa"].update(threshold=17)),
    ("roster", "threshold-true", lambda p: p["groups"]["mfa"].update(threshold=True)),
    ("roster", "lifetime-zero", lambda p: p["policy"].update(request_lifetime=0)),
    ("roster", "window-zero", lambda p: p["policy"].update(release_window=0)),
    ("roster", "denials-other", lambda p: p["policy"].update(denials="ignored")),
    ("manifest", "first-with-previous", lambda p: p.update(previous=digest_of("x"))),
    ("manifest", "later-without-previous", lambda p: p.update(version=2)),
    ("manifest", "requests-unsorted", lambda p: p["after_requests"].reverse()),
    ("manifest", "shares-groups-reversed", lambda p: p["shares"].reverse()),
    ("manifest", "share-twice", lambda p: p["shares"].insert(0, p["shares"][0])),
    ("manifest", "shares-of-one-group", lambda p: p["shares"].pop()),
    ("manifest", "no-shares", lambda p: p.update(shares=[])),
    (
        "manifest",
        "17-shares",
        lambda p: p["shares"].__setitem__(
            slice(0, 1), [_share(p, custodian=uuid_of(str(n))) for n in range(17)]
        ),
    ),
    ("manifest", "share-surplus", lambda p: p["shares"][0].update(note="")),
    ("manifest", "share-other-group", lambda p: p["shares"][0].update(group="third")),
    ("manifest", "share-without-commitment", lambda p: p["shares"][0].update(commitment="")),
]
