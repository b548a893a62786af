"""What a browser and a passkey answered, verified with py_webauthn: the one module that calls it.

Both ends of WebAuthn Level 3, 7.1 and 7.2: the challenge is ours, origin and RP id are those of our
URL, the person was there and verified by the authenticator, and the signature is the passkey's.
The library raises whatever its parsers raise over made-up bytes; here all of it is one refusal.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
    parse_client_data_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)

from service.domain import site
from service.domain.passkeys import Passkey, goes_on

ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
MOST_KEY = 1024  # bytes of a COSE key: RSA of 4,096 bits takes some 540


class NotAnswerError(Exception):
    """These bytes are no good answer. The reason is not said: a stranger may be asking."""


class FellBackError(NotAnswerError):
    """Everything is right but the counter: this passkey, or a copy, has answered since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A passkey that was made a moment ago."""

    credential: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """The raw buffers of a browser's answer to "make a passkey"."""

    credential: bytes
    client_data: bytes
    attestation: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The raw buffers of a browser's answer to "use a passkey"."""

    credential: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    user_handle: bytes


@contextmanager
def _one_refusal() -> Iterator[None]:
    try:
        yield
    except Exception:  # noqa: BLE001 - its parsers raise KeyError, TypeError, ValueError, …
        raise NotAnswerError from None


def challenge_in(client_data: bytes) -> bytes:
    """The challenge that was answered, before anything is known of the answer.

    Raises:
        NotAnswerError: there is none, or the answer was given inside a frame of another site.
    """
    with _one_refusal():
        parsed = parse_client_data_json(client_data)
    if parsed.cross_origin:
        raise NotAnswerError
    return parsed.challenge


def check_creation(url: str, given: Creation, challenge: bytes) -> Made:
    """Verify a new passkey. Which model of authenticator made it is not asked and not looked at.

    Raises:
        NotAnswerError: see the module; also a credential that is not the one that was named, a key
            of a kind that is not taken, or an attestation with certificates.
    """
    with _one_refusal():
        _check_attestation(given.attestation)
        found = verify_registration_response(
            credential=RegistrationCredential(
                id=bytes_to_base64url(given.credential),
                raw_id=given.credential,
                response=AuthenticatorAttestationResponse(
                    client_data_json=given.client_data, attestation_object=given.attestation
                ),
            ),
            expected_challenge=challenge,
            expected_rp_id=site.host(url),
            expected_origin=site.origin(url),
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
        _check_key(found.credential_public_key)
    if found.credential_id != given.credential:
        raise NotAnswerError
    return Made(
        credential=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
    )


def _check_attestation(attestation: bytes) -> None:
    """Take "none" and self-attestation: parsing certificates would serve no rule of ours."""
    parsed = parse_attestation_object(attestation)
    plain = parsed.fmt in {AttestationFormat.NONE, AttestationFormat.PACKED}
    if not plain or parsed.att_stmt.x5c is not None:
        raise NotAnswerError


def _check_key(key: bytes) -> None:
    """Refuse a key that would only fail when it is used: too long, or no point of its curve."""
    if len(key) > MOST_KEY:
        raise NotAnswerError
    decoded_public_key_to_cryptography(decode_credential_public_key(key))


def check_answer(url: str, given: Answer, passkey: Passkey, challenge: bytes) -> int:
    """Verify that this very passkey answered; returns its new counter.

    Raises:
        NotAnswerError: see the module.
        FellBackError: its signature is good, and its counter has not moved on.
    """
    with _one_refusal():
        found = verify_authentication_response(
            credential=AuthenticationCredential(
                id=bytes_to_base64url(given.credential),
                raw_id=given.credential,
                response=AuthenticatorAssertionResponse(
                    client_data_json=given.client_data,
                    authenticator_data=given.authenticator_data,
                    signature=given.signature,
                ),
            ),
            expected_challenge=challenge,
            expected_rp_id=site.host(url),
            expected_origin=site.origin(url),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # looked at below, once the signature is known
            require_user_verification=True,
        )
    if not goes_on(passkey.sign_count, found.new_sign_count):
        raise FellBackError
    return found.new_sign_count
