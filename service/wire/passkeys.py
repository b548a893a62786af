"""WebAuthn's ceremonies: what a page is told, and what it sends back.

Everything binary is the raw buffer that the browser gave, in standard base64. The shapes are
closed: an answer's extension results, and with them a passkey's PRF output, have no place here.
"""

from typing import Annotated, TypeAlias

from pydantic import Field

from service.wire.base import Base64, Shape

Credential: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=1364)]
NamedCredential: TypeAlias = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=1364, description="an id's bytes")
]
Short: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=4096)]
Long: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=16_384)]
Transport: TypeAlias = Annotated[str, Field(pattern=r"^[a-z-]{1,20}$")]
Transports: TypeAlias = Annotated[list[Transport], Field(max_length=8)]


class Nothing(Shape):
    """A body that says nothing: ``{}``."""


class KnownPasskey(Shape):
    """One of my passkeys; ``unlocks``: its slot holds the wrapped root."""

    id: NamedCredential
    transports: Transports
    unlocks: bool


class PasskeyOptions(Shape):
    """What a passkey is asked with. Without ``credentials``, whichever the person picks.

    User verification is required. The challenge is good for five minutes, once.
    """

    challenge: Base64
    rp_id: str
    credentials: list[KnownPasskey]


class NewPasskeyOptions(Shape):
    """What a passkey is made with: resident, user-verified, without attestation.

    ``user_id`` is the 16 bytes of the person's id; ``exclude`` are the passkeys they have.
    """

    challenge: Base64
    rp_id: str
    rp_name: str
    user_id: Base64
    user_name: str
    display_name: str
    exclude: list[NamedCredential]


class Attestation(Shape):
    """What a browser answers when a passkey was made."""

    credential: NamedCredential
    client_data: Short
    attestation: Long
    transports: Transports


class Assertion(Shape):
    """What a browser answers when a passkey was used."""

    credential: NamedCredential
    client_data: Short
    authenticator_data: Short
    signature: Short
    user_handle: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=88)]
