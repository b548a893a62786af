"""What a requester believes of a release, and which shares count in it."""

import dataclasses
from datetime import timedelta

import pytest

from crypto.encoding import b64encode
from crypto.randomness import random_bytes
from crypto.recipient import RecipientKey
from service.client.foundation.errors import ClientRefusal
from service.client.trust.release import verify_release
from service.domain.people import GroupName
from service.wire.requests import Resealed
from tests.cast import PASSWORD, somebody
from tests.client import honest
from tests.client.honest import wire
from tests.client.released import build_world, world
from tests.client.trust.releases import believed, changed


def test_the_honest_release_is_believed() -> None:
    release = believed(world().released)
    assert [share.custodian for share in release.shares] == [
        somebody(name).id for name in ("ann", "bob", "dea")
    ]
    assert release.window_ends_at == release.released_at + timedelta(minutes=30)
    assert release.count.met


def test_an_approval_after_the_release_is_delivered_and_not_counted() -> None:
    about = build_world(approvers=("ann", "bob", "dea", "eli"))
    leaf = about.released.leaf - 1  # as if the release had come just before the last approval
    told = changed(
        about.released, leaf=leaf, release=about.released.release.model_copy(update={"leaf": leaf})
    )
    told = changed(
        told,
        decisions=[
            *told.decisions[:3],
            told.decisions[3].model_copy(update={"leaf": leaf + 1}),
        ],
    )
    release = believed(told, about)
    assert somebody("eli").id not in release.count.counted[GroupName.MFA]
    assert release.shares[-1].custodian == somebody("eli").id


def test_a_newcomer_who_holds_no_share_of_the_envelope_delivers_none() -> None:
    about = world()
    fields = honest.roster_fields(
        version=2, previous=honest.first_roster().digest, cause="change", mfa=("dea", "eli", "nell")
    )
    second = honest.signed_roster(fields, honest.keys_of("ann", "bob", "dea", "nell"))
    request = honest.request_by(about.recipient.public, roster=second)
    blobs = {
        name: honest.resealed(name, request, honest.first_envelope(), about.recipient.public)
        for name in ("ann", "bob", "dea")
    }
    blobs["nell"] = random_bytes(len(blobs["dea"]))
    decisions = {name: honest.decision_by(name, request, blobs[name]) for name in blobs}
    told = changed(
        about.released,
        chain=[wire(honest.first_roster()), wire(second)],
        identities=honest.brought(honest.first_roster(), second),
        request=honest.entered(request, 1, 1),
        decisions=[honest.entered(decisions[n], 2 + i, 2) for i, n in enumerate(blobs)],
        release=honest.entered(honest.word_by("gus", "release", request), 9, 9),
        resealed_shares=[
            Resealed(
                group="password" if name in PASSWORD else "mfa",
                custodian=somebody(name).id,
                decision=decisions[name].digest,
                resealed_share=b64encode(blob),
            )
            for name, blob in blobs.items()
        ],
    )
    asked = dataclasses.replace(about, request=request)
    with pytest.raises(ClientRefusal) as caught:
        believed(told, asked)
    assert caught.value.code == "foreign-share"
    three = changed(told, resealed_shares=told.resealed_shares[:3])
    assert somebody("nell").id not in believed(three, asked).count.counted[GroupName.MFA]


def test_a_real_share_never_passes_for_a_drill() -> None:
    drill = build_world(drill=True)
    assert believed(drill.released, drill).about.request.drill
    blob = world().blobs["ann"]
    decision = honest.decision_by("ann", drill.request, blob)
    told = changed(
        drill.released,
        decisions=[honest.entered(decision, 2, 2), *drill.released.decisions[1:]],
        resealed_shares=[
            Resealed(
                group="password",
                custodian=somebody("ann").id,
                decision=decision.digest,
                resealed_share=b64encode(blob),
            ),
            *drill.released.resealed_shares[1:],
        ],
    )
    with pytest.raises(ClientRefusal) as caught:
        believed(told, drill)
    assert caught.value.code == "foreign-share"


def test_a_key_that_is_not_the_requests_is_refused() -> None:
    with pytest.raises(ClientRefusal) as caught:
        verify_release(
            world().released,
            mine=world().request,
            recipient_key=RecipientKey.generate().public,
            me=somebody("gus").identity.public,
            remembered=None,
        )
    assert caught.value.code == "not-my-request"


def test_shares_are_used_in_the_order_of_the_log_whatever_the_services_order() -> None:
    told = world().released
    same = [entry.model_copy(update={"at": told.request.at}) for entry in told.decisions]
    shuffled = changed(told, decisions=same[::-1], resealed_shares=told.resealed_shares[::-1])
    assert [share.custodian for share in believed(shuffled).shares] == [
        somebody(name).id for name in ("ann", "bob", "dea")
    ]
