"""Files outside the home that only their owner can read, written whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from service.client.foundation.errors import ClientRefusal

_MODE = 0o600


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read; nothing is ever overwritten.

    Raises:
        ClientRefusal: ``file-exists``.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    # O_EXCL and O_NOFOLLOW: nothing that lies there already, a link included, gets the secret.
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(new, path)  # unlike a rename, it fails when something is there
    except FileExistsError:
        raise ClientRefusal("file-exists", f"{path} already exists; choose another name") from None
    finally:
        with suppress(OSError):
            new.unlink()


def read_limited(path: Path, limit: int) -> bytes:
    """Return a file of at most ``limit`` bytes.

    Raises:
        ClientRefusal: ``file-too-large``.
    """
    with path.open("rb") as file:
        data = file.read(limit + 1)  # not stat: a device or a pipe has no size
    if len(data) > limit:
        raise ClientRefusal("file-too-large", f"{path} is larger than {limit} bytes")
    return data
