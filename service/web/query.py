"""Query strings: known names, each at most once, integers in one spelling."""

from typing import TypeVar
from urllib.parse import parse_qsl

from flask import request
from pydantic import ValidationError

from service.web.body import check_texts, explain
from service.web.refusals import MalformedCallError
from service.wire.base import Shape

_S = TypeVar("_S", bound=Shape)
_MOST = 20  # names in one query


def parse_query(shape: type[_S]) -> _S:
    """Read the call's query.

    Raises:
        MalformedCallError: an unknown or repeated name, or a value that is not written as we
            would write it (``05``, ``+5``).
    """
    given = _pairs()
    try:
        query = shape.model_validate_strings(given)
    except ValidationError as error:
        raise MalformedCallError(explain(shape, error)) from None
    if any(str(getattr(query, name)) != text for name, text in given.items()):
        raise MalformedCallError("a value in the query is not in its canonical form")
    return query


def refuse_query() -> None:
    """For routes that take none.

    Raises:
        MalformedCallError: there is one.
    """
    if request.query_string:
        raise MalformedCallError("this route takes no query")


def _pairs() -> dict[str, str]:
    try:
        text = request.query_string.decode("ascii")
        pairs = (
            parse_qsl(
                text,
                keep_blank_values=True,
                strict_parsing=True,
                errors="strict",
                max_num_fields=_MOST,
            )
            if text
            else []
        )
    except ValueError:
        raise MalformedCallError("the query does not have the form name=value&name=value") from None
    given = dict(pairs)
    if len(given) != len(pairs):
        raise MalformedCallError("a name appears twice in the query")
    check_texts(given)
    return given
