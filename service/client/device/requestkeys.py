"""The private key of each of my requests: kept on this device, wrapped by my root.

``requests/<id>.key`` opens nothing without a phrase. Beside the wrapped key it holds my phrase
slots as they were, so that an opening needs no service and no slot that stands there today.
"""

import re
from contextlib import suppress
from typing import Literal

from pydantic import ValidationError

from crypto.encoding import b64decode, b64encode
from crypto.errors import CryptoError
from crypto.recipient import RecipientKey
from crypto.requestkey import unwrap_request_key, wrap_request_key
from crypto.secret import SecretBytes
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal
from service.wire.base import Base64, Id, Shape

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class KeptSlot(Shape):
    """One phrase slot of the owner's, as it was when the request was made."""

    slot: Id
    salt: Base64
    iterations: int
    wrapped_root: Base64


class KeptKey(Shape):
    """A request's key pair: the public half as it is, the private one wrapped."""

    format: Literal["breakglass-request-key/1"] = "breakglass-request-key/1"
    person: Id
    request: Id
    recipient_key: Base64
    wrapped: Base64
    slots: list[KeptSlot]

    @property
    def public(self) -> bytes:
        """The recipient key, 32 bytes."""
        return b64decode(self.recipient_key)

    def open(self, root: SecretBytes) -> RecipientKey:
        """Unwrap the private half, for one act.

        Raises:
            ClientRefusal: ``request-key-locked``: another root wrapped it, or the file is damaged.
        """
        try:
            return unwrap_request_key(
                root, b64decode(self.wrapped), self.person, self.request, self.public
            )
        except CryptoError:
            raise ClientRefusal(
                "request-key-locked",
                "the keys that you unlocked are not those with which this request was made",
                "if you enrolled again since: 'breakglass reveal' opens with your old phrase what "
                "was fetched before; for anything else ask again",
            ) from None


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


def keep(
    home: Home,
    request: str,
    key: RecipientKey,
    *,
    person: str,
    root: SecretBytes,
    slots: list[KeptSlot],
) -> None:
    """Wrap the key, write it and open it again; call this before posting what depends on it.

    Raises:
        ClientRefusal: ``key-not-kept``: the disk returned something else.
    """
    kept = KeptKey(
        person=person,
        request=request,
        recipient_key=b64encode(key.public),
        wrapped=b64encode(wrap_request_key(root, key, person, request)),
        slots=slots,
    )
    home.write(_name(request), kept.model_dump_json().encode())
    with suppress(ClientRefusal):
        if load(home, request).open(root).public == key.public:
            return
    raise ClientRefusal(
        "key-not-kept",
        "this device did not store the request's key",
        "nothing was sent; check the disk and repeat",
    )


def load(home: Home, request: str) -> KeptKey:
    """Return the wrapped key of a request that was made on this device.

    Raises:
        ClientRefusal: ``no-request-key``: it was made elsewhere, or has been destroyed.
    """
    data = home.read(_name(request))
    if data is not None:
        try:
            kept = KeptKey.model_validate_json(data)
            b64decode(kept.recipient_key)
        except (ValidationError, CryptoError):  # its text repeats the file
            kept = None
        if kept is not None and kept.request == request:
            return kept
    raise ClientRefusal(
        "no-request-key",
        "the key of this request is not on this device",
        "use the device that made the request, or make a new one here",
    )


def destroy(home: Home, request: str) -> None:
    """Remove the key of a request that is over: nothing sealed to it opens after that."""
    home.remove(_name(request))
