"""A software authenticator with the browser in front of it: what WebAuthn's two calls answer.

It makes the real bytes of WebAuthn Level 3 (6.1, 6.5.2), with ES256 or Ed25519, and what it is told
to do wrong it does wrong: another site, another challenge, nobody verified, a counter that stands.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crypto.encoding import b64decode, b64encode, sha256
from crypto.randomness import random_bytes
from service.wire.passkeys import Assertion, Attestation, NewPasskeyOptions, PasskeyOptions

ORIGIN = "http://localhost:8420"
PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def _cose(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> dict[int, Any]:
    if isinstance(key, Ed25519PrivateKey):
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {1: 1, 3: -8, -1: 6, -2: raw}
    numbers = key.public_key().public_numbers()
    return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}


@dataclass(kw_only=True)
class Authenticator:
    """One passkey. ``counts``: it has a counter; synchronised passkeys leave it at zero.

    ``wrong`` overrides what the browser and the authenticator say: ``origin``, ``rp_id``,
    ``challenge``, ``type``, ``cross_origin``, ``flags``, ``count``, ``credential``, ``signature``,
    ``user_handle``; when one is made also ``public_key``, ``format`` and ``statement``.
    """

    key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential: bytes = field(default_factory=lambda: random_bytes(32))
    user_handle: bytes = b""
    counts: bool = True
    count: int = 0

    def make(self, options: NewPasskeyOptions, **wrong: Any) -> Attestation:
        """``navigator.credentials.create()``, without attestation."""
        self.user_handle = b64decode(options.user_id)
        said = wrong.get("credential", self.credential)
        public_key: bytes = wrong.get("public_key", cbor2.dumps(_cose(self.key)))
        attested = bytes(15) + b"\1" + len(said).to_bytes(2) + said + public_key
        data = self._data(options.rp_id, ATTESTED, wrong) + attested
        client_data = _client_data("webauthn.create", options.challenge, wrong)
        self_signed = {"alg": -7, "sig": self._sign(data + sha256(client_data))}
        plain = self_signed if wrong.get("format") == "packed" else {}
        made = {
            "fmt": wrong.get("format", "none"),
            "attStmt": plain | wrong.get("statement", {}),
            "authData": data,
        }
        return Attestation(
            credential=b64encode(self.credential),
            client_data=b64encode(client_data),
            attestation=b64encode(cbor2.dumps(made)),
            transports=["internal", "hybrid"],
        )

    def use(self, options: PasskeyOptions, **wrong: Any) -> Assertion:
        """``navigator.credentials.get()``."""
        client_data = _client_data("webauthn.get", options.challenge, wrong)
        data = self._data(options.rp_id, 0, wrong)
        signature = wrong.get("signature", self._sign(data + sha256(client_data)))
        return Assertion(
            credential=b64encode(wrong.get("credential", self.credential)),
            client_data=b64encode(client_data),
            authenticator_data=b64encode(data),
            signature=b64encode(signature),
            user_handle=b64encode(wrong.get("user_handle", self.user_handle)),
        )

    def _data(self, rp_id: str, more: int, wrong: Mapping[str, Any]) -> bytes:
        self.count += self.counts
        flags = wrong.get("flags", PRESENT | VERIFIED | ELIGIBLE | BACKED_UP) | more
        count: int = wrong.get("count", self.count)
        return sha256(wrong.get("rp_id", rp_id).encode()) + bytes([flags]) + count.to_bytes(4)

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.key, Ed25519PrivateKey):
            return self.key.sign(data)
        return bytes(self.key.sign(data, ec.ECDSA(SHA256())))


def _client_data(kind: str, challenge: str, wrong: Mapping[str, Any]) -> bytes:
    raw = wrong.get("challenge", b64decode(challenge))
    said = {
        "type": wrong.get("type", kind),
        "challenge": urlsafe_b64encode(raw).rstrip(b"=").decode(),
        "origin": wrong.get("origin", ORIGIN),
        "crossOrigin": wrong.get("cross_origin", False),
    }
    return json.dumps(said).encode()
