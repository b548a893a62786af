"""The file of notices: private, whole lines, on the disk."""

import json
import os
from pathlib import Path

import pytest

from service.aws.notices.channel import TransientFault
from service.aws.notices.file_channel import FileChannel
from tests.aws.notices import NOTICE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notices.jsonl"


def test_each_notice_is_one_line_with_all_that_a_topic_would_get(path: Path) -> None:
    channel = FileChannel(path)
    channel.send(NOTICE)
    channel.send(NOTICE)
    first, second = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert (
        first
        == second
        == NOTICE.attributes
        | {
            "at": "2026-11-23T09:00:00Z",
            "subject": NOTICE.subject,
            "body": NOTICE.body,
        }
    )


def test_only_its_owner_reads_the_file_even_if_it_was_open_before(path: Path) -> None:
    previous = os.umask(0)
    try:
        FileChannel(path).send(NOTICE)
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)
        FileChannel(path).send(NOTICE)
        assert path.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(previous)


def test_a_file_that_cannot_be_written_is_a_fault_with_an_alarm(tmp_path: Path) -> None:
    with pytest.raises(TransientFault) as fault:
        FileChannel(tmp_path / "missing" / "notices.jsonl").send(NOTICE)
    assert fault.value.alarm
    assert fault.value.code == "FileNotFoundError"


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TransientFault):
        FileChannel(path).send(NOTICE)
    assert not (tmp_path / "elsewhere").exists()


def test_a_full_disk_leaves_no_half_line() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(TransientFault):
        FileChannel(full).send(NOTICE)
