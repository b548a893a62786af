"""A service that lies when it hands out shares is refused by name."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from crypto import statement as statements
from crypto.encoding import b64encode, format_time
from crypto.identity import Identity
from crypto.randomness import random_bytes
from crypto.recipient import RecipientKey
from service.client.foundation.errors import ClientRefusal
from service.wire.requests import Released
from tests.cast import NO_HEAD, somebody
from tests.client import honest
from tests.client.honest import START, wire
from tests.client.released import World, build_world, world
from tests.client.trust.releases import Lie, believed, changed, with_decision, with_share

# ---------------------------------------------------------------- the table of lies


def another_request(about: World) -> Released:
    return changed(about.released, request=build_world().released.request)


def request_resigned_by_server(about: World) -> Released:
    forged = honest.request_by(RecipientKey.generate().public, by="mallory")
    return changed(about.released, request=honest.entered(forged, 1, 1))


def reworded(about: World) -> Released:
    """My own signature and key, under other words than those that this device signed."""
    other = honest.request_by(about.recipient.public, reason="something else")
    return changed(about.released, request=honest.entered(other, 1, 1))


def manifest_replaced(about: World) -> Released:
    other = honest.seal_for(honest.first_roster())
    return changed(
        about.released, manifest=wire(other.statement), content=b64encode(other.parts.content)
    )


def manifest_forged(about: World) -> Released:
    parts = honest.first_envelope().parts
    fields = {**parts.manifest, "sealer": somebody("sam").id}
    forged = statements.sign("manifest", fields, identity=somebody("mallory").identity, at=parts.at)
    return changed(about.released, manifest=wire(forged))


def sealed_by_a_custodian(about: World) -> Released:
    other = honest.seal_for(honest.first_roster(), by="ann")
    return changed(about.released, manifest=wire(other.statement))


def content_replaced(about: World) -> Released:
    return changed(about.released, content=b64encode(random_bytes(540)))


def decision_forged(about: World) -> Released:
    blob = about.blobs["ann"]
    forged = honest.decision_by("ann", about.request, blob, by="mallory")
    return with_decision(0, honest.entered(forged, 2, 2))(about)


def decision_of_a_requester(about: World) -> Released:
    blob = about.blobs["ann"]
    forged = honest.decision_by("gus", about.request, blob, group="password")
    return with_decision(0, honest.entered(forged, 2, 2))(about)


def decision_for_another_request(about: World) -> Released:
    other = honest.request_by(about.recipient.public)
    old = honest.decision_by("ann", other, about.blobs["ann"])
    return with_decision(0, honest.entered(old, 2, 2))(about)


def decision_in_the_wrong_group(about: World) -> Released:
    moved = honest.decision_by("ann", about.request, about.blobs["ann"], group="mfa")
    return with_decision(0, honest.entered(moved, 2, 2))(about)


def decision_shown_twice(about: World) -> Released:
    again = about.released.decisions[0].model_copy(update={"leaf": 99})
    return changed(about.released, decisions=[*about.released.decisions, again])


def approval_withdrawn(about: World) -> Released:
    """The denial stands in the log, and the service released all the same."""
    denial = honest.decision_by("ann", about.request)
    last = about.released.leaf
    told = changed(
        about.released,
        leaf=last + 1,
        release=about.released.release.model_copy(update={"leaf": last + 1}),
    )
    return changed(told, decisions=[*told.decisions, honest.entered(denial, last, 5)])


def one_approval_too_few(about: World) -> Released:
    return changed(about.released, decisions=about.released.decisions[1:])


def one_group_alone(about: World) -> Released:
    return changed(about.released, decisions=about.released.decisions[:2])


def approval_entered_after_expiry(about: World) -> Released:
    late = about.released.decisions[0].model_copy(
        update={"at": format_time(START + timedelta(hours=2))}
    )
    return with_decision(0, late)(about)


def release_missing(about: World) -> Released:
    """Another statement of the requester stands in its place."""
    closure = honest.word_by("gus", "closure", about.request, summary="done")
    last = about.released.leaf
    return changed(about.released, release=honest.entered(closure, last, last))


def release_by_somebody_else(about: World) -> Released:
    fields = {"request": about.request.digest, "requester": somebody("gus").id, **NO_HEAD}
    forged = statements.sign("release", fields, identity=somebody("mallory").identity, at=START)
    last = about.released.leaf
    return changed(about.released, release=honest.entered(forged, last, last))


def release_of_another_request(about: World) -> Released:
    other = honest.word_by("gus", "release", build_world().request)
    last = about.released.leaf
    return changed(about.released, release=honest.entered(other, last, last))


def release_after_expiry(about: World) -> Released:
    late = about.released.release.model_copy(update={"at": format_time(START + timedelta(hours=2))})
    return changed(about.released, release=late)


def another_requests_share(about: World) -> Released:
    return with_share(0, resealed_share=b64encode(build_world().blobs["ann"]))


def anothers_share(about: World) -> Released:
    return with_share(0, custodian=somebody("bob").id)


def share_without_decision(about: World) -> Released:
    return with_share(0, decision="0" * 64)


def shares_held_back(about: World) -> Released:
    return changed(about.released, resealed_shares=about.released.resealed_shares[1:])


def share_in_another_group(about: World) -> Released:
    return with_share(0, group="mfa")


def made_up_people(about: World) -> Released:
    fakes = {name: Identity.generate() for name in honest.EVERYBODY}
    roster = honest.signed_roster(honest.roster_fields(keys=fakes), list(fakes.values()))
    return changed(about.released, chain=[wire(roster)], identities=honest.brought(roster))


def no_chain(about: World) -> Released:
    return changed(about.released, chain=[])


def malformed_content(about: World) -> Released:
    return changed(about.released, content="abd=")


def malformed_time(about: World) -> Released:
    entry = about.released.request.model_copy(update={"at": "2026-13-01T00:00:00Z"})
    return changed(about.released, request=entry)


LIES: Sequence[tuple[Lie, str]] = (
    (another_request, "not-my-request"),
    (request_resigned_by_server, "request-forged"),
    (reworded, "not-my-request"),
    (manifest_replaced, "manifest-replaced"),
    (manifest_forged, "manifest-forged"),
    (sealed_by_a_custodian, "manifest-forged"),
    (content_replaced, "content-replaced"),
    (decision_forged, "decision-forged"),
    (decision_of_a_requester, "decision-forged"),
    (decision_for_another_request, "decision-for-another-request"),
    (decision_in_the_wrong_group, "decision-wrong-group"),
    (decision_shown_twice, "decision-twice"),
    (approval_withdrawn, "no-quorum"),
    (one_approval_too_few, "no-quorum"),
    (one_group_alone, "no-quorum"),
    (approval_entered_after_expiry, "no-quorum"),
    (release_missing, "release-forged"),
    (release_by_somebody_else, "release-forged"),
    (release_of_another_request, "release-forged"),
    (release_after_expiry, "release-forged"),
    (another_requests_share, "foreign-share"),
    (anothers_share, "foreign-share"),
    (share_without_decision, "foreign-share"),
    (share_in_another_group, "foreign-share"),
    (shares_held_back, "shares-withheld"),
    (made_up_people, "roster-not-mine"),
    (no_chain, "roster-chain"),
    (malformed_content, "malformed-statement"),
    (malformed_time, "malformed-statement"),
)


@pytest.mark.parametrize(("lie", "code"), LIES, ids=[lie.__name__ for lie, _ in LIES])
def test_a_lie_about_the_release_is_refused(lie: Lie, code: str) -> None:
    with pytest.raises(ClientRefusal) as caught:
        believed(lie(world()))
    assert caught.value.code == code


# ---------------------------------------------------------------- the log's receipt
