"""Reading and writing the files that people exchange while the service is down."""

import json
from pathlib import Path
from typing import TypeVar

from service.client.device.newfile import packed, write_private
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.givenfile import json_of, read_given
from service.wire.accounts import Bundle
from service.wire.base import Shape
from service.wire.offline import OfflineCase, OfflinePapers

_LIMIT = 200_000  # bytes
_BUNDLE_LIMIT = 16 * 1024 * 1024

_S = TypeVar("_S", bound=Shape)


def read_bundle(path: Path) -> Bundle:
    """Read a bundle.

    Raises:
        ClientRefusal: as :func:`read_shape`.
    """
    return read_shape(path, Bundle, limit=_BUNDLE_LIMIT)


def read_shape(path: Path, shape: type[_S], *, limit: int = _LIMIT) -> _S:
    """Read a file of exactly this shape, as it was or as a mail gateway or an editor saved it.

    Raises:
        ClientRefusal: ``malformed-file``; a code of ``foundation.givenfile``.
    """
    data = read_given(path, limit)
    text = ""
    try:
        text = json_of(data)
        return shape.model_validate_json(text)
    except ValueError:  # pydantic's repeats the file
        raise _another(path, text) from None


def read_case_or_report(path: Path) -> OfflineCase | OfflinePapers:
    """Read either of what is handed in when the service is back.

    Raises:
        ClientRefusal: as :func:`read_shape`.
    """
    try:
        return read_shape(path, OfflinePapers)
    except ClientRefusal as refused:
        if refused.code != "malformed-file":
            raise
    return read_shape(path, OfflineCase)


def _another(path: Path, text: str) -> ClientRefusal:
    """Return the refusal of a file that is not of the shape expected, with what it is instead."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        whole = text.rstrip().endswith("}")
        return ClientRefusal(
            "malformed-file",
            f"{path} is not the kind of file expected" if whole else f"{path} is not whole",
            "get it again, on a stick or as an attachment inside a .zip file",
        )
    named = found.get("format") if isinstance(found, dict) else None
    said = f": it says {render.one_line(named)[:60]}" if isinstance(named, str) else ""
    return ClientRefusal("malformed-file", f"{path} is not the kind of file expected{said}")


def write_shape(path: Path, value: Shape) -> None:
    """Write a new file that only its owner can read.

    Raises:
        ClientRefusal: ``file-exists``, ``file``.
    """
    write_private(path, packed(value))
