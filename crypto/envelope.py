"""An envelope's public side: what anyone can compute and compare without a key.

``context`` binds everything else to one manifest: content, shares, commitments and reseals of one
envelope are worthless in another envelope, in another group and for another person. Digests are
given as hexadecimal text, as in statements, and framed as raw bytes.
"""

import hmac

from crypto.encoding import canonical, check_hex_digest, hex_digest, lp, sha256
from crypto.errors import MalformedError, VerificationError
from crypto.randomness import random_bytes
from crypto.schema import Payload
from crypto.seal import SEAL_OVERHEAD
from crypto.suite import BLOB_OVERHEAD

MNEMONIC_WORDS = 33  # SLIP-39 for 256 bits
SHORTEST_MNEMONIC = 4 * MNEMONIC_WORDS + MNEMONIC_WORDS - 1
LONGEST_MNEMONIC = 8 * MNEMONIC_WORDS + MNEMONIC_WORDS - 1
RESEAL_MIN_LENGTH = SHORTEST_MNEMONIC + SEAL_OVERHEAD
RESEAL_MAX_LENGTH = LONGEST_MNEMONIC + SEAL_OVERHEAD

DRILL_RANDOM_LENGTH = 32
DRILL_PLAINTEXT_LENGTH = 85  # three fields framed: 9, 32 and 32 bytes
DRILL_RESEAL_LENGTH = DRILL_PLAINTEXT_LENGTH + SEAL_OVERHEAD

CONTENT_BLOCK = 512
CONTENT_MAX_BLOCKS = 17  # three texts of the greatest length, four bytes for each code point

_NOT_IN_CONTEXT = frozenset({"shares", "content_digest"})


def context(manifest: Payload) -> bytes:
    """Return SHA-256 of the manifest's payload without its shares and content digest.

    The sealer needs it before those exist; it covers everything else in the manifest.
    """
    return sha256(canonical({k: v for k, v in manifest.items() if k not in _NOT_IN_CONTEXT}))


def content_aad(context: bytes) -> bytes:
    """Return the associated data of the encrypted content."""
    return lp("bg1 content", context)


def check_content_length(length: int) -> None:
    """Accept the length of a content blob: 1 to 17 blocks of 512 bytes, nonce and tag.

    Raises:
        MalformedError: any other length.
    """
    blocks, rest = divmod(length - BLOB_OVERHEAD, CONTENT_BLOCK)
    if rest or not 1 <= blocks <= CONTENT_MAX_BLOCKS:
        raise MalformedError("the encrypted content has the wrong length")


def commitment(context: bytes, group: str, person: str, mnemonic: str) -> str:
    """Return the published digest of one custodian's share.

    A share has at least 192 bits that no one else knows, so the digest reveals nothing about it.
    """
    return hex_digest(lp("bg1 share", context, group, person, mnemonic))


def check_commitment(
    published: str, *, context: bytes, group: str, person: str, mnemonic: str
) -> None:
    """Compare a share with the commitment that the manifest publishes for this custodian.

    Raises:
        VerificationError: it is another share; the custodian named here is responsible.
    """
    # In constant time, because one side is computed from a share, though a digest reveals none.
    if not hmac.compare_digest(
        commitment(context, group, person, mnemonic).encode(), published.encode()
    ):
        raise VerificationError("a share does not match its commitment")


def opening_keyid(opening_key: bytes) -> str:
    """Return the key id of a manifest's ``opening_key``, in hexadecimal."""
    return hex_digest(lp("bg1 opening fingerprint", opening_key))


def custody_info(context: bytes, group: str, person: str) -> bytes:
    """Return the HPKE info of a share that is sealed to its custodian."""
    return lp("bg1 custody", context, group, person)


def release_info(request_digest: str, context: bytes, group: str, custodian: str) -> bytes:
    """Return the HPKE info of a share that is resealed to a request's recipient key.

    Raises:
        MalformedError: the request's digest is not 64 hexadecimal digits.
    """
    return lp("bg1 release", check_hex_digest(request_digest), context, group, custodian)


def drill_info(request_digest: str, context: bytes, group: str, custodian: str) -> bytes:
    """Return the HPKE info of a drill's reseal.

    Raises:
        MalformedError: the request's digest is not 64 hexadecimal digits.
    """
    return lp("bg1 drill", check_hex_digest(request_digest), context, group, custodian)


def drill_plaintext(request_digest: str) -> bytes:
    """Return what a custodian reseals for a drill instead of a share: 85 bytes, 32 of them random.

    Raises:
        MalformedError: the request's digest is not 64 hexadecimal digits.
    """
    return _drill_prefix(request_digest) + random_bytes(DRILL_RANDOM_LENGTH)


def check_drill_plaintext(plaintext: bytes, request_digest: str) -> None:
    """Accept what ``drill_plaintext`` made for this request.

    Raises:
        VerificationError: anything else, above all a share.
        MalformedError: the request's digest is not 64 hexadecimal digits.
    """
    prefix = _drill_prefix(request_digest)  # public: no constant time needed
    if len(plaintext) != DRILL_PLAINTEXT_LENGTH or not plaintext.startswith(prefix):
        raise VerificationError("this reseal does not belong to this drill")


def _drill_prefix(request_digest: str) -> bytes:
    length = DRILL_RANDOM_LENGTH.to_bytes(4, "big")
    return lp("bg1 drill", check_hex_digest(request_digest)) + length


def check_sealed_share_length(length: int) -> None:
    """Accept the length of a share sealed to its custodian: 212 to 344 bytes.

    Raises:
        MalformedError: no sealed mnemonic of 33 words has this length.
    """
    if not RESEAL_MIN_LENGTH <= length <= RESEAL_MAX_LENGTH:
        raise MalformedError("a sealed share has the wrong length")


def check_reseal_length(length: int, *, drill: bool) -> None:
    """Accept the length of a reseal; a drill's is exactly 133 bytes.

    No share has that length, so none can leave as a drill's reseal.

    Raises:
        MalformedError: any other length.
    """
    if not drill:
        check_sealed_share_length(length)
    elif length != DRILL_RESEAL_LENGTH:
        raise MalformedError(f"a drill's reseal must be {DRILL_RESEAL_LENGTH} bytes")
