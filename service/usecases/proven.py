"""What an answer shows that clients prove: noted while it is read, proved once it was."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crypto.statement import Statement
from service.usecases.checkpoints import log_view
from service.usecases.context import Context
from service.wire.log import LogView


@dataclass(frozen=True, slots=True, kw_only=True)
class Proving:
    """The leaves that an answer shows, and the statements whose heads are held against the log.

    ``sealed`` are the digests of envelopes in it that their requesters have sealed.
    """

    leaves: frozenset[int] = frozenset()
    naming: Sequence[Statement] = ()
    sealed: Collection[str] = ()

    def __or__(self, other: "Proving") -> "Proving":
        """What proves both, for an answer that shows both."""
        return Proving(
            leaves=self.leaves | other.leaves,
            naming=(*self.naming, *other.naming),
            sealed=(*self.sealed, *other.sealed),
        )


def view(ctx: Context, proving: Proving, seen: int | None) -> LogView | None:
    """The log as far as it proves what was shown; in no transaction, after that was read.

    ``seen`` is the size of the checkpoint that the caller remembers; None asks for no proofs.
    """
    if seen is None:
        return None
    return log_view(ctx, seen=seen, leaves=proving.leaves, naming=proving.naming)
