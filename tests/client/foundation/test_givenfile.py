"""Files that a person names: which are read, and what editors and gateways may do to them."""

import codecs
import json
import os
import socket
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.client.foundation.errors import ClientRefusal
from service.client.foundation.givenfile import json_of, open_given, read_given, text_of


def folder(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    path.with_name("real").write_bytes(b"text")
    path.symlink_to(path.with_name("real"))


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(path))


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def nothing(_path: Path) -> None:
    return None


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize(
    ("make", "code", "said"),
    [
        (folder, "not-a-file", "is a folder"),
        (link, "not-a-file", "is a link"),
        (pipe, "not-a-file", "is a pipe"),
        (listening, "not-a-file", "only a regular file"),
        (device, "not-a-file", "is a link"),
        (nothing, "no-file", "is not there"),
    ],
)
def test_only_a_regular_file_is_read_and_nothing_is_waited_for(
    tmp_path: Path, make: Callable[[Path], None], code: str, said: str
) -> None:
    path = tmp_path / "given"
    make(path)
    before = open_files()
    with pytest.raises(ClientRefusal) as refused:
        open_given(path)
    assert refused.value.code == code
    assert str(path) in refused.value.message
    assert said in refused.value.message
    assert refused.value.hint
    assert open_files() == before


def test_a_device_is_not_read() -> None:
    with pytest.raises(ClientRefusal, match="is a device"):
        read_given("/dev/zero", 10)


def test_a_name_below_a_file_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"text")
    with pytest.raises(ClientRefusal) as refused:
        read_given(tmp_path / "real" / "given", 10)
    assert refused.value.code == "file"
    assert "a part of it is a file" in refused.value.hint


@pytest.mark.parametrize(("size", "limit", "read"), [(3, 3, True), (3, 2, False), (0, 0, True)])
def test_a_file_of_more_than_the_limit_is_refused(
    tmp_path: Path, size: int, limit: int, *, read: bool
) -> None:
    path = tmp_path / "given"
    path.write_bytes(b"x" * size)
    if read:
        assert read_given(path, limit) == b"x" * size
        return
    with pytest.raises(ClientRefusal) as refused:
        read_given(path, limit)
    assert refused.value.code == "file-too-large"


ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff"))


@given(
    text=LINES,
    encoding=st.sampled_from(sorted(ENCODINGS)),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_text_is_what_it_was_before_an_editor_saved_it(text: str, encoding: str, end: str) -> None:
    if encoding.startswith("utf-16") and text.startswith("\x00"):
        return  # with its mark it begins as UTF-32 does
    saved = ENCODINGS[encoding] + text.replace("\n", end).encode(encoding)
    assert text_of(saved) == text


@pytest.mark.parametrize("data", [b"\xff", b"\xe4rger", codecs.BOM_UTF16_LE + b"a"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        text_of(data)


BASE64 = st.binary(min_size=1, max_size=300).map(
    lambda data: codecs.encode(data, "base64").decode()
)
RECORD = st.fixed_dictionaries(
    {
        "payload": BASE64.map(lambda text: text.replace("\n", "")),
        "format": st.just("breakglass-bundle/1"),
        "made_at": st.just("2026-11-30T20:00:00Z"),
        "leaf": st.integers(0, 2**53),
        "offline": st.booleans(),
        "more": st.none(),
    }
)


@given(
    record=RECORD,
    width=st.integers(1, 100),
    fold=st.sampled_from(["\n", "\r\n", "\r\n ", "\n\t", " \n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
)
def test_folded_json_says_what_it_said(
    record: dict[str, object], width: int, fold: str, encoding: str
) -> None:
    whole = json.dumps(record, separators=(",", ":"))
    lines = [whole[start : start + width] for start in range(0, len(whole), width)]
    assert json.loads(json_of(fold.join(lines).encode(encoding))) == record


NOTE = "host.example/log\n12\nAAAA\n\n\u2014 host.example/log QkJC\n"


@pytest.mark.parametrize("width", range(8, 60))
def test_a_note_that_is_folded_at_its_blanks_is_whole_again(width: int) -> None:
    whole = json.dumps({"checkpoint": NOTE})
    lines = textwrap.wrap(whole, width, break_long_words=False, break_on_hyphens=False)
    folded = "\r\n ".join(lines)
    assert json.loads(json_of(folded.encode())) == {"checkpoint": NOTE}


def test_json_that_no_one_folded_is_left_as_it_is() -> None:
    text = json.dumps({"a b": ["c  d", "\u2014", "\\", '"', "\n"]}, indent=2, ensure_ascii=False)
    assert json_of(text.encode()) == text
