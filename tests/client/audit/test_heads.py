"""Heads that statements name: a device that was shown a fork is named once it acts in this log."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crypto.merkle import Frontier, leaf_hash, root
from crypto.note import NoteVerifier
from service.client.audit.replay.world import World as Replayed
from service.client.audit.tree.given_up import GivenUp
from service.client.audit.tree.heads import Heads, NamedHead
from service.client.audit.verify import verified
from service.client.foundation.errors import ClientRefusal
from service.usecases import requests
from tests.client.audit.exports import write
from tests.client.audit.story import a_world, begin, leaves_of
from tests.client.logs import Log
from tests.usecases.bodies import body
from tests.usecases.world import World

LEAVES = [leaf_hash(n.to_bytes(2, "big")) for n in range(600)]
Head = dict[str, Any]


def head(size: int, seq: int = 599, of: list[bytes] | None = None) -> NamedHead:
    named = root((of or LEAVES)[:size]).hex()
    return NamedHead(leaf=seq, signer="ann", size=size, root=named)


def reached(heads: Heads, *named: NamedHead) -> None:
    """Feed a log of three tiles, the heads at their leaves, as an export is read."""
    edge = Frontier()
    for start in range(0, len(LEAVES), 256):
        tile = LEAVES[start : start + 256]
        for one in named:
            if start <= one.leaf < start + 256:
                heads.name(one)
        heads.reach(edge, tile)
        edge = edge.extend(tile)[0]
    heads.finish(read_tile)


def read_tile(level: int, index: int) -> list[bytes]:
    if level:
        return [root(LEAVES[i * 256 : (i + 1) * 256]) for i in range(len(LEAVES) // 256)]
    return LEAVES[index * 256 : (index + 1) * 256]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 598, 599])
def test_a_head_that_the_log_had_is_taken_and_any_other_root_is_not(size: int) -> None:
    reached(Heads(GivenUp()), head(size), head(1), head(size // 2 or 1))
    other = [LEAVES[-1], *LEAVES[1:]]
    with pytest.raises(ClientRefusal) as caught:
        reached(Heads(GivenUp()), head(1), head(size, of=other))
    assert caught.value.code == "log-forked"
    assert f"leaf 599: its signer ann names a head of {size} entries" in caught.value.message


def test_a_head_above_its_own_leaf_is_of_another_log() -> None:
    with pytest.raises(ClientRefusal) as caught:
        reached(Heads(GivenUp()), head(301, seq=300))
    assert caught.value.code == "log-forked"
    reached(Heads(GivenUp()), head(300, seq=300))


# --- the whole of it, in an export ---


def written(world: World, folder: Path) -> tuple[Path, NoteVerifier]:
    log = Log(leaves=leaves_of(world))
    return write(folder, log), log.signer.verifier


def current(world: World) -> Head:
    leaves = [leaf_hash(leaf) for leaf in leaves_of(world)]
    return {"log_size": len(leaves), "log_root": root(leaves).hex()}


def audited(folder: Path, act: Callable[[World], object]) -> Replayed:
    with a_world(folder) as world:
        begin(world)
        act(world)
        export, verifier = written(world, folder / "export")
    return verified(export, verifier, anchors={}, marks=[])


def test_acts_that_name_the_log_as_it_was_are_right(tmp_path: Path) -> None:
    def act(world: World) -> None:
        request = world.ask(**current(world))
        world.approve("ann", request, **current(world))

    assert audited(tmp_path, act).tally["requests"] == 1


def test_acts_that_name_no_head_are_a_remark(tmp_path: Path) -> None:
    def act(world: World) -> None:
        request = world.ask(**current(world))
        world.approve("ann", request)
        world.approve("bob", request)

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    before = audited(tmp_path / "one", lambda _: None).heads
    found = audited(tmp_path / "two", act).heads
    [remark] = found.remarks()
    assert len(found.without) == len(before.without) + 2
    assert remark.startswith(f"leaf {found.without[0]}: its signer's device names no head")
    assert f", and {len(found.without) - 1} later ones" in remark


def test_what_was_signed_without_the_service_has_no_log_to_name(tmp_path: Path) -> None:
    heads = Heads(GivenUp())
    heads.name(NamedHead(leaf=5, signer="ann", size=0, root=""), alone=True)
    assert heads.remarks() == []
    with pytest.raises(ClientRefusal):
        heads.name(head(301, seq=300), alone=True)


@pytest.mark.parametrize("what", ["root", "size"])
def test_whoever_was_shown_a_fork_is_named_at_the_first_act(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr("service.usecases.context.check_head_of", lambda *_: None)

    def act(world: World) -> None:
        lie = {"log_root": "ab" * 32} if what == "root" else {"log_size": 10_000}
        world.ask(**current(world))
        world.ask(**current(world) | lie)

    with pytest.raises(ClientRefusal) as caught:
        audited(tmp_path, act)
    assert caught.value.code == "log-forked"


def test_a_request_dated_otherwise_than_it_was_entered_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.usecases.requests.fits_clock", lambda *_: True)

    def act(world: World) -> None:
        asked = world.request_statement()
        world.clock.advance(minutes=11)
        requests.open_request(world.ctx, world.caller("gus"), body(asked))

    with pytest.raises(ClientRefusal) as caught:
        audited(tmp_path, act)
    assert caught.value.code == "clock-differs"
