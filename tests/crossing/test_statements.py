"""Statements and keys, from Python to the browser's modules and back."""

from typing import Any

import pytest

from crypto import statement
from crypto.errors import VerificationError
from crypto.identity import Identity
from crypto.keyslot import passkey_slot_key, wrap_root
from crypto.phrase import ITERATIONS, check_phrase, generate_phrase, phrase_keys
from crypto.randomness import random_bytes
from crypto.schema import KINDS
from crypto.secret import SecretBytes
from crypto.suite import decrypt_blob, encrypt_blob, hkdf, verify_signature
from crypto.unlock import unwrap_root
from tests.cast import identity_of, uuid_of
from tests.crossing.peer import Peer, Refused
from tests.vectors.examples import AT, EVERYBODY, example_fields, roster

ANN = identity_of("ann")
BOB = identity_of("bob")


@pytest.mark.parametrize("kind", KINDS)
def test_a_statement_of_each_kind_crosses_both_ways(peer: Peer, kind: str) -> None:
    """Ed25519 is deterministic: both programs sign the very same bytes."""
    fields = example_fields()[kind]
    ours = statement.sign(kind, fields, identity=ANN, at=AT)
    theirs = peer.call("signing", "sign", kind, fields, {"identity": ANN, "at": AT})
    assert bytes.fromhex(theirs["raw"]) == ours.raw
    assert bytes.fromhex(theirs["pae"]) == ours.pae
    assert (theirs["kind"], theirs["digest"], theirs["payload"]) == (
        kind,
        ours.digest,
        dict(ours.payload),
    )
    statement.verify(statement.parse(bytes.fromhex(theirs["raw"])), ANN.public.signing_key)
    peer.call("statement", "verify", ours, ANN.public.signing_key)
    with pytest.raises(Refused, match="VerificationError"):
        peer.call("statement", "verify", ours, BOB.public.signing_key)


def test_a_roster_that_many_sign_crosses_both_ways(peer: Peer) -> None:
    whole = roster()
    for name in EVERYBODY:
        peer.call("statement", "verifySignatureOf", whole, identity_of(name).public)
    with pytest.raises(Refused, match="VerificationError"):
        peer.call("statement", "verifySignatureOf", whole, identity_of("stranger").public)
    alone = [statement.sign_body("roster", whole.body, identity_of(name)) for name in EVERYBODY]
    merged = peer.call("signing", "merge", alone)
    assert bytes.fromhex(merged["raw"]) == whole.raw
    signed = peer.call("signing", "signBody", "roster", whole.body, ANN)
    statement.verify_signature_of(statement.parse(bytes.fromhex(signed["raw"])), ANN.public)


def test_a_draft_has_the_digest_that_it_will_have(peer: Peer) -> None:
    assert peer.call("", "isUnsigned", "roster", roster().body.decode())["digest"] == (
        roster().digest
    )


def test_identities_have_the_same_keys_and_words(peer: Peer) -> None:
    for identity in (ANN, BOB, Identity.generate()):
        keys = peer.call("", "publicOf", identity)
        assert keys["encryptionKey"] == identity.public.encryption_key
        assert keys["signingKey"] == identity.public.signing_key
        assert keys["keyid"] == identity.public.keyid
        assert tuple(peer.call("", "words", identity.public)) == identity.public.words
        signature = peer.call("", "signature", identity, b"message")
        assert signature == identity.sign(b"message")
        verify_signature(identity.public.signing_key, signature, b"message")


def test_blobs_and_derived_keys_cross_both_ways(peer: Peer) -> None:
    key, aad = random_bytes(32), b"place"
    assert peer.call("blob", "hkdf", key, b"info") == hkdf(key, b"info")
    for plaintext in (b"", b"x", random_bytes(5000)):
        theirs = peer.call("blob", "encryptBlob", key, plaintext, aad)
        assert decrypt_blob(key, theirs, aad) == plaintext
        ours = encrypt_blob(key, plaintext, aad)
        assert peer.call("blob", "decryptBlob", key, ours, aad) == plaintext
        with pytest.raises(Refused, match="VerificationError"):
            peer.call("blob", "decryptBlob", key, ours, b"elsewhere")


def test_key_slots_cross_both_ways(peer: Peer) -> None:
    person, slot = uuid_of("ann"), uuid_of("slot")
    output = SecretBytes(random_bytes(32))
    slot_key = passkey_slot_key(output)
    assert peer.call("keyslot", "passkeySlotKey", output.reveal()) == slot_key.reveal()
    place = (person, slot)
    ours = wrap_root(slot_key, ANN.root, *place)
    opened = peer.call("unlock", "unwrapRoot", slot_key.reveal(), ours, *place)
    assert opened == ANN.root.reveal()
    theirs = peer.call("keyslot", "wrapRoot", slot_key.reveal(), ANN.root.reveal(), *place)
    assert unwrap_root(slot_key, theirs, *place) == ANN.root
    with pytest.raises(Refused, match="VerificationError"):
        peer.call("unlock", "unwrapRoot", slot_key.reveal(), ours, person, person)
    with pytest.raises(VerificationError):
        unwrap_root(slot_key, theirs, slot, slot)


def test_recovery_phrases_cross_both_ways(peer: Peer) -> None:
    salt = random_bytes(16)
    words: Any = peer.call("phrase", "generatePhrase")
    assert list(check_phrase(" ".join(words))) == words
    ours = generate_phrase()
    assert tuple(peer.call("phrase", "checkPhrase", " ".join(ours).upper())) == ours
    theirs = peer.call("phrase", "phraseKeys", list(ours), salt, ITERATIONS)
    keys = phrase_keys(ours, salt, ITERATIONS)
    assert theirs["signInKey"] == keys.sign_in_key.reveal()
    assert theirs["slotKey"] == keys.slot_key.reveal()
