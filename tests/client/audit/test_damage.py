"""Whatever is changed in an export's files is refused, with the file or the leaf named."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.client.audit.tree import pool as audit_pool
from service.client.audit.tree.blocks import CheckedTile, Task
from service.client.audit.tree.tree import open_export, verified_steps
from service.client.audit.verify import verified
from service.client.foundation.errors import ClientRefusal
from tests.client.audit.exports import log, story, write
from tests.client.honest import START
from tests.client.logs import Log

LONG = 700  # three tiles of leaves, and one above them


@pytest.fixture(scope="module")
def long_log() -> Log:
    """The whole story, and many sign-ins after it."""
    long = Log(signer=log().signer, leaves=list(story()))
    for number in range(LONG - len(story())):
        long.append(
            "session:opened",
            subject="service",
            at=START.replace(year=2027),
            details={"session": f"{number}"},
        )
    return long


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory, long_log: Log) -> Path:
    return write(tmp_path_factory.mktemp("audit") / "export", long_log)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("audit") / "short", log())


def refused(folder: Path, workers: int = 1) -> ClientRefusal:
    with pytest.raises(ClientRefusal) as caught:
        verified(folder, log().signer.verifier, anchors={}, marks=[], workers=workers)
    return caught.value


def changed(folder: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    copy = folder.parent / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    (copy / name).write_bytes(change((copy / name).read_bytes()))
    return copy


def flipped(bit: int) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        altered = bytearray(data)
        altered[bit // 8] ^= 1 << bit % 8
        return bytes(altered)

    return change


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_long_log_is_right_as_it_was_written(export: Path) -> None:
    world = verified(export, log().signer.verifier, anchors={}, marks=[])
    assert world.tally["leaves"] == LONG
    assert sorted(p.parts[1] for p in map(Path, names(export)) if p.parts[0] == "tile")[:1] == ["0"]


@given(choice=st.data())
@settings(max_examples=80, deadline=None)
def test_a_flipped_bit_is_refused_and_its_file_named(
    choice: st.DataObject, export: Path, short: Path
) -> None:
    folder = choice.draw(st.sampled_from([export, short]))
    name = choice.draw(st.sampled_from(names(folder)))
    bit = choice.draw(st.integers(0, (folder / name).stat().st_size * 8 - 1))
    caught = refused(changed(folder, name, flipped(bit)))
    assert name in caught.message
    assert caught.code in {"export-damaged", "log-not-signed"}


@given(choice=st.data())
@settings(max_examples=60, deadline=None)
def test_any_single_change_of_any_file_is_refused(choice: st.DataObject, short: Path) -> None:
    name = choice.draw(st.sampled_from(names(short)))
    size = (short / name).stat().st_size
    start = choice.draw(st.integers(0, size))
    end = choice.draw(st.integers(start, min(size, start + 300)))
    put = choice.draw(st.binary(max_size=300))

    def change(data: bytes) -> bytes:
        return data[:start] + put + data[end:]

    if change((short / name).read_bytes()) == (short / name).read_bytes():
        return
    assert refused(changed(short, name, change)).code in {"export-damaged", "log-not-signed"}


@pytest.mark.parametrize(
    ("name", "at", "sentence"),
    [
        ("events.jsonl", 0, "events.jsonl has another leaf 0 than tile/entries/000"),
        ("tile/0/001", 35, "tile/0/001 does not have the hash of leaf 257"),
        ("tile/entries/002.p/188", 9, "tile/entries/002.p/188 has another leaf 512 than"),
        ("tile/1/000.p/2", 3, "tile/1/000.p/2 has other hashes than the tiles below it"),
        ("checkpoint", 3, "the export's checkpoint"),
    ],
)
def test_the_sentence_says_which_of_three_is_wrong(
    export: Path, name: str, at: int, sentence: str
) -> None:
    assert sentence in refused(changed(export, name, flipped(at * 8))).message


def test_two_files_changed_alike_still_do_not_agree_with_the_hash(export: Path) -> None:
    for name in ("events.jsonl", "tile/entries/000"):
        export = changed(export, name, lambda d: d.replace(b"session", b"Session", 1))
        export = export.rename(export.with_name(f"copy-{Path(name).name}"))
    assert "tile/0/000 does not have the hash of leaf" in refused(export).message


def test_a_tile_that_belongs_to_no_tree_of_this_size_is_refused(short: Path) -> None:
    copy = changed(short, "checkpoint", bytes)
    stray = copy / "tile/entries/000.p/9"
    stray.write_bytes(b"\x00\x01x")
    assert "tile/entries/000.p/9 does not belong to a log" in refused(copy).message
    stray.unlink()
    (copy / "tile/notes.txt").write_text("a note")
    assert "tile/notes.txt does not belong to a log" in refused(copy).message


def test_files_beside_the_export_are_nobodys_concern(short: Path) -> None:
    copy = changed(short, "checkpoint", bytes)
    (copy / "report.html").write_text("filed here")
    assert verified(copy, log().signer.verifier, anchors={}, marks=[]).tally["leaves"]


@pytest.mark.parametrize("missing", ["tile/entries/001", "tile/0/002.p/188", "events.jsonl"])
def test_what_is_missing_is_named(export: Path, missing: str) -> None:
    copy = changed(export, missing, bytes)
    (copy / missing).unlink()
    assert f"{missing} is missing" in refused(copy).message


# ---------------------------------------------------------------- on several cores


@pytest.fixture
def two_workers(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(audit_pool, "PAYS_FROM", 0)
    monkeypatch.setattr(audit_pool, "BYTES_IN_A_BLOCK", 0)
    return 2


def test_several_processes_find_the_same(export: Path, two_workers: int) -> None:
    key = log().signer.verifier
    one = verified(export, key, anchors={}, marks=[])
    two = verified(export, key, anchors={}, marks=[], workers=two_workers)
    assert (one.tally, one.kinds, one.last_at) == (two.tally, two.kinds, two.last_at)
    assert one.accounts == two.accounts


def test_several_processes_name_the_first_wrong_leaf(export: Path, two_workers: int) -> None:
    copy = changed(export, "tile/0/001", flipped(0))
    (copy / "tile/entries/002.p/188").unlink()
    alone, together = refused(copy), refused(copy, two_workers)
    assert "leaf 256" in alone.message
    assert (alone.code, alone.message) == (together.code, together.message)


def die(_task: Task) -> list[CheckedTile]:
    os._exit(1)


def test_a_process_that_the_system_ends_is_told_and_nothing_is_accepted(
    export: Path, two_workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_pool, "check_block", die)
    assert refused(export, two_workers).code == "workers-died"


def test_a_log_of_one_tile_more_or_less_is_counted_exactly(tmp_path: Path) -> None:
    for size in (0, 1, 255, 256, 257, 512, 513):
        made = Log()
        for _ in range(size):
            made.append("session:opened", subject="service", at=START)
        folder = write(tmp_path / str(size), made)
        checkpoint = open_export(folder, made.signer.verifier)
        steps = list(verified_steps(folder, checkpoint, []))
        assert sum(getattr(step, "count", 1) for step in steps) == size
