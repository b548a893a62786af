"""The file of witnesses: what is read, and every line that is refused."""

from pathlib import Path

import pytest

from crypto.cosignature import Cosigner
from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from service.witnesses.known import FILE, MOST, WitnessFileError, read_witnesses

LOG = NoteSigner("log.example", SecretBytes(bytes(32))).verifier
ONE = Cosigner("witness.example/w1", SecretBytes(bytes([1]) * 32)).verifier
TWO = Cosigner("witness.example/w2", SecretBytes(bytes([2]) * 32)).verifier


def write(folder: Path, text: str) -> Path:
    (folder / FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    return folder


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_witnesses(tmp_path, LOG) == ()
    assert read_witnesses(write(tmp_path, "\n# nobody yet\n\n"), LOG) == []


def test_a_line_is_a_key_and_an_address(tmp_path: Path) -> None:
    text = (
        f"# security team\n{ONE.vkey} https://witness.example/\n\n{TWO.vkey}  http://[::1]:8421/w/2"
    )
    found = read_witnesses(write(tmp_path, text), LOG)
    assert [(one.verifier, one.url) for one in found] == [
        (ONE, "https://witness.example"),
        (TWO, "http://[::1]:8421/w/2"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "https://witness.example",
        ONE.vkey,
        f"https://witness.example {ONE.vkey}",
        f"{ONE.vkey} https://witness.example more",
        f"{ONE.vkey} witness.example",
        f"{ONE.vkey} ftp://witness.example",
        f"{ONE.vkey} https://",
        f"{ONE.vkey} https://user@witness.example",
        f"{ONE.vkey} https://witness.example?x=1",
        f"{ONE.vkey} https://witness.example#x",
        f"{ONE.vkey} https://witness.example:port",
        f"{ONE.vkey} https://witness.example:0",
        f"{ONE.vkey} https://[",
        f"{ONE.vkey} https://w\u00eftness.example",
        f"{LOG.vkey} https://witness.example",
        f"{ONE.vkey[:-4]} https://witness.example",
    ],
)
def test_any_other_line_is_refused_by_its_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(WitnessFileError, match=r"witnesses\.txt, line 2: write a witness as"):
        read_witnesses(write(tmp_path, f"\n{line}\n"), LOG)


def test_one_key_is_one_witness_under_whatever_name(tmp_path: Path) -> None:
    renamed = Cosigner("other.example", SecretBytes(bytes([1]) * 32)).verifier
    text = f"{ONE.vkey} https://one.example\n{renamed.vkey} https://two.example\n"
    with pytest.raises(WitnessFileError, match="a key twice"):
        read_witnesses(write(tmp_path, text), LOG)


def test_the_log_is_no_witness_of_itself(tmp_path: Path) -> None:
    itself = Cosigner("witness.example", SecretBytes(bytes(32))).verifier
    with pytest.raises(WitnessFileError, match="a log cannot be its own witness"):
        read_witnesses(write(tmp_path, f"{itself.vkey} https://one.example\n"), LOG)


def test_there_are_no_more_than_every_reader_takes(tmp_path: Path) -> None:
    keys = [Cosigner(f"w{n}", SecretBytes(bytes([n + 1]) * 32)).verifier for n in range(MOST + 1)]
    lines = [f"{key.vkey} https://{key.name}.example" for key in keys]
    assert len(read_witnesses(write(tmp_path, "\n".join(lines[:MOST])), LOG)) == MOST
    with pytest.raises(WitnessFileError, match="more than 15"):
        read_witnesses(write(tmp_path, "\n".join(lines)), LOG)


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(WitnessFileError, match="cannot be read"):
        read_witnesses(tmp_path, LOG)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WitnessFileError, match="is not a text file"):
        read_witnesses(write(tmp_path, "\udcff"), LOG)
