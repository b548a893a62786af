"""Who can act, walked through the states that people bring an account into.

In every one of them the count is held against real approvals: those who are counted approve, and
anyone who is not is refused. No one has a task that must fail.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import generate_latest

from crypto.encoding import b64encode
from crypto.errors import CryptoError
from service.domain import errors
from service.domain.able import Standing
from service.domain.people import GroupName
from service.domain.readiness import Act
from service.ops.worker import measure_people
from service.usecases import accounts, decisions, home
from service.web import metrics
from service.wire.requests import Decide
from tests.cast import ACCOUNT, CUSTODIANS, MFA, PASSWORD, identity_statement
from tests.usecases.bodies import wire
from tests.usecases.world import World

Step = Callable[[World], object]


def loses(*names: str) -> Step:
    def step(world: World) -> None:
        for name in names:
            world.enrol_anew(name)

    return step


def confirms(*names: str) -> Step:
    return lambda world: world.confirm(*names)


def seals(world: World) -> None:
    world.seal()


def falls_silent(world: World) -> None:
    world.clock.advance(days=91)


def renews(*signers: str, **groups: Sequence[str]) -> Step:
    """A roster with everyone's keys of today, signed by those who can."""

    def step(world: World) -> None:
        people = {"password": PASSWORD, "mfa": MFA} | groups
        made = {
            name: {"threshold": 2, "custodians": [world.id(one) for one in each]}
            for name, each in people.items()
        }
        world.accept_roster(signers, groups=made)

    return step


WALKS: dict[str, list[tuple[Step, str]]] = {
    # after each step: who can act
    "nobody has lost anything": [(confirms(*CUSTODIANS), "ann bob cem dea eli fay")],
    "some never confirm": [
        (confirms("ann"), "ann"),
        (confirms("bob", "dea", "eli"), "ann bob dea eli"),
        (loses("cem"), "ann bob dea eli"),
        (loses("bob"), "ann dea eli"),
    ],
    "one loses their keys and is named again": [
        (confirms(*CUSTODIANS), "ann bob cem dea eli fay"),
        (loses("ann"), "bob cem dea eli fay"),
        (seals, "bob cem dea eli fay"),
        (confirms("bob", "cem", "dea", "eli"), "bob cem dea eli"),
        (renews("ann", "bob", "cem", "dea", "eli"), "bob cem dea eli"),
        (seals, "bob cem dea eli"),
        (confirms("ann", "bob", "dea", "eli"), "ann bob dea eli"),
    ],
    "a group is lost": [
        (confirms(*CUSTODIANS), "ann bob cem dea eli fay"),
        (loses("dea", "eli"), "ann bob cem fay"),
    ],
    "one leaves": [
        (confirms(*CUSTODIANS), "ann bob cem dea eli fay"),
        (renews("ann", "bob", "dea", "eli", password=("ann", "bob")), "ann bob dea eli fay"),
        (loses("ann"), "bob dea eli fay"),
    ],
    "they fall silent": [
        (confirms(*CUSTODIANS), "ann bob cem dea eli fay"),
        (falls_silent, "ann bob cem dea eli fay"),
        (loses("fay"), "ann bob cem dea eli"),
    ],
}


@pytest.mark.parametrize("name", list(WALKS))
def test_the_count_is_that_of_real_approvals_in_every_state(world: World, name: str) -> None:
    world.enrol_everybody()
    world.register()
    world.accept_roster()
    world.seal()
    assert counted(world) == approves(world) == set()
    for step, able in WALKS[name]:
        step(world)
        assert counted(world) == set(able.split())
        assert approves(world) == counted(world)
    assert asked(world) == approves(world, receipts=True)
    assert approves(world) == counted(world)  # with the receipts that these approvals brought


def shown(world: World) -> accounts.Account:
    return accounts.show(world.ctx, world.caller("aud"), ACCOUNT)


def counted(world: World) -> set[str]:
    able = {p for group in shown(world).readiness.values() for p in group.able}
    return {name for name in CUSTODIANS if world.id(name) in able}


def ask(world: World) -> str:
    detail = shown(world)
    return world.ask(manifest=world.manifests[detail.in_force or detail.newest].digest)


def approves(world: World, *, receipts: bool = False) -> set[str]:
    """Who of all custodians can approve a request; it has a quorum only where both can act."""
    request = ask(world)
    found = {name for name in CUSTODIANS if approved(world, name, request, receipt=receipts)}
    if not receipts:
        both = all(group.can_act for group in shown(world).readiness.values())
        assert world.state(request) == ("approved" if both else "pending")
    world.cancel(request)
    return found


def approved(world: World, name: str, request: str, *, receipt: bool) -> bool:
    """Whether one custodian's device and the service take their approval, as it is made."""
    try:
        share = world.reseal(name, request)
        statement = world.decision(name, request, share=share)
        manifest = next(
            m
            for m in world.manifests.values()
            if m.digest == world.asked[request].payload["manifest"]
        )
        missing = receipt and name not in counted(world)
        posted = Decide(
            statement=wire(statement),
            resealed_share=b64encode(share),
            receipt=wire(world.receipt(name, manifest)) if missing else None,
        )
        decisions.decide(world.ctx, world.caller(name), request, posted)
    except (errors.Refusal, CryptoError, StopIteration):
        return False
    return True


def asked(world: World) -> set[str]:
    """Whose task it is to decide a request."""
    request = ask(world)
    found = {
        name
        for name in CUSTODIANS
        if Act.DECIDE in home.acts_in(world.ctx, world.caller(name), ACCOUNT)
    }
    world.cancel(request)
    return found


def codes(world: World) -> set[str]:
    return {finding.code.value for finding in shown(world).findings}


def acts(world: World, name: str) -> frozenset[Act]:
    return home.acts_in(world.ctx, world.caller(name), ACCOUNT)


def test_lost_keys_are_a_task_until_the_password_is_sealed_to_the_new_ones(ready: World) -> None:
    ready.enrol_anew("ann")
    [found] = [one for one in shown(ready).findings if one.code.value == "keys-replaced"]
    assert (found.name, found.link, found.urgent) == ("ann", ready.clock().date(), True)
    assert Act.DRAFT in acts(ready, "olga")
    assert acts(ready, "gus") == frozenset()
    renews("ann", "bob", "cem", "dea", "eli")(ready)
    assert Act.DRAFT not in acts(ready, "olga")
    assert Act.SEAL in acts(ready, "gus")
    assert "keys-replaced" in codes(ready)
    ready.seal()
    assert Act.SEAL not in acts(ready, "gus")
    assert Act.CONFIRM in acts(ready, "ann")
    ready.confirm("ann", "bob", "cem", "dea", "eli", "fay")
    assert codes(ready) <= {"drill-due", "nobody-told"}


def test_who_enrolled_anew_is_asked_neither_to_decide_nor_to_confirm_nor_to_sign(
    ready: World,
) -> None:
    ready.seal()
    ready.ask(manifest=ready.manifests[shown(ready).in_force].digest)
    ready.draft()
    assert acts(ready, "ann") == {Act.DECIDE, Act.CONFIRM, Act.SIGN}
    ready.enrol_anew("ann")
    assert acts(ready, "ann") == frozenset()
    assert acts(ready, "bob") == {Act.DECIDE, Act.CONFIRM, Act.SIGN}


def test_a_group_that_cannot_act_says_how_many_can(ready: World) -> None:
    loses("dea", "eli")(ready)
    [found] = [one for one in shown(ready).findings if one.code.value == "group-cannot-act"]
    mfa = GroupName.MFA
    assert (found.group, found.able, found.people, found.needed) == (mfa, 1, 3, 2)
    assert found.urgent
    standings = shown(ready).readiness[mfa].people
    assert [standings[ready.id(name)] for name in MFA] == [
        Standing.NEW_KEYS,
        Standing.NEW_KEYS,
        Standing.ABLE,
    ]


@pytest.mark.parametrize(
    ("act", "proven"),
    [(None, False), ("drill", True), ("approval", True), ("denial", False)],
)
def test_silence_is_broken_by_an_opened_share(ready: World, act: Any, proven: bool) -> None:
    ready.clock.advance(days=80)
    request = ready.ask(drill=act == "drill")
    if act == "denial":
        ready.deny("ann", request)
    elif act is not None:
        ready.approve("ann", request)
    ready.clock.time += timedelta(days=11)
    silent = {one.name for one in shown(ready).findings if one.code.value == "not-proven"}
    assert ("ann" not in silent) is proven
    assert "bob" in silent
    assert counted(ready) == set(CUSTODIANS)  # a remark, which is never subtracted


def test_the_metrics_count_the_same_people(ready: World) -> None:
    loses("dea", "eli")(ready)
    measure_people(ready.ctx)
    told = generate_latest(metrics.registry).decode()
    place = f'{{account="{ACCOUNT}",group="mfa"}}'
    assert f"breakglass_custodians_able{place} 1.0" in told
    assert f"breakglass_custodians_needed{place} 2.0" in told


def test_a_draft_leaves_out_no_one_who_is_needed_since_others_lost_their_keys(
    ready: World,
) -> None:
    groups = {
        "password": {"threshold": 2, "custodians": [ready.id("ann"), ready.id("bob")]},
        "mfa": {"threshold": 2, "custodians": [ready.id(name) for name in MFA]},
    }
    old = {ready.id("ann"): identity_statement("ann").digest}

    def drafts(**changes: Any) -> None:
        fields = ready.roster_fields(groups=groups)
        people = [
            line | {"identity": old.get(line["person"], line["identity"])}
            for line in fields["people"]
        ]
        ready.draft(groups=groups, people=people, **changes)

    ready.enrol_anew("ann")
    with pytest.raises(errors.StrandsEnvelopeError):
        drafts()
    ready.enrol_anew("cem")  # now the group cannot act anyway
    drafts(name="another")
