"""Checkpoints from outside that the log does not continue, and the epochs that own up to them.

Without ``--accept-epoch`` such a checkpoint ends the verification at once: a log that was put back
and one that was rewritten look alike to whoever holds it. With it, each one must lie in what a leaf
of the log itself gives up.
"""

from dataclasses import dataclass, field

from crypto.epoch import Epoch
from service.client.audit.tree.marks import Mark
from service.client.foundation.errors import ClientRefusal


@dataclass(slots=True)
class GivenUp:
    """``epochs`` as the replay found them; ``gone`` are the marks that they own up to."""

    accepted: bool = False
    epochs: list[Epoch] = field(default_factory=list)
    gone: list[Mark] = field(default_factory=list)
    _doubtful: list[tuple[Mark, ClientRefusal]] = field(default_factory=list)

    def doubt(self, mark: Mark, refusal: ClientRefusal) -> None:
        """Take a mark that does not fit; whether that is accepted shows at the log's end.

        Raises:
            ClientRefusal: ``refusal``, where epochs are not accepted.
        """
        if not self.accepted:
            raise refusal
        self._doubtful.append((mark, refusal))

    def settle(self) -> list[str]:
        """Demand that an epoch owns up to every mark that did not fit; returns remarks.

        Raises:
            ClientRefusal: of the first mark that none does.
        """
        remarks = []
        for mark, refusal in self._doubtful:
            size = mark.checkpoint.size
            epoch = next((e for e in self.epochs if e.admits(mark.checkpoint)), None)
            if epoch is None:
                raise refusal
            self.gone.append(mark)
            remarks.append(
                f"the checkpoint of {size} leaves in {mark.source} was given up at leaf "
                f"{epoch.size}: what was signed from leaf {epoch.continues} to leaf {size - 1} "
                "is not in this export"
            )
        return remarks
