"""Checkpoints and receipts: one text each, and refusal of every other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import merkle
from crypto.checkpoint import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    parse_decimal,
    sign_checkpoint,
)
from crypto.encoding import b64encode
from crypto.errors import CryptoError, MalformedError, VerificationError
from crypto.note import NoteSigner
from crypto.proof import Receipt, parse_receipt
from crypto.secret import SecretBytes

ORIGIN = "log.example/one"
SIGNER = NoteSigner(ORIGIN, SecretBytes(bytes(range(32))))
ROOT = bytes(range(32))
CHECKPOINT = Checkpoint(origin=ORIGIN, size=7, root=ROOT)
TEXT = f"{ORIGIN}\n7\n{b64encode(ROOT)}\n"


def test_a_checkpoint_is_three_lines() -> None:
    assert CHECKPOINT.text == TEXT
    assert parse_checkpoint(TEXT) == CHECKPOINT


def test_a_signed_checkpoint_opens_and_is_short_enough_for_a_mail() -> None:
    note = sign_checkpoint(CHECKPOINT, SIGNER)
    assert open_checkpoint(note, SIGNER.verifier) == CHECKPOINT
    assert len(note.encode()) < 250


def test_the_empty_log_has_the_empty_root_and_no_other() -> None:
    empty = Checkpoint(origin=ORIGIN, size=0, root=merkle.EMPTY_ROOT)
    assert parse_checkpoint(empty.text) == empty
    with pytest.raises(MalformedError):
        Checkpoint(origin=ORIGIN, size=0, root=ROOT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.removesuffix("\n"),
        TEXT + "\n",
        TEXT + "extension\n",
        "\n" + TEXT,
        TEXT.replace(ORIGIN, ""),
        TEXT.replace("\n7\n", "\n07\n"),
        TEXT.replace("\n7\n", "\n+7\n"),
        TEXT.replace("\n7\n", "\n-7\n"),
        TEXT.replace("\n7\n", "\n 7\n"),
        TEXT.replace("\n7\n", "\n7.0\n"),
        TEXT.replace("\n7\n", "\n\u0667\n"),  # an Arabic seven is a digit to Python
        TEXT.replace("\n7\n", "\n\n"),
        TEXT.replace("\n7\n", "\n9007199254740992\n"),
        TEXT.replace("=", ""),
        TEXT.replace("=\n", "==\n"),
        f"{ORIGIN}\n7\n{b64encode(ROOT[:31])}\n",
        f"{ORIGIN}\n7\n{b64encode(ROOT + b'x')}\n",
        f"{ORIGIN}\n7\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_checkpoint(text)


@given(st.text(alphabet="0123456789+-_ ", max_size=20))
def test_a_decimal_has_one_spelling(text: str) -> None:
    try:
        number = parse_decimal(text)
    except MalformedError:
        return
    assert str(number) == text


def test_another_logs_checkpoint_is_refused_even_under_the_known_key() -> None:
    other = Checkpoint(origin="log.example/two", size=7, root=ROOT)
    with pytest.raises(ValueError, match="must be the log's origin"):
        sign_checkpoint(other, SIGNER)
    with pytest.raises(VerificationError, match="another log"):
        open_checkpoint(SIGNER.sign(other.text), SIGNER.verifier)


LEAVES = [b"leaf %d" % number for number in range(7)]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
SIGNED = sign_checkpoint(Checkpoint(origin=ORIGIN, size=7, root=merkle.root(HASHES)), SIGNER)


def receipt_of_leaf_6() -> Receipt:
    siblings = (merkle.root(HASHES[4:6]), merkle.root(HASHES[:4]))
    return Receipt(index=6, hashes=siblings, checkpoint=SIGNED)


def test_a_receipt_has_the_form_of_the_specification_and_verifies() -> None:
    receipt = receipt_of_leaf_6()
    lines = receipt.text.split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 6"]
    assert lines[4] == ""
    assert receipt.text.endswith(SIGNED)
    assert parse_receipt(receipt.text) == receipt
    assert receipt.verify(LEAVES[6], SIGNER.verifier).size == 7


def test_a_receipt_of_the_only_leaf_has_no_hashes() -> None:
    one = Checkpoint(origin=ORIGIN, size=1, root=HASHES[0])
    receipt = Receipt(index=0, hashes=(), checkpoint=sign_checkpoint(one, SIGNER))
    assert parse_receipt(receipt.text).verify(LEAVES[0], SIGNER.verifier) == one


def test_a_receipt_for_another_leaf_index_or_key_does_not_verify() -> None:
    receipt = receipt_of_leaf_6()
    stranger = NoteSigner(ORIGIN, SecretBytes(bytes(32)))
    with pytest.raises(VerificationError):
        receipt.verify(LEAVES[5], SIGNER.verifier)
    with pytest.raises(VerificationError):
        receipt.verify(LEAVES[6], stranger.verifier)
    moved = Receipt(index=5, hashes=receipt.hashes, checkpoint=SIGNED)
    with pytest.raises(VerificationError):
        moved.verify(LEAVES[6], SIGNER.verifier)


RECEIPT = receipt_of_leaf_6().text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n\n" + SIGNED,
        RECEIPT.replace("@v1", "@v2"),
        RECEIPT.replace("index 6\n", ""),
        RECEIPT.replace("index 6", "index 06"),
        RECEIPT.replace("index 6", "index  6"),
        RECEIPT.replace("index 6", "index -6"),
        RECEIPT.replace("index 6\n", "index 6\nindex 6\n"),
        RECEIPT.replace("index 6", "extra AAAA\nindex 6"),
        RECEIPT.replace("=\n", "\n", 1),
        RECEIPT.replace("index 6\n", "index 6\nAAAA\n"),
        RECEIPT.replace("index 6\n", "index 6\n" + (b64encode(bytes(32)) + "\n") * 62),
        RECEIPT.split("\n\n", maxsplit=1)[0],
        " " + RECEIPT,
    ],
)
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_receipt(text)


@given(st.integers(0, len(RECEIPT) - 1), st.characters())
def test_a_receipt_with_one_character_changed_does_not_verify(place: int, character: str) -> None:
    changed = RECEIPT[:place] + character + RECEIPT[place + 1 :]
    if changed == RECEIPT:
        return
    with pytest.raises(CryptoError):
        parse_receipt(changed).verify(LEAVES[6], SIGNER.verifier)


def test_a_receipt_that_could_not_be_read_back_is_not_made() -> None:
    for index, hashes in ((-1, ()), (0, (b"short",)), (0, (bytes(32),) * 64)):
        with pytest.raises(MalformedError):
            Receipt(index=index, hashes=hashes, checkpoint=SIGNED)
