"""Bodies are read in one way only."""

import json
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from service.web.body import LIMIT, read_json
from service.web.refusals import MalformedCallError
from service.wire.base import Shape
from tests.web.calling import PARAMETERS, Calls, code_of

GOOD = b'{"email":"ann@example.org"}'
IDENTITIES = "/api/v1/identities"
CANARY = "canary-5d1f"


class Inner(Shape):
    count: Annotated[int, Field(ge=0)]


class Probe(Shape):
    text: str
    inner: Inner
    many: list[str] = Field(default=[])
    maybe: Inner | None = None


PROBE = {"text": "x", "inner": {"count": 1}}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"email":"ann@example.org",}', id="trailing comma"),
        pytest.param(b'{"email":"ann@example.org"} {}', id="two values"),
        pytest.param(b"\xef\xbb\xbf" + GOOD, id="byte order mark"),
        pytest.param(b'{"email":"ann\xff@example.org"}', id="not UTF-8"),
        pytest.param(GOOD.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"email":"ann@example.org","email":"bo@example.org"}', id="name twice"),
        pytest.param(b'{"email":"ann@example.org","\\u0065mail":"b@c"}', id="escaped name twice"),
        pytest.param(b'{"email":"ann@example.org","admin":true}', id="unknown field"),
        pytest.param(b"{}", id="missing field"),
        pytest.param(b'{"email":null}', id="null"),
        pytest.param(b'{"email":1}', id="number for text"),
        pytest.param(b'{"email":["ann@example.org"]}', id="list for text"),
        pytest.param(b'["ann@example.org"]', id="list for object"),
        pytest.param(b'"ann@example.org"', id="text for object"),
        pytest.param(b"null", id="null for object"),
        pytest.param(b'{"email":"a\\u0000@example.org"}', id="NUL"),
        pytest.param(b'{"email":"a\\ud800@example.org"}', id="lone surrogate"),
        pytest.param(b'{"email":"a\nb@example.org"}', id="raw control character"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="deep lists"),
        pytest.param(b'{"email":' * 20_000 + b"1" + b"}" * 20_000, id="deep objects"),
        pytest.param(b'{"email":' + b"9" * 100_000 + b"}", id="endless number"),
    ],
)
def test_a_body_that_is_not_exactly_the_shape_is_malformed(calls: Calls, body: bytes) -> None:
    answer = calls("POST", PARAMETERS, data=body, content_type="application/json")
    assert (answer.status_code, code_of(answer)) == (400, "malformed")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param('{"text":"x","inner":{"count":true}}', id="boolean for integer"),
        pytest.param('{"text":"x","inner":{"count":"1"}}', id="text for integer"),
        pytest.param('{"text":"x","inner":{"count":1.0}}', id="float for integer"),
        pytest.param('{"text":"x","inner":{"count":1e0}}', id="exponent"),
        pytest.param('{"text":"x","inner":{"count":-0}}', id="minus zero"),
        pytest.param('{"text":"x","inner":{"count":9007199254740992}}', id="2 ** 53"),
        pytest.param('{"text":"x","inner":{"count":-9007199254740992}}', id="-(2 ** 53)"),
        pytest.param('{"text":"x","inner":{"count":NaN}}', id="NaN"),
        pytest.param('{"text":"x","inner":{"count":Infinity}}', id="infinity"),
        pytest.param('{"text":"x","inner":{"count":1,"count":1}}', id="inner name twice"),
        pytest.param('{"text":"x","inner":{"count":1,"more":1}}', id="inner unknown field"),
        pytest.param('{"text":true,"inner":{"count":1}}', id="boolean for text"),
        pytest.param('{"text":"x","inner":{"count":1},"many":["\\u0000"]}', id="NUL in a list"),
        pytest.param('{"text":"x","inner":{"count":1},"many":"ab"}', id="text for list"),
        pytest.param('{"text":"x","inner":{"count":1},"many":null}', id="null for list"),
    ],
)
def test_nothing_is_converted(changed: str) -> None:
    with pytest.raises(MalformedCallError):
        read_json(Probe, changed.encode())


@pytest.mark.parametrize("number", ["1.0", "1e0", "1E400", "NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_no_integer_is_malformed_whatever_the_shape(number: str) -> None:
    class Loose(Shape):
        number: float

    with pytest.raises(MalformedCallError):
        read_json(Loose, f'{{"number":{number}}}'.encode())


def test_what_the_shape_allows_is_read() -> None:
    text = '{"text":"é","inner":{"count":9007199254740991},"maybe":null}'
    assert read_json(Probe, text.encode()) == Probe(text="é", inner=Inner(count=2**53 - 1))


def test_a_boolean_is_no_integer_on_a_real_route(calls: Calls) -> None:
    statement = {
        "payload": "",
        "payloadType": "x",
        "signatures": [{"keyid": "0" * 64, "sig": ""}],
    }
    slot = {
        "statement": statement,
        "wrapped_root": "",
        "salt": "",
        "iterations": True,
        "sign_in_digest": "0" * 64,
    }
    body = {"token": "A" * 43, "statement": statement, "slot": slot}
    answer = calls("POST", IDENTITIES, body=body)
    assert (answer.status_code, code_of(answer)) == (400, "malformed")
    assert "slot.iterations" in answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"email": CANARY},
        {"email": "ann@example.org", CANARY: 1},
        {"email": {CANARY: CANARY}},
        {CANARY: "ann@example.org"},
    ],
)
def test_a_refusal_never_repeats_what_was_sent(calls: Calls, body: object) -> None:
    answer = calls("POST", PARAMETERS, body=body)
    assert code_of(answer) == "malformed"
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/json; charset=utf-8; x=y",
        "application/json, text/plain",
        "application/problem+json",
    ],
)
def test_only_plain_json_is_taken(calls: Calls, content_type: str) -> None:
    answer = calls("POST", PARAMETERS, data=GOOD, content_type=content_type)
    assert (answer.status_code, code_of(answer)) == (415, "wrong-media-type")


def test_a_compressed_body_is_not_taken(calls: Calls) -> None:
    answer = calls(
        "POST",
        PARAMETERS,
        data=GOOD,
        content_type="application/json",
        headers={"Content-Encoding": "gzip"},
    )
    assert (answer.status_code, code_of(answer)) == (415, "wrong-media-type")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"'],
)
def test_json_in_utf_8_is_taken(calls: Calls, content_type: str) -> None:
    answer = calls("POST", PARAMETERS, data=GOOD, content_type=content_type)
    assert answer.status_code == 200
    assert answer.content_type == "application/json"


@pytest.mark.parametrize(("spare", "status"), [(0, 400), (1, 413)])
def test_the_limit_itself_is_allowed(calls: Calls, spare: int, status: int) -> None:
    body = b'"' + b"x" * (LIMIT - 2 + spare) + b'"'
    answer = calls("POST", PARAMETERS, data=body, content_type="application/json")
    assert answer.status_code == status
    assert code_of(answer) == ("too-large" if spare else "malformed")


def test_a_route_without_a_body_refuses_one(calls: Calls) -> None:
    answer = calls("GET", "/api/v1/people/me", token=calls.enrol(), body={"x": 1})
    assert (answer.status_code, code_of(answer)) == (400, "malformed")


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    with pytest.raises(MalformedCallError):
        read_json(Probe, data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(JSON, st.sampled_from(["text", "inner", "many", "maybe", "more"]))
def test_what_is_read_says_the_same_when_written(value: object, name: str) -> None:
    sent = {**PROBE, name: value}
    try:
        got = read_json(Probe, json.dumps(sent).encode())
    except MalformedCallError:
        return
    assert json.loads(got.model_dump_json(exclude_unset=True)) == sent
