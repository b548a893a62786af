"""A requester's seal in the audit's replay: by the same rules, whatever the service has taken."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crypto.leaf import Leaf, encode_leaf, parse_leaf
from crypto.opening import SealedEnvelope
from service.client.audit.replay.replay import finish, replay
from service.client.audit.replay.world import World as Replayed
from service.client.foundation.errors import ClientRefusal
from service.domain.events import Action
from tests.cast import Somebody, identity_of
from tests.client.audit.story import a_world, enrol, leaves_of, start
from tests.usecases.successors import (
    CONFIRM,
    imported,
    letting,
    open_account,
    released,
    renew,
    succeed,
)
from tests.usecases.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An account in which Gus and Fay ask, Eve seals, and requesters may seal too."""
    with a_world(tmp_path) as made:
        start(made)
        enrol(made)
        yield open_account(made)


def audited(leaves: list[bytes]) -> str:
    """The code with which the audit refuses these leaves; empty if it takes them all."""
    found = Replayed()
    try:
        for leaf in leaves:
            replay(found, parse_leaf(leaf))
        finish(found)
    except ClientRefusal as refused:
        return refused.code
    return ""


def entered(world: World, parts: SealedEnvelope, name: str = "gus") -> list[bytes]:
    """The log with one more leaf, which the service would not have written."""
    manifest = world.signed_manifest(parts, name)
    leaves = leaves_of(world)
    last = parse_leaf(leaves[-1])
    leaf = Leaf(
        seq=last.seq + 1,
        at=last.at,
        actor=world.id(name),
        action=Action.ENVELOPE_SEALED.value,
        subject=world.account,
        request="",
        details={
            "envelope": manifest.payload["envelope"],
            "manifest": manifest.digest,
            "version": manifest.payload["version"],
            "state": "unconfirmed",
        },
        statement=manifest.raw,
    )
    return [*leaves, encode_leaf(leaf)]


def after(world: World, *requests: str, name: str = "gus", **changes: Any) -> list[bytes]:
    digests = sorted(world.asked[request].digest for request in requests)
    fields: dict[str, Any] = {"sealer": world.id(name), "after_requests": digests, **changes}
    return entered(world, world.seal_parts(**fields), name)


def test_a_requesters_seal_and_all_that_follows_is_replayed(world: World) -> None:
    asked = released(world)
    succeed(world, asked)
    world.ask()
    succeed(world, asked)
    world.confirm(*CONFIRM)
    world.review("ann", asked)
    world.review("dea", asked)
    second = released(world)
    by_hand = imported(world)
    succeed(world, second, by_hand)
    world.confirm(*CONFIRM)
    assert audited(leaves_of(world)) == ""
    found = Replayed()
    for leaf in leaves_of(world):
        replay(found, parse_leaf(leaf))
    said = [remark for remark in found.remarks if "requester" in remark]
    assert [one.partition(": ")[2] for one in said] == [
        f"envelope version {n} was sealed by its requester: gus knows this password"
        for n in (2, 3, 4)
    ]


def test_the_end_of_the_first_is_not_left_out(world: World) -> None:
    asked = released(world)
    succeed(world, asked)
    succeed(world, asked)
    *leaves, last = leaves_of(world)
    assert parse_leaf(last).action == "envelope:superseded"
    assert audited(leaves) == "consequence-missing"


def test_one_that_was_ended_takes_no_receipt(world: World) -> None:
    asked = released(world)
    succeed(world, asked)
    first = world.manifests["newest"]
    succeed(world, asked)
    leaves = leaves_of(world)
    receipt = world.receipt("ann", first)
    details = dict(parse_leaf(leaves[-1]).details) | {"group": "password"}
    last = parse_leaf(leaves[-1])
    late = replace(
        last,
        seq=last.seq + 1,
        actor=world.id("ann"),
        action=Action.ENVELOPE_CONFIRMED.value,
        details=details,
        statement=receipt.raw,
    )
    assert audited([*leaves, encode_leaf(late)]) == "wrong-state"


def another_requester(world: World) -> list[bytes]:
    return after(world, released(world, "fay"))


def unnamed(world: World) -> list[bytes]:
    released(world, "fay")
    return after(world, released(world))


def not_in_force(world: World) -> list[bytes]:
    asked = released(world)
    world.seal(by="eve")
    world.confirm(*CONFIRM)
    return after(world, asked)


def a_fourth(world: World) -> list[bytes]:
    asked = released(world)
    for _ in range(3):
        succeed(world, asked)
    return after(world, asked)


def after_a_sealer(world: World) -> list[bytes]:
    asked = released(world)
    world.seal(by="eve", after_requests=[world.asked[asked].digest])
    return after(world, asked)


def no_own_release(world: World) -> list[bytes]:
    released(world)
    return after(world)


def not_released(world: World) -> list[bytes]:
    request = world.ask()
    for name in CONFIRM:
        world.approve(name, request)
    return after(world, request)


def the_same_password(world: World) -> list[bytes]:
    asked = released(world)
    letting(world)
    return after(world, asked, cause="roster")


def the_same_for_a_new_roster(world: World) -> list[bytes]:
    succeed(world, released(world))
    world.confirm(*CONFIRM)
    letting(world)
    return entered(world, world.seal_parts(sealer=world.id("eve"), cause="roster"), "eve")


def no_longer_let(world: World) -> list[bytes]:
    asked = released(world)
    letting(world, lets=False)
    return after(world, asked)


def without_its_release(world: World) -> list[bytes]:
    return after(world, imported(world, with_release=False))


def enrolled_again(world: World) -> list[bytes]:
    """Someone has enrolled again in Gus's name, and a roster names the new keys."""
    asked = released(world)
    others = Somebody("gus", world.id("gus"), identity_of("gus anew"))
    renew(world, others, logged=True)
    world.anew["gus"] = others.identity
    letting(world, signers=(*CONFIRM, "gus"))
    return after(world, asked)


HOSTILE: list[tuple[str, Callable[[World], list[bytes]], str]] = [
    ("another requester's request", another_requester, "not-successor"),
    ("one release is not named", unnamed, "not-successor"),
    ("the envelope is not in force", not_in_force, "not-successor"),
    ("a fourth", a_fourth, "not-successor"),
    ("a sealer has sealed since", after_a_sealer, "not-successor"),
    ("imported without its release", without_its_release, "not-successor"),
    ("enrolled again since", enrolled_again, "not-successor"),
    ("no release is named", no_own_release, "not-successor"),
    ("approved, not released", not_released, "wrong-request"),
    ("the same password", the_same_password, "policy"),
    ("known to its requester, for a new roster", the_same_for_a_new_roster, "policy"),
    ("the policy lets no one", no_longer_let, "not-in-roster"),
]


@pytest.mark.parametrize(
    ("story", "code"), [pytest.param(story, code, id=name) for name, story, code in HOSTILE]
)
def test_what_the_service_should_have_refused_is_refused(
    world: World, story: Callable[[World], list[bytes]], code: str
) -> None:
    assert audited(story(world)) == code


def test_a_custodian_signs_in_the_requesters_name(world: World) -> None:
    asked = released(world)
    digests = [world.asked[asked].digest]
    parts = world.seal_parts(sealer=world.id("gus"), after_requests=digests)
    assert audited(entered(world, parts, "ann")) == "manifest-forged"
