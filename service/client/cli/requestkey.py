"""The key of a request of mine, opened for one act: by the slots kept beside it, or by the service.

The kept slots come first, so that a slot withdrawn since and a dead service stop no opening.
"""

from crypto.encoding import b64decode
from crypto.errors import CryptoError
from crypto.recipient import RecipientKey
from crypto.secret import SecretBytes
from crypto.unlock import unwrap_root
from service.client.cli.invocation import Invocation
from service.client.cli.session import ask_phrase, stretch, unlock
from service.client.device.requestkeys import KeptKey
from service.client.foundation.errors import ClientRefusal


def open_kept(run: Invocation, kept: KeptKey) -> RecipientKey:
    """Ask for the phrase once, and unwrap the request's key with it.

    Raises:
        ClientRefusal: ``wrong-phrase``: no kept slot opens, and the service does not answer; a
            code of ``session.unlock``; ``request-key-locked``.
    """
    words = ask_phrase(run)
    root = _root(run, kept, words)
    if root is not None:
        return kept.open(root)
    try:
        with run.api() as api:
            root = unlock(run, api, words).root
    except ClientRefusal as refused:
        if refused.code != "unreachable":
            raise
        raise ClientRefusal(
            "wrong-phrase",
            "the phrase opens no key slot that is kept with this request, and the service, which "
            "has your newest, does not answer",
            "use the phrase that you had when you made the request",
        ) from None
    return kept.open(root)


def _root(run: Invocation, kept: KeptKey, words: tuple[str, ...]) -> SecretBytes | None:
    for slot in kept.slots:
        try:
            keys = stretch(run, words, b64decode(slot.salt), slot.iterations)
            wrapped = b64decode(slot.wrapped_root)
            return unwrap_root(keys.slot_key, wrapped, kept.person, slot.slot)
        except CryptoError:
            continue
    return None
