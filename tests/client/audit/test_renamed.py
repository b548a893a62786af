"""A version that renames people: nothing is sealed again, and what is sealed goes on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crypto.encoding import b64encode
from service.client.foundation.errors import ClientRefusal
from service.domain import credential, errors
from service.domain.readiness import Act
from service.usecases import accounts, decisions
from service.usecases.home import acts_in
from service.wire.requests import Decide
from tests.cast import ACCOUNT, CUSTODIANS
from tests.client.audit import story
from tests.client.audit.exports import replayed
from tests.usecases.bodies import wire
from tests.usecases.looking import envelope_state
from tests.usecases.world import World

SIGNERS = ("ann", "bob", "dea", "eli")


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[World]:
    """A password is sealed, which Ann alone has confirmed."""
    with story.a_world(tmp_path) as world:
        story.start(world)
        story.enrol(world)
        world.register()
        world.accept_roster()
        world.seal()
        world.confirm("ann")
        yield world


def renamed(world: World) -> None:
    """Their names and the account's change, and nothing that is sealed rests on."""
    fields = world.roster_fields()
    people = [entry | {"name": f"{entry['name']} Smith"} for entry in fields["people"]]
    world.accept_roster(signers=SIGNERS, name="payments eu", people=people)


def waits(world: World, name: str) -> frozenset[Act]:
    return acts_in(world.ctx, world.caller(name), ACCOUNT)


def approve_with_receipt(world: World, name: str, request: str) -> None:
    """Approve, and sign in the same act that the share opens."""
    share = world.reseal(name, request)
    body = Decide(
        statement=wire(world.decision(name, request, share=share)),
        resealed_share=b64encode(share),
        receipt=wire(world.receipt(name)),
    )
    decisions.decide(world.ctx, world.caller(name), request, body)


def codes(world: World) -> set[str]:
    detail = accounts.show(world.ctx, world.caller("ann"), ACCOUNT)
    return {finding.code for finding in detail.findings}


def test_what_was_sealed_before_is_confirmed_approved_and_released(sealed: World) -> None:
    before = codes(sealed)
    renamed(sealed)
    assert codes(sealed) == before
    assert Act.CONFIRM in waits(sealed, "bob")
    assert Act.SEAL not in waits(sealed, "gus")
    sealed.confirm("bob", "dea")
    request = sealed.ask()
    assert Act.DECIDE in waits(sealed, "eli")
    for name in ("ann", "bob", "dea"):
        sealed.approve(name, request)
    approve_with_receipt(sealed, "eli", request)
    assert sealed.release(request).state == "released"
    assert envelope_state(sealed) == "exposed"
    found = replayed(story.leaves_of(sealed)).accounts[ACCOUNT].in_force
    assert found is not None
    assert (found.version, found.unconfirmed) == (1, (sealed.id("cem"), sealed.id("fay")))


def test_a_spare_confirms_what_is_in_force_after_it(sealed: World) -> None:
    sealed.confirm("bob", "dea", "eli")
    renamed(sealed)
    sealed.confirm("cem", "fay")
    request = sealed.ask()
    for name in ("bob", "cem", "dea", "fay"):
        sealed.approve(name, request)
    assert sealed.release(request).state == "released"
    replayed(story.leaves_of(sealed))


def test_an_end_after_it_takes_the_receipts_too(sealed: World) -> None:
    renamed(sealed)
    people = sealed.roster.payload["people"] if sealed.roster else []
    sealed.accept_roster(signers=SIGNERS, name="payments eu", people=people, retired=True)
    assert sealed.confirm(*CUSTODIANS[1:]).state == "ready"
    replayed(story.leaves_of(sealed))


CHANGES: list[dict[str, Any]] = [{"root_email": "root@elsewhere.example"}, {"threshold": 3}]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: next(iter(changes)))
def test_after_any_other_version_it_is_sealed_again(
    sealed: World, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = sealed.roster_fields()
    if threshold := changes.get("threshold"):
        password = fields["groups"]["password"] | {"threshold": threshold}
        changes = {"groups": fields["groups"] | {"password": password}}
    sealed.accept_roster(signers=SIGNERS, **changes)
    assert Act.CONFIRM not in waits(sealed, "bob")
    assert Act.SEAL in waits(sealed, "gus")
    with pytest.raises(errors.StaleRosterError):
        sealed.confirm("bob")
    with monkeypatch.context() as lying:
        lying.setattr(credential, "takes_receipts", lambda *_: True)
        sealed.confirm("bob")
    with pytest.raises(ClientRefusal) as refused:
        replayed(story.leaves_of(sealed))
    assert refused.value.code == "stale-roster"
