"""New files: whole or not there, over nothing, on sticks that know no links and no owners."""

import os
import stat
from pathlib import Path
from typing import Any, NoReturn

import pytest

from service.client.device.newfile import check_new, write_private, write_shared
from service.client.foundation.errors import ClientRefusal


def refuse(*_args: Any, **_more: Any) -> NoReturn:
    raise PermissionError(1, "Operation not permitted")


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as on a memory stick: no hard links, no symbolic links, no modes, no owners."""
    for name in ("link", "symlink", "chmod", "fchmod", "chown", "fchown"):
        monkeypatch.setattr(os, name, refuse)
    return tmp_path


def test_a_file_is_written_where_there_are_no_links(stick: Path) -> None:
    path = stick / "file"
    write_private(path, b"one")
    assert path.read_bytes() == b"one"
    assert names(stick) == ["file"]


def test_it_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(path, b"one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ClientRefusal) as caught:
        write_private(path, b"two")
    assert caught.value.code == "file-exists"
    assert path.read_bytes() == b"one"
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("target", ["gone", "there"])
def test_a_link_gets_nothing(tmp_path: Path, target: str) -> None:
    (tmp_path / "there").write_bytes(b"mine")
    (tmp_path / "file").symlink_to(tmp_path / target)
    with pytest.raises(ClientRefusal) as caught:
        write_private(tmp_path / "file", b"x")
    assert caught.value.code == "file-exists"
    with pytest.raises(ClientRefusal) as caught:
        check_new(tmp_path / "file")
    assert caught.value.code == "file-exists"
    assert (tmp_path / "there").read_bytes() == b"mine"
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_is_not_whole_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def full(_descriptor: int) -> NoReturn:
        raise failure

    monkeypatch.setattr(os, "fsync", full)
    path = tmp_path / "file"
    with pytest.raises((ClientRefusal, KeyboardInterrupt)) as caught:
        write_private(path, b"one")
    assert names(tmp_path) == []
    if isinstance(caught.value, ClientRefusal):
        assert caught.value.code == "file"
        assert str(path) in caught.value.message
        assert "No space left" in caught.value.message
        assert "another disk" in caught.value.hint
    monkeypatch.undo()
    write_private(path, b"two")  # and the same command can be given again
    assert path.read_bytes() == b"two"


def test_several_files_are_all_written_or_none(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "none" / "two"
    with pytest.raises(ClientRefusal) as caught:
        write_shared({one: b"1", two: b"2"})
    assert caught.value.code == "file"
    assert str(two) in caught.value.message
    assert names(tmp_path) == []
    two.parent.mkdir()
    write_shared({one: b"1", two: b"2"})
    assert (one.read_bytes(), two.read_bytes()) == (b"1", b"2")
