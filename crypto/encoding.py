"""One value, one text: the encodings of everything signed, sealed or hashed.

Each decoder encodes its result again and compares, so everything that parses serialises to the
same bytes. Decoders raise MalformedError for what a peer may send; encoders raise ValueError or
TypeError for a value that the program should never have built.
"""

import base64
import binascii
import contextlib
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from crypto.errors import MalformedError

MAX_INTEGER = 2**53 - 1  # the largest that JavaScript reads back exactly
TEXT_LIMIT = 1000

_HEX_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
# C0 but newline, C1, the bidirectional overrides and isolates (text that reads differently from
# what was signed), and lone surrogates, which have no UTF-8 form.
_REFUSED_CHARACTER = re.compile(
    "[\x00-\x09\x0b-\x1f\x80-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def sha256(data: bytes) -> bytes:
    """Return the SHA-256 digest of ``data`` (FIPS 180-4), 32 bytes."""
    return hashlib.sha256(data).digest()


def hex_digest(data: bytes) -> str:
    """Return SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return sha256(data).hex()


def check_hex_digest(text: str) -> bytes:
    """Return the 32 bytes of 64 lower-case hexadecimal digits.

    Raises:
        MalformedError: any other text, upper case included.
    """
    if not _HEX_DIGEST.fullmatch(text):
        raise MalformedError("not a digest of 64 lower-case hexadecimal digits")
    return bytes.fromhex(text)


def lp(*fields: bytes | str | int) -> bytes:
    """Join fields unambiguously: each is preceded by its length, 4 bytes big-endian.

    Text is written as UTF-8, an integer (0 to 2^53 - 1) as ASCII decimal.

    Raises:
        TypeError: a boolean, which would pass for an integer.
        ValueError: an integer out of range, or text with a lone surrogate.
    """
    return b"".join(len(part).to_bytes(4, "big") + part for part in map(_field, fields))


def _field(value: bytes | str | int) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bool):
        raise TypeError("a boolean cannot be a field")
    if not 0 <= value <= MAX_INTEGER:
        raise ValueError("an integer field must be from 0 to 2^53 - 1")
    return str(value).encode()


def b64encode(data: bytes) -> str:
    """Return standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def b64decode(text: str) -> bytes:
    """Decode standard base64 with padding, and nothing else.

    Python's strict mode still accepts stray bits in the last character, so that several texts
    decode to the same bytes; encoding again and comparing rules that out.

    Raises:
        MalformedError: ``text`` is not what ``b64encode`` writes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedError("not base64") from None
    if b64encode(data) != text:
        raise MalformedError("not canonical base64")
    return data


def canonical(value: object) -> bytes:
    """Return canonical JSON: UTF-8, ASCII keys in order, no white space, no null, no float.

    Escapes are those of JavaScript's ``JSON.stringify``; arrays keep their order; integers are
    from 0 to 2^53 - 1. Mappings and tuples are written as objects and arrays.

    Raises:
        MalformedError: the value has no canonical form.
    """
    try:
        text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return text.encode()
    except (UnicodeEncodeError, RecursionError):
        raise MalformedError(
            "cannot be canonical JSON: a lone surrogate, or nested too deeply"
        ) from None


def _plain(value: object) -> object:
    """Check types from the leaves up; a boolean is itself and never an integer."""
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int) and 0 <= value <= MAX_INTEGER:
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    raise MalformedError(
        "cannot be canonical JSON: only text, booleans, integers from 0 to 2^53 - 1, lists, objects"
    )


def _key(key: object) -> str:
    if isinstance(key, str) and key.isascii():
        return key
    raise MalformedError("cannot be canonical JSON: a key must be ASCII")


def parse_canonical(data: bytes) -> Any:  # noqa: ANN401  # a JSON value: callers check its shape
    """Parse canonical JSON; other JSON of the same value is refused.

    Repeated keys, other escapes, white space, a byte order mark, ``-0`` and floats are refused,
    because serialising the value again gives other bytes.

    Raises:
        MalformedError: ``data`` is not what ``canonical`` writes.
    """
    try:
        value = json.loads(data.decode(), parse_float=_refuse_number, parse_constant=_refuse_number)
    except (ValueError, RecursionError):
        raise MalformedError("not JSON") from None
    if canonical(value) != data:
        raise MalformedError("not canonical JSON")
    return value


def _refuse_number(_text: str) -> NoReturn:
    raise ValueError("not an integer")


def check_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return ``text`` if it has at most ``limit`` Unicode code points and no refused character.

    Refused are C0 controls but newline, C1 controls, U+202A-202E, U+2066-2069 and lone surrogates.

    Raises:
        MalformedError: too long, or it has such a character.
    """
    if len(text) > limit:
        raise MalformedError(f"text is longer than {limit} characters")
    if _REFUSED_CHARACTER.search(text):
        raise MalformedError("text has a control or direction-changing character")
    return text


def format_time(moment: datetime) -> str:
    """Return ``YYYY-MM-DDTHH:MM:SSZ``.

    Raises:
        ValueError: not UTC, or not a whole second.
    """
    if moment.utcoffset() != timedelta(0) or moment.microsecond:
        raise ValueError("a time must be in UTC and a whole second")
    return moment.replace(tzinfo=None).isoformat() + "Z"


def parse_time(text: str) -> datetime:
    """Return the moment, in UTC, that ``format_time`` wrote as ``text``.

    Raises:
        MalformedError: any other spelling, or a date that does not exist.
    """
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
        if format_time(moment) == text:
            return moment
    raise MalformedError("not a time of the form YYYY-MM-DDTHH:MM:SSZ")
