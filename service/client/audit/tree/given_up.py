"""Checkpoints from outside that the log does not continue, and the epochs that explain them.

Without ``--accept-epoch`` such a checkpoint ends the verification at once: a restored log and a
rewritten one look the same to an auditor. With it, a leaf of the log itself must give up each one.
"""

from dataclasses import dataclass, field

from crypto.epoch import Epoch
from service.client.audit.tree.marks import Mark
from service.client.foundation.errors import ClientRefusal


@dataclass(slots=True)
class GivenUp:
    """``epochs`` as the replay found them; ``gone`` are the marks that they explain."""

    accepted: bool = False
    epochs: list[Epoch] = field(default_factory=list)
    gone: list[Mark] = field(default_factory=list)
    _doubtful: list[tuple[Mark, ClientRefusal]] = field(default_factory=list)

    def doubt(self, mark: Mark, refusal: ClientRefusal) -> None:
        """Note a mark that does not fit; ``settle`` decides at the log's end.

        Raises:
            ClientRefusal: ``refusal``, where epochs are not accepted.
        """
        if not self.accepted:
            raise refusal
        self._doubtful.append((mark, refusal))

    def settle(self) -> list[str]:
        """Check that an epoch explains every mark that did not fit; return remarks.

        Raises:
            ClientRefusal: of the first mark that none explains.
        """
        remarks = []
        for mark, refusal in self._doubtful:
            size = mark.checkpoint.size
            epoch = next((e for e in self.epochs if e.admits(mark.checkpoint)), None)
            if epoch is None:
                raise refusal
            self.gone.append(mark)
            remarks.append(
                f"the checkpoint of {size} leaves in {mark.source} was abandoned at leaf "
                f"{epoch.size}: what was signed from leaf {epoch.continues} to leaf {size - 1} "
                "is not in this export"
            )
        return remarks
