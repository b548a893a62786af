"""From delivered shares to the password: as many as needed, each compared, a bad one told apart."""

import dataclasses

import pytest
import shamir_mnemonic  # type: ignore[import-untyped]

from crypto.encoding import b64encode
from crypto.envelope import DRILL_PLAINTEXT_LENGTH, DRILL_RESEAL_LENGTH, drill_info, release_info
from crypto.randomness import random_bytes
from crypto.recipient import RecipientKey
from crypto.seal import seal
from service.client.foundation.errors import ClientRefusal
from service.client.shares.combining import check_drill, open_release
from service.client.trust.release import VerifiedRelease, verify_release
from service.wire.requests import Released
from tests.cast import somebody
from tests.client import honest
from tests.client.honest import CONTENT, decision_by, entered
from tests.client.released import World, build_world

ALL = ("ann", "bob", "cem", "dea", "eli")


def verified(world: World, told: Released | None = None) -> VerifiedRelease:
    return verify_release(
        told or world.released,
        mine=world.request,
        recipient_key=world.recipient.public,
        me=somebody("gus").identity.public,
        remembered=None,
    )


def with_share(world: World, name: str, blob: bytes) -> VerifiedRelease:
    """The custodian signed for this blob, so that nobody can see from outside that it is wrong."""
    decision = decision_by(name, world.request, blob)
    place = [d.custodian for d in world.released.resealed_shares].index(somebody(name).id)
    decisions, shares = list(world.released.decisions), list(world.released.resealed_shares)
    decisions[place] = entered(decision, decisions[place].leaf, 2)
    shares[place] = shares[place].model_copy(
        update={"decision": decision.digest, "resealed_share": b64encode(blob)}
    )
    told = world.released.model_copy(update={"decisions": decisions, "resealed_shares": shares})
    return verified(world, told)


def another_mnemonic(world: World, name: str, of: str) -> bytes:
    """What a custodian sends who seals somebody else's share under their own name."""
    sealed = honest.first_envelope()
    place = (world.request.digest, sealed.context, honest.group_of(name), somebody(name).id)
    return seal(world.recipient.public, release_info(*place), sealed.mnemonic_of(of).reveal())


def altered_mnemonic(world: World, name: str) -> bytes:
    """A share that says of itself all that it must, of this very split, with another value."""
    sealed = honest.first_envelope()
    share = shamir_mnemonic.Share.from_mnemonic(sealed.mnemonic_of(name).reveal().decode())
    other = dataclasses.replace(share, value=bytes(byte ^ 1 for byte in share.value)).mnemonic()
    place = (world.request.digest, sealed.context, honest.group_of(name), somebody(name).id)
    return seal(world.recipient.public, release_info(*place), other.encode())


def test_exactly_as_many_shares_as_needed_open_the_password() -> None:
    world = build_world(approvers=ALL)
    revealed = open_release(verified(world), world.recipient)
    assert revealed.content == CONTENT
    assert revealed.used == tuple(somebody(name).id for name in ("ann", "bob", "dea"))
    assert revealed.bad == ()


def test_a_wrong_share_is_told_under_its_custodians_name_and_the_next_one_tried() -> None:
    world = build_world(approvers=ALL)
    for blob in (
        another_mnemonic(world, "ann", "bob"),
        altered_mnemonic(world, "ann"),
        random_bytes(len(world.blobs["ann"])),
    ):
        revealed = open_release(with_share(world, "ann", blob), world.recipient)
        assert revealed.content == CONTENT
        assert revealed.bad == (somebody("ann").id,)
        assert revealed.used == tuple(somebody(name).id for name in ("bob", "cem", "dea"))


def test_too_few_good_shares_open_nothing_and_say_whose_are_wrong() -> None:
    world = build_world()
    with pytest.raises(ClientRefusal) as caught:
        open_release(
            with_share(world, "bob", another_mnemonic(world, "bob", "cem")), world.recipient
        )
    assert caught.value.code == "not-enough-shares"
    assert "the share of bob is wrong" in caught.value.message


def test_another_key_opens_nothing() -> None:
    with pytest.raises(ClientRefusal) as caught:
        open_release(verified(build_world()), RecipientKey.generate())
    assert caught.value.code == "not-enough-shares"


def test_content_that_the_shares_do_not_open_is_refused() -> None:
    world = build_world()
    release = dataclasses.replace(verified(world), content=random_bytes(540))
    with pytest.raises(ClientRefusal) as caught:
        open_release(release, world.recipient)
    assert caught.value.code == "does-not-open"


def test_nothing_secret_shows_in_what_was_verified_or_revealed() -> None:
    world = build_world()
    release = verified(world)
    revealed = open_release(release, world.recipient)
    assert CONTENT.password not in repr(revealed)
    assert repr(world.blobs["ann"]) not in repr(release)


def test_a_drill_tells_whose_share_did_not_open() -> None:
    world = build_world(drill=True, approvers=ALL)
    assert check_drill(verified(world), world.recipient) == ()
    bad = with_share(world, "cem", random_bytes(DRILL_RESEAL_LENGTH))
    assert check_drill(bad, world.recipient) == (somebody("cem").id,)


def test_a_drill_of_another_request_does_not_pass() -> None:
    world, other = build_world(drill=True), build_world(drill=True)
    request = other.request
    blob = honest.resealed("ann", request, honest.first_envelope(), world.recipient.public)
    assert check_drill(with_share(world, "ann", blob), world.recipient) == (somebody("ann").id,)


def test_a_real_release_is_no_drill() -> None:
    world = build_world()
    with pytest.raises(ClientRefusal) as caught:
        check_drill(verified(world), world.recipient)
    assert caught.value.code == "no-drill"


def test_a_drill_reseal_that_opens_but_says_something_else_is_told() -> None:
    world = build_world(drill=True)
    sealed = honest.first_envelope()
    place = (world.request.digest, sealed.context, "password", somebody("ann").id)
    blob = seal(world.recipient.public, drill_info(*place), random_bytes(DRILL_PLAINTEXT_LENGTH))
    assert check_drill(with_share(world, "ann", blob), world.recipient) == (somebody("ann").id,)
