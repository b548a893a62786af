"""A row that is found right without parsing its leaf is one that parsing finds right, too."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import MalformedError
from crypto.leaf import Leaf, encode_leaf, parse_leaf
from crypto.merkle import leaf_hash
from service.storage import log, log_rows

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
LEAF = Leaf(
    seq=7,
    at=AT,
    actor="kai",
    action="request:approved",
    subject="111122223333",
    request="r1",
    details={"counted": 1, "group": "password", "offline": True},
    statement=b"signed",
)
GOOD = encode_leaf(LEAF)


def row(leaf: bytes, **columns: Any) -> Any:
    """A row of ``audit_event``, with the copies of ``LEAF`` unless told otherwise."""
    fields = {**log.copies(LEAF), "leaf": leaf, "leaf_hash": leaf_hash(leaf), **columns}
    return SimpleNamespace(**fields)


def right(one: Any) -> bool:
    return log_rows.is_right(one)


def parsed_right(one: Any) -> bool:
    with patch.object(log_rows, "is_right", lambda _row: False):
        return not list(log_rows.row_faults(one))


@pytest.mark.parametrize("statement", [b"", b"x", b"xy", b"signed"])
def test_a_row_as_it_was_written_needs_no_parsing(statement: bytes) -> None:
    leaf = encode_leaf(Leaf(seq=7, at=AT, actor="", action="a", subject="", statement=statement))
    assert right(row(leaf, **log.copies(parse_leaf(leaf))))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"counted":1', b'"counted":01'),
        (b'"counted":1', b'"counted":1,"counted":1'),
        (b'"counted":1,"group":"password"', b'"group":"password","counted":1'),
        (b'"counted":1', b'"counted":1 '),
        (b'"counted":1', b'"counted":1.5'),
        (b'"password"', b'"pass\x07word"'),
        (b'"password"', b'"\\u0070assword"'),
        (b'"password"', b'"' + b"x" * 1001 + b'"'),
        (b"c2lnbmVk", b"c2lnbmV"),
        (b"c2lnbmVk", b"c2lnbmW="),
        (b"c2lnbmVk", b"c2ln bmVk"),
        (b"c2lnbmVk", b"AAAA" * 16_500),
        (b'"subject"', b'"Subject"'),
        (b'"111122223333"}', b'"111122223333"}\n'),
    ],
)
def test_a_leaf_that_is_none_is_not_right(old: bytes, new: bytes) -> None:
    altered = row(GOOD.replace(old, new))
    with pytest.raises(MalformedError):
        parse_leaf(altered.leaf)
    assert not right(altered)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        (b"", 0),
        (b"2026-02-30T09:00:00Z", 1772442000),
        (b"2026-11-02T09:00:00+00:00", 1793610000),
        (b"10000-01-01T00:00:00Z", 253402300800),
        (b"", 1 << 62),
    ],
)
def test_a_time_that_is_none_is_not_right(written: bytes, at: int) -> None:
    altered = row(GOOD.replace(b"2026-11-02T09:00:00Z", written), at=at)
    assert not right(altered)
    assert not parsed_right(altered)


@pytest.mark.parametrize(
    "columns",
    [
        {"seq": 8},
        {"at": 1793610001},
        {"at": 1793610000.5},
        {"actor": "lena"},
        {"actor": b"kai"},
        {"action": "request:denied"},
        {"subject": ""},
        {"request": None},
        {"leaf_hash": bytes(32)},
        {"leaf_hash": b""},
    ],
)
def test_a_column_that_says_something_else_is_not_right(columns: dict[str, Any]) -> None:
    assert right(row(GOOD))
    assert not right(row(GOOD, **columns))
    assert not parsed_right(row(GOOD, **columns))


@given(data=st.data())
def test_no_changed_byteis_right_that_parsing_would_refuse(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(GOOD) - 1))
    width = data.draw(st.integers(0, 2))
    put = data.draw(
        st.binary(max_size=2) | st.sampled_from([b'"', b"}", b",", b"0", b"=", b"\x7f"])
    )
    altered = row(GOOD[:place] + put + GOOD[place + width :])
    if right(altered):
        assert parsed_right(altered)
