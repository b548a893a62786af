"""The head of the log that an act names: what its signer's device had verified of the log.

So a device that was shown another log than the others cannot act in theirs unnoticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crypto.checkpoint import Checkpoint


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
