"""The verifier key of a log: from an auditor's notes, or as this device has pinned it."""

from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from service.client.cli.invocation import Invocation
from service.client.device import memory
from service.client.foundation.errors import ClientRefusal


def pinned(run: Invocation, server: str) -> str:
    """Return the verifier key that this device has pinned for the log of a service.

    Raises:
        ClientRefusal: ``log-not-signed``: none yet.
    """
    seen = memory.pinned_log(run.home, server)
    if seen is None:
        raise ClientRefusal("log-not-signed", "this device has not pinned a key for this log yet")
    return seen.verifier_key


def verifier_of(text: str) -> NoteVerifier:
    """Read a verifier key.

    Raises:
        ClientRefusal: ``malformed``.
    """
    try:
        return NoteVerifier.from_vkey(text)
    except CryptoError:
        raise ClientRefusal("malformed", "not the verifier key of a log") from None
