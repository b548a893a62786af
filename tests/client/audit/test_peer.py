"""An export read by tlog-scales, a library for C2SP tlog-tiles by others, and changed under it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tlog_scales import tiles
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey, VkeySet
from tlog_scales.tlog import Checkpoint, ConsistencyProof, InclusionProofInvalid

from crypto.checkpoint import parse_checkpoint
from crypto.cosignature import Cosigner
from crypto.note import NoteSigner, parse_note
from crypto.proof import Receipt
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes
from tests.client.audit.exports import log, story, write
from tests.client.honest import START
from tests.client.logs import Log


def long_log() -> Log:
    """As many leaves as make three bundles and two levels of tiles."""
    made = Log(signer=log().signer, leaves=list(story()))
    for number in range(len(made.leaves), 600):
        made.append("session:opened", details={"n": number})
    return made


@pytest.fixture(scope="module", params=[log, long_log], ids=["story", "long"])
def made(request: pytest.FixtureRequest) -> Log:
    maker: Callable[[], Log] = request.param
    return maker()


@pytest.fixture
def export(made: Log, tmp_path: Path) -> Path:
    return write(tmp_path / "export", made)


def opened(folder: Path) -> tuple[TilesReader, Checkpoint]:
    reader = TilesReader(LocalBackend(folder))
    return reader, reader.get_checkpoint()


def test_the_peer_finds_the_logs_signature_right_and_a_strangers_missing(
    export: Path, made: Log
) -> None:
    _, checkpoint = opened(export)
    key = Vkey.from_string(made.signer.verifier.vkey)
    assert {vkey for vkey, _ in VkeySet(key).verify(checkpoint.signatures, checkpoint)} == {key}
    stranger = NoteSigner(made.signer.verifier.name, SecretBytes(random_bytes(32))).verifier.vkey
    other = Vkey.from_string(stranger)
    assert VkeySet(other).verify(checkpoint.signatures, checkpoint) == set()
    assert checkpoint.serialize() == made.checkpoint()


def test_the_peer_computes_the_signed_root_from_the_tiles(export: Path) -> None:
    reader, checkpoint = opened(export)
    assert reader.calculate_root_hash() == checkpoint.root_hash


def test_the_peer_reads_every_leaf_and_makes_the_proof_that_a_receipt_has(
    export: Path, made: Log
) -> None:
    reader, checkpoint = opened(export)
    assert checkpoint.size == len(made.leaves)
    for index, leaf in enumerate(made.leaves):
        assert reader.get_entry(index) == leaf
        proof = reader.get_inclusion_proof(index, checkpoint.size)
        proof.check(tiles.leaf_hash(leaf), checkpoint.root_hash)
        if index % 50 == 0:
            ours = Receipt(index=index, hashes=proof.node_hashes, checkpoint=checkpoint.serialize())
            assert ours.text == made.receipt(index)


@pytest.mark.parametrize("old", [1, 2, 3, 64, 100, 145, 146])
def test_the_peer_makes_and_accepts_the_consistency_proofs_that_the_service_gives(
    export: Path, made: Log, old: int
) -> None:
    reader, checkpoint = opened(export)
    before = Checkpoint.from_text(made.checkpoint(old))
    theirs = reader.get_consistency_proof(old, checkpoint.size)
    ours = made.proofs().consistency(old, checkpoint.size)
    assert list(ours) == theirs.node_hashes
    ConsistencyProof(old, checkpoint.size, list(ours)).check(before.root_hash, checkpoint.root_hash)


def test_the_peer_finds_a_witness_under_a_checkpoint(made: Log) -> None:
    note = made.checkpoint()
    text, _ = parse_note(note)
    witness = Cosigner("witness.example/w1", SecretBytes(random_bytes(32)))
    line = witness.cosign(parse_checkpoint(text), int(START.timestamp()))
    checkpoint = Checkpoint.from_text(note + line)
    keys = [Vkey.from_string(one) for one in (made.signer.verifier.vkey, witness.verifier.vkey)]
    found = {vkey for vkey, _ in VkeySet(*keys).verify(checkpoint.signatures, checkpoint)}
    assert found == set(keys)
    later = made.checkpoint(len(made.leaves) - 1)
    moved = Checkpoint.from_text(later + line)
    assert VkeySet(keys[1]).verify(moved.signatures, moved) == set()


def test_the_peer_too_refuses_a_leaf_and_a_tile_that_were_changed(export: Path) -> None:
    bundle = next(p for p in sorted((export / "tile/entries").rglob("*")) if p.is_file())
    data = bytearray(bundle.read_bytes())
    data[10] ^= 1
    bundle.write_bytes(data)
    reader, checkpoint = opened(export)
    proof = reader.get_inclusion_proof(0, checkpoint.size)
    with pytest.raises(InclusionProofInvalid):
        proof.check(tiles.leaf_hash(reader.get_entry(0)), checkpoint.root_hash)
    lowest = max(p for p in (export / "tile/0").rglob("*") if p.is_file())
    hashes = bytearray(lowest.read_bytes())
    hashes[0] ^= 1
    lowest.write_bytes(hashes)
    reader, checkpoint = opened(export)
    assert reader.calculate_root_hash() != checkpoint.root_hash
