"""Shares that lie under a key that was lost: refused by name; to cancel and ask again helps."""

from dataclasses import replace

import pytest

from crypto.randomness import random_bytes
from service.storage.at_rest import KEY_LENGTH, AtRest
from service.usecases import releases
from tests.usecases.refusals.conftest import refused
from tests.usecases.world import World


@pytest.fixture(scope="module")
def world(empty: World) -> World:
    return empty.ready()


def lose_the_key(world: World) -> None:
    world.ctx = replace(world.ctx, at_rest=AtRest(random_bytes(KEY_LENGTH)))


@pytest.mark.act("request.release")
def test_a_release_without_the_key_of_its_shares_is_refused_and_leaves_nothing(
    world: World,
) -> None:
    request = world.ask()
    world.approve_all(request)
    lose_the_key(world)
    refused(world, "shares-lost", lambda w: w.release(request))
    world.cancel(request)
    again = world.ask()
    world.approve_all(again)
    assert world.release(again).state == "released"


@pytest.mark.act("request.fetch")
def test_what_was_released_is_not_fetched_without_the_key(world: World) -> None:
    request = world.ask()
    world.approve_all(request)
    world.release(request)
    lose_the_key(world)
    refused(world, "shares-lost", lambda w: releases.fetch(w.ctx, w.caller("gus"), request))
