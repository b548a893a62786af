"""A file that a view hands out piece by piece, so that its size costs no memory."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response


@dataclass(frozen=True, slots=True)
class Download:
    """A file's name, its media type, and its bytes in the order in which they are sent.

    A view looks at the first piece before it answers, so that a refusal is still a refusal. Where a
    later piece fails, the connection breaks off (RFC 9112, 8) and the browser says so: half a file
    never passes for a whole one.
    """

    name: str
    media_type: str
    pieces: Iterator[bytes]

    def response(self) -> Response:
        """The answer; browsers save it and never show it."""
        answer = Response(self.pieces, content_type=self.media_type)
        answer.headers.set("Content-Disposition", "attachment", filename=self.name)
        return answer
