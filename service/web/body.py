"""Bodies: one JSON object, in one way only, at most 256 KiB.

Python's parser looks first, for what a second reader might see differently: names that appear
twice, numbers that are not plain integers, text that no database holds. Then pydantic reads the
very same bytes, strictly, into the route's shape; nothing is converted.
"""

import json
import re
from typing import Any, NoReturn, TypeVar

from flask import request
from pydantic import ValidationError

from service.web.refusals import MalformedCallError, TooLargeError, WrongMediaTypeError
from service.wire.base import Shape

LIMIT = 256 * 1024  # bytes
READ_AT_MOST = LIMIT + 1  # so that a body of just the limit differs from one that was cut off

_S = TypeVar("_S", bound=Shape)
_CONTENT_TYPE = re.compile(r'application/json(?:\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
_LARGEST = 2**53 - 1  # beyond it, JavaScript's numbers are not exact
_MEMBERS = 10_000  # of one object; no shape comes near
_KINDS = {
    "missing": "is missing",
    "extra_forbidden": "has a field that this route does not know",
    "too_long": "is too long",
    "too_short": "is too short",
}


def received() -> bytes:
    """The body as it came, declared length or not.

    Raises:
        TooLargeError: it exceeds the limit. If declared, nothing was read; else one byte more.
    """
    if (request.content_length or 0) > LIMIT:
        raise TooLargeError
    # Without a declared length Werkzeug cuts a body off at its maximum, and says nothing.
    data = request.get_data(cache=False)
    if len(data) > LIMIT:
        raise TooLargeError
    return data


def parse_body(shape: type[_S]) -> _S:
    """Read the call's body.

    Raises:
        WrongMediaTypeError: not declared as plain JSON.
        TooLargeError: larger than the limit.
        MalformedCallError: not such a shape. The text names fields of the shape and never
            repeats what came.
    """
    if not _CONTENT_TYPE.fullmatch(request.headers.get("Content-Type", "")):
        raise WrongMediaTypeError
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise WrongMediaTypeError
    return read_json(shape, received())


def refuse_body() -> None:
    """For routes that take none.

    Raises:
        MalformedCallError: there is one.
    """
    if received():
        raise MalformedCallError("this route takes no body")


def read_json(shape: type[_S], data: bytes) -> _S:
    """Read one JSON object.

    Raises:
        MalformedCallError: see ``parse_body``.
    """
    check_texts(_unambiguous(data))
    try:
        return shape.model_validate_json(data)
    except ValidationError as error:
        raise MalformedCallError(explain(shape, error)) from None


def check_texts(*values: object) -> None:
    """Refuse text that databases and terminals do not take: NUL and lone surrogates.

    Raises:
        MalformedCallError: some text, at any depth, has one.
    """
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and not _storable(value):
            raise MalformedCallError("a text has a character that cannot be stored")


def _storable(text: str) -> bool:
    return _NOT_STORABLE.search(text) is None


def explain(shape: type[Shape], error: ValidationError) -> str:
    """What is wrong first, in our words: pydantic's own may hold what was sent."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    kind, place = first["type"], list(first["loc"])
    if kind == "extra_forbidden":
        place = place[:-1]  # the last part is the unknown name itself
    where = ".".join(str(part) for part in place) or shape.__name__
    return f"{where} {_KINDS.get(kind, 'does not have the form that this route takes')}"


def _unambiguous(data: bytes) -> object:
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except UnicodeDecodeError:
        raise MalformedCallError("the body is not UTF-8") from None
    except RecursionError:
        raise MalformedCallError("the body is nested too deeply") from None
    except ValueError:
        raise MalformedCallError("the body is not JSON") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs) or len(pairs) > _MEMBERS:
        raise MalformedCallError("a name appears twice in one object")
    return members


def _integer(text: str) -> int:
    if len(text) > len(str(-_LARGEST)) or text == "-0" or abs(int(text)) > _LARGEST:
        _refuse_number(text)
    return int(text)


def _refuse_number(_: str) -> NoReturn:
    raise MalformedCallError("numbers must be integers of at most 53 bits")
