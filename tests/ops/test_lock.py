"""Locks for the life of a process."""

from pathlib import Path

import pytest

from service.ops import lock


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
