"""What one receipt proves, in words and as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crypto.checkpoint import Checkpoint
from crypto.encoding import b64encode, format_time
from crypto.leaf import Leaf
from crypto.note import NoteVerifier
from crypto.proof import Receipt
from service.client.audit.replay.unsigned import as_said, sentence_of
from service.client.audit.tree.witnesses import Witnesses

_PROVES = (
    "the holder of the log's key has signed that exactly this is at exactly this place. A log "
    "without it, or with anything else there, contradicts this receipt, and anyone can show that."
)
_PROVES_LESS = (
    "the holder of the log's key has signed a log of that many leaves. Not what the leaf says."
)
_WITNESSED = "Each witness above has also signed that it saw this log grow to here, and no other."
_NOT = (
    "It does not prove that the act was allowed: 'breakglass audit verify' recomputes that from "
    "the signatures in an export."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A verified receipt.

    ``leaf`` is None if its bytes were not at hand. ``remembered`` is how many leaves the log has
    that this device watches and that continues the receipt's; None without the service.
    """

    receipt: Receipt
    checkpoint: Checkpoint
    verifier: NoteVerifier
    leaf: Leaf | None = None
    data: bytes = b""
    remembered: int | None = None
    witnesses: Witnesses = field(default_factory=Witnesses)

    def lines(self) -> Sequence[str]:
        """Return it in plain words."""
        index, size = self.receipt.index, self.checkpoint.size
        return [
            *self._what(),
            (
                f"  place       leaf {index} of the {size} leaves that the log "
                f"{self.verifier.name} had when it signed this"
            ),
            f"  key         {self.verifier.vkey}",
            f"  root        {b64encode(self.checkpoint.root)}",
            *self._continued(),
            *self.witnesses.lines(size),
            f"What this proves: {_PROVES if self.leaf else _PROVES_LESS}",
            *([_WITNESSED] if self.witnesses.words else []),
            _NOT,
        ]

    def _what(self) -> list[str]:
        if self.leaf is None:
            return [
                (
                    f"The receipt is signed, but does not contain leaf {self.receipt.index}: "
                    "add --export FOLDER to see the leaf and to check that the receipt is for it."
                )
            ]
        leaf = self.leaf
        actor, subject, _ = as_said(leaf)
        about = f", request {leaf.request}" if leaf.request else ""
        return [
            f"{format_time(leaf.at)}: {sentence_of(leaf)} ({leaf.action}).",
            f"  by          {actor}",
            f"  about       {subject}{about}",
        ]

    def _continued(self) -> list[str]:
        if self.remembered is None:
            return []
        return [
            f"  since then  the log that this device watches continues it, to {self.remembered}"
        ]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        leaf = self.leaf
        return {
            "ok": True,
            "leaf": self.receipt.index,
            "size": self.checkpoint.size,
            "root": b64encode(self.checkpoint.root),
            "key": self.verifier.vkey,
            "event": self.data.decode() if leaf else "",
            "sentence": str(sentence_of(leaf)) if leaf else "",
            "remembered": self.remembered or 0,
            "witnesses": self.witnesses.as_json(),
            "receipt": self.receipt.text,
        }
