"""The API in wire shapes: every answer must be exactly of the shape expected.

Anything else is refused as ``server-answer``, so that a newer or lying service cannot slip in a
field that this client would ignore.
"""

from typing import TypeVar

from pydantic import ValidationError

from service.client.link.connection import Connection, strange
from service.wire.base import Shape

_S = TypeVar("_S", bound=Shape)


class Api(Connection):
    """A connection that sends and parses shapes; it raises what ``Connection`` raises."""

    def get(self, path: str, shape: type[_S], **query: str | int) -> _S:
        """Read; the answer is parsed as ``shape``."""
        return _parsed(self.raw_get(path, **query), shape)

    def post(self, path: str, body: Shape, shape: type[_S]) -> _S:
        """Act; the answer is parsed as ``shape``."""
        answer = self.send("POST", path, body.model_dump_json().encode())
        return _parsed(answer.json_bytes(), shape)

    def put(self, path: str, body: Shape, shape: type[_S]) -> _S:
        """Replace; the answer is parsed as ``shape``."""
        answer = self.send("PUT", path, body.model_dump_json().encode())
        return _parsed(answer.json_bytes(), shape)

    def tell(self, path: str, body: Shape) -> None:
        """Act where the service answers with no content."""
        self.send("POST", path, body.model_dump_json().encode())


def _parsed(content: bytes, shape: type[_S]) -> _S:
    try:
        return shape.model_validate_json(content)
    except ValidationError as error:  # its text repeats the answer; a field of ours does not
        place = error.errors(include_input=False)[0]["loc"]
        field = f" (field '{place[0]}')" if place and place[0] in shape.model_fields else ""
        raise strange(f"in another form than {shape.__name__}{field}") from None
