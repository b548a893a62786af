"""Recorded HTTP, taken apart: bodies, the texts in their JSON, and what those hold in base64."""

import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

from crypto.encoding import b64decode
from crypto.errors import CryptoError


class TrafficError(Exception):
    """A recording that cannot be read, so that nobody can say what it holds."""


def bodies(stream: bytes) -> Iterator[bytes]:
    """The bodies of one direction of a conversation, in their order.

    Raises:
        TrafficError: a body that is not counted, or that is packed in another way than gzip.
    """
    rest = stream
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        fields = dict(_field(line) for line in head.split(b"\r\n")[1:])
        coding = fields.get(b"content-encoding", b"")
        if b"transfer-encoding" in fields or coding not in {b"", b"gzip"}:
            raise TrafficError("a body that is not plain")
        length = int(fields.get(b"content-length", b"0"))
        yield _unpacked(rest[:length]) if coding and length else rest[:length]
        rest = rest[length:]


def _unpacked(body: bytes) -> bytes:
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise TrafficError("a body that cannot be unpacked") from error


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip().lower(), value.strip()


def decoded(body: bytes) -> Iterator[bytes]:
    """The texts of a JSON body, what they are in base64, and so on to the bottom."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    for text in _texts(value):
        yield text.encode()
        try:
            inner = b64decode(text)
        except CryptoError:
            continue
        yield inner
        yield from decoded(inner)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
