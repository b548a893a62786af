"""Leaves: eight fields, one text, and nothing else."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.encoding import canonical
from crypto.errors import MalformedError
from crypto.leaf import Detail, Leaf, encode_leaf, parse_leaf

LEAF = Leaf(
    seq=3,
    at=datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC),
    actor="service",
    action="request:expired",
    subject="123456789012",
    request="8d0be2a1-8a11-4f46-a2f7-7e4d7a2df5a5",
    details={"count": 2, "loud": True, "groups": ["mfa", "password"], "why": "over"},
    statement=b"{}",
)


def test_a_leaf_is_canonical_json_with_eight_fields() -> None:
    assert encode_leaf(LEAF) == (
        b'{"action":"request:expired","actor":"service","at":"2026-11-23T04:05:06Z",'
        b'"details":{"count":2,"groups":["mfa","password"],"loud":true,"why":"over"},'
        b'"request":"8d0be2a1-8a11-4f46-a2f7-7e4d7a2df5a5","seq":3,"statement":"e30=",'
        b'"subject":"123456789012"}'
    )
    assert parse_leaf(encode_leaf(LEAF)) == LEAF


details = st.dictionaries(
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=8),
    st.text(max_size=8) | st.booleans() | st.integers(0, 99) | st.lists(st.text(max_size=8)),
    max_size=4,
)


@given(st.integers(0, 2**53 - 1), st.text(max_size=20), details, st.binary(max_size=40))
def test_whatever_is_encoded_parses_to_the_same_leaf(
    seq: int, subject: str, details: dict[str, Detail], statement: bytes
) -> None:
    leaf = replace(LEAF, seq=seq, subject=subject, details=details, statement=statement)
    try:
        data = encode_leaf(leaf)
    except MalformedError:
        return
    assert parse_leaf(data) == leaf


def test_a_leaf_of_65_534_bytes_is_the_longest() -> None:
    room = 65_534 - len(encode_leaf(replace(LEAF, statement=b"")))
    longest = replace(LEAF, statement=bytes(room // 4 * 3))
    assert len(parse_leaf(encode_leaf(longest)).statement) == room // 4 * 3
    with pytest.raises(MalformedError, match="65,535"):
        encode_leaf(replace(LEAF, statement=bytes(room // 4 * 3 + 3)))
    with pytest.raises(MalformedError, match="65,535"):
        parse_leaf(b'"' + b"x" * 65_533 + b'"')


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": "a\tb"},
        {"action": "a\u202eb"},
        {"subject": "x" * 1001},
        {"request": "\x00"},
        {"seq": -1},
        {"seq": 2**53},
        {"details": {"float": 1.5}},
        {"details": {"null": None}},
        {"details": {"nested": {"a": 1}}},
        {"details": {"list": [1]}},
        {"details": {"list": [["a"]]}},
        {"details": {"tuple": ("a",)}},
        {"details": {"control": "\x1b[2J"}},
        {"details": {"negative": -1}},
        {"details": {"f\u00fcnf": 5}},
    ],
)
def test_a_leaf_that_could_not_be_read_back_is_not_encoded(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        encode_leaf(replace(LEAF, **changes))


def test_a_time_that_is_no_whole_second_in_utc_is_a_mistake_of_the_program() -> None:
    for at in (LEAF.at + timedelta(microseconds=1), LEAF.at.replace(tzinfo=None)):
        with pytest.raises(ValueError, match="whole second"):
            encode_leaf(replace(LEAF, at=at))


FIELDS: dict[str, Any] = json.loads(encode_leaf(LEAF))


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": True},
        {"seq": "3"},
        {"at": "2026-11-23T04:05:06+00:00"},
        {"at": 1},
        {"at": "2026-11-23 04:05:06Z"},
        {"actor": 1},
        {"actor": "\x1b"},
        {"action": ["a"]},
        {"subject": False},
        {"request": {}},
        {"details": []},
        {"details": {"a": {"b": 1}}},
        {"details": {"a": [1]}},
        {"statement": "e30"},
        {"statement": "e31="},
        {"statement": {}},
        {"extra": 1},
    ],
)
def test_a_field_of_another_type_or_spelling_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        parse_leaf(canonical(FIELDS | changes))


@pytest.mark.parametrize("name", FIELDS)
def test_a_leaf_that_lacks_a_field_is_refused(name: str) -> None:
    rest = {key: value for key, value in FIELDS.items() if key != name}
    with pytest.raises(MalformedError):
        parse_leaf(canonical(rest))


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"3", b'"text"', encode_leaf(LEAF) + b"\n", b" " + encode_leaf(LEAF)]
)
def test_what_is_no_canonical_object_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_leaf(data)


@given(st.integers(0, len(encode_leaf(LEAF)) - 1), st.integers(0, 255))
def test_whatever_parses_is_encoded_to_the_same_bytes(place: int, value: int) -> None:
    data = bytearray(encode_leaf(LEAF))
    data[place] = value
    try:
        leaf = parse_leaf(bytes(data))
    except MalformedError:
        return
    assert encode_leaf(leaf) == data
