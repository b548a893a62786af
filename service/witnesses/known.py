"""The witnesses that the log's checkpoints are sent to: ``witnesses.txt`` in the state folder.

One a line: its verifier key, a space, and the address before ``/add-checkpoint``. Empty lines and
those that begin with ``#`` are for people. A file and no setting, since it lies where the log's
key does, and all processes of an installation share it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crypto.cosignature import WitnessVerifier
from crypto.errors import CryptoError
from crypto.note import NoteVerifier

FILE = "witnesses.txt"
MOST = 15  # with the log's own, as many signatures as every reader of notes accepts
_LIMIT = 65_536  # bytes of the file
_PARTS = 2


class WitnessFileError(Exception):
    """The file does not make sense; the text says in which line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWitness:
    """A witness that is asked. ``url`` has no slash at its end."""

    verifier: WitnessVerifier
    url: str


def read_witnesses(folder: Path, log: NoteVerifier) -> Sequence[KnownWitness]:
    """Return the witnesses of an installation, in their order; none if there is no file.

    Raises:
        WitnessFileError: it cannot be read; a line that is no witness; a key that is there
            twice, or that is the log's own; more than 15.
    """
    try:
        with (folder / FILE).open("rb") as file:
            data = file.read(_LIMIT + 1)
        text = data.decode()
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError:
        raise WitnessFileError(f"{FILE} is not a text file") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise WitnessFileError(f"{FILE} cannot be read: {why}") from None
    found = [
        _witness(line.split(), number)
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip() and not line.startswith("#")
    ]
    keys = {witness.verifier.public_key for witness in found}
    if log.public_key in keys:
        raise WitnessFileError(f"{FILE} names the log's own key: a log cannot be its own witness")
    if len(keys) != len(found):  # the name is not signed, so it does not distinguish two witnesses
        raise WitnessFileError(f"{FILE} has a key twice")
    if len(data) > _LIMIT or len(found) > MOST:
        raise WitnessFileError(f"{FILE} has more than {MOST} witnesses")
    return found


def _witness(parts: Sequence[str], number: int) -> KnownWitness:
    refusal = WitnessFileError(
        f"{FILE}, line {number}: write a witness as its verifier key, a space, and an "
        "address such as https://witness.example.org"
    )
    if len(parts) != _PARTS:
        raise refusal
    try:
        return KnownWitness(verifier=WitnessVerifier.from_vkey(parts[0]), url=_address(parts[1]))
    except (CryptoError, ValueError):
        raise refusal from None


def _address(url: str) -> str:
    parts = urlsplit(url)
    plain = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    if not plain or parts.username is not None or "?" in url or "#" in url or not url.isascii():
        raise ValueError
    return url.rstrip("/")
