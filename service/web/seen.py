"""What a client says of the log that it remembers."""

from typing import Annotated

from pydantic import Field

from service.domain.case import AFTER_ALL
from service.wire.base import Shape


class Seen(Shape):
    """How many leaves the newest checkpoint had that the client has verified."""

    seen: Annotated[int, Field(ge=0, le=AFTER_ALL)] = 0


class Proving(Shape):
    """The same of a client that wants proofs beside what it reads.

    Left out, there are none: a page that waits for a change must not hear of every other entry.
    """

    seen: Annotated[int, Field(ge=0, le=AFTER_ALL)] | None = None
