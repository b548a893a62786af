"""Bodies that are the same for everyone, compressed once when the program starts.

Answers of the API are never compressed: they mix what is confidential with words that others chose,
and then the length of an answer says something about its content (BREACH).
"""

import gzip
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self, TypeVar

from flask import Response, request

_R = TypeVar("_R", bound=Response)
_LEVEL = 9
GZIP = "gzip"


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes, and the same compressed; empty where that is no shorter."""

    plain: bytes
    zipped: bytes

    @classmethod
    def of(cls, plain: bytes) -> Self:
        """Compress them; without a time, so that every start makes the same bytes."""
        zipped = gzip.compress(plain, _LEVEL, mtime=0)
        return cls(plain, zipped if len(zipped) < len(plain) else b"")

    def answer(self, kind: type[_R], status: HTTPStatus, media_type: str) -> _R:
        """What the caller reads, of the two; ``Vary`` tells caches that it depends on that."""
        zipped = bool(self.zipped) and _reads_gzip()
        answer = kind(
            self.zipped if zipped else self.plain, status=status.value, content_type=media_type
        )
        answer.headers["Vary"] = "Accept-Encoding"
        if zipped:
            answer.headers["Content-Encoding"] = GZIP
        return answer


def _reads_gzip() -> bool:
    """Whether gzip is acceptable and not worse than plain bytes (RFC 9110, 12.5.3)."""
    accepted = request.accept_encodings
    return accepted.quality(GZIP) > 0 and accepted.quality(GZIP) >= accepted.quality("identity")
