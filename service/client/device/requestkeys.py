"""The private key of each of my requests: made and kept on this device, destroyed at its end."""

import re

from crypto.errors import MalformedError
from crypto.recipient import RecipientKey
from crypto.secret import SecretBytes
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def check_id(request: str) -> None:
    """Refuse what is not a request's id, because it becomes part of a file's name.

    Raises:
        ClientRefusal: ``malformed``.
    """
    if not _ID.fullmatch(request):
        raise ClientRefusal("malformed", "this is not the id of a request")


def _name(request: str) -> str:
    check_id(request)
    return f"requests/{request}.key"


def keep(home: Home, request: str, key: RecipientKey) -> None:
    """Write the key and read it back; call this before posting anything that depends on it.

    Raises:
        ClientRefusal: ``key-not-kept``: the disk returned something else.
    """
    home.write(_name(request), key.private.reveal())
    if load(home, request).public != key.public:
        raise ClientRefusal(
            "key-not-kept",
            "this device did not store the request's key",
            "nothing was sent; check the disk and repeat",
        )


def load(home: Home, request: str) -> RecipientKey:
    """Return the key of a request that was made on this device.

    Raises:
        ClientRefusal: ``no-request-key``: it was made elsewhere, or has been destroyed.
    """
    data = home.read(_name(request))
    try:
        if data is not None:
            return RecipientKey.from_private(SecretBytes(data))
    except MalformedError:
        data = None
    raise ClientRefusal(
        "no-request-key",
        "the key of this request is not on this device",
        "use the device that made the request, or make a new one here",
    )


def destroy(home: Home, request: str) -> None:
    """Remove the key of a request that is over: nothing sealed to it opens after that."""
    home.remove(_name(request))
