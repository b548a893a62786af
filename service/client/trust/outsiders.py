"""What witnesses whom a roster names have seen of the log.

A witness cosigns a checkpoint if it continues all that it has cosigned. An entry that enough of
them have seen is in the log that everyone else sees; one that they have not may be in a fork that
was made for this device. A witness never blocks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.cosignature import WitnessVerifier, cosignatures_of
from crypto.encoding import b64decode
from crypto.errors import CryptoError
from crypto.merkle import verify_consistency
from crypto.note import NoteVerifier
from service.domain.outsiders import Outsiders
from service.wire.log import CheckpointAnswer, Cosigned


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A checkpoint that the verified log begins with; ``note`` is its text with all lines."""

    size: int
    note: str


def seen_in(
    answer: CheckpointAnswer, newest: Checkpoint, verifier: NoteVerifier
) -> tuple[Seen, ...]:
    """Return the answer's own checkpoint, verified as ``newest``, and those that it continues.

    What the log did not sign, or does not continue, is left out: it says nothing of this log.
    """
    older = (_beginning(shown, newest, verifier) for shown in answer.cosigned)
    return (Seen(size=newest.size, note=answer.checkpoint), *(one for one in older if one))


def _beginning(shown: Cosigned, newest: Checkpoint, verifier: NoteVerifier) -> Seen | None:
    try:
        old = open_checkpoint(shown.note, verifier)
        proof = [b64decode(item) for item in shown.consistency]
        verify_consistency(old.size, newest.size, old.root, newest.root, proof)
    except CryptoError:
        return None
    return Seen(size=old.size, note=shown.note)


def witnessed(seen: Iterable[Seen], outsiders: Outsiders) -> int:
    """Return how many of the log's entries as many of the witnesses as are wanted have seen.

    0 if they have seen none. A line that is not the witness's own says nothing. Where no witness is
    wanted, that is no question to ask.

    Raises:
        ValueError: none is wanted.
    """
    if outsiders.wanted == 0:
        raise ValueError("no witness is wanted")
    sizes = _sizes(seen, outsiders.keys)
    most = sorted(sizes.values(), reverse=True)
    return most[outsiders.wanted - 1] if len(most) >= outsiders.wanted else 0


def _sizes(seen: Iterable[Seen], keys: Sequence[str]) -> Mapping[str, int]:
    known = list(seen)
    sizes: dict[str, int] = {}
    for key in keys:
        verifier = WitnessVerifier.from_vkey(key)
        own = [one.size for one in known if _cosigned(one.note, verifier)]
        if own:
            sizes[key] = max(own)
    return sizes


def _cosigned(note: str, witness: WitnessVerifier) -> bool:
    try:
        return bool(cosignatures_of(note, witness))
    except CryptoError:
        return False
