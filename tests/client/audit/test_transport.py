"""Receipts, checkpoints and exports as editors, mail programs and version controls leave them."""

import codecs
import json
import os
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import Result

from service.client.audit.tree.marks import mark_of_file, marks_in, marks_of_mail
from service.client.foundation.errors import ClientRefusal
from tests.client.audit.exports import log, write
from tests.client.audit.test_prove import RELEASED, offline, receipt
from tests.client.audit.test_witnesses import ONE, SIZE, TWO, cosigned, verify

VERIFIER = log().signer.verifier
NOTE = cosigned(log(), SIZE, ONE, TWO)


def wrapped(text: str) -> str:
    """Lines that are too long go on after each blank, as many mail programs have it."""
    lines = [line.replace(" ", "\n") if len(line) > 76 else line for line in text.split("\n")]
    return "\n".join(lines)


def broken(text: str) -> str:
    """Lines are broken after 76 characters, whatever stands there."""
    lines = [
        line[start : start + 76]
        for line in text.split("\n")
        for start in range(0, max(len(line), 1), 76)
    ]
    return "\n".join(lines)


TRANSPORTS: Mapping[str, Callable[[str], bytes]] = {
    "as it was": str.encode,
    "byte order mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 big-endian": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "wrapped": lambda text: wrapped(text).encode(),
    "broken": lambda text: broken(text).encode(),
    "broken, CRLF, UTF-16": lambda text: broken(text).replace("\n", "\r\n").encode("utf-16"),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "more line ends": lambda text: b"\n" + text.encode() + b"\n\n",
    "blanks at the ends": lambda text: text.replace("\n", "  \n").encode(),
}


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_kept_checkpoint_is_read_with_all_its_cosignatures(
    transport: str, tmp_path: Path
) -> None:
    path = tmp_path / "checkpoint"
    path.write_bytes(TRANSPORTS[transport](NOTE))
    assert mark_of_file(path, VERIFIER).note == NOTE


@pytest.mark.parametrize("transport", sorted(set(TRANSPORTS) - {"blanks at the ends"}))
def test_a_kept_receipt_is_read(transport: str, tmp_path: Path) -> None:
    path = tmp_path / "receipt"
    path.write_bytes(TRANSPORTS[transport](receipt(RELEASED, SIZE)))
    result = offline(tmp_path, str(path))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("transport", ["byte order mark", "CRLF", "UTF-16", "broken"])
def test_an_act_s_answer_is_read(transport: str, tmp_path: Path) -> None:
    path = tmp_path / "answer"
    path.write_bytes(TRANSPORTS[transport](json.dumps({"receipt": receipt(RELEASED, SIZE)})))
    assert offline(tmp_path, str(path)).exit_code == 0


@pytest.mark.parametrize("quote", ["> ", ">> ", "> > ", "\t"])
@pytest.mark.parametrize("fold", [wrapped, broken, str])
def test_a_quoted_mail_is_read(quote: str, fold: Callable[[str], str]) -> None:
    text = "".join(f"{quote}{line}\n" for line in fold(NOTE).split("\n"))
    [mark] = marks_in(f"Olga wrote:\n{text}\nRegards", VERIFIER, "a mail")
    assert mark.note == NOTE


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1252", "big5", "unheard-of"])
def test_a_mail_in_any_charset_is_read(charset: str, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "the log"
    known = "utf-8" if charset == "unheard-of" else charset
    mail.set_content(f"The log today:\n\n{NOTE}\nRegards", charset=known, cte="base64")
    path = tmp_path / "mail"
    path.write_bytes(mail.as_bytes().replace(b'charset="utf-8"', f'charset="{charset}"'.encode()))
    [mark] = marks_of_mail(path, VERIFIER)
    assert mark.note == NOTE


def test_a_signature_that_no_one_filled_ends_with_its_line() -> None:
    strange = NOTE + "\u2014 other.example QUJD\nRegards\n\u2014 Olga\n"
    [mark] = marks_in(strange, VERIFIER, "a mail")
    assert mark.note.startswith(NOTE)


def refused(result: Result) -> str:
    assert result.exit_code == 1, result.output
    return result.stderr.splitlines()[0].rpartition("[")[2].removesuffix("]")


DAMAGED: Mapping[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut": (lambda data: data[:-20], "not-a-receipt"),
    "empty": (lambda _data: b"", "not-a-receipt"),
    "no text": (lambda _data: b"\xff\xfe\x00", "not-a-receipt"),
    "dash replaced": (lambda data: data.replace("\u2014".encode(), b"?"), "not-a-receipt"),
    "another root": (
        lambda data: data.replace(b"\n" + str(SIZE).encode(), b"\n9999"),
        "log-receipt-forged",
    ),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_only_a_well_formed_receipt_accuses_the_log(damage: str, tmp_path: Path) -> None:
    change, code = DAMAGED[damage]
    path = tmp_path / "receipt"
    path.write_bytes(change(receipt(RELEASED, SIZE).encode()))
    assert refused(offline(tmp_path, str(path))) == code


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write(tmp_path / "export", log())


def test_an_export_whose_checkpoint_has_other_line_ends_is_right(export: Path) -> None:
    note = export / "checkpoint"
    note.write_bytes(codecs.BOM_UTF8 + note.read_bytes().replace(b"\n", b"\r\n"))
    assert verify(export).exit_code == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "export-damaged"),
        ("x\n1\ny\n", "export-damaged"),
        (NOTE.rstrip("\n"), "export-damaged"),
        (NOTE.replace(f"\n{SIZE}\n", "\n1\n"), "log-not-signed"),
    ],
)
def test_a_damaged_checkpoint_of_an_export_accuses_no_log(
    export: Path, text: str, code: str
) -> None:
    (export / "checkpoint").write_text(text)
    assert refused(verify(export)) == code


ODD: Mapping[str, Callable[[Path], None]] = {
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "link": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "name",
    [
        "checkpoint",
        "checkpoint.cosigned",
        "events.jsonl",
        "tile/0/000.p/{0}",
        "tile/entries/000.p/{0}",
    ],
)
def test_what_is_no_file_in_an_export_is_refused_at_once(export: Path, name: str, odd: str) -> None:
    path = export / name.format(SIZE)
    path.unlink(missing_ok=True)
    ODD[odd](path)
    assert refused(verify(export)) == "export-damaged"


@pytest.mark.parametrize("odd", ["pipe", "link"])
@pytest.mark.parametrize("option", ["--since", "--mail"])
def test_what_is_no_file_in_an_auditors_notes_is_refused_at_once(
    export: Path, tmp_path: Path, option: str, odd: str
) -> None:
    path = tmp_path / "kept"
    ODD[odd](path)
    assert refused(verify(export, option, str(path))) == "not-a-file"


def test_a_kept_checkpoint_of_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("nothing")
    with pytest.raises(ClientRefusal) as caught:
        mark_of_file(path, VERIFIER)
    assert caught.value.code == "not-a-checkpoint"
