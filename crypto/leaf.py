"""Leaves of the log: one event as canonical JSON; these bytes are hashed.

A leaf has exactly ``seq``, ``at``, ``actor``, ``action``, ``subject``, ``request``, ``details`` and
``statement`` (base64, or empty). ``seq`` is its index in the tree, ``at`` the time of the log.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from crypto.encoding import (
    b64decode,
    b64encode,
    canonical,
    check_text,
    format_time,
    parse_canonical,
    parse_time,
)
from crypto.errors import MalformedError

LEAF_LIMIT = 65_534  # shorter than 65,535 bytes: an entry's length is two bytes

Detail: TypeAlias = str | int | bool | list[str]

_TEXTS = ("at", "actor", "action", "subject", "request", "statement")
_FIELDS = {"seq", "details", *_TEXTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """An event with its place and time in the log. ``details`` never hold a secret."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    request: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)
    statement: bytes = b""


def encode_leaf(leaf: Leaf) -> bytes:
    """Return the bytes of a leaf.

    Raises:
        MalformedError: longer than 65,534 bytes, a control character in a text, or a detail that
            is not a text, integer, boolean or list of texts.
        ValueError: a time that is not UTC and a whole second.
    """
    for text in (leaf.actor, leaf.action, leaf.subject, leaf.request):
        check_text(text)
    _check_details(leaf.details)
    data = canonical(
        {
            "seq": leaf.seq,
            "at": format_time(leaf.at),
            "actor": leaf.actor,
            "action": leaf.action,
            "subject": leaf.subject,
            "request": leaf.request,
            "details": leaf.details,
            "statement": b64encode(leaf.statement),
        }
    )
    return _limited(data)


def parse_leaf(data: bytes) -> Leaf:
    """Read a leaf.

    Raises:
        MalformedError: ``data`` is not what ``encode_leaf`` writes.
    """
    value = parse_canonical(_limited(data))
    if not isinstance(value, dict) or value.keys() != _FIELDS:
        raise MalformedError("a leaf must have exactly its eight fields")
    if type(value["seq"]) is not int or not isinstance(value["details"], dict):
        raise MalformedError("a leaf must have a number and details")
    if not all(isinstance(value[name], str) for name in _TEXTS):
        raise MalformedError("a field of a leaf is not a text")
    return _checked(value)


def _checked(value: dict[str, Any]) -> Leaf:
    for name in _TEXTS[1:5]:
        check_text(value[name])
    _check_details(value["details"])
    return Leaf(
        **{
            name: value[name]
            for name in ("seq", "actor", "action", "subject", "request", "details")
        },
        at=parse_time(value["at"]),
        statement=b64decode(value["statement"]),
    )


def _check_details(details: Mapping[str, Detail]) -> None:
    for name, value in details.items():
        check_text(name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                check_text(item)
            elif isinstance(value, list) or not isinstance(item, int):
                raise MalformedError("a detail must be a text, integer, boolean or list of texts")


def _limited(data: bytes) -> bytes:
    if len(data) > LEAF_LIMIT:
        raise MalformedError("a leaf must be shorter than 65,535 bytes")
    return data
