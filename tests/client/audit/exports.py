"""Logs to be audited: the real story, told once, and ways to write it differently."""

import dataclasses
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from crypto.leaf import Leaf, encode_leaf, parse_leaf
from service.client.audit.replay.replay import finish, replay
from service.client.audit.replay.world import Recorder, World
from service.client.audit.tree.blocks import parsed
from service.client.audit.tree.files import CHECKPOINT, TileWriter
from tests.client.audit.story import tell
from tests.client.logs import Log

Rewrite = Callable[[list[Leaf]], list[Leaf]]


@cache
def story() -> tuple[bytes, ...]:
    return tuple(tell())


@cache
def log() -> Log:
    return Log(leaves=list(story()))


def leaves() -> list[Leaf]:
    return [parse_leaf(data) for data in story()]


def encoded(written: Sequence[Leaf]) -> list[bytes]:
    """Number leaves anew and encode them: what whoever holds the log's key could sign."""
    return [encode_leaf(dataclasses.replace(leaf, seq=i)) for i, leaf in enumerate(written)]


def replayed(data: Sequence[bytes], **anchors: str) -> World:
    world = World(anchors=anchors)
    for index, raw in enumerate(data):
        replay(world, parsed(raw, index))
    finish(world)
    return world


def replayed_by(recorder: Recorder, data: Sequence[bytes]) -> World:
    """The same, while somebody listens."""
    world = World(recorder=recorder)
    for index, raw in enumerate(data):
        replay(world, parsed(raw, index))
    finish(world)
    return world


def place(action: str, nth: int = 0) -> int:
    """The index of the nth leaf with this action."""
    return [leaf.seq for leaf in leaves() if leaf.action == action][nth]


def write(folder: Path, written: Log) -> Path:
    """An export as the service's own log would give it."""
    folder.mkdir(parents=True)
    writer = TileWriter(folder)
    for leaf in written.leaves:
        writer.add(leaf)
    writer.close()
    (folder / CHECKPOINT).write_text(written.checkpoint())
    return folder
