"""What a password that its requester has sealed asks of others, as long as it is in force."""

from datetime import timedelta

import pytest

from crypto.encoding import format_time
from service.domain.findings import Code
from service.domain.readiness import Act
from service.usecases import accounts, home
from service.web import duty_words, finding_words
from service.web.duty_words import warnings
from tests.usecases.successors import CONFIRM, found, released, succeed
from tests.usecases.world import World, entered

KNOWS = "sealed by its requester: gus knows this password"


@pytest.fixture
def sealed(world: World) -> World:
    """Gus has released, and sealed what is in force now."""
    found(world)
    asked = released(world)
    succeed(world, asked)
    world.confirm(*CONFIRM)
    return world


def tasks(world: World, name: str) -> list[str]:
    """What a person has to seal, each with its date."""
    due = [duty_words.shape(one) for one in home.due(world.ctx, world.caller(name)).duties]
    return [f"{one.what}, {one.due_at}" for one in due if one.act == Act.SEAL.value]


def codes(world: World) -> set[str]:
    shown = accounts.show(world.ctx, world.caller("ann"), world.account)
    return {finding.code.value for finding in shown.findings}


def test_another_sealer_replaces_it_within_thirty_days(sealed: World) -> None:
    world = sealed
    until = entered(world, world.manifests["newest"].digest) + timedelta(days=30)
    task = f"payments: {KNOWS}; change it at AWS and seal a new one, {format_time(until)}"
    assert tasks(world, "eve") == [task]
    assert tasks(world, "gus") == tasks(world, "ann") == []
    assert codes(world) & {Code.SEALED_BY_REQUESTER, Code.SUCCESSOR_OVERDUE} == {
        Code.SEALED_BY_REQUESTER
    }
    told = warnings(home.due(world.ctx, world.caller("ann")).findings)
    assert (world.account, KNOWS) in told

    world.clock.advance(days=30)
    assert Code.SUCCESSOR_OVERDUE in codes(world)
    shown = accounts.show(world.ctx, world.caller("ann"), world.account)
    overdue = "gus has known the password for more than 30 days: a sealer must seal a new one"
    assert overdue in map(finding_words.message, shown.findings)

    world.seal(by="eve")
    assert tasks(world, "eve") == []
    assert Code.SEALED_BY_REQUESTER in codes(world)  # what is in force is still theirs
    world.confirm(*CONFIRM)
    assert not codes(world) & {Code.SEALED_BY_REQUESTER, Code.SUCCESSOR_OVERDUE}


def test_while_it_waits_for_confirmations_nobody_is_said_to_know_what_is_in_force(
    world: World,
) -> None:
    found(world)
    succeed(world, released(world))
    assert not codes(world) & {Code.SEALED_BY_REQUESTER, Code.SUCCESSOR_OVERDUE}
