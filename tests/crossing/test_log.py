"""Checkpoints, receipts and consistency proofs that Python makes, read in the browser's modules."""

from typing import Any

import pytest

from crypto import merkle
from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.cosignature import LAST_TIME, Cosigner, cosignatures_of
from crypto.errors import CryptoError
from crypto.leaf import Leaf, encode_leaf
from crypto.note import NoteSigner
from crypto.proof import Receipt, parse_receipt
from crypto.secret import SecretBytes
from tests.cast import uuid_of
from tests.crossing.peer import Peer, Refused
from tests.crossing.test_encodings import LOG
from tests.unit.log.test_cosignature import AT as AT_WITNESS
from tests.unit.log.test_cosignature import (
    CHECKPOINT,
    LINE,
    NOTE,
    OTHER,
    OTHER_LOG,
    OTHER_ROOT,
    OTHER_SIZE,
    WITNESS,
    data_of,
    line_of,
)
from tests.unit.log.trees import plain_path, plain_root, plain_subproof
from tests.vectors.examples import AT

ORIGIN = "breakglass.example/log"
SIGNER = NoteSigner(ORIGIN, SecretBytes(bytes(range(32))))
LEAVES = [bytes([number]) * number for number in range(40)]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]


def flip(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def test_every_inclusion_proof_of_small_trees_is_taken_alike(peer: Peer) -> None:
    asked: list[list[Any]] = []
    for size in range(1, 18):
        top = plain_root(LEAVES[:size])
        for index in range(size):
            path = plain_path(index, LEAVES[:size])
            good = [HASHES[index], index, size, path, top]
            asked += [
                good,
                [HASHES[index], (index + 1) % size, size, path, top],
                [HASHES[index], index, size + 1, path, top],
                [HASHES[index], index, size, [*path, top], top],
                [HASHES[index], index, size, path[:-1], top],
                [HASHES[index], size, size, path, top],
                [HASHES[index], index, size, list(map(flip, path)), top],
                [HASHES[index], index, size, path, flip(top)],
                [HASHES[index][:-1], index, size, path, top],
            ]
    found = peer.outcomes("merkle", "verifyInclusion", asked)
    assert found == [outcome(merkle.verify_inclusion, *one) for one in asked]
    assert found.count("ok") >= 17 * 9


def test_every_consistency_proof_of_small_trees_is_taken_alike(peer: Peer) -> None:
    asked: list[list[Any]] = []
    for new in range(1, 18):
        top = plain_root(LEAVES[:new])
        for old in range(new + 1):
            before = plain_root(LEAVES[:old])
            proof = [] if old in {0, new} else plain_subproof(old, LEAVES[:new], whole=True)
            asked += [
                [old, new, before, top, proof],
                [old, new, flip(before), top, proof],
                [old, new, before, flip(top), proof],
                [old, new, before, top, proof[:-1]],
                [old, new, before, top, [*proof, top]],
                [old, new, before, top, [*map(flip, proof)]],
                [new, old, top, before, proof],
                [old, new, before, top, [b"short"]],
            ]
    found = peer.outcomes("merkle", "verifyConsistency", asked)
    assert found == [outcome(merkle.verify_consistency, *one) for one in asked]
    assert found.count("ok") >= 17 * 8


def outcome(check: Any, *args: Any) -> str:
    try:
        check(*args)
    except CryptoError as refused:
        return type(refused).__name__
    return "ok"


@pytest.mark.parametrize("size", [2**31 + 5, 2**32 + 3, 2**40 + 12345])
def test_indices_beyond_32_bits_are_followed(peer: Peer, size: int) -> None:
    """Paths of a tree that nobody could store: the hashes are made up, the roots follow."""
    index = size - 4
    place, last, steps = index, size - 1, 0
    while last:
        if place & 1 or place == last:
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        place, last, steps = place >> 1, last >> 1, steps + 1
    path = [bytes([number]) * 32 for number in range(steps)]
    asked = [[HASHES[0], index, size, path[:count], HASHES[1]] for count in range(steps + 2)]
    assert peer.outcomes("merkle", "verifyInclusion", asked) == ["VerificationError"] * len(asked)
    with pytest.raises(Refused, match="does not lead to the root"):
        peer.call("merkle", "verifyInclusion", HASHES[0], index, size, path, HASHES[1])
    with pytest.raises(Refused, match="too short"):
        peer.call("merkle", "verifyInclusion", HASHES[0], index, size, path[:-1], HASHES[1])


def test_receipts_verify_and_read_back(peer: Peer) -> None:
    for size in (1, 2, 7, 33):
        leaves = LEAVES[:size]
        checkpoint = Checkpoint(origin=ORIGIN, size=size, root=plain_root(leaves))
        note = sign_checkpoint(checkpoint, SIGNER)
        for index in {0, size // 2, size - 1}:
            path = plain_path(index, leaves)
            receipt = Receipt(index=index, hashes=path, checkpoint=note)
            verified = peer.call("", "verifyReceipt", receipt, leaves[index], SIGNER.verifier)
            assert verified == {
                "origin": ORIGIN,
                "size": size,
                "root": checkpoint.root,
                "text": checkpoint.text,
            }
            assert peer.call("", "receiptText", receipt) == receipt.text
            with pytest.raises(Refused, match="VerificationError"):
                peer.call("", "verifyReceipt", receipt, b"another leaf", SIGNER.verifier)


def test_a_checkpoint_of_another_key_or_log_is_refused(peer: Peer) -> None:
    checkpoint = Checkpoint(origin=ORIGIN, size=7, root=plain_root(LEAVES[:7]))
    stranger = NoteSigner.generate(ORIGIN)
    elsewhere = NoteSigner("elsewhere", SecretBytes(bytes(32)))
    peer.call("checkpoint", "openCheckpoint", sign_checkpoint(checkpoint, SIGNER), SIGNER.verifier)
    notes = [
        (sign_checkpoint(checkpoint, stranger), SIGNER.verifier),
        (elsewhere.sign(checkpoint.text), elsewhere.verifier),
    ]
    for note, verifier in notes:
        with pytest.raises(Refused, match="VerificationError"):
            peer.call("checkpoint", "openCheckpoint", note, verifier)
    for text in ("", "a\n1\n", f"{checkpoint.text}more\n", checkpoint.text.replace("7", "07")):
        with pytest.raises(Refused, match="MalformedError"):
            peer.call("checkpoint", "parseCheckpoint", text)


def test_an_empty_log_has_the_empty_tree_s_root(peer: Peer) -> None:
    empty = Checkpoint(origin=ORIGIN, size=0, root=merkle.EMPTY_ROOT)
    assert peer.call("checkpoint", "parseCheckpoint", empty.text)["size"] == 0
    with pytest.raises(Refused, match="MalformedError"):
        peer.call("checkpoint", "parseCheckpoint", f"{ORIGIN}\n0\n{'A' * 43}=\n")


def test_leaves_read_as_they_were_written(peer: Peer) -> None:
    leaf = Leaf(
        seq=3,
        at=AT,
        actor=uuid_of("ann"),
        action="bundle:taken",
        subject="012345678901",
        details={"roster": "x", "list": ["a", "Zo\u00eb"], "count": 2, "drill": False},
        statement=b"bytes",
    )
    read = peer.call("leaf", "parseLeaf", encode_leaf(leaf))
    assert (read["seq"], read["actor"], read["action"]) == (3, uuid_of("ann"), "bundle:taken")
    assert read["details"] == leaf.details
    assert read["statement"] == b"bytes"
    assert read["at"] == {"date": "2026-11-23T09:30:00.000Z"}


def test_the_stored_log_is_one_that_python_takes() -> None:
    """The modules' own tests mangle it: it has to be good to begin with."""
    receipt = parse_receipt(LOG["receipt"])
    checkpoint = receipt.verify(LOG["leaf"].encode(), SIGNER.verifier)
    assert LOG["vkey"] == SIGNER.verifier.vkey
    assert receipt.checkpoint == LOG["checkpoint"]
    assert checkpoint.size == 7


def test_cosignatures_are_believed_alike(peer: Peer) -> None:
    moved = line_of((AT_WITNESS + 1).to_bytes(8, "big") + data_of(LINE)[8:])
    others = [WITNESS.cosign(said, AT_WITNESS) for said in (OTHER_ROOT, OTHER_SIZE, OTHER_LOG)]
    later = WITNESS.cosign(CHECKPOINT, AT_WITNESS + 60)
    lines = [
        "",
        LINE,
        Cosigner(WITNESS.verifier.name, SecretBytes(bytes(32))).cosign(CHECKPOINT, 1),
        OTHER.cosign(CHECKPOINT, 0),
        LINE + later,
        later + LINE,
        moved,
        LINE + moved,
        line_of((LAST_TIME + 1).to_bytes(8, "big") + bytes(64)),
        line_of(b"\xff" * 8 + data_of(LINE)[8:]),
        line_of(data_of(LINE) + b"\0"),
        line_of(b"x"),
        *(LINE + other for other in others),
    ]
    asked = [[NOTE + more, WITNESS.verifier] for more in lines]
    found = peer.outcomes("cosignature", "cosignedAt", asked)
    assert found == [outcome(cosignatures_of, *one) for one in asked]
    assert [found.count(one) for one in ("ok", "MalformedError", "VerificationError")] == [6, 4, 5]
    at = [peer.call("cosignature", "cosignedAt", *one) for one in asked[:6]]
    assert at == [None, AT_WITNESS, None, None, AT_WITNESS + 60, AT_WITNESS + 60]
