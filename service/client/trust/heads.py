"""The head of the log that an act names: what its signer's device had verified of the log.

So a device that was shown another log than the others cannot act in theirs unnoticed. And a device
of the same person that remembers no log takes it from there. Stable code of a lie:
``own-statement-forged``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crypto import statement as statements
from crypto.checkpoint import Checkpoint
from crypto.errors import CryptoError, VerificationError
from service.client.foundation.errors import ClientRefusal
from service.client.trust.statements import raw
from service.wire.base import Dsse


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """``size`` leaves with the tree's ``root`` in hexadecimal; 0 and empty where none is known."""

    size: int
    root: str

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields of a statement."""
        return {"log_size": self.size, "log_root": self.root}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When an act is signed, by the signer's own clock, and what it says of the log."""

    at: datetime
    head: Head


NO_HEAD = Head(size=0, root="")  # offline, or where no checkpoint could be had


def head_of(checkpoint: Checkpoint) -> Head:
    """Return the head that a verified checkpoint signs."""
    if checkpoint.size == 0:
        return NO_HEAD
    return Head(size=checkpoint.size, root=checkpoint.root.hex())


def own_head(shown: Dsse, signing_key: bytes) -> Head:
    """Return the head that a statement names which its reader signed, with this key.

    Raises:
        ClientRefusal: ``own-statement-forged``: not signed with it, malformed, or without a head.
    """
    try:
        statement = statements.parse(raw(shown))
        statements.verify(statement, signing_key)
    except VerificationError:
        raise _not_own("was not signed with the keys that you have now") from None
    except CryptoError as refused:
        raise _not_own(f"cannot be read: {refused}") from None
    size = statement.payload.get("log_size", 0)
    if size == 0:
        raise _not_own("says nothing of the log")
    return Head(size=size, root=statement.payload["log_root"])


def _not_own(why: str) -> ClientRefusal:
    return ClientRefusal(
        "own-statement-forged",
        f"what the service shows as your newest statement {why}, so nothing was taken from it",
        "if you have not enrolled again, warn the others",
    )
