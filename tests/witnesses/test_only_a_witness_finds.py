"""What the service's own guard cannot see and a witness finds."""

import pytest
from sqlalchemy import select

from crypto.checkpoint import open_checkpoint
from service.storage import witnesses
from service.storage.errors import RewoundError
from service.storage.log_tables import witness_standing
from service.usecases import delivery
from service.usecases.witnessing import step
from tests.client.witness.witnessed import NAME
from tests.conftest import HandClock
from tests.fakes.channels import FakeChannels
from tests.storage.rewriting import edited
from tests.usecases.world import World
from tests.witnesses.asked import (
    TOPIC,
    Asked,
    cosigned_by,
    guard_of,
    happen,
    last_leaf,
    leaves_of,
    log_key,
    put_back,
    world_actions,
)


def test_an_older_database_with_its_guard_undone_is_caught(
    world: World, witness: Asked, channels: FakeChannels
) -> None:
    happen(world.ctx, 5)
    older = leaves_of(world)
    happen(world.ctx, 3)
    step(world.ctx, [witness])
    put_back(world, older)
    assert (
        open_checkpoint(world.ctx.signer.checkpoint(world.ctx.database), log_key(world)).size == 5
    )
    assert step(world.ctx, [witness]) == 0
    assert world_actions(world)[-1] == "witness:refused"
    delivery.step(world.ctx, channels)
    [notice] = channels.named[TOPIC].taken
    assert notice.subject == "breakglass URGENT: a witness refuses the log: log-rewound"
    assert f"Witness:    {NAME}\n" in notice.body


def test_an_older_database_is_caught_also_when_it_has_grown_past_what_was_cosigned(
    world: World, witness: Asked, clock: HandClock
) -> None:
    happen(world.ctx, 5)
    older = leaves_of(world)
    happen(world.ctx, 3)
    step(world.ctx, [witness])
    put_back(world, older)
    clock.advance(seconds=5)
    happen(world.ctx, 10)
    assert step(world.ctx, [witness]) == 0
    assert witness.sizes == [(0, 8), (0, 15), (8, 15)]
    last = last_leaf(world)
    assert (last.action, last.details["fault"]) == ("witness:refused", "not-continued")
    assert cosigned_by(world.ctx).witnesses == {}


def test_a_rewritten_entry_is_caught_whatever_the_signer_says(world: World, witness: Asked) -> None:
    happen(world.ctx, 8)
    step(world.ctx, [witness])
    put_back(world, edited(leaves_of(world), 4))
    assert (
        open_checkpoint(world.ctx.signer.checkpoint(world.ctx.database), log_key(world)).size == 8
    )
    assert step(world.ctx, [witness]) == 0
    last = last_leaf(world)
    assert (last.action, last.details["fault"]) == ("witness:refused", "not-continued")


def test_with_its_guard_in_place_a_rewound_log_is_not_even_shown(
    world: World, witness: Asked
) -> None:
    happen(world.ctx, 5)
    older = leaves_of(world)
    happen(world.ctx, 3)
    step(world.ctx, [witness])
    guard = guard_of(world)
    guarded = guard.read_text()
    put_back(world, older)
    guard.write_text(guarded)
    with pytest.raises(RewoundError):
        world.ctx.signer.checkpoint(world.ctx.database)
    assert step(world.ctx, [witness]) == 0
    assert witness.sizes == [(0, 8)]


def test_a_refusal_is_told_once_and_so_is_its_end(
    world: World, witness: Asked, clock: HandClock
) -> None:
    happen(world.ctx, 8)
    step(world.ctx, [witness])
    whole = leaves_of(world)
    put_back(world, whole[:5])
    for _ in range(4):
        step(world.ctx, [witness])
        clock.advance(minutes=10)
    assert world_actions(world).count("witness:refused") == 1
    put_back_only_the_log(world, whole)
    step(world.ctx, [witness])
    assert world_actions(world)[-1] == "witness:recovered"
    step(world.ctx, [witness])
    clock.advance(hours=1)
    step(world.ctx, [witness])
    assert world_actions(world)[8:] == ["witness:recovered"]


def put_back_only_the_log(world: World, leaves: list[bytes]) -> None:
    """A newer copy was found; what is known of the witness stays as it is."""
    with world.ctx.database.read() as session:
        [row] = session.connection().execute(select(witness_standing)).mappings()
    put_back(world, leaves)
    with world.ctx.database.write() as session:
        witnesses.locked(session, row["witness"])
        witnesses.put(session, witnesses.Standing(**row))
