"""The copier beside the worker, and what status says of it."""

import threading
from collections.abc import Iterator

import pytest

from service.aws.objects.archive import S3Archive
from service.aws.objects.s3 import StoreFault
from service.config import Settings
from service.ops import lock, log_copy
from service.ops.log_copy import FAULT, LOCK, archive_of, copy_findings, copy_once, work
from service.ops.opening import opened
from service.usecases.context import Context
from tests.conftest import HandClock
from tests.fakes.archive import FakeArchive
from tests.ops.installation import Installation, eventually


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> FakeArchive:
    made = FakeArchive()
    monkeypatch.setattr(log_copy, "archive_of", lambda *_, **__: made)
    return made


@pytest.fixture
def ctx(ready: Installation, read: Settings, clock: HandClock) -> Iterator[Context]:
    with opened(read) as made:
        clock.time = made.clock()
        yield made


def codes(ctx: Context, read: Settings, clock: HandClock) -> list[str]:
    return [finding.code for finding in copy_findings(ctx.database, read, clock)]


def test_without_a_bucket_nothing_is_copied_and_nothing_is_wrong(
    ctx: Context, read: Settings, clock: HandClock
) -> None:
    assert log_copy.start_thread(ctx, read, threading.Event()) is None
    clock.advance(days=1)
    assert codes(ctx, read, clock) == []


def test_the_bucket_of_the_settings_is_locked_for_as_long_as_they_say(
    read: Settings, clock: HandClock
) -> None:
    named = read.model_copy(update={"log_bucket": "breakglass-log", "s3_region": "eu-central-1"})
    made = archive_of(named, clock)
    assert isinstance(made, S3Archive)
    assert made.name == "s3://breakglass-log"
    assert named.log_retention_days == 365


def test_a_copy_that_is_behind_is_found(
    ctx: Context, read: Settings, clock: HandClock, archive: FakeArchive
) -> None:
    assert codes(ctx, read, clock) == []  # a moment ago is no fault
    clock.advance(minutes=11)
    assert codes(ctx, read, clock) == ["copy-behind"]
    reached = copy_once(ctx, archive, read.state_dir / FAULT, None)
    assert reached is not None
    assert codes(ctx, read, clock) == []
    assert archive.objects["checkpoint"].decode() == ctx.signer.checkpoint(ctx.database)


def test_what_the_bucket_refuses_is_found_with_its_word_until_it_is_mended(
    ctx: Context, read: Settings, clock: HandClock, archive: FakeArchive
) -> None:
    archive.refuses = StoreFault("InvalidRequest")
    assert copy_once(ctx, archive, read.state_dir / FAULT, None) is None
    [finding] = copy_findings(ctx.database, read, clock)
    assert finding.code == "copy-failing"
    assert "InvalidRequest" in finding.message
    archive.refuses = None
    assert copy_once(ctx, archive, read.state_dir / FAULT, None) is not None
    assert codes(ctx, read, clock) == []


def test_a_bucket_that_does_not_answer_is_found(
    ctx: Context, read: Settings, clock: HandClock, archive: FakeArchive
) -> None:
    archive.fault = StoreFault("AccessDenied")
    [finding] = copy_findings(ctx.database, read, clock)
    assert finding.code == "copy-failing"
    assert "AccessDenied" in finding.message


def test_a_copy_of_another_log_is_found_and_left_alone(
    ctx: Context, read: Settings, clock: HandClock, archive: FakeArchive
) -> None:
    archive.objects["checkpoint"] = b"of another log"
    assert copy_once(ctx, archive, read.state_dir / FAULT, None) is None
    assert codes(ctx, read, clock) == ["copy-differs"]
    assert archive.objects == {"checkpoint": b"of another log"}


def test_a_log_that_is_not_signed_is_not_copied(
    ctx: Context, read: Settings, archive: FakeArchive
) -> None:
    (read.state_dir / "log.guard").unlink()
    assert copy_once(ctx, archive, read.state_dir / FAULT, None) is None
    assert archive.objects == {}
    assert "log.guard is missing" in (read.state_dir / FAULT).read_text()


def test_one_process_of_a_state_folder_copies(
    ctx: Context,
    read: Settings,
    archive: FakeArchive,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log_copy, "EVERY", 0.05)
    stop = threading.Event()
    copier = threading.Thread(target=work, args=(ctx, archive, read.state_dir, stop))
    with lock.held(read.state_dir / LOCK):
        copier.start()
        assert not eventually(lambda: bool(archive.objects), seconds=0.5)
    assert eventually(lambda: "checkpoint" in archive.objects)
    stop.set()
    copier.join(5)
    assert not copier.is_alive()
