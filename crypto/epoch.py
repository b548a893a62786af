"""A new epoch of the log: the leaf with which it continues after an older copy was restored.

Only after this leaf may a log sign a checkpoint that contradicts one that it signed before. The
leaf contains the checkpoint that is given up, as it was signed, so nothing is given up silently: it
proves that there was more, and anyone with a later checkpoint than it names can prove that the leaf
admits too little. Protocol, "Epochs".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.encoding import b64decode, b64encode, check_text
from crypto.errors import MalformedError
from crypto.leaf import Detail, Leaf
from crypto.note import NoteVerifier

ACTION = "log:epoch-began"
WHY_LIMIT = 500  # characters
_DASH = "\u2014 "
_FIELDS = frozenset({"abandoned", "abandoned_size", "continues", "root", "size", "why", "expired"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """What the first leaf of an epoch says.

    ``size`` and ``root`` are of the restored log; ``abandoned`` is the checkpoint that it does not
    continue, ``note`` the same as signed. The first ``continues`` leaves are as they were signed;
    after them, up to the size of ``abandoned``, signed history is given up.
    """

    size: int
    root: bytes
    continues: int
    abandoned: Checkpoint
    note: str
    why: str
    by: str = ""

    def details(self, *, expired: int) -> Mapping[str, Detail]:
        """Return the leaf's details; ``expired`` is how many requests ended with it."""
        return {
            "abandoned": self.note,
            "abandoned_size": self.abandoned.size,
            "continues": self.continues,
            "expired": expired,
            "root": b64encode(self.root),
            "size": self.size,
            "why": self.why,
        }

    def admits(self, seen: Checkpoint) -> bool:
        """Return whether this epoch gives up a checkpoint that the log does not continue."""
        if seen.size == self.abandoned.size:
            return seen == self.abandoned
        return self.continues < seen.size < self.abandoned.size

    @property
    def sentence(self) -> str:
        """What happened, for people who have seen some of what is gone."""
        return (
            f"an older copy of the log was restored: its first {self.continues} entries are those "
            f"that were signed, but the entries signed after them, up to entry "
            f"{self.abandoned.size - 1}, are abandoned"
        )


def own_note(text: str, verifier: NoteVerifier) -> tuple[Checkpoint, str]:
    """Return a checkpoint, and its note with this log's own signature only.

    Raises:
        MalformedError, VerificationError: it is not a checkpoint of this log.
    """
    open_checkpoint(text, verifier)
    head, _, signatures = text.rpartition("\n\n")
    own = [s for s in signatures.split("\n") if s.startswith(f"{_DASH}{verifier.name} ")]
    note = head + "\n\n" + "".join(f"{line}\n" for line in own)
    return open_checkpoint(note, verifier), note


def check_why(why: str) -> str:
    """Return the reason if a leaf can contain it.

    Raises:
        MalformedError: empty, longer than 500 characters, or with control characters.
    """
    check_text(why, WHY_LIMIT)
    if not why.strip():
        raise MalformedError("say why the older copy was restored")
    return why


def read_epoch(leaf: Leaf, verifier: NoteVerifier) -> Epoch:
    """Read the first leaf of an epoch.

    Raises:
        MalformedError, VerificationError: it is not such a leaf, this log did not sign what it
            gives up, or its parts contradict each other.
    """
    said = leaf.details
    if leaf.action != ACTION or said.keys() != _FIELDS:
        raise MalformedError("it does not have the fields of an epoch's first leaf")
    texts = [said[name] for name in ("abandoned", "root", "why")]
    numbers = [said[name] for name in ("abandoned_size", "continues", "expired", "size")]
    if any(not isinstance(t, str) for t in texts) or any(type(n) is not int for n in numbers):
        raise MalformedError("a detail of an epoch's first leaf has the wrong type")
    note = str(said["abandoned"])
    epoch = Epoch(
        size=int(str(said["size"])),
        root=b64decode(str(said["root"])),
        continues=int(str(said["continues"])),
        abandoned=open_checkpoint(note, verifier),
        note=note,
        why=check_why(str(said["why"])),
        by=leaf.actor,
    )
    if epoch.size != leaf.seq or said["abandoned_size"] != epoch.abandoned.size:
        raise MalformedError("the sizes in an epoch's first leaf contradict each other")
    if not 0 <= epoch.continues <= epoch.size or epoch.continues >= epoch.abandoned.size:
        raise MalformedError("an epoch's first leaf gives nothing up")
    return epoch
