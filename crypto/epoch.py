"""A new epoch of the log: what its operator says after an older copy of the database was put back.

A log never signs a checkpoint that contradicts one that it signed before, but for this leaf. It
holds the checkpoint that is given up, as it was signed, so that nothing is given up silently: the
leaf proves that there was more, and whoever keeps a later checkpoint than it names holds proof that
the leaf admits too little. Protocol, "Epochs".
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

    ``size`` and ``root`` are of the log that was put back, ``abandoned`` is the checkpoint that it
    does not continue. Up to ``continues`` leaves the log is what was signed; behind them, up to the
    size of ``abandoned``, signed history is given up.
    """

    size: int
    root: bytes
    continues: int
    abandoned: Checkpoint
    note: str
    why: str
    by: str = ""

    def details(self, *, expired: int) -> Mapping[str, Detail]:
        """What the leaf's details hold; ``expired`` is how many requests ended with it."""
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
        """Whether a checkpoint that the log does not continue lies in what is given up here."""
        if seen.size == self.abandoned.size:
            return seen == self.abandoned
        return self.continues < seen.size < self.abandoned.size

    @property
    def sentence(self) -> str:
        """What happened, for people who have seen some of what is gone."""
        return (
            f"an older copy of the log was put back: its first {self.continues} entries are those "
            f"that were signed, and what was signed behind them, up to entry "
            f"{self.abandoned.size - 1}, is given up"
        )


def own_note(text: str, verifier: NoteVerifier) -> tuple[Checkpoint, str]:
    """A checkpoint as this log signed it, without what others have added.

    Raises:
        MalformedError, VerificationError: it is no checkpoint of this log.
    """
    open_checkpoint(text, verifier)
    head, _, signatures = text.rpartition("\n\n")
    own = [s for s in signatures.split("\n") if s.startswith(f"{_DASH}{verifier.name} ")]
    note = head + "\n\n" + "".join(f"{line}\n" for line in own)
    return open_checkpoint(note, verifier), note


def check_why(why: str) -> str:
    """Return the reason if it can stand in a leaf.

    Raises:
        MalformedError: empty, longer than 500 characters, or with control characters.
    """
    check_text(why, WHY_LIMIT)
    if not why.strip():
        raise MalformedError("say why the older copy was put back")
    return why


def read_epoch(leaf: Leaf, verifier: NoteVerifier) -> Epoch:
    """Read the first leaf of an epoch.

    Raises:
        MalformedError, VerificationError: it is none, what it gives up was not signed by this log,
            or its parts contradict each other.
    """
    said = leaf.details
    if leaf.action != ACTION or said.keys() != _FIELDS:
        raise MalformedError("it does not say what an epoch's first leaf says")
    texts = [said[name] for name in ("abandoned", "root", "why")]
    numbers = [said[name] for name in ("abandoned_size", "continues", "expired", "size")]
    if any(not isinstance(t, str) for t in texts) or any(type(n) is not int for n in numbers):
        raise MalformedError("a detail of an epoch's first leaf has another type")
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
        raise MalformedError("an epoch's first leaf contradicts itself about sizes")
    if not 0 <= epoch.continues <= epoch.size or epoch.continues >= epoch.abandoned.size:
        raise MalformedError("an epoch's first leaf gives nothing up")
    return epoch
