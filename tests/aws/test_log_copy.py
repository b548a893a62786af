"""The copy of the log in a locked bucket, against a server that speaks S3."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from crypto.checkpoint import open_checkpoint
from crypto.note import NoteVerifier
from crypto.tiles import tiles_of
from service.aws.objects.archive import S3Archive
from service.aws.objects.s3 import StoreFault
from service.client.audit.tree.files import CHECKPOINT, TileWriter
from service.domain.events import SERVICE, Action, Event
from service.storage import log
from service.usecases import copying, epochs
from service.usecases.context import Context
from service.usecases.copying import CopyDiffersError, Reach
from tests.conftest import HandClock
from tests.storage.rewriting import leaves_of, rewrite
from tests.usecases.world import World

BUCKET = "breakglass-log"
REGION = "eu-central-1"
DAYS = timedelta(days=400)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


class Bucket:
    """What stands in the bucket, seen by somebody else."""

    def __init__(self, url: str, name: str, *, locked: bool = True) -> None:
        self.url, self.name = url, name
        self.client: Any = boto3.client("s3", endpoint_url=url, region_name=REGION)
        self.client.create_bucket(
            Bucket=name,
            CreateBucketConfiguration={"LocationConstraint": REGION},
            ObjectLockEnabledForBucket=locked,
        )

    def archive(self, clock: HandClock) -> S3Archive:
        return S3Archive(
            self.name, retention=DAYS, clock=clock, region=REGION, endpoint_url=self.url, tries=1
        )

    def names(self, prefix: str = "") -> set[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=prefix
        )
        return {found["Key"] for page in pages for found in page.get("Contents", ())}

    def read(self, name: str) -> bytes:
        data: bytes = self.client.get_object(Bucket=self.name, Key=name)["Body"].read()
        return data


@pytest.fixture
def bucket(aws: None, server: str, tmp_path: Path) -> Bucket:
    return Bucket(server, f"{BUCKET}-{abs(hash(tmp_path)) % 10**9}")


def grow(ctx: Context, count: int) -> None:
    one = Event(
        action=Action.SESSION_OPENED, actor=SERVICE, subject=SERVICE, details={"session": "s"}
    )
    with ctx.write() as unit:
        unit.record(*[one] * count)


def copied(ctx: Context, bucket: Bucket, clock: HandClock) -> Reach:
    """One look of a process that has just started."""
    archive = bucket.archive(clock)
    reached = copying.reach(ctx.database, ctx.signer.verifier_key, archive)
    return copying.step(ctx, archive, reached)


def files_of(ctx: Context, folder: Path, size: int) -> Mapping[str, bytes]:
    """The same tree as an export writes it."""
    folder.mkdir()
    writer = TileWriter(folder)
    with ctx.database.read() as session:
        for leaf in log.read_leaves(session, 0, size):
            writer.add(leaf)
    writer.close()
    return {
        name: (folder / name).read_bytes()
        for tile in tiles_of(size)
        for name in ([tile.path, tile.entries_path] if tile.level == 0 else [tile.path])
    }


def test_tiles_entries_and_checkpoints_are_those_of_an_export(
    world: World, bucket: Bucket, clock: HandClock, tmp_path: Path
) -> None:
    for number, count in enumerate((3, 250, 1, 2, 400)):
        grow(world.ctx, count)
        reached = copied(world.ctx, bucket, clock)
        for name, data in files_of(world.ctx, tmp_path / str(number), reached.size).items():
            assert bucket.read(name) == data, name
        note = bucket.read(CHECKPOINT)
        assert bucket.read(f"checkpoints/{reached.size}") == note
        verifier = NoteVerifier.from_vkey(world.ctx.signer.verifier_key)
        assert open_checkpoint(note.decode(), verifier).size == reached.size == world_size(world)


def world_size(world: World) -> int:
    with world.ctx.database.read() as session:
        return log.head(session).size


def test_only_what_is_new_is_written(world: World, bucket: Bucket, clock: HandClock) -> None:
    grow(world.ctx, 600)
    copied(world.ctx, bucket, clock)
    before = bucket.names()
    archive = Counting(bucket.archive(clock))
    reached = copying.reach(world.ctx.database, world.ctx.signer.verifier_key, archive)
    assert copying.step(world.ctx, archive, reached) == reached
    assert archive.written == []
    grow(world.ctx, 1)
    size = copying.step(world.ctx, archive, reached).size
    width = size % 256
    assert archive.written == [
        f"tile/entries/002.p/{width}",
        f"tile/0/002.p/{width}",
        f"checkpoints/{size}",
        CHECKPOINT,
    ]
    assert bucket.names() - before == set(archive.written[:3])


class Counting:
    """Writes down what is written, and breaks where it is told to."""

    def __init__(self, archive: S3Archive, breaks_after: int = 1000) -> None:
        self.name = archive.name
        self.written: list[str] = []
        self._archive = archive
        self._breaks_after = breaks_after

    def get(self, name: str) -> bytes | None:
        return self._archive.get(name)

    def put_once(self, name: str, data: bytes) -> bool:
        self._count(name)
        return self._archive.put_once(name, data)

    def put(self, name: str, data: bytes) -> None:
        self._count(name)
        self._archive.put(name, data)

    def _count(self, name: str) -> None:
        if len(self.written) == self._breaks_after:
            raise StoreFault("InternalError")
        self.written.append(name)


@pytest.mark.parametrize("breaks_after", range(6))
def test_a_copy_that_was_interrupted_anywhere_goes_on(
    world: World, bucket: Bucket, clock: HandClock, tmp_path: Path, breaks_after: int
) -> None:
    grow(world.ctx, 300)
    archive = Counting(bucket.archive(clock), breaks_after)
    with pytest.raises(StoreFault):
        copying.step(world.ctx, archive, Reach(prefix="", size=0))
    assert CHECKPOINT not in bucket.names()  # nothing is promised that is not there
    grow(world.ctx, 2)
    reached = copied(world.ctx, bucket, clock)
    for name, data in files_of(world.ctx, tmp_path / "export", reached.size).items():
        assert bucket.read(name) == data


def test_what_was_copied_cannot_be_deleted_by_anybody_before_its_time(
    world: World, bucket: Bucket, clock: HandClock
) -> None:
    clock.time = world.ctx.clock()
    grow(world.ctx, 3)
    reached = copied(world.ctx, bucket, clock)
    name = f"checkpoints/{reached.size}"
    head = bucket.client.head_object(Bucket=bucket.name, Key=name)
    assert head["ObjectLockMode"] == "COMPLIANCE"
    assert head["ObjectLockRetainUntilDate"] == clock() + DAYS
    with pytest.raises(ClientError, match="AccessDenied"):
        bucket.client.delete_object(
            Bucket=bucket.name,
            Key=name,
            VersionId=head["VersionId"],
            BypassGovernanceRetention=True,
        )


def test_something_else_under_a_name_is_a_fault_and_stays(
    world: World, bucket: Bucket, clock: HandClock
) -> None:
    grow(world.ctx, 3)
    size = world_size(world)
    bucket.client.put_object(Bucket=bucket.name, Key=f"tile/0/000.p/{size}", Body=b"other")
    with pytest.raises(StoreFault, match="Different"):
        copied(world.ctx, bucket, clock)
    assert bucket.read(f"tile/0/000.p/{size}") == b"other"
    assert CHECKPOINT not in bucket.names()


@pytest.mark.parametrize("data", [b"", b"\xff", b"no note"])
def test_a_copy_that_this_log_has_not_signed_is_not_gone_on_with(
    world: World, bucket: Bucket, clock: HandClock, data: bytes
) -> None:
    grow(world.ctx, 3)
    bucket.client.put_object(Bucket=bucket.name, Key=CHECKPOINT, Body=data)
    with pytest.raises(CopyDiffersError):
        copied(world.ctx, bucket, clock)


def test_a_log_that_was_put_back_is_copied_anew_beside_what_is_locked(
    world: World, bucket: Bucket, clock: HandClock, tmp_path: Path
) -> None:
    clock.time = world.ctx.clock()
    world.clock = world.ctx.clock
    grow(world.ctx, 300)
    older = leaves_of(world.ctx.database)
    grow(world.ctx, 5)
    lost = copied(world.ctx, bucket, clock).size
    before = {name: bucket.read(name) for name in bucket.names()}
    rewrite(world.ctx.database, older)
    with pytest.raises(CopyDiffersError):
        copied(world.ctx, bucket, clock)
    epochs.begin(world.ctx, "ops:nina", "the disk broke")
    reached = copied(world.ctx, bucket, clock)
    assert reached.prefix == "epoch-2/"
    assert reached.size == len(older) + 1 != lost
    for name, data in files_of(world.ctx, tmp_path / "export", reached.size).items():
        assert bucket.read(f"epoch-2/{name}") == data
    assert {name: bucket.read(name) for name in before} == before
