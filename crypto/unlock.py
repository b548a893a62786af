"""Unwrapping an identity's root, on its owner's device only. The other half is ``keyslot``."""

from crypto.errors import MalformedError
from crypto.keyslot import WRAPPED_ROOT_LENGTH, slot_aad
from crypto.secret import SecretBytes
from crypto.suite import decrypt_blob


def unwrap_root(slot_key: SecretBytes, wrapped: bytes, person: str, slot: str) -> SecretBytes:
    """Return the root that ``wrap_root`` encrypted with this key for this person and slot.

    The caller must still check whose root it is: compare the derived keys with the roster.

    Raises:
        MalformedError: not the length of a wrapped root.
        VerificationError: another key, person or slot, or the blob was changed.
    """
    if len(wrapped) != WRAPPED_ROOT_LENGTH:
        raise MalformedError(f"a wrapped root must be {WRAPPED_ROOT_LENGTH} bytes")
    return SecretBytes(decrypt_blob(slot_key.reveal(), wrapped, slot_aad(person, slot)))
