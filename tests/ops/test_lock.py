"""Locks for the life of a process."""

import errno
import fcntl
import os
from pathlib import Path
from typing import NoReturn

import pytest

from service.ops import lock
from service.ops.failures import explain
from service.storage.file_lock import FileLock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.lock"


def test_one_holder_at_a_time(path: Path) -> None:
    with lock.held(path) as first:
        with lock.held(path) as second:
            assert (first, second) == (True, False)
        assert lock.is_held(path)
    with lock.held(path) as third:
        assert third


def test_looking_takes_nothing_and_makes_no_file(path: Path) -> None:
    assert not lock.is_held(path)
    assert not path.exists()


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOLCK, "a disk of this machine"),
        (errno.EROFS, "mount it for writing"),
        (errno.ENOSPC, "free some space"),
        (errno.EACCES, "the user to whom the state folder belongs"),
    ],
)
@pytest.mark.parametrize("which", ["life", "turn"])
def test_where_there_are_no_locks_the_file_the_cause_and_the_way_on_are_said(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, advice: str, which: str
) -> None:
    def refuse(_descriptor: int, _how: int) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    held = lock.held(path) if which == "life" else FileLock(path, 1.0).hold()
    with pytest.raises(OSError, match=os.strerror(number)) as failed, held:
        pass
    said = explain(failed.value)
    assert f"{os.strerror(number)}: {path}; " in said
    assert advice in said
