"""What is shown before each kind of statement is signed, as both languages must say it."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from service.client.foundation.words.consents import Context, lines
from tests.cast import REQUESTER, SEALER, uuid_of
from tests.vectors.bodies import example
from tests.vectors.examples import ACCOUNT, EVERYBODY

Data = dict[str, Any]

LATE = {"resealed_share_digest", "recipient_key", "log_size", "log_root", "at", "kind", "suite"}
RLO, HTML = "\u202edlrow", "<script>alert(1)</script> <b>Approve</b> &amp;"
LINES = "first\nTicket      none\r\n\x1b[2J\x07second\u2028third\u200b\u2066"
LONG = "\U0001f511 and so on, " * 76
HOSTILE = {"lines": LINES, "bidi": RLO, "html": HTML, "long": LONG}

_NAMES = {uuid_of(name): name.title() for name in (*EVERYBODY, SEALER)}
_GROUPS = {
    "password": {"needed": 2, "people": [uuid_of(name) for name in ("ann", "bob", "cem")]},
    "mfa": {"needed": 1, "people": [uuid_of(name) for name in ("dea", "eli")]},
}
ENVELOPE = {
    "version": 4,
    "roster": 3,
    "sealer": uuid_of(SEALER),
    "foreign": False,
    "state": "ready",
}
_EARLIER = [
    {"request": uuid_of("one"), "reason": "the bill", "listed": False},
    {"request": uuid_of("two"), "reason": LINES, "listed": True},
]
_BESIDE = [
    {"account": f"{ACCOUNT}.2", "verified": False, "able": True},
    {"account": f"{ACCOUNT}.3", "verified": True, "able": False},
]


def context(**changes: Any) -> Context:
    """What was verified of the example's account, whose people I signed for."""
    plain: Data = {
        "account": ACCOUNT,
        "called": "Production",
        "roster": 5,
        "anchor": 3,
        "day": "2026-11-03",
        "names": _NAMES,
        "now": "2026-11-23T09:40:00Z",
        "request": asked(),
        "entered": "2026-11-23T09:30:02Z",
        "denials": "unreachable",
        "approved": [uuid_of("ann"), uuid_of("dea")],
        "envelope": ENVELOPE,
        "groups": _GROUPS,
        "email": "root@example.com",
        "address": "root@example.com",
        "since": 3,
        "changes": ["new: Fay \u2014 in the MFA group", "Bob has new keys"],
        "heard": [uuid_of("ann")],
        "role": "auditor",
    }
    return Context(**{**plain, **changes})


def asked(**changes: Any) -> Data:
    """The payload of the example's request."""
    return {**example("request"), **changes}


def payload(kind: str, **changes: Any) -> Data:
    """What is known of the example's payload before its signer has unlocked anything."""
    known = {name: value for name, value in example(kind).items() if name not in LATE}
    return {**known, **changes}


def consents() -> Iterator[Data]:
    """Yield every case with the words that Python has for it."""
    for kind, label, given, beside in _cases():
        said = lines(kind, given, beside)
        yield {
            "id": f"{kind}/{label}",
            "kind": kind,
            "payload": given,
            "context": asdict(beside),
            "lines": asdict(said),
            "expect": "ok",
        }


_Case = tuple[str, str, Data, Context]
_DRILL = {"drill": True, "task": "drill", "ticket": ""}


def _cases() -> Iterator[_Case]:
    yield from _everywhere()
    yield from _requests()
    yield from _decisions()
    yield from _endings()
    yield from _envelopes()
    yield from _people()


def _everywhere() -> Iterator[_Case]:
    """Every kind as it is, in a second line of the account, and with hostile texts."""
    for kind in _KINDS:
        yield kind, "example", payload(kind), context()
        line = {"account": f"{ACCOUNT}.2", "called": LINES, "warnings": [LINES, HTML]}
        names = {person: f"{name}{RLO}" for person, name in _NAMES.items()}
        other = {"email": HTML, "address": LINES, "role": HTML, "changes": [LINES], "ends": LINES}
        texts: Data = {name: LINES for name in _TEXTS if name in example(kind)}
        if "account" in example(kind):
            texts["account"] = f"{ACCOUNT}.2"
        if kind == "roster":
            texts["people"] = [
                {**one, "name": names[one["person"]]} for one in example(kind)["people"]
            ]
        mean = asked(
            account=f"{ACCOUNT}.2",
            **dict.fromkeys(("task", "task_text", "reason", "ticket"), LINES),
        )
        beside = context(**line, **other, names=names, request=mean, waiting=[RLO])
        yield kind, "hostile-second-line", payload(kind, **texts), beside


_KINDS = (
    *("request", "decision", "cancellation", "release", "closure", "review", "manifest"),
    *("custody-receipt", "paper", "papers", "roster", "slot", "identity"),
)
_TEXTS = ("task", "task_text", "reason", "ticket", "summary", "note", "place", "name", "root_email")


def _requests() -> Iterator[_Case]:
    kind = "request"
    yield kind, "drill", payload(kind, **_DRILL), context()
    offline = context(source="the bundle", anchor=5)
    yield kind, "offline", payload(kind, offline=True), offline
    yield kind, "needs-no-root", payload(kind, task="regions", task_text="\n"), context()
    yield kind, "unknown-task", payload(kind, task="constructor"), context()
    known = context(envelope={**ENVELOPE, "foreign": True, "state": "exposed"}, beside=_BESIDE)
    yield kind, "sealed-by-requester-beside-others", payload(kind), known


def _decisions() -> Iterator[_Case]:
    kind = "decision"
    for label, text in HOSTILE.items():
        yield kind, f"hostile-{label}", payload(kind), context(request=asked(reason=text))
    drill = asked(**_DRILL)
    yield kind, "drill", payload(kind), context(request=drill, earlier=_EARLIER)
    offline = {"request": asked(offline=True), "source": "the bundle", "entered": ""}
    yield kind, "offline", payload(kind), context(**offline)
    yield kind, "receipt-and-earlier-shares", payload(kind), context(receipt=True, earlier=_EARLIER)
    yield kind, "unanchored", payload(kind), context(anchor=0, day="")
    yield kind, "not-proved", payload(kind), context(entered="")
    yield kind, "expired", payload(kind), context(now="2026-11-23T10:30:02Z")
    yield kind, "last-second", payload(kind), context(now="2026-11-23T10:30:01Z")
    yield kind, "early", payload(kind), context(now="2026-11-23T09:20:01Z")
    yield kind, "within-the-slack", payload(kind), context(now="2026-11-23T09:20:02Z")
    yield kind, "unknown-requester", payload(kind), context(names={})
    yield kind, "beside", payload(kind), _elsewhere()
    yield kind, "state-made-up", payload(kind), context(envelope={**ENVELOPE, "state": LINES})
    no = {"decision": "deny", "reason": "no call back"}
    yield kind, "deny", payload(kind, **no), context()
    yield kind, "deny-drill", payload(kind, **no), context(request=drill)
    exposing = context(denials="first", withdraws=True, ending="alone")
    yield kind, "deny-after-quorum", payload(kind, **no), exposing
    yield kind, "deny-unanchored", payload(kind, **no), context(anchor=0, ending="earlier")


def _elsewhere() -> Context:
    """In the last line that there can be, beside the first."""
    account = f"{ACCOUNT}.999"
    first = {"account": ACCOUNT, "verified": True, "able": True}
    return context(account=account, request=asked(account=account), beside=[first])


def _endings() -> Iterator[_Case]:
    drill, offline = asked(**_DRILL), asked(offline=True)
    yield "cancellation", "drill", payload("cancellation"), context(request=drill)
    yield "cancellation", "exposing", payload("cancellation"), context(ending="earlier")
    yield "release", "drill", payload("release"), context(request=drill)
    case = context(request=offline, source="the bundle", approved=[uuid_of(REQUESTER)])
    yield "release", "offline", payload("release"), case
    yield "closure", "no-words", payload("closure", summary=""), context()
    yield "review", "not-changed", payload("review", rotated=False, note=""), context()


def _envelopes() -> Iterator[_Case]:
    first = {"version": 1, "cause": "initial", "after_requests": []}
    yield "manifest", "first", payload("manifest", **first), context()
    later = {"version": 5, "cause": "rotation", "after_requests": ["0" * 64]}
    mine = {"envelope": {**ENVELOPE, "foreign": True}, "oldkeys": [uuid_of("bob")]}
    yield "manifest", "by-a-requester", payload("manifest", **later), context(**mine)
    other = payload("manifest", content_kind="session-key", cause="roster")
    yield "manifest", "another-kind", other, context(address="", email="")
    yield "custody-receipt", "known", payload("custody-receipt"), context(**mine)
    yield "paper", "group-of-two", payload("paper", group="password"), context()
    yield "papers", "none-of-a-group", payload("papers", papers=[]), context()


def _people() -> Iterator[_Case]:
    yield "roster", "second", payload("roster", version=2), context(ends="2 requests end")
    nothing = context(since=2, changes=[], anchor=0, beside=_BESIDE)
    yield "roster", "nothing-changed", payload("roster", version=3, requesters=[]), nothing
    yield "roster", "unknown", payload("roster", version=4), context(since=0)
    yield "roster", "retired", payload("roster", version=4, retired=True), context()
    keys = {"witnesses": ["w1+aa+bb", f"{RLO}+c+d"], "cosigned_by": 1}
    strict = {**example("roster")["policy"], "denials": "first", "requester_seals": True}
    yield "roster", "witnessed", payload("roster", **keys, policy=strict), context()
    for action in ("add", "replace", "remove"):
        for kind in ("phrase", "passkey", "sign-in-only"):
            given = payload("slot", action=action, slot_kind=kind)
            yield "slot", f"{action}-{kind}", given, context()
    again = context(replaces=True, waiting=[uuid_of("request")], role="")
    yield "identity", "replacing", payload("identity"), again
