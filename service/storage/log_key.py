"""The log's private key in the state folder, read strictly: its owner's alone, and of this log."""

import stat
from pathlib import Path

from crypto.errors import MalformedError
from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from service.storage.errors import KeyExposedError, KeyMismatchError, KeyMissingError
from service.storage.guard import Guard


def check_key_kept(path: Path, guard: Guard) -> None:
    """Refuse to begin where something was signed and the key is gone: no other key would fit.

    The caller holds the guard.

    Raises:
        KeyMissingError: nothing was made.
        GuardUnreachableError: it does not answer.
    """
    if not path.exists() and guard.exists():
        raise KeyMissingError(path)


def read_key(path: Path, origin: str) -> NoteSigner:
    """Read the key.

    Raises:
        KeyMissingError: there is no such file.
        KeyExposedError: others than its owner have any right to it.
        KeyMismatchError: it is no key, or is named after another origin.
    """
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyExposedError(path)
        key = NoteSigner.from_private_key(SecretBytes(path.read_bytes()))
    except FileNotFoundError:
        raise KeyMissingError(path) from None
    except MalformedError:
        raise KeyMismatchError(f"{path} is not a key of a log") from None
    if key.verifier.name != origin:
        raise KeyMismatchError(f"it is the key of {key.verifier.name}, and LOG_ORIGIN is {origin}")
    return key
