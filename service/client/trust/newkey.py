"""A log under another key than the one that a device remembers: its people let it count, or no one.

Whoever lost the log's key, or has taken it, shows another one. Two things make it count: a version
of a roster that names it, after one that named the remembered key, accepted by its people and
proved in that very log; and until then, for signing that version alone, its draft.
"""

from collections.abc import Sequence

from crypto.checkpoint import Checkpoint
from crypto.note import NoteVerifier
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import VerifiedChain
from service.client.trust.entries import View, entry_of
from service.client.trust.growth import KEY_WAY_OUT, check_growth, open_signed
from service.domain.events import Action
from service.domain.roster import Roster
from service.wire.log import CheckpointAnswer


def key_changed(message: str) -> ClientRefusal:
    """Return the refusal for a log under another key, with the way without the service."""
    return ClientRefusal("log-key-changed", message, KEY_WAY_OUT)


def continued_under(new: NoteVerifier, shown: CheckpointAnswer, old: Checkpoint) -> Checkpoint:
    """Return the checkpoint that ``new`` signed, whose tree continues the remembered one.

    No epoch explains a loss here: a log that lost its key and its end is not taken up.

    Raises:
        ClientRefusal: ``log-key-changed``: it is a log of another name; ``log-not-signed``,
            ``log-rewound``, ``log-forked``.
    """
    if shown.verifier_key != new.vkey or new.name != old.origin:
        raise key_changed("the service shows another key for its log than before")
    fresh = open_signed(shown.checkpoint, new)
    check_growth(shown.consistency, fresh, old)
    return fresh


def is_accepted(chain: VerifiedChain, views: Sequence[View], *, known: str, shown: str) -> bool:
    """Whether the newest roster names ``shown`` after one named ``known``, and the log has it."""
    newest = chain.newest
    if newest.log_key != shown or all(one.log_key != known for one in chain.rosters):
        return False
    actions = frozenset({Action.ROSTER_ACCEPTED.value})
    return entry_of(views, actions, newest.account, "", chain.statements[-1]) is not None


def check_draft(draft: Roster, previous: Roster | None, *, known: str, shown: str) -> None:
    """Demand that a draft changes the remembered key to the one shown.

    Raises:
        ClientRefusal: ``log-key-changed``.
    """
    if previous is None or previous.log_key != known or draft.log_key != shown:
        raise key_changed(
            "the service shows another key for its log than before, and this draft does not "
            "change the one key into the other"
        )
