import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import MalformedError, VerificationError
from crypto.identity import Identity
from crypto.suite import BLOB_OVERHEAD, decrypt_blob, encrypt_blob, hkdf, verify_signature
from tests.unit.crypto.conftest import survivors

KEY = bytes(range(32))


@given(st.binary(), st.binary())
def test_a_blob_opens_with_its_key_and_place(plaintext: bytes, aad: bytes) -> None:
    blob = encrypt_blob(KEY, plaintext, aad)
    assert len(blob) == len(plaintext) + BLOB_OVERHEAD
    assert decrypt_blob(KEY, blob, aad) == plaintext


def test_no_nonce_is_used_twice() -> None:
    assert len({encrypt_blob(KEY, b"", b"")[:12] for _ in range(100)}) == 100


def test_no_mangled_blob_opens() -> None:
    blob = encrypt_blob(KEY, b"plaintext", b"place")
    assert survivors(blob, lambda data: decrypt_blob(KEY, data, b"place")) == []


@pytest.mark.parametrize(
    ("key", "aad"),
    [
        pytest.param(KEY[::-1], b"place", id="another key"),
        pytest.param(KEY, b"elsewhere", id="another place"),
        pytest.param(KEY, b"", id="no place"),
    ],
)
def test_a_blob_opens_nowhere_else(key: bytes, aad: bytes) -> None:
    with pytest.raises(VerificationError):
        decrypt_blob(key, encrypt_blob(KEY, b"plaintext", b"place"), aad)


@pytest.mark.parametrize("length", [0, 1, BLOB_OVERHEAD - 1])
def test_a_blob_without_room_for_nonce_and_tag_is_malformed(length: int) -> None:
    with pytest.raises(MalformedError):
        decrypt_blob(KEY, bytes(length), b"")


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33])
def test_only_keys_of_256_bits_encrypt(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        encrypt_blob(bytes(length), b"", b"")
    with pytest.raises(ValueError, match="32 bytes"):
        decrypt_blob(bytes(length), bytes(BLOB_OVERHEAD), b"")


def test_different_infos_derive_different_keys() -> None:
    keys = {hkdf(KEY, info) for info in (b"", b"a", b"b")}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}


def test_no_mangled_signature_verifies(ann: Identity) -> None:
    message, key = b"what was signed", ann.public.signing_key
    signature = ann.sign(message)
    verify_signature(key, signature, message)
    assert survivors(signature, lambda data: verify_signature(key, data, message)) == []
    assert survivors(message, lambda data: verify_signature(key, signature, data)) == []
    assert survivors(key, lambda data: verify_signature(data, signature, message)) == []
