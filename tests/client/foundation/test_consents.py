"""What is shown before anything is signed: what no consent may leave out, and what none obeys.

That both languages have the same words, the vectors say.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

import pytest

from crypto.schema import KINDS as SIGNED
from service.client.foundation.words.consents import KINDS, Context, Lines, lines
from tests.vectors.consents import asked, context, payload
from tests.vectors.generate import FOLDER

CASES = json.loads((FOLDER / "consents.json").read_text(encoding="ascii"))["cases"]
OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069]")
# Fields that no one reads out, by kind: digests of what is said otherwise, from values that were
# verified; keys; and ids that mean nothing to a person.
UNSAID: Mapping[str, frozenset[str]] = {
    "request": frozenset({"request", "roster", "manifest", "requester"}),
    "decision": frozenset({"request", "custodian"}),
    "cancellation": frozenset({"request", "requester"}),
    "release": frozenset({"request", "requester"}),
    "closure": frozenset({"request", "requester"}),
    "review": frozenset({"request", "reviewer"}),
    "manifest": frozenset(
        {"envelope", "previous", "roster", "anchor", "opening_key", "gate_key"}
        | {"shares", "content_digest"}
    ),
    "custody-receipt": frozenset({"manifest"}),
    "paper": frozenset({"manifest"}),
    "papers": frozenset({"manifest"}),
    "roster": frozenset({"previous", "cause"}),
    "slot": frozenset({"credential", "wrapped_root_digest"}),
    "identity": frozenset({"encryption_key", "signing_key"}),
}
OTHER: Mapping[str, Any] = {
    "decision": "deny",
    "task": "billing",
    "type": "standalone",
    "content_kind": "session-key",
    "cause": "rotation",
    "action": "remove",
    "slot_kind": "passkey",
    "after_requests": [],
    "papers": [{"group": "mfa", "custodian": "someone"}],
    "requesters": [],
    "sealers": [],
    "people": [],
    "witnesses": ["w+a+b"],
}


def said(case: Mapping[str, Any]) -> Lines:
    return lines(case["kind"], case["payload"], Context(**case["context"]))


def texts(shown: Lines) -> Iterator[str]:
    yield from (shown.title, shown.effect, shown.button, *shown.warnings)
    for row in shown.rows:
        yield from row


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_each_text_is_one_line_and_nothing_is_empty_or_obeyed(case: Mapping[str, Any]) -> None:
    for text in texts(said(case)):
        assert text.strip()
        assert OBEYED.search(text) is None


def test_nothing_is_said_of_what_is_of_another_account() -> None:
    other = "999988887777"
    with pytest.raises(ValueError, match="another account"):
        lines("request", payload("request", account=other), context())
    with pytest.raises(ValueError, match="another account"):
        lines("decision", payload("decision"), context(request=asked(account=other)))


def test_every_kind_of_statement_has_words() -> None:
    assert set(KINDS) == set(SIGNED) == {case["kind"] for case in CASES}


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_said_or_listed_as_unsaid(kind: str) -> None:
    unsaid = set()
    for name, value in payload(kind).items():
        other = OTHER.get(name) if name in OTHER else _changed(value)
        given = payload(kind, **({"witnesses": ["w+a+b"]} if name == "cosigned_by" else {}))
        if name == "account":
            continue  # another than the context's has no words
        if lines(kind, given, context()) == lines(kind, {**given, name: other}, context()):
            unsaid.add(name)
    assert unsaid == UNSAID[kind]


def _changed(value: Any) -> Any:
    if value in ("password", "mfa"):
        return "mfa" if value == "password" else "password"
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return f"{value}1"
    if isinstance(value, dict):
        return {
            name: _changed(one) if name != "denials" else "first" for name, one in value.items()
        }
    return [*value, value[0]]


@pytest.mark.parametrize("name", [one.name for one in fields(Context)])
def test_every_part_of_the_context_is_said_somewhere(name: str) -> None:
    empty = Context()

    def tells(case: Mapping[str, Any]) -> bool:
        whole = Context(**case["context"])
        blank = {"now": "2030-01-01T00:00:00Z"}.get(name, getattr(empty, name))
        try:
            return said(case) != lines(
                case["kind"], case["payload"], replace(whole, **{name: blank})
            )
        except (KeyError, ValueError):
            return True  # without it there are no words

    assert any(map(tells, CASES))


def test_a_drill_is_called_one_in_its_title_and_nothing_else_is() -> None:
    about = [case for case in CASES if case["kind"] in {"decision", "cancellation", "release"}]
    asked = [(case, case["context"]["request"]["drill"]) for case in about]
    asked += [(case, case["payload"]["drill"]) for case in CASES if case["kind"] == "request"]
    assert {drill for _, drill in asked} == {True, False}
    for case, drill in asked:
        assert ("DRILL" in said(case).title) is drill
        assert any("DRILL" in value for _, value in said(case).rows) is drill


def test_an_account_is_written_as_aws_does_and_with_its_line() -> None:
    for kind in set(KINDS) - {"slot", "identity"}:
        own = said(next(case for case in CASES if case["id"] == f"{kind}/example"))
        assert "0123-4567-8901 " in own.title
        assert "LINE" not in own.title
        further = said(next(c for c in CASES if c["id"] == f"{kind}/hostile-second-line"))
        assert "0123-4567-8901, LINE 2 (" in further.title
        assert any(row[0] == "Account" and "LINE 2" in row[1] for row in further.rows)


def test_nothing_of_a_long_text_is_left_out() -> None:
    [case] = [case for case in CASES if case["id"] == "decision/hostile-long"]
    long = case["context"]["request"]["reason"]
    assert len(long) > 900
    assert any(long in value for _, value in said(case).rows)
