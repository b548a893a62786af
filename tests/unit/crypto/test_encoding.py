import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.encoding import (
    MAX_INTEGER,
    b64decode,
    b64encode,
    canonical,
    check_hex_digest,
    check_text,
    format_time,
    hex_digest,
    lp,
    parse_canonical,
    parse_time,
    sha256,
)
from crypto.errors import MalformedError
from tests.unit.crypto.conftest import manglings, survivors

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    TEXT | st.booleans() | st.integers(0, MAX_INTEGER),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner)
    ),
)
FIELDS = st.lists(st.binary() | TEXT | st.integers(0, MAX_INTEGER))


def test_the_empty_digest_is_the_published_one() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert hex_digest(b"") == sha256(b"").hex() == check_hex_digest(empty).hex() == empty


@given(FIELDS, FIELDS)
def test_different_fields_are_never_framed_alike(
    left: list[bytes | str | int], right: list[bytes | str | int]
) -> None:
    def as_bytes(fields: list[bytes | str | int]) -> list[bytes]:
        return [f if isinstance(f, bytes) else str(f).encode() for f in fields]

    assert (lp(*left) == lp(*right)) == (as_bytes(left) == as_bytes(right))


@pytest.mark.parametrize(
    ("field", "error"),
    [
        pytest.param(True, TypeError, id="boolean"),
        pytest.param(-1, ValueError, id="negative"),
        pytest.param(2**53, ValueError, id="too large"),
        pytest.param("\ud800", ValueError, id="lone surrogate"),
    ],
)
def test_what_has_no_single_form_is_not_framed(field: int | str, error: type[Exception]) -> None:
    with pytest.raises(error):
        lp(field)


@given(st.binary())
def test_base64_round_trip(data: bytes) -> None:
    assert b64decode(b64encode(data)) == data


@given(st.text("ABab01+/=-_ \n", max_size=12))
def test_whatever_base64_parses_is_written_the_same_way(text: str) -> None:
    try:
        data = b64decode(text)
    except MalformedError:
        return
    assert b64encode(data) == text


@given(VALUES)
def test_canonical_json_round_trip(value: object) -> None:
    assert parse_canonical(canonical(value)) == value


@given(VALUES)
def test_canonical_json_is_what_another_reader_understands(value: object) -> None:
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="null"),
        pytest.param(1.0, id="float"),
        pytest.param(-1, id="negative"),
        pytest.param(2**53, id="too large"),
        pytest.param(b"", id="bytes"),
        pytest.param({1: ""}, id="number as key"),
        pytest.param({"\u00e9": ""}, id="key beyond ASCII"),
        pytest.param("\ud800", id="lone surrogate"),
        pytest.param({"\udfff": ""}, id="lone surrogate as key"),
        pytest.param([[{"a": [None]}]], id="null deep inside"),
        pytest.param({1, 2}, id="set"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(MalformedError):
        canonical(value)


def test_a_value_that_contains_itself_is_refused() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(MalformedError):
        canonical(value)


@pytest.mark.parametrize(
    "data", [b"\xff", b'"\xc3"', b'"\xed\xa0\x80"', b"\xef\xbb\xbf{}", b'"\x00"']
)
def test_bytes_that_are_not_utf_8_or_not_json_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_canonical(data)


def test_whatever_survives_mangling_is_still_canonical() -> None:
    data = canonical({"a": [0, 17, True, "x\n\u00e9"], "b": {"c": ""}})
    for survivor in survivors(data, parse_canonical):
        assert canonical(parse_canonical(survivor)) == survivor


@given(st.binary())
def test_whatever_parses_is_canonical(data: bytes) -> None:
    try:
        value = parse_canonical(data)
    except MalformedError:
        return
    assert canonical(value) == data


@given(st.datetimes(timezones=st.just(UTC)).map(lambda t: t.replace(microsecond=0)))
def test_times_round_trip(moment: datetime) -> None:
    assert parse_time(format_time(moment)) == moment


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(datetime(2026, 11, 23), id="no zone"),  # noqa: DTZ001
        pytest.param(datetime(2026, 11, 23, tzinfo=timezone(timedelta(hours=1))), id="other zone"),
        pytest.param(datetime(2026, 11, 23, microsecond=1, tzinfo=UTC), id="fraction"),
    ],
)
def test_only_whole_seconds_of_utc_are_written(moment: datetime) -> None:
    with pytest.raises(ValueError, match="UTC and a whole second"):
        format_time(moment)


def test_a_mangled_time_is_refused_or_another_time() -> None:
    for survivor in survivors(
        b"2026-11-23T09:30:00Z", lambda data: parse_time(data.decode("latin-1"))
    ):
        text = survivor.decode("latin-1")
        assert format_time(parse_time(text)) == text


def test_a_mangled_digest_is_refused_or_another_digest() -> None:
    good = hex_digest(b"").encode()
    for survivor in survivors(good, lambda data: check_hex_digest(data.decode("latin-1"))):
        assert survivor != good
        assert check_hex_digest(survivor.decode()).hex().encode() == survivor


def test_a_text_as_long_as_its_limit_is_accepted_and_no_longer() -> None:
    assert check_text("abc", 3) == "abc"
    with pytest.raises(MalformedError):
        check_text("abcd", 3)


def test_refusals_do_not_repeat_what_was_refused() -> None:
    for parse in (b64decode, check_hex_digest, parse_time, lambda t: check_text(t, 3)):
        with pytest.raises(MalformedError) as caught:
            parse("s3cret!")
        assert "s3cret" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_manglings_differ_from_what_they_were_made_of() -> None:
    assert b"ab" not in list(manglings(b"ab"))


def test_the_package_loads_without_the_service() -> None:
    code = "import sys, crypto.opening; sys.exit(any(m.startswith('service') for m in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True)
