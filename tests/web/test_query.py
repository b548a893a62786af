"""Queries are read in one way only."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from service.web.api.history import EventsWanted
from service.web.query import parse_query
from service.web.refusals import MalformedCallError
from service.wire.base import Shape
from tests.web.calling import URL, Calls, code_of

EVENTS = "/api/v1/events"


@pytest.mark.parametrize(
    "query",
    [
        "limit=05",
        "limit=+5",
        "limit=%2B5",
        "limit=%205",
        "limit=5.0",
        "limit=5_0",
        "limit=0",
        "limit=201",
        "limit=",
        "limit",
        "limit=5&limit=5",
        "limit=5&&before=9",
        "limit=5;before=9",
        "before=-1",
        "before=-0",
        "before=9007199254740992",
        "before=true",
        "unknown=1",
        "Limit=5",
        "account=1",
        "account=%00",
        "account=%ff",
        "actor=%0a",
        "request=x",
        "&".join(f"a{n}=1" for n in range(30)),
    ],
)
def test_a_query_in_another_spelling_is_malformed(calls: Calls, query: str) -> None:
    answer = calls("GET", f"{EVENTS}?{query}", token=calls.enrol())
    assert (answer.status_code, code_of(answer)) == (400, "malformed")


@pytest.mark.parametrize(
    "query", ["", "?", "?limit=5", "?before=9&limit=200", "?account=&actor=ops%3Aroot&before=0"]
)
def test_a_plain_query_is_read(calls: Calls, query: str) -> None:
    assert calls("GET", f"{EVENTS}{query}", token=calls.enrol()).status_code == 200


def test_a_route_without_a_query_refuses_one(calls: Calls) -> None:
    answer = calls("GET", "/api/v1/people/me?x=1", token=calls.enrol())
    assert (answer.status_code, code_of(answer)) == (400, "malformed")


class Probe(Shape):
    text: str = ""


@pytest.mark.parametrize("query", ["text=%00", "text=a%00b", "text=%ff", "text=%ed%a0%80"])
def test_text_that_cannot_be_stored_is_malformed_whatever_the_shape(query: str) -> None:
    with (
        Flask("probe").test_request_context(base_url=URL, query_string=query),
        pytest.raises(MalformedCallError),
    ):
        parse_query(Probe)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_no_query_does_more_than_be_refused(text: str) -> None:
    with Flask("probe").test_request_context(base_url=URL, query_string=text):
        try:
            parse_query(EventsWanted)
        except MalformedCallError:
            return
