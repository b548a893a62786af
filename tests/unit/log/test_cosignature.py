"""Cosignatures of witnesses: what verifies, what is ignored, what is refused."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from crypto.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from crypto.cosignature import (
    LAST_TIME,
    Cosigner,
    WitnessVerifier,
    cosignatures_of,
    verify_cosignatures,
)
from crypto.encoding import b64decode, b64encode
from crypto.errors import CryptoError, MalformedError, VerificationError
from crypto.note import NoteSigner, NoteVerifier, parse_note
from crypto.secret import SecretBytes

ORIGIN = "log.example/one"
LOG = NoteSigner(ORIGIN, SecretBytes(bytes(range(32))))
SEED = bytes(range(32, 64))
WITNESS = Cosigner("witness.example/w1", SecretBytes(SEED))
OTHER = Cosigner("witness.example/w2", SecretBytes(bytes(32)))
CHECKPOINT = Checkpoint(origin=ORIGIN, size=7, root=bytes(range(32)))
NOTE = sign_checkpoint(CHECKPOINT, LOG)
AT = 1_679_315_147
LINE = WITNESS.cosign(CHECKPOINT, AT)
DASH = "\u2014"


def line_of(data: bytes, witness: Cosigner = WITNESS) -> str:
    return f"{DASH} {witness.verifier.name} {b64encode(witness.verifier.key_id + data)}\n"


def data_of(line: str) -> bytes:
    return b64decode(line.split(" ")[2].removesuffix("\n"))[4:]


def test_a_cosignature_is_what_the_specification_says_byte_for_byte() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    public = key.public_key().public_bytes_raw()
    key_id = hashlib.sha256(b"witness.example/w1\n\x04" + public).digest()[:4]
    signed = f"cosignature/v1\ntime 1679315147\n{CHECKPOINT.text}".encode()
    data = key_id + (1679315147).to_bytes(8, "big") + key.sign(signed)
    assert f"{DASH} witness.example/w1 {b64encode(data)}\n" == LINE
    assert (
        WITNESS.verifier.vkey
        == f"witness.example/w1+{key_id.hex()}+{b64encode(bytes([4]) + public)}"
    )


def test_the_specification_s_own_example_has_its_time_where_it_is_read() -> None:
    example = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        f"{DASH} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9d"
        "lrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    _, [signature] = parse_note(example)
    assert signature.key_id.hex() == "8d66cf3f"
    assert int.from_bytes(signature.data[:8], "big") == 1679315147
    assert len(signature.data) == 72


def test_what_a_witness_said_is_read_with_its_time() -> None:
    [found] = cosignatures_of(NOTE + LINE, WITNESS.verifier)
    assert (found.witness, found.at, found.line) == (WITNESS.verifier, AT, LINE)
    assert verify_cosignatures(LINE, CHECKPOINT, WITNESS.verifier) == [found]


def test_a_cosigned_checkpoint_opens_as_the_log_s_own() -> None:
    assert open_checkpoint(NOTE + LINE, LOG.verifier) == CHECKPOINT
    assert open_checkpoint(NOTE + LINE + OTHER.cosign(CHECKPOINT, 0), LOG.verifier) == CHECKPOINT


def test_a_cosignature_alone_is_no_signature_of_the_log() -> None:
    alone = f"{CHECKPOINT.text}\n{LINE}"
    with pytest.raises(VerificationError, match="no known key"):
        open_checkpoint(alone, LOG.verifier)


def test_unknown_witnesses_are_ignored() -> None:
    both = NOTE + LINE + OTHER.cosign(CHECKPOINT, 5)
    assert cosignatures_of(both) == []
    assert [c.witness for c in cosignatures_of(both, OTHER.verifier)] == [OTHER.verifier]
    stranger = Cosigner(WITNESS.verifier.name, SecretBytes(bytes(32)))  # the name is not the key
    assert cosignatures_of(NOTE + stranger.cosign(CHECKPOINT, AT), WITNESS.verifier) == []
    assert verify_cosignatures(OTHER.cosign(CHECKPOINT, 5), CHECKPOINT, WITNESS.verifier) == []


def test_a_log_s_signature_never_passes_for_a_witness_s() -> None:
    same_key = Cosigner(ORIGIN, SecretBytes(bytes(range(32))))
    assert same_key.verifier.public_key == LOG.verifier.public_key
    assert same_key.verifier.key_id != LOG.verifier.key_id
    assert cosignatures_of(NOTE, same_key.verifier) == []
    with pytest.raises(MalformedError):
        NoteVerifier.from_vkey(same_key.verifier.vkey)
    with pytest.raises(MalformedError):
        WitnessVerifier.from_vkey(LOG.verifier.vkey)


OTHER_ROOT = Checkpoint(origin=ORIGIN, size=7, root=bytes(32))
OTHER_SIZE = Checkpoint(origin=ORIGIN, size=8, root=bytes(range(32)))
OTHER_LOG = Checkpoint(origin="log.example/two", size=7, root=bytes(range(32)))


@pytest.mark.parametrize("said", [OTHER_ROOT, OTHER_SIZE, OTHER_LOG])
def test_a_cosignature_of_something_else_refuses_the_note_despite_a_good_one(
    said: Checkpoint,
) -> None:
    bad = WITNESS.cosign(said, AT)
    for lines in (bad, LINE + bad, bad + LINE):
        with pytest.raises(VerificationError):
            cosignatures_of(NOTE + lines, WITNESS.verifier)
        with pytest.raises(VerificationError):
            verify_cosignatures(lines, CHECKPOINT, WITNESS.verifier)


def test_the_time_is_signed() -> None:
    moved = (AT + 1).to_bytes(8, "big") + data_of(LINE)[8:]
    with pytest.raises(VerificationError):
        cosignatures_of(NOTE + line_of(moved), WITNESS.verifier)


@pytest.mark.parametrize(
    "data",
    [
        b"x",
        data_of(LINE)[8:],
        data_of(LINE)[:-1],
        data_of(LINE) + b"\0",
        b"\0" * 8,
        (LAST_TIME + 1).to_bytes(8, "big") + bytes(64),
        b"\xff" * 8 + data_of(LINE)[8:],
    ],
)
def test_what_is_no_cosignature_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        cosignatures_of(NOTE + line_of(data), WITNESS.verifier)


@pytest.mark.parametrize(
    "lines",
    ["", "\n", LINE.removesuffix("\n"), LINE + "\n", "\n" + LINE, LINE + "more\n", LINE * 101],
)
def test_an_answer_that_is_no_list_of_lines_is_malformed(lines: str) -> None:
    with pytest.raises(MalformedError):
        verify_cosignatures(lines, CHECKPOINT, WITNESS.verifier)


@given(st.integers(0, len(LINE) - 1), st.characters())
def test_a_line_with_one_character_changed_is_no_word_of_the_witness(
    place: int, character: str
) -> None:
    changed = LINE[:place] + character + LINE[place + 1 :]
    if changed == LINE:
        return
    try:
        assert cosignatures_of(NOTE + changed, WITNESS.verifier) == []
    except CryptoError:
        return


@pytest.mark.parametrize("at", [-1, LAST_TIME + 1, 2**63])
def test_no_time_that_nobody_can_read_is_signed(at: int) -> None:
    with pytest.raises(MalformedError):
        WITNESS.cosign(CHECKPOINT, at)


def test_an_origin_that_no_note_can_carry_is_not_signed() -> None:
    with pytest.raises(MalformedError):
        WITNESS.cosign(Checkpoint(origin="a\tb", size=7, root=bytes(32)), AT)


def test_a_key_reads_back_as_itself() -> None:
    made = Cosigner.generate("witness.example/w3")
    again = Cosigner.from_private_key(made.private_key)
    assert again.verifier == made.verifier
    assert WitnessVerifier.from_vkey(made.verifier.vkey) == made.verifier
    with pytest.raises(MalformedError, match="not the private key of a witness"):
        Cosigner.from_private_key(LOG.private_key)
