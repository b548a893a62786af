"""Key slots: an identity's root as the server stores it, wrapped once for each way to unlock it.

This half wraps; ``unlock``, the other half, is only for a person's own device.
"""

from crypto.encoding import lp, sha256
from crypto.errors import MalformedError
from crypto.identity import ROOT_LENGTH
from crypto.secret import SecretBytes
from crypto.suite import BLOB_OVERHEAD, encrypt_blob, hkdf

WRAPPED_ROOT_LENGTH = ROOT_LENGTH + BLOB_OVERHEAD
PRF_INPUT = sha256(b"bg1 prf")  # ``eval.first`` of WebAuthn's PRF extension
_PASSKEY_INFO = b"bg1 slot passkey"
_PRF_OUTPUT_LENGTH = 32


def slot_aad(person: str, slot: str) -> bytes:
    """Return the associated data of a wrapped root, so that slots cannot be exchanged."""
    return lp("bg1 slot", person, slot)


def passkey_slot_key(prf_output: SecretBytes) -> SecretBytes:
    """Derive a slot key from what a passkey's PRF returned for ``PRF_INPUT``.

    Raises:
        MalformedError: the output is not 32 bytes.
    """
    if len(prf_output) != _PRF_OUTPUT_LENGTH:
        raise MalformedError(f"a passkey's output must be {_PRF_OUTPUT_LENGTH} bytes")
    return SecretBytes(hkdf(prf_output.reveal(), _PASSKEY_INFO))


def wrap_root(slot_key: SecretBytes, root: SecretBytes, person: str, slot: str) -> bytes:
    """Encrypt the root under a slot key: 60 bytes, bound to this person and slot."""
    return encrypt_blob(slot_key.reveal(), root.reveal(), slot_aad(person, slot))
