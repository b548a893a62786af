"""What editors and mail gateways make of the files that people exchange, and a bundle's age."""

import codecs
import json
import os
import re
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.client.acting import SECRET, revealed
from tests.client.offline.conftest import REASON, Gone


def folded(data: bytes, width: int, end: bytes) -> bytes:
    return end.join(data[start : start + width] for start in range(0, len(data), width))


def folded_between(data: bytes, width: int, end: bytes) -> bytes:
    """Folds of lines that grow past ``width``, between values: there no blank has a meaning."""
    lines, parts = [b""], re.split(rb'(?<=",)(?=")', data)
    for part in parts:
        if len(lines[-1]) > width:
            lines.append(b"")
        lines[-1] += part
    return end.join(lines)


TRANSPORTS: Mapping[str, Callable[[bytes], bytes]] = {
    "byte order mark": lambda data: codecs.BOM_UTF8 + data,
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "UTF-16 without a mark": lambda data: data.decode().encode("utf-16-be"),
    "lines of 76": lambda data: folded(data, 76, b"\r\n"),
    "lines of 990, indented": lambda data: folded_between(data, 990, b"\r\n "),
    "blanks around it": lambda data: b"\r\n\r\n" + data + b"\r\n \r\n",
    "pretty": lambda data: json.dumps(json.loads(data), indent=2).encode(),
    "raw dashes": lambda data: json.dumps(json.loads(data), ensure_ascii=False).encode(),
    "all of it": lambda data: folded(data, 77, b"\r\n").decode().encode("utf-16"),
}


@pytest.fixture(scope="module")
def files(gone: Gone, asked: str, decisions: list[str]) -> list[bytes]:
    return [Path(name).read_bytes() for name in (gone.bundle, asked, *decisions)]


def test_what_is_written_is_plain_ascii_on_one_line(files: list[bytes]) -> None:
    assert all(data.isascii() and data.count(b"\n") == 1 for data in files)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_password_is_opened_with_files_that_a_transport_has_changed(
    gone: Gone, files: list[bytes], transport: str, tmp_path: Path
) -> None:
    paths = []
    for number, data in enumerate(files):
        path = tmp_path / str(number)
        path.write_bytes(TRANSPORTS[transport](data))
        paths.append(str(path))
    case = tmp_path / "case"
    assert revealed(gone["Gus"], "offline", "open", *paths, "--case", str(case)) == SECRET


CHANGED: Mapping[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[:-200],
    "half": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "Latin-1": lambda data: (
        json.dumps(json.loads(data), ensure_ascii=False)
        .encode()
        .replace("\u2014".encode(), b"\x97")
    ),
    "odd UTF-16": lambda data: codecs.BOM_UTF16_LE + data + b"\n" * (len(data) % 2),
}


@pytest.mark.parametrize("change", CHANGED)
def test_what_is_not_whole_is_said_so_and_accuses_no_log(
    gone: Gone, change: str, tmp_path: Path
) -> None:
    path = tmp_path / "bundle"
    path.write_bytes(CHANGED[change](Path(gone.bundle).read_bytes()))
    refused = gone["Gus"].run("offline", "request", str(path), *REASON)
    assert refused.exit_code == 1
    assert "[malformed-file]" in refused.stderr
    assert str(path) in refused.stderr


def test_a_cut_file_is_called_not_whole(gone: Gone, tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    path.write_bytes(Path(gone.bundle).read_bytes()[:-200])
    refused = gone["Gus"].run("offline", "request", str(path), *REASON)
    assert f"{path} is not whole" in refused.stderr
    assert ".zip" in refused.stderr


def test_a_dash_that_a_gateway_replaced_accuses_no_log(gone: Gone, tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    path.write_text(Path(gone.bundle).read_text().replace("\\u2014", "?"))
    assert gone["Gus"].refused("offline", "request", str(path), *REASON) == "bundle-damaged"


def test_a_checkpoint_folded_at_its_blanks_is_read(gone: Gone, tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    text = Path(gone.bundle).read_text()
    lines = textwrap.wrap(text, 60, break_long_words=False, break_on_hyphens=False)
    assert len(lines) > 1
    path.write_text("\r\n ".join(lines))
    out = tmp_path / "request"
    gone["Gus"].do("offline", "request", str(path), *REASON, "--out", str(out))


def link_to(path: Path, bundle: str) -> None:
    path.symlink_to(bundle)


def pipe(path: Path, _bundle: str) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [link_to, pipe])
def test_a_link_or_a_pipe_in_place_of_a_bundle_is_refused_at_once(
    gone: Gone, make: Callable[[Path, str], None], tmp_path: Path
) -> None:
    path = tmp_path / "bundle"
    make(path, gone.bundle)
    assert gone["Gus"].refused("offline", "request", str(path), *REASON) == "not-a-file"


def test_every_reader_of_a_bundle_says_how_old_it_is_and_on_whose_word(
    gone: Gone, asked: str, decisions: list[str], tmp_path: Path
) -> None:
    old = json.loads(Path(gone.bundle).read_text()) | {"made_at": "2026-01-02T03:04:05Z"}
    path = tmp_path / "bundle"
    path.write_text(json.dumps(old))
    steps = [
        ("Gus", ("request", str(path), *REASON, "--out", str(tmp_path / "request"))),
        ("Ann", ("approve", str(path), asked, "--out", str(tmp_path / "decision"))),
        ("Gus", ("open", str(path), asked, *decisions, "--case", str(tmp_path / "case"))),
    ]
    for name, command in steps:
        said = gone[name].says("offline", *command)
        assert "made " in said
        assert " ago (2026-01-02 03:04 UTC), as the service says" in said
        assert f"It does not say by whom; entry {old['leaf']} of the log does." in said
        assert "The newest signature in it was made " in said
