"""Reading and writing the files that people exchange while the service is down."""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from service.client.device.privatefile import read_limited, write_private
from service.client.foundation.errors import ClientRefusal
from service.wire.accounts import Bundle
from service.wire.base import Shape

_LIMIT = 200_000  # bytes
_BUNDLE_LIMIT = 16 * 1024 * 1024

_S = TypeVar("_S", bound=Shape)


def read_bundle(path: Path) -> Bundle:
    """Read a bundle.

    Raises:
        ClientRefusal: ``malformed-file``, ``file-too-large``.
    """
    return read_shape(path, Bundle, limit=_BUNDLE_LIMIT)


def read_shape(path: Path, shape: type[_S], *, limit: int = _LIMIT) -> _S:
    """Read a file of exactly this shape.

    Raises:
        ClientRefusal: ``malformed-file``, ``file-too-large``.
    """
    try:
        return shape.model_validate_json(read_limited(path, limit))
    except ValidationError:  # its text repeats the file
        raise ClientRefusal("malformed-file", f"{path} is not the kind of file expected") from None


def write_shape(path: Path, value: Shape) -> None:
    """Write a new file that only its owner can read.

    Raises:
        ClientRefusal: ``file-exists``.
    """
    write_private(path, value.model_dump_json().encode() + b"\n")
