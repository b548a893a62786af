import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import MalformedError, VerificationError
from crypto.recipient import RecipientKey
from crypto.seal import SEAL_OVERHEAD, seal
from crypto.secret import SecretBytes
from crypto.unseal import unseal
from tests.cast import identity_of
from tests.unit.crypto.conftest import survivors
from tests.vectors.primitives import NON_CANONICAL_MONTGOMERY, SMALL_ORDER_MONTGOMERY

KEY = RecipientKey.from_private(SecretBytes(bytes(range(32))))


@given(st.binary(), st.binary())
def test_what_is_sealed_opens_under_the_same_info(info: bytes, plaintext: bytes) -> None:
    sealed = seal(KEY.public, info, plaintext)
    assert len(sealed) == len(plaintext) + SEAL_OVERHEAD
    assert unseal(KEY.private, info, sealed).reveal() == plaintext


def test_sealing_twice_gives_different_bytes() -> None:
    assert seal(KEY.public, b"", b"x") != seal(KEY.public, b"", b"x")


def test_no_mangled_message_opens() -> None:
    sealed = seal(KEY.public, b"info", b"plaintext")
    assert survivors(sealed, lambda data: unseal(KEY.private, b"info", data)) == []


def test_a_message_opens_under_no_mangled_info() -> None:
    sealed = seal(KEY.public, b"info", b"plaintext")
    assert survivors(b"info", lambda info: unseal(KEY.private, info, sealed)) == []


def test_a_message_opens_for_nobody_else() -> None:
    sealed = seal(KEY.public, b"info", b"plaintext")
    for other in (RecipientKey.generate().private, identity_of("ann").encryption_private):
        with pytest.raises(VerificationError):
            unseal(other, b"info", sealed)


@pytest.mark.parametrize("key", [*SMALL_ORDER_MONTGOMERY, *NON_CANONICAL_MONTGOMERY, "", "09"])
def test_nothing_is_sealed_to_a_key_that_nobody_may_have(key: str) -> None:
    with pytest.raises(MalformedError):
        seal(bytes.fromhex(key), b"info", b"plaintext")


@pytest.mark.parametrize("key", [*SMALL_ORDER_MONTGOMERY, *NON_CANONICAL_MONTGOMERY])
def test_no_message_with_such_an_ephemeral_key_is_opened(key: str) -> None:
    with pytest.raises(MalformedError):
        unseal(KEY.private, b"info", bytes.fromhex(key) + bytes(16))


def test_a_recipient_key_is_restored_from_its_private_half() -> None:
    key = RecipientKey.generate()
    assert RecipientKey.from_private(key.private).public == key.public
    assert RecipientKey.generate().public != key.public
    assert key.private.reveal().hex() not in repr(key)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_private_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(MalformedError):
        RecipientKey.from_private(SecretBytes(bytes(length)))


def test_an_identity_opens_what_is_sealed_to_its_public_key() -> None:
    ann = identity_of("ann")
    sealed = seal(ann.public.encryption_key, b"info", b"share")
    assert unseal(ann.encryption_private, b"info", sealed) == SecretBytes(b"share")
