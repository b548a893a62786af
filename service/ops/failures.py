"""What went wrong, in one sentence for the person at the server."""

import errno
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from crypto.errors import CryptoError
from service.config import SettingsError
from service.domain.errors import Refusal
from service.storage.advice import AdvisedError


class OpsError(Exception):
    """A command cannot do what was asked; the text says why, and what to do."""


_ADVICE: Mapping[int, str] = {
    errno.ENOLCK: "the state folder must lie on a disk of this machine, which has locks",
    errno.EROFS: "its file system is mounted for reading only: mount it for writing, and repeat",
    errno.ENOSPC: "free some space there, and repeat",
    errno.EACCES: "run this as the user to whom the state folder belongs",
    errno.EPERM: "run this as the user to whom the state folder belongs",
}

# Their texts are written for people and hold no secret.
_PLAIN = (OpsError, SettingsError, Refusal, CryptoError, AdvisedError)


def explain(error: BaseException) -> str:
    """The sentence. Of an unexpected error only its type: its text may repeat any value."""
    if isinstance(error, _PLAIN):
        return str(error)
    if isinstance(error, DBAPIError):
        return f"the database failed: {_first_line(error.orig)}"
    if isinstance(error, OSError):
        name = f": {error.filename}" if error.filename else ""
        advice = _ADVICE.get(error.errno or 0, "")
        said = f"{error.strerror or type(error).__name__}{name}"
        return f"{said}; {advice}" if advice else said
    if isinstance(error, SQLAlchemyError):
        return "DATABASE_URL is not the address of a database that can be used here"
    return f"an unexpected fault ({type(error).__module__}.{type(error).__qualname__})"


def _first_line(error: BaseException | None) -> str:
    """A driver names the host and the user in its message, and never the password."""
    return str(error).strip().split("\n", maxsplit=1)[0] or type(error).__name__
