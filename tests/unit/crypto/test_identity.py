import pytest
import shamir_mnemonic.wordlist  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from crypto.encoding import sha256
from crypto.errors import MalformedError, VerificationError
from crypto.identity import Identity, PublicKeys
from crypto.keyslot import PRF_INPUT, WRAPPED_ROOT_LENGTH, passkey_slot_key, wrap_root
from crypto.secret import SecretBytes
from crypto.suite import verify_signature
from crypto.unlock import unwrap_root
from crypto.wordlist import WORDS, words_of
from tests.cast import uuid_of
from tests.unit.crypto.conftest import survivors

PERSON, SLOT = uuid_of("ann"), uuid_of("slot")
SLOT_KEY = SecretBytes(bytes(range(32)))


def test_the_words_are_those_of_slip_39() -> None:
    assert list(WORDS) == shamir_mnemonic.wordlist.WORDLIST


def test_every_word_is_told_by_its_first_four_letters() -> None:
    assert len({word[:4] for word in WORDS}) == 1024
    assert all(4 <= len(word) <= 8 and word.isalpha() and word.islower() for word in WORDS)


@given(st.binary(min_size=10, max_size=40), st.integers(0, 8))
def test_words_are_the_leading_bits(digest: bytes, count: int) -> None:
    bits = "".join(f"{WORDS.index(word):010b}" for word in words_of(digest, count))
    assert bits == "".join(f"{byte:08b}" for byte in digest)[: 10 * count]


def test_words_are_not_made_up_where_bits_are_missing() -> None:
    with pytest.raises(ValueError, match="too short"):
        words_of(bytes(9))


def test_an_identity_follows_from_its_root(ann: Identity) -> None:
    again = Identity.from_root(ann.root)
    assert again.public == ann.public
    assert again.encryption_private == ann.encryption_private


def test_two_identities_differ() -> None:
    left, right = Identity.generate(), Identity.generate()
    assert left.root != right.root
    assert left.public.fingerprint != right.public.fingerprint


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_root_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Identity.from_root(SecretBytes(bytes(length)))


def test_a_signature_verifies_under_its_own_key_only(ann: Identity, bob: Identity) -> None:
    verify_signature(ann.public.signing_key, ann.sign(b"m"), b"m")
    with pytest.raises(VerificationError):
        verify_signature(bob.public.signing_key, ann.sign(b"m"), b"m")


def test_either_key_changes_the_fingerprint(ann: Identity, bob: Identity) -> None:
    mixed = PublicKeys(encryption_key=ann.public.encryption_key, signing_key=bob.public.signing_key)
    assert len({ann.public.keyid, bob.public.keyid, mixed.keyid}) == 3
    assert len(mixed.words) == 8


@pytest.mark.parametrize("key", [b"", bytes(32), bytes([1]) + bytes(31), b"\xff" * 32])
def test_keys_that_nobody_may_have_make_no_public_keys(key: bytes, ann: Identity) -> None:
    with pytest.raises(MalformedError):
        PublicKeys(encryption_key=key, signing_key=ann.public.signing_key)
    with pytest.raises(MalformedError):
        PublicKeys(encryption_key=ann.public.encryption_key, signing_key=key)


def test_an_identity_does_not_print_its_root(ann: Identity) -> None:
    assert ann.root.reveal().hex() not in repr(ann)
    assert str(ann.root.reveal()) not in repr(ann)


def test_a_wrapped_root_comes_back_with_key_person_and_slot(ann: Identity) -> None:
    wrapped = wrap_root(SLOT_KEY, ann.root, PERSON, SLOT)
    assert len(wrapped) == WRAPPED_ROOT_LENGTH == 60
    assert unwrap_root(SLOT_KEY, wrapped, PERSON, SLOT) == ann.root


def test_no_mangled_root_is_unwrapped(ann: Identity) -> None:
    wrapped = wrap_root(SLOT_KEY, ann.root, PERSON, SLOT)
    assert survivors(wrapped, lambda data: unwrap_root(SLOT_KEY, data, PERSON, SLOT)) == []


@pytest.mark.parametrize(
    ("person", "slot"),
    [
        pytest.param(uuid_of("bob"), SLOT, id="another person"),
        pytest.param(PERSON, uuid_of("x"), id="another slot"),
        pytest.param(SLOT, PERSON, id="exchanged"),
    ],
)
def test_a_wrapped_root_is_bound_to_its_place(person: str, slot: str, ann: Identity) -> None:
    with pytest.raises(VerificationError):
        unwrap_root(SLOT_KEY, wrap_root(SLOT_KEY, ann.root, PERSON, SLOT), person, slot)


def test_a_passkey_s_output_is_not_itself_the_slot_key() -> None:
    output = SecretBytes(bytes(range(32)))
    assert passkey_slot_key(output) != output
    assert len(passkey_slot_key(output)) == 32
    assert sha256(b"bg1 prf") == PRF_INPUT


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_passkey_s_output_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(MalformedError):
        passkey_slot_key(SecretBytes(bytes(length)))
