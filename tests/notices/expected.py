"""What has to arrive: read from the log and the table of events, compared by leaf index."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from crypto import merkle
from crypto.checkpoint import open_checkpoint
from crypto.leaf import Leaf, parse_leaf
from crypto.note import NoteVerifier
from service.domain.events import ACTIONS, Action
from service.ops.organisation import ACCOUNT
from service.storage import log
from service.storage.database import Database
from service.storage.log_tables import audit_head
from tests.fakes.sns import Published
from tests.notices.saved import checkpoints_in


class Log:
    """The log of an installation, as far as it had grown when this was made."""

    def __init__(self, state_dir: Path) -> None:
        database = Database(f"sqlite:///{state_dir / 'breakglass.db'}", state_dir)
        with database.read() as session:
            raw = log.read_leaves(session, 0, log.head(session).size)
            key = session.execute(audit_head.select()).one().verifier_key
        database.dispose()
        self.verifier = NoteVerifier.from_vkey(key)
        self.leaves: Sequence[Leaf] = [parse_leaf(data) for data in raw]
        self._hashes = [merkle.leaf_hash(data) for data in raw]

    def told(self, since: int) -> dict[int, Leaf]:
        """The events from a leaf on that people must hear of."""
        return {
            leaf.seq: leaf for leaf in self.leaves[since:] if ACTIONS[Action(leaf.action)].announced
        }

    def check(self, published: Published) -> int:
        """See that a notice is its event's, with a checkpoint that verifies and covers it.

        Returns:
            The leaf's index, out of the id that stays the same however often it is sent.
        """
        attributes = dict(published.attributes)
        origin, _, number = attributes["event_id"].rpartition("/")
        leaf = self.leaves[int(number)]
        expected = {
            "event_id": f"{self.verifier.name}/{leaf.seq}",
            "action": leaf.action,
            "severity": ACTIONS[Action(leaf.action)].severity.value,
        }
        about = {"account": leaf.subject} if leaf.subject == ACCOUNT else {}
        assert attributes == expected | about
        [note] = checkpoints_in(published.message)
        checkpoint = open_checkpoint(note, self.verifier)
        assert leaf.seq < checkpoint.size <= len(self.leaves)
        assert checkpoint.root == merkle.root(self._hashes[: checkpoint.size])
        assert checkpoint.origin == origin
        return leaf.seq


def leaves_of(arrived: Iterable[Published]) -> set[int]:
    """The leaf indexes that messages name."""
    return {int(item.attributes["event_id"].rpartition("/")[2]) for item in arrived}
