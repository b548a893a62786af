"""A sealer who splits otherwise than the roster says gets nothing: no receipt, no approval."""

from dataclasses import replace
from functools import cache, partial

import pytest

from crypto.errors import VerificationError
from crypto.opening import open_envelope
from crypto.recipient import RecipientKey
from crypto.sharing import Share, combine
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.shares import resealing
from service.client.shares.combining import Revealed, open_release
from service.client.shares.opening import Holding, OpenedShare, combine_shares, open_share
from service.client.trust.chain import VerifiedChain, verify_chain
from service.client.trust.envelope import verify_manifest
from service.client.trust.heads import NO_HEAD, Stamp
from service.client.trust.release import VerifiedRelease, verify_release
from service.client.trust.request import VerifiedRequest, verify_request
from service.domain.people import GroupName
from service.domain.roster import Group
from tests import cast
from tests.cast import ACCOUNT, CUSTODIANS, somebody
from tests.client import honest
from tests.client.honest import CONTENT, START, Sealed
from tests.client.released import World, build_world
from tests.hostile import MIXED, OTHER_MEMBER, ROWS, Dealt, Groups, Row, groups_of, hostile_seal

BY = {row.name: row for row in (*ROWS, OTHER_MEMBER)}
STAMP = Stamp(at=START, head=NO_HEAD)
IDS = {name: somebody(name).id for name in CUSTODIANS}


# Two of three are needed in both groups, but for these.
THRESHOLDS = {OTHER_MEMBER.name: (2, 1), "two whole splits": (1, 1)}


@cache
def roster_for(name: str) -> Statement:
    fields = honest.roster_fields(mfa=cast.MFA, thresholds=THRESHOLDS.get(name, (2, 2)))
    return honest.signed_roster(fields, honest.keys_of(*CUSTODIANS, "gus", "sam"))


@cache
def sealed_by(row: Row) -> Sealed:
    return honest.seal_for(roster_for(row.name), sealing=partial(hostile_seal, deal=row.deal))


def chain_of(roster: Statement) -> VerifiedChain:
    return verify_chain(
        [honest.wire(roster)],
        honest.brought(roster),
        account=ACCOUNT,
        me=None,
        remembered=None,
    )


def place_of(name: str, row: Row) -> Holding:
    chain = chain_of(roster_for(row.name))
    envelope, manifest = verify_manifest(honest.wire(sealed_by(row).statement), chain)
    return Holding(
        envelope=envelope,
        manifest=manifest.payload,
        roster=chain.newest,
        group=GroupName(honest.group_of(name)),
        person=IDS[name],
    )


def asked(row: Row, *, drill: bool, offline: bool) -> VerifiedRequest:
    statement = honest.request_by(
        RecipientKey.generate().public,
        roster=roster_for(row.name),
        sealed=sealed_by(row),
        drill=drill,
        offline=offline,
        task="drill" if drill else "mfa-devices",
    )
    return verify_request(honest.entered(statement, 1), chain_of(roster_for(row.name)))


def found_by(row: Row) -> set[str]:
    """The names of the custodians whose own share shows what the sealer did."""
    passing = row.pass_(groups_of(roster_for(row.name)))
    return {name for name in CUSTODIANS if IDS[name] not in passing}


def codes(row: Row, path: str) -> dict[str, str]:
    """How each custodian's act on this path ends: a code, or empty."""
    about = asked(row, drill=path == "drill", offline=path == "offline")
    ends = {name: _end(row, path, about, name) for name in CUSTODIANS}
    assert all("sam, who sealed it" in end.message for end in ends.values() if end)
    assert all("nothing was signed" in end.hint for end in ends.values() if end)
    return {name: end.code if end else "" for name, end in ends.items()}


def _end(row: Row, path: str, about: VerifiedRequest, name: str) -> ClientRefusal | None:
    sealed, me, holding = sealed_by(row).blob_of(name), somebody(name).identity, place_of(name, row)
    try:
        if path == "confirm":
            resealing.receipt(open_share(sealed, holding, me), me, STAMP)
        else:
            resealing.approve(about, holding, sealed, me, STAMP, confirmed=False)
    except ClientRefusal as refused:
        return refused
    return None


@pytest.mark.parametrize("path", ["confirm", "approve", "drill", "offline"])
@pytest.mark.parametrize("row", BY)
def test_every_custodian_who_can_see_it_refuses_and_signs_nothing(row: str, path: str) -> None:
    found = found_by(BY[row])
    assert found
    assert codes(BY[row], path) == {
        name: BY[row].code if name in found else "" for name in CUSTODIANS
    }


def test_what_is_no_share_is_told_from_a_share_of_another_place() -> None:
    assert {row.code for row in BY.values()} == {"share-does-not-open", "share-differs"}


def released(row: Row, *approvers: str) -> tuple[VerifiedRelease, World]:
    """What a requester holds when custodians passed on what they should have refused."""
    world = build_world(
        approvers=approvers or CUSTODIANS, roster=roster_for(row.name), sealed=sealed_by(row)
    )
    verified = verify_release(
        world.released,
        mine=world.request,
        recipient_key=world.recipient.public,
        me=somebody("gus").identity.public,
        remembered=None,
    )
    return verified, world


def revealed(row: Row, *approvers: str) -> Revealed:
    verified, world = released(row, *approvers)
    return open_release(verified, world.recipient)


@pytest.mark.parametrize("row", BY)
def test_shares_that_differ_are_combined_by_no_requester_either(row: str) -> None:
    found = found_by(BY[row])
    if row == "one share in two hands":
        assert revealed(BY[row]).bad == (IDS["bob"],)
        return
    with pytest.raises(ClientRefusal) as caught:
        revealed(BY[row])
    if not BY[row].sent:
        assert caught.value.code == "foreign-share"  # its length shows it before it is opened
        return
    assert caught.value.code == "not-enough-shares"
    wrong = {n for n in CUSTODIANS if f"the share of {n} is wrong" in caught.value.message}
    assert wrong
    assert wrong <= found


def test_two_people_of_one_group_would_open_the_password_if_no_one_compared() -> None:
    """What the split is for: their shares are enough, and both refuse to pass them on."""
    row = BY["both groups to one"]
    sealed = sealed_by(row)
    both = [sealed.mnemonic_of(name).reveal().decode() for name in ("ann", "bob")]
    opened = open_envelope(combine(both), sealed.parts.content, sealed.statement.payload)
    assert opened.content == CONTENT
    with pytest.raises(ClientRefusal) as caught:
        resealing.approve(
            asked(row, drill=False, offline=False),
            place_of("ann", row),
            sealed_by(row).blob_of("ann"),
            somebody("ann").identity,
            STAMP,
            confirmed=True,
        )
    assert caught.value.code == "share-differs"
    assert "share 1 of the password group, 1 needed" in caught.value.message
    assert "asks for share 1 of the password group, 2 needed" in caught.value.message


def test_a_share_of_another_split_is_left_out_by_name_and_the_next_one_tried() -> None:
    assert set(codes(MIXED, "approve").values()) == {""}
    opened = revealed(MIXED)
    assert opened.content == CONTENT
    assert opened.bad == (IDS["ann"],)
    assert opened.used == tuple(IDS[name] for name in ("bob", "cem", "dea", "eli"))
    with pytest.raises(ClientRefusal) as caught:
        revealed(MIXED, "ann", "bob", "dea", "eli")
    assert caught.value.code == "not-enough-shares"
    assert "which only sam, who sealed it, could mix" in caught.value.message


@cache
def two_whole_splits() -> Row:
    """Two splits of two secrets, each enough by itself; Bob's and Dea's is not the content's."""

    def deal(secret: bytes, groups: Groups) -> Dealt:
        one, two = MIXED.deal(bytes(32), groups), MIXED.deal(secret, groups)
        return dict(two) | {IDS[name]: one[IDS[name]] for name in ("bob", "dea")}

    return Row("two whole splits", deal)


def test_a_split_that_opens_nothing_is_put_aside_for_the_next() -> None:
    row = two_whole_splits()
    assert revealed(row, "bob", "dea", "cem", "eli").bad == (IDS["bob"], IDS["dea"])
    with pytest.raises(ClientRefusal) as caught:
        revealed(row, "bob", "dea")
    assert caught.value.code == "does-not-open"


def honest_shares() -> list[OpenedShare]:
    verified, _ = released(MIXED)
    chain = chain_of(roster_for(MIXED.name))
    assert verified.chain.newest == chain.newest
    return [
        open_share(sealed_by(MIXED).blob_of(n), place_of(n, MIXED), somebody(n).identity)
        for n in ("bob", "cem", "dea", "eli")
    ]


def test_combining_compares_once_more() -> None:
    bob, cem, dea, eli = honest_shares()
    assert len(combine_shares([bob, cem, dea, eli])) == 32
    another = replace(bob.holding.envelope, digest="0" * 64)
    moved: Share = replace(bob.share, member=0)
    for wrong in (
        replace(bob, share=moved),
        replace(bob, share=replace(bob.share, threshold=1)),
        replace(bob, share=replace(bob.share, group="mfa")),
        replace(bob, holding=replace(bob.holding, envelope=another)),
    ):
        with pytest.raises(VerificationError):
            combine_shares([wrong, cem, dea, eli])
    ann = open_share(
        sealed_by(MIXED).blob_of("ann"), place_of("ann", MIXED), somebody("ann").identity
    )
    with pytest.raises(VerificationError, match="different envelopes"):
        combine_shares([ann, bob, dea, eli])


def test_a_request_that_names_another_envelope_gets_no_approval() -> None:
    about = asked(BY["places exchanged"], drill=False, offline=False)
    sealed, mine = sealed_by(MIXED).blob_of("ann"), place_of("ann", MIXED)
    with pytest.raises(ClientRefusal) as caught:
        resealing.approve(about, mine, sealed, somebody("ann").identity, STAMP, confirmed=True)
    assert caught.value.code == "manifest-replaced"


def test_a_place_is_of_the_roster_that_the_envelope_was_sealed_for() -> None:
    mine = place_of("ann", MIXED)
    other = replace(mine.roster, digest="0" * 64)
    others = Group(threshold=2, custodians=(IDS["bob"], IDS["cem"]))
    without = replace(mine.roster, groups={**mine.roster.groups, GroupName.PASSWORD: others})
    for changes in (
        {"roster": other},
        {"roster": without},
        {"group": GroupName.MFA},
        {"person": somebody("gus").id},
        {"envelope": replace(mine.envelope, shares=mine.envelope.shares[1:])},
    ):
        with pytest.raises(ValueError, match="place"):
            replace(mine, **changes)
