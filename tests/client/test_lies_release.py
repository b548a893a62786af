"""A service that lies when it hands out shares is refused by name."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from crypto import statement as statements
from crypto.encoding import b64encode, format_time
from crypto.identity import Identity
from crypto.proof import parse_receipt
from crypto.randomness import random_bytes
from crypto.recipient import RecipientKey
from service.client.foundation.errors import ClientRefusal
from service.client.trust.log import verify_log_receipt
from service.client.trust.release import VerifiedRelease, verify_release
from service.domain.people import GroupName
from service.wire.requests import Entered, Released, Resealed
from tests.client import honest
from tests.client.honest import START, World, person, wire, world

Lie = Callable[[World], Released]


def believed(told: Released, about: World | None = None) -> VerifiedRelease:
    about = about or world()
    return verify_release(
        told,
        mine=about.request,
        recipient_key=about.recipient.public,
        me=person("rita").identity.public,
        remembered=None,
    )


def changed(told: Released, **changes: object) -> Released:
    return told.model_copy(update=changes)


def with_decision(place: int, entry: Entered) -> Lie:
    def lie(about: World) -> Released:
        decisions = list(about.released.decisions)
        decisions[place] = entry
        return changed(about.released, decisions=decisions)

    return lie


def with_share(place: int, **changes: object) -> Released:
    shares = list(world().released.resealed_shares)
    shares[place] = shares[place].model_copy(update=changes)
    return changed(world().released, resealed_shares=shares)


def test_the_honest_release_is_believed() -> None:
    release = believed(world().released)
    assert [share.custodian for share in release.shares] == [
        person(name).id for name in ("ann", "bo", "dee")
    ]
    assert release.window_ends_at == release.released_at + timedelta(minutes=30)
    assert release.count.met


def test_an_approval_after_the_release_is_delivered_and_not_counted() -> None:
    about = honest.build_world(approvers=("ann", "bo", "dee", "eve"))
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
    assert person("eve").id not in release.count.counted[GroupName.MFA]
    assert release.shares[-1].custodian == person("eve").id


# ---------------------------------------------------------------- the table of lies


def another_request(about: World) -> Released:
    return changed(about.released, request=honest.build_world().released.request)


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
    fields = {**parts.manifest, "sealer": person("sam").id}
    forged = statements.sign("manifest", fields, identity=person("mallory").identity, at=parts.at)
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
    forged = honest.decision_by("rita", about.request, blob, group="password")
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
    closure = honest.word_by("rita", "closure", about.request, summary="done")
    last = about.released.leaf
    return changed(about.released, release=honest.entered(closure, last, last))


def release_by_somebody_else(about: World) -> Released:
    fields = {"request": about.request.digest, "requester": person("rita").id}
    forged = statements.sign("release", fields, identity=person("mallory").identity, at=START)
    last = about.released.leaf
    return changed(about.released, release=honest.entered(forged, last, last))


def release_of_another_request(about: World) -> Released:
    other = honest.word_by("rita", "release", honest.build_world().request)
    last = about.released.leaf
    return changed(about.released, release=honest.entered(other, last, last))


def release_after_expiry(about: World) -> Released:
    late = about.released.release.model_copy(update={"at": format_time(START + timedelta(hours=2))})
    return changed(about.released, release=late)


def another_requests_share(about: World) -> Released:
    return with_share(0, resealed_share=b64encode(honest.build_world().blobs["ann"]))


def anothers_share(about: World) -> Released:
    return with_share(0, custodian=person("bo").id)


def share_without_decision(about: World) -> Released:
    return with_share(0, decision="0" * 64)


def shares_held_back(about: World) -> Released:
    return changed(about.released, resealed_shares=about.released.resealed_shares[1:])


def share_in_another_group(about: World) -> Released:
    return with_share(0, group="mfa")


def made_up_people(about: World) -> Released:
    fakes = {name: Identity.generate() for name in honest.EVERYBODY}
    roster = honest.signed_roster(honest.roster_fields(keys=fakes), list(fakes.values()))
    return changed(about.released, chain=[wire(roster)])


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


def test_a_newcomer_who_holds_no_share_of_the_envelope_delivers_none() -> None:
    about = world()
    fields = honest.roster_fields(
        version=2, previous=honest.first_roster().digest, cause="change", mfa=("dee", "eve", "nell")
    )
    second = honest.signed_roster(fields, honest.keys_of("ann", "bo", "dee", "nell"))
    request = honest.request_by(about.recipient.public, roster=second)
    blobs = {
        name: honest.resealed(name, request, honest.first_envelope(), about.recipient.public)
        for name in ("ann", "bo", "dee")
    }
    blobs["nell"] = random_bytes(len(blobs["dee"]))
    decisions = {name: honest.decision_by(name, request, blobs[name]) for name in blobs}
    told = changed(
        about.released,
        chain=[wire(honest.first_roster()), wire(second)],
        request=honest.entered(request, 1, 1),
        decisions=[honest.entered(decisions[n], 2 + i, 2) for i, n in enumerate(blobs)],
        release=honest.entered(honest.word_by("rita", "release", request), 9, 9),
        resealed_shares=[
            Resealed(
                group="password" if name in honest.PASSWORD else "mfa",
                custodian=person(name).id,
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
    assert person("nell").id not in believed(three, asked).count.counted[GroupName.MFA]


def test_a_real_share_never_passes_for_a_drill() -> None:
    drill = honest.build_world(drill=True)
    assert believed(drill.released, drill).about.request.drill
    blob = world().blobs["ann"]
    decision = honest.decision_by("ann", drill.request, blob)
    told = changed(
        drill.released,
        decisions=[honest.entered(decision, 2, 2), *drill.released.decisions[1:]],
        resealed_shares=[
            Resealed(
                group="password",
                custodian=person("ann").id,
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
            me=person("rita").identity.public,
            remembered=None,
        )
    assert caught.value.code == "not-my-request"


# ---------------------------------------------------------------- the log's receipt


def check_receipt(receipt: str, leaf: bytes, about: World | None = None) -> None:
    about = about or world()
    verify_log_receipt(
        receipt,
        leaf,
        verifier=about.log.signer.verifier,
        expected=believed(about.released, about).expected_leaf,
    )


def test_an_honest_receipt_is_believed() -> None:
    check_receipt(world().released.receipt, world().log.leaves[-1])


def forged_by_another_key(about: World) -> tuple[str, bytes]:
    other = honest.Log(leaves=list(about.log.leaves))
    return other.receipt(about.released.leaf), about.log.leaves[-1]


def of_another_leaf(about: World) -> tuple[str, bytes]:
    return about.log.receipt(2), about.log.leaves[2]


def for_another_leafs_bytes(about: World) -> tuple[str, bytes]:
    return about.released.receipt, about.log.leaves[2]


def with_a_flipped_hash(about: World) -> tuple[str, bytes]:
    parts = parse_receipt(about.released.receipt)
    bad = bytes([parts.hashes[0][0] ^ 1]) + parts.hashes[0][1:]
    return dataclasses.replace(parts, hashes=[bad, *parts.hashes[1:]]).text, about.log.leaves[-1]


def no_receipt_at_all(about: World) -> tuple[str, bytes]:
    return "c2sp.org/tlog-proof@v1\n", about.log.leaves[-1]


def another_index(about: World) -> tuple[str, bytes]:
    """The same release stands in the log twice; the receipt is for the second."""
    log = honest.Log(signer=about.log.signer, leaves=[*about.log.leaves, about.log.leaves[-1]])
    return log.receipt(about.released.leaf + 1), about.log.leaves[-1]


def another_actors_leaf(about: World) -> tuple[str, bytes]:
    """A leaf at the right place, honestly proven, that says somebody else released."""
    log = honest.Log(signer=about.log.signer, leaves=list(about.log.leaves[:-1]))
    log.append(
        "request:released",
        actor=person("ann").id,
        request=about.released.id,
        statement=about.release.raw,
    )
    return log.receipt(about.released.leaf), log.leaves[-1]


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (forged_by_another_key, "log-receipt-forged"),
        (of_another_leaf, "log-receipt-wrong-leaf"),
        (for_another_leafs_bytes, "log-receipt-forged"),
        (with_a_flipped_hash, "log-receipt-forged"),
        (no_receipt_at_all, "log-receipt-forged"),
        (another_actors_leaf, "log-receipt-wrong-leaf"),
        (another_index, "log-receipt-wrong-leaf"),
    ],
)
def test_a_wrong_receipt_is_refused(lie: Callable[[World], tuple[str, bytes]], code: str) -> None:
    with pytest.raises(ClientRefusal) as caught:
        check_receipt(*lie(world()))
    assert caught.value.code == code


def test_shares_are_used_in_the_order_of_the_log_whatever_the_services_order() -> None:
    told = world().released
    same = [entry.model_copy(update={"at": told.request.at}) for entry in told.decisions]
    shuffled = changed(told, decisions=same[::-1], resealed_shares=told.resealed_shares[::-1])
    assert [share.custodian for share in believed(shuffled).shares] == [
        person(name).id for name in ("ann", "bo", "dee")
    ]
