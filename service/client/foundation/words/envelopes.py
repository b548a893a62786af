"""An envelope in plain words: who has sealed it, and who knows the password for that reason."""

from collections.abc import Callable

from service.client.foundation import render
from service.domain.credential import Envelope
from service.domain.roster import Roster
from service.domain.successor import REPLACE_WITHIN, sealed_by_requester
from service.domain.words import SEALED_BY_REQUESTER

YOU_SEAL = (
    "You are no sealer: everyone reads that you know this password, as long as it is in force.",
    f"A sealer has to replace it within {REPLACE_WITHIN.days} days.",
)


def who_knows(envelope: Envelope, roster: Roster, name_of: Callable[[str], str]) -> str:
    """Say that its requester knows the password; empty if a sealer of ``roster`` sealed it.

    ``roster`` is the one that the envelope names.
    """
    if not sealed_by_requester(envelope, roster):
        return ""
    return SEALED_BY_REQUESTER.format(name=render.one_line(name_of(envelope.sealer)))
