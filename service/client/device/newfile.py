"""New files outside the home: created under their own name, and never over anything.

Memory sticks know neither hard links nor owners, so a file is created where it shall be, for its
owner alone if the file system can tell, and taken away again when it could not be written whole.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from crypto.randomness import random_bytes
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.faults import as_refusal

if TYPE_CHECKING:  # slow to import, and reports need no shapes
    from service.wire.base import Shape

_PRIVATE = 0o600
_SHARED = 0o666  # less what the umask takes away
# O_EXCL: nothing that lies there already, a link included, gets the content.
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def packed(value: "Shape") -> bytes:
    """Return a shape as the bytes of a file: ASCII alone, which no mail gateway recodes."""
    return json.dumps(value.model_dump(mode="json"), separators=(",", ":")).encode() + b"\n"


def check_new(path: Path) -> None:
    """Refuse a name that is taken or cannot be written, before anything depends on it.

    Raises:
        ClientRefusal: ``file-exists``, ``file``.
    """
    _write(path, b"", _PRIVATE)  # what only asks for rights does not know of every reason
    path.unlink()


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read; it is on disk before this returns.

    After a refusal nothing is left. After a power cut a file may be there that is not whole, which
    its reader sees.

    Raises:
        ClientRefusal: ``file-exists``; ``file``: it could not be written.
    """
    _write(path, data, _PRIVATE)


def replace_private(path: Path, data: bytes) -> None:
    """Put a file in place of one that this program wrote, which stays if that fails.

    Raises:
        ClientRefusal: ``file``.
    """
    new = path.with_name(f".{path.name}.{random_bytes(4).hex()}.new")
    _write(new, data, _PRIVATE)
    try:
        new.replace(path)
    except OSError as failed:
        with suppress(OSError):
            new.unlink()
        raise as_refusal(failed, "written") from None
    _sync_folder(path.parent)


def write_shared(files: Mapping[Path, bytes]) -> None:
    """Write new files, as :func:`write_private`, with the permissions that the umask leaves.

    If one cannot be written none is left, so that the same command can be given again.
    """
    done: list[Path] = []
    try:
        for path, data in files.items():
            _write(path, data, _SHARED)
            done.append(path)
    except BaseException:
        for path in done:
            with suppress(OSError):
                path.unlink()
        raise


def _write(path: Path, data: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, _FLAGS, mode)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as failed:
        raise as_refusal(failed, "written") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
    except BaseException as failed:  # Ctrl-C too: what is not whole must not stay
        with suppress(OSError):
            path.unlink()
        if isinstance(failed, OSError):
            failed.filename = failed.filename or str(path)
            raise as_refusal(failed, "written") from None
        raise
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    """Flush the folder's entry of the file; not every file system of a stick can."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _taken(path: Path) -> ClientRefusal:
    return ClientRefusal("file-exists", f"{path} already exists; choose another name")
