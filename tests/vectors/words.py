"""Cases for what both languages say to people: one case a table, with every code that Python knows.

A table is a list of rows, what is given and what is said. ``SAY`` is how Python says it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

from crypto.leaf import Leaf
from service.client.foundation import render
from service.domain.errors import Refusal
from service.domain.events import ACTIONS, Action
from service.domain.exposed import SENTENCES, Cause
from service.domain.findings import URGENT, Code, Finding
from service.domain.outcomes import Outcome
from service.domain.people import GroupName
from service.domain.readiness import Act, Duty
from service.domain.request import Request, State
from service.domain.successor import Known
from service.domain.words import group, listing, one_line
from service.domain.year import Kind
from service.usecases.history import sentence
from service.web import duty_words, finding_words
from service.web.pages.words import spaced
from service.web.problems import STATUS

Case = dict[str, Any]

_AT = datetime(2026, 5, 6, 14, tzinfo=UTC)
_ODD = "A\nnn \u202eeve\u200b\u2028\u2060\u2069"
# Every detail that a sentence names, and the group in the log's own word.
_DETAILS: Mapping[str, str | int] = {
    "abandoned_size": 30,
    "continues": 20,
    "count": 7,
    "name": "Bo",
    "role": "operator",
    "line": "111122223333.2",
    "day": 3,
    "version": 4,
    "group": "mfa",
    "fault": "it timed out",
}


def _finding(given: Mapping[str, Any]) -> str:
    values = dict(given)
    link, in_group, cause = (values.pop(name, None) for name in ("link", "group", "cause"))
    return finding_words.message(
        Finding(
            code=Code(values.pop("code")),
            link=date.fromisoformat(link) if link else None,
            group=GroupName(in_group) if in_group else None,
            cause=Cause(cause) if cause else None,
            **values,
        )
    )


def _findings() -> Iterator[Mapping[str, Any]]:
    counted = {"able": 2, "people": 3, "needed": 3, "name": "Ann"}
    for code, name in product(Code, GroupName):
        yield {"code": code.value, "group": name.value, "cause": "papers", **counted}
    replaced = {"code": Code.KEYS_REPLACED.value, "name": _ODD}
    yield from ({**replaced, "link": link} for link in ("2026-05-06", "2025-12-31"))
    yield {**replaced, "group": "mfa", "named": True}
    for cause in Cause:
        yield {"code": Code.EXPOSED.value, "cause": cause.value}
    yield {"code": Code.EXPOSED.value}


def _duty(given: Mapping[str, Any]) -> str:
    asked = _request(drill=given["drill"]) if "drill" in given else None
    known = Known(person="ria", name=given["known"], replace_by=_AT, overdue=False, replaced=False)
    duty = Duty(
        act=Act(given["act"]),
        account="111122223333",
        name="",
        request=asked,
        requester=given.get("requester", ""),
        group=GroupName(given["group"]) if "group" in given else None,
        version=given.get("version", 0),
        known=known if given["known"] else None,
        because=Cause(given["because"]) if given.get("because") else None,
        changed=given.get("changed", False),
    )
    return duty_words.shape(duty).what.removeprefix(": ")


def _duties() -> Iterator[Mapping[str, Any]]:
    usual = {"requester": "Ria", "group": "mfa", "version": 3, "known": ""}
    for act in Act:
        yield {**usual, "act": act.value}
        yield {**usual, "act": act.value, "drill": False}
        yield {**usual, "act": act.value, "drill": True}
    yield from ({**usual, "act": "envelope.seal", "because": cause.value} for cause in Cause)
    yield from ({**usual, "act": act, "changed": True} for act in ("envelope.seal", "roster.draft"))
    yield {**usual, "act": "envelope.seal", "known": "Ria"}


def _request(*, drill: bool) -> Request:
    texts = ("request", "account", "roster", "manifest", "requester", "task", "task_text", "reason")
    numbers = {"lifetime": 3600, "window": 900, "drill": drill, "offline": False, "ticket": ""}
    payload = {**dict.fromkeys(texts, ""), **numbers}
    return Request.from_payload(payload, "", recipient_key=b"", entered_at=_AT)


def _event(given: Mapping[str, Any]) -> str:
    leaf = Leaf(
        seq=1,
        at=_AT,
        actor="kai",
        action=given["action"],
        subject="111122223333",
        details=given["details"],
    )
    return one_line(sentence(leaf, {"kai": given["who"]}))


def _events() -> Iterator[Mapping[str, Any]]:
    for action in Action:
        yield {"action": action.value, "who": "Kai", "details": _DETAILS}
    yield {"action": "request:approved", "who": _ODD, "details": {}}
    yield {"action": "request:reviewed", "who": "Kai", "details": {"group": "password"}}
    yield {"action": "request:reviewed", "who": "Kai", "details": {"group": "other"}}
    yield {"action": "of:another-release", "who": "Kai", "details": {}}


def _refusal(code: str) -> str:
    [found] = [one for one in STATUS if one.code == code]
    return "" if found.default == Refusal.default else found.default


def _codes(name: str) -> list[str]:
    return sorted(CODES[name])


CODES: Mapping[str, Iterable[str]] = {
    "findings": [code.value for code in Code],
    "urgent findings": [code.value for code in URGENT],
    "causes": [cause.value for cause in SENTENCES],
    "duties": [act.value for act in Act],
    "events": [action.value for action in ACTIONS],
    "refusals": {refusal.code for refusal in STATUS},
    "request states": [state.value for state in State],
    "outcomes": [outcome.value for outcome in Outcome],
    "year": ["asked", *(kind.value for kind in Kind)],
    "groups": [name.value for name in GroupName],
}

# What is said: how Python says it, and all that is given.
SAY: Mapping[str, tuple[Callable[[Any], Any], Iterable[Any]]] = {
    "codes": (_codes, list(CODES)),
    "one line": (one_line, ["", "Ann", _ODD, "a\tb\x7f\x9b\u061c\u200e\u2066"]),
    "listing": (listing, [[], ["Ann"], ["Ann", "Bo"], ["Ann", "B\no", "Cy"]]),
    "number": (spaced, ["111122223333", "111122223333.2", "111122223333.21"]),
    "group": (group, [name.value for name in GroupName]),
    "duration": (render.duration, [0, 1, 60, 3600, 3661, 86_400, 90_061]),
    "finding": (_finding, list(_findings())),
    "duty": (_duty, list(_duties())),
    "event": (_event, list(_events())),
    "refusal": (_refusal, sorted(CODES["refusals"])),
}


def words() -> Iterator[Case]:
    """Yield a case for each table."""
    for name, (say, given) in SAY.items():
        yield {"id": name, "expect": "ok", "rows": [[one, say(one)] for one in given]}
