"""Cosignatures on the log that is verified: which witness, on how many leaves, and when.

A cosignature counts for its checkpoint, and so for all leaves before: each such checkpoint was
compared with the leaves like any other mark. Which witnesses count, and how many of them are
needed, only the auditor knows; all other signatures are ignored.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crypto.cosignature import WitnessVerifier, cosignatures_of
from crypto.encoding import format_time
from crypto.errors import CryptoError
from crypto.note import NoteVerifier, parse_note
from service.client.audit.tree.files import read_checkpoint, read_note
from service.client.audit.tree.marks import Mark, mark_of_note
from service.client.foundation.errors import ClientRefusal

COSIGNED = "checkpoint.cosigned"  # in an export: the newest one that witnesses had seen by then

_ADVICE = (
    "export again after they have cosigned, or ask a witness for the checkpoint it cosigned last "
    "and pass it with --since"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One witness has cosigned the first ``size`` leaves; ``at`` is by its clock."""

    witness: str
    size: int
    at: int
    source: str


@dataclass(kw_only=True)
class Witnesses:
    """Whose cosignatures count, how many are needed, and the newest one found of each witness.

    ``strangers`` are the names under checkpoints of ``log`` whose keys no one gave, each with where
    it was found: such a line is no evidence, and says nothing about who wrote it.
    """

    known: Sequence[WitnessVerifier] = ()
    needed: int = 0
    words: list[Word] = field(default_factory=list)
    log: NoteVerifier | None = None
    strangers: set[tuple[str, str]] = field(default_factory=set)

    def hear(self, marks: Iterable[Mark], advice: str = _ADVICE) -> None:
        """Read the known witnesses' cosignatures under checkpoints that agree with the leaves.

        ``advice`` is the hint if there are too few.

        Raises:
            ClientRefusal: ``cosignature-forged``: a line under a witness's name and key id is not
                the witness's; ``not-witnessed``: fewer than needed have cosigned anything.
        """
        newest: dict[bytes, Word] = {}
        for mark in marks:
            self.strangers |= self._strangers_under(mark)
            for key, word in self._words_under(mark):
                known = newest.get(key)
                if known is None or (word.size, word.at) > (known.size, known.at):
                    newest[key] = word
        self.words = sorted(newest.values(), key=lambda word: -word.size)
        if len(self.words) < self.needed:
            raise ClientRefusal(
                "not-witnessed",
                f"{len(self.words)} of the {len(self.known)} witnesses given have cosigned this "
                f"log, but {self.needed} are required",
                advice,
            )

    @property
    def covered(self) -> int:
        """How many leaves, from the first on, as many witnesses as needed have cosigned."""
        return self.words[self.needed - 1].size if 0 < self.needed <= len(self.words) else 0

    def sentence(self, size: int) -> str:
        """Say how many have cosigned how much; ``size`` is the whole log's."""
        heard = f"{len(self.words)} of the {len(self.known)} given have cosigned"
        return f"{heard}; at least {self.needed} of them the first {self.covered} of {size} leaves"

    def lines(self, size: int) -> Iterator[str]:
        """Yield lines for people."""
        if not self.known:
            yield "  witnesses   none given (--witness)"
        for word in self.words:
            yield (
                f"  witness     {word.witness} cosigned the first {word.size} leaves at "
                f"{_time(word)}, under {word.source}"
            )
        if self.needed:
            yield f"  witnesses   {self.sentence(size)}"

    def as_json(self) -> list[dict[str, Any]]:
        """Return the words as plain data."""
        return [
            {"witness": w.witness, "size": w.size, "at": _time(w), "source": w.source}
            for w in self.words
        ]

    def remarks(self) -> list[str]:
        """Say which lines under checkpoints count for nothing."""
        return [
            f"{source} has a signature in the name of {name}, whose key was not given: it was not "
            "verified and counts for nothing (--witness)"
            for name, source in sorted(self.strangers)
        ]

    def _strangers_under(self, mark: Mark) -> set[tuple[str, str]]:
        if not mark.note:
            return set()
        keys = [*self.known, *([self.log] if self.log else [])]
        _, signatures = parse_note(mark.note)
        return {
            (one.name, mark.source) for one in signatures if not any(one.is_by(key) for key in keys)
        }

    def _words_under(self, mark: Mark) -> Iterator[tuple[bytes, Word]]:
        try:
            said = cosignatures_of(mark.note, *self.known)
        except CryptoError as refused:
            raise ClientRefusal(
                "cosignature-forged",
                f"a cosignature under {mark.source} does not verify: {refused}",
            ) from None
        for one in said:
            name, size = one.witness.name, mark.checkpoint.size
            yield (
                one.witness.public_key,
                Word(witness=name, size=size, at=one.at, source=mark.source),
            )


def witnesses_of(keys: Sequence[str], needed: int | None, log: NoteVerifier) -> Witnesses:
    """Read which witnesses the auditor requires; without a number, all that are given.

    Raises:
        ClientRefusal: ``malformed``: not a verifier key of a witness, one key twice, the log's own,
            or more required than given.
    """
    try:
        known = [WitnessVerifier.from_vkey(text) for text in keys]
    except CryptoError:
        raise ClientRefusal("malformed", "not the verifier key of a witness") from None
    if len({log.public_key, *(key.public_key for key in known)}) != len(known) + 1:
        raise ClientRefusal("malformed", "a key is given twice, or the log is its own witness")
    if needed is not None and needed > len(known):
        raise ClientRefusal(
            "malformed", f"{needed} witnesses are required, but only {len(known)} given"
        )
    return Witnesses(known=known, needed=len(known) if needed is None else needed, log=log)


def own_marks(folder: Path, log: NoteVerifier) -> list[Mark]:
    """Return the export's own checkpoints: its newest, and the cosigned one if there is one.

    Raises:
        ClientRefusal: ``export-damaged``, ``log-not-signed``.
    """
    found = [mark_of_note(read_checkpoint(folder), log, "the export's checkpoint")]
    if (folder / COSIGNED).exists():
        note = read_note(folder / COSIGNED)
        found.append(mark_of_note(note, log, "the export's cosigned checkpoint"))
    return found


def _time(word: Word) -> str:
    return format_time(datetime.fromtimestamp(word.at, UTC))
