"""Every single field of a leaf changed, and reports compared but for what they call unsigned."""

import copy
import dataclasses
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from crypto.leaf import Detail, Leaf, encode_leaf, parse_leaf
from crypto.statement import Statement
from service.client.audit.replay.replay import finish, replay
from service.client.audit.replay.world import World
from service.client.audit.report.account_page import account_json, account_lines, account_page
from service.client.audit.report.html import report_page
from service.client.audit.report.report import Report
from service.client.audit.report.story import Story
from service.client.audit.report.year import AccountReport
from service.client.audit.tree.blocks import _statement
from service.client.foundation.errors import ClientRefusal
from tests.cast import ACCOUNT, OTHER_ACCOUNT, somebody
from tests.client.audit.exports import log
from tests.client.audit.whole import whole, whole_leaves


@dataclass(frozen=True)
class Change:
    """A leaf with one field changed; a detail's name has a dot before it."""

    field: str
    leaf: Leaf


def changes(leaf: Leaf) -> Iterator[Change]:
    """One field after the other, each with every kind of wrong value."""
    people = {somebody("ann").id, somebody("gus").id, "service", "ops:root"}
    wrong: Mapping[str, Collection[object]] = {
        "at": {leaf.at + timedelta(seconds=1)},
        "actor": people,
        "subject": people | {ACCOUNT, OTHER_ACCOUNT},
        "request": {"", "r", next(x.request for x in whole_leaves() if x.request)},
    }
    for name, values in wrong.items():
        yield from (
            Change(name, dataclasses.replace(leaf, **{name: value}))  # type: ignore[arg-type]
            for value in values
            if value != getattr(leaf, name)
        )
    for name, said in leaf.details.items():
        rest = {k: v for k, v in leaf.details.items() if k != name}
        yield Change(f".{name}", dataclasses.replace(leaf, details=rest))
        for value in _others(said):
            yield Change(f".{name}", dataclasses.replace(leaf, details={**rest, name: value}))
    for name in ("state", "more"):
        if name not in leaf.details:
            more: Mapping[str, Detail] = {**leaf.details, name: "closed"}
            yield Change(f".{name}", dataclasses.replace(leaf, details=more))
    if leaf.statement:
        yield Change("statement", dataclasses.replace(leaf, statement=b""))


def _others(value: Detail) -> Sequence[Detail]:
    if isinstance(value, bool):
        return (not value, int(value), str(value))
    if isinstance(value, int):
        return (value + 1, str(value), True)
    if isinstance(value, str):
        digest = "0" * 64 if len(value) == len("0" * 64) else "mfa"
        return (value + "x", digest, "approved", "", 1)
    return ([*value, "x"], "x")


@cache
def _keys() -> dict[str, bytes]:
    world = World(log_key=log().signer.verifier)
    for leaf in whole_leaves():
        replay(world, leaf)
    return world.signing_keys


@cache
def statement_of(leaf: bytes) -> Statement | None:
    """The statement of a leaf, its signature verified once for all rewrites."""
    return _statement(parse_leaf(leaf), _keys())


class Rewriting:
    """Replays the log up to a leaf once, and from there on once for each change."""

    def __init__(self) -> None:
        self.leaves = whole_leaves()
        self.before = World(log_key=log().signer.verifier, recorder=Story())
        self.done = 0

    def until(self, index: int) -> None:
        """Replay up to this leaf."""
        for data, leaf in zip(
            whole()[self.done : index], self.leaves[self.done : index], strict=True
        ):
            replay(self.before, leaf, statement_of(data))
        self.done = index

    def outcome(self, leaf: Leaf) -> str | dict[str, Any]:
        """What comes of another leaf at this place: a refusal's code, or the reports."""
        world = copy.deepcopy(self.before)
        try:
            replay(world, leaf, statement_of(encode_leaf(leaf)))
            return self.rest(world, self.done + 1)
        except ClientRefusal as refused:
            return refused.code

    def rest(self, world: World, start: int) -> dict[str, Any]:
        """Replay what is left; return the reports."""
        for data, leaf in zip(whole()[start:], self.leaves[start:], strict=True):
            replay(world, leaf, statement_of(data))
        finish(world)
        return proven(world)


def proven(world: World, *, rows: bool = False) -> dict[str, Any]:
    """Every report in every form, without what it calls unsigned.

    With ``rows``, without all lines, rows and sentences of which anything is unsigned.
    """
    story = world.recorder
    assert isinstance(story, Story)
    report = Report(folder="export", verifier=log().signer.verifier, world=world, story=story)
    account = AccountReport(
        report=report,
        story=story,
        account=ACCOUNT,
        first=date(2026, 1, 1),
        last=date(2027, 1, 1),
    )
    lines = {
        "lines": report.lines(),
        "remarks": report.remarks(),
        "account lines": account_lines(account),
    }
    pages = {"page": report_page(report), "account page": account_page(account)}
    if rows:
        lines = {name: [x for x in told if _MARK not in x] for name, told in lines.items()}
        pages = {name: _ROW.sub(_unmarked, text) for name, text in pages.items()}
    return {
        "json": without_unsigned(report.as_json(), rows=rows),
        "account": without_unsigned(account_json(account), rows=rows),
        **{name: [_bare(line) for line in told] for name, told in lines.items()},
        **{name: _bare(text) for name, text in pages.items()},
    }


_MARK = "[unsigned: "
_ROW = re.compile("<tr>.*?</tr>", re.DOTALL)
_UNSIGNED = re.compile(r"\[unsigned: [^\]]*\]")
_TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
_LABELLED = re.compile(r"(\(unsigned\), \w+)(</td><td>|: )[^<]*")


def _bare(text: str) -> str:
    """Leave out marked texts, times, and what stands under a label that says unsigned."""
    for what in (_SVG, _UNSIGNED, _TIMES):
        text = what.sub("", text)
    return _LABELLED.sub(r"\1", text)


def _unmarked(row: re.Match[str]) -> str:
    return "" if _MARK in row[0] else row[0]


def without_unsigned(value: Any, *, rows: bool = False) -> Any:
    """Leave out the members that an object calls unsigned, and marked texts."""
    if isinstance(value, dict):
        named = value.get("unsigned", ())
        return {k: without_unsigned(v, rows=rows) for k, v in value.items() if k not in named}
    if isinstance(value, list):
        kept = [one for one in value if not (rows and _is_marked(one))]
        return [without_unsigned(one, rows=rows) for one in kept]
    return _bare(value) if isinstance(value, str) else value


def _is_marked(item: Any) -> bool:
    """Whether a sentence, or an object's sentence, is unsigned."""
    if isinstance(item, dict):
        return "sentence" in item.get("unsigned", ())
    return isinstance(item, str) and _MARK in item
