"""The memory of running processes, read from outside as somebody with the server would."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHUNK = 4 * 1024 * 1024
_NEVER = ("[vvar]", "[vvar_vclock]", "[vdso]", "[vsyscall]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A part of a process's memory that may differ from what is on disk."""

    start: int
    end: int


def regions(pid: int) -> Iterator[Region]:
    """All that can be read and may have been written: heap, stacks, arenas, data of libraries.

    A file that is mapped without leave to write holds what the file holds.
    """
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
        place, rights, _offset, _device, inode, *path = line.split(maxsplit=5)
        start, end = (int(number, 16) for number in place.split("-"))
        changed = "w" in rights or inode == "0"
        if rights[0] == "r" and changed and path not in [[name] for name in _NEVER]:
            yield Region(start=start, end=end)


def chunks(pid: int, overlap: int) -> Iterator[bytes]:
    """The memory of a process in pieces that overlap, without those that were never touched.

    Raises:
        PermissionError: this system does not let us.
    """
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for region in regions(pid):
            start = region.start
            while start < region.end:
                end = min(start + CHUNK, region.end)
                data = os.pread(memory.fileno(), end - start, start)
                if data.strip(b"\0"):
                    yield data
                start = end if end == region.end else end - overlap


def group(leader: int) -> list[int]:
    """Every process of a group: the server's parent process and its workers."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if os.getpgid(int(entry.name)) == leader:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return sorted(found)


@contextmanager
def standing_still(leader: int) -> Iterator[list[int]]:
    """Stop every process of a group for a moment, so that nothing moves under the search."""
    os.killpg(leader, signal.SIGSTOP)
    try:
        yield group(leader)
    finally:
        os.killpg(leader, signal.SIGCONT)


def may_read(pid: int) -> bool:
    """Whether this system lets us read the memory of our own child."""
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            region = next(regions(pid))
            return bool(os.pread(memory.fileno(), 1, region.start))
    except OSError:
        return False
