"""The heads that statements name come as one chain that leads to the checkpoint beside them."""

import random
from typing import Any

import pytest

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.encoding import b64decode
from crypto.merkle import leaf_hash, root, verify_consistency
from crypto.note import NoteVerifier
from crypto.statement import Statement
from service.storage import log
from service.storage.proofs import Reader
from service.usecases import envelopes, releases, requests
from service.usecases.named_heads import chain_of_heads, named_sizes
from service.wire.log import MOST_HASHES, MOST_HEADS, LogView, NamedHead
from tests.cast import ACCOUNT
from tests.usecases.bodies import body
from tests.usecases.world import World

SEEDS = range(6)


def sized(size: int) -> Statement:
    """A statement that names a head of this size."""
    payload = {"log_size": size, "log_root": "ab" * 32 if size else ""}
    return Statement(kind="decision", payload=payload, body=b"", signatures=())


def current(world: World) -> dict[str, Any]:
    leaves = hashes_of(world)
    return {"log_size": len(leaves), "log_root": root(leaves).hex()}


def hashes_of(world: World) -> list[bytes]:
    with world.ctx.read() as unit:
        size = log.head(unit.session).size
        return [leaf_hash(leaf) for leaf in log.read_leaves(unit.session, 0, size)]


def followed(heads: list[NamedHead], to: Checkpoint) -> dict[int, bytes]:
    """Every proof of a chain, verified as a client does it: from the checkpoint back."""
    size, below, roots = to.size, to.root, {}
    for head in reversed(heads):
        proof = [b64decode(item) for item in head.consistency]
        verify_consistency(head.size, size, b64decode(head.root), below, proof)
        size, below = head.size, b64decode(head.root)
        roots[size] = below
    return roots


def checkpoint_of(view: LogView) -> Checkpoint:
    return open_checkpoint(view.checkpoint, NoteVerifier.from_vkey(view.verifier_key))


@pytest.mark.parametrize("seed", SEEDS)
def test_any_heads_lead_to_any_later_size(ready: World, seed: int) -> None:
    chance = random.Random(seed)
    leaves = hashes_of(ready)
    size = chance.randint(1, len(leaves))
    wanted = sorted(chance.sample(range(1, len(leaves) + 1), chance.randint(1, len(leaves))))
    with ready.ctx.read() as unit:
        heads = chain_of_heads(Reader(unit.session), wanted, size)
    here = [one for one in wanted if one <= size]
    assert [head.size for head in heads] == here
    head = Checkpoint(origin="any", size=size, root=root(leaves[:size]))
    assert followed(heads, head) == {one: root(leaves[:one]) for one in here}
    assert all(len(head.consistency) <= MOST_HASHES for head in heads)


def test_a_head_at_the_checkpoint_itself_needs_no_proof(ready: World) -> None:
    size = len(hashes_of(ready))
    with ready.ctx.read() as unit:
        [head] = chain_of_heads(Reader(unit.session), [size], size)
        assert chain_of_heads(Reader(unit.session), [], size) == []
    assert (head.size, head.consistency) == (size, [])


def test_one_size_named_by_many_comes_once_and_none_for_nothing() -> None:
    sizes = [7, 0, 3, 7, 3, 9, 0]
    assert named_sizes([sized(one) for one in sizes]) == [3, 7, 9]
    assert named_sizes([]) == []


def test_of_too_many_heads_those_that_come_first_are_proved() -> None:
    sizes = [*range(500, 500 - MOST_HEADS + 1, -1), 7, 3, 2]
    found = named_sizes([sized(one) for one in sizes])
    assert found == sorted(sizes[:MOST_HEADS])


# --- in answers ---


def test_a_request_brings_the_heads_of_all_that_is_said_of_it(ready: World) -> None:
    heads = [current(ready)]
    request = ready.ask(**heads[0])
    for name in ("ann", "bob", "dea"):
        heads.append(current(ready))
        ready.approve(name, request, **heads[-1])
    ready.approve("eli", request, **heads[-1])  # the same head once more
    heads.append(current(ready))
    released = ready.word("release", request, **heads[-1])
    releases.release(ready.ctx, ready.caller("gus"), request, body(released))
    view = requests.show(ready.ctx, ready.caller("gus"), request, seen=0).log
    assert view is not None
    found = followed(view.heads, checkpoint_of(view))
    assert found == {one["log_size"]: bytes.fromhex(one["log_root"]) for one in heads}


def test_a_reader_finds_the_head_of_their_own_receipt(ready: World) -> None:
    ready.seal()
    heads = {}
    for name in ("ann", "dea"):
        heads[name] = current(ready)
        receipt = ready.receipt(name, **heads[name])
        envelopes.confirm(ready.ctx, ready.caller(name), body(receipt))
    ready.confirm("bob", "eli")
    request = ready.ask()
    for name, own in heads.items():
        view = requests.show(ready.ctx, ready.caller(name), request, seen=0).log
        assert view is not None
        assert [*followed(view.heads, checkpoint_of(view))] == [own["log_size"]]
    for name in heads:
        view = envelopes.listing(ready.ctx, ready.caller(name), ACCOUNT, seen=0).log
        assert view is not None
        found = followed(view.heads, checkpoint_of(view))
        assert sorted(found) == sorted(one["log_size"] for one in heads.values())


def test_another_root_than_the_log_had_changes_nothing_of_the_chain(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.usecases.context.check_head_of", lambda *_: None)
    leaves, now = hashes_of(ready), current(ready)
    request = ready.ask(**{**now, "log_root": "ab" * 32})
    ready.approve("ann", request, **{**now, "log_size": 10_000})
    view = requests.show(ready.ctx, ready.caller("gus"), request, seen=0).log
    assert view is not None
    assert followed(view.heads, checkpoint_of(view)) == {len(leaves): root(leaves)}
