"""Who may stand in a roster, where, and what it may permit."""

from typing import Any

import pytest

from service.domain import errors
from service.domain.person import Person
from service.domain.roster import (
    Cause,
    Denials,
    Group,
    Policy,
    Roster,
    check_not_stranding,
    check_outsiders,
    check_succession,
    common_custodians,
    needed,
)
from tests import cast
from tests.cast import ACCOUNT, CUSTODIANS, MFA, PASSWORD, log_key
from tests.unit.domain.builders import (
    EVERYBODY,
    IDENTITIES,
    M,
    P,
    listed,
    next_roster,
    roster,
    roster_payload,
)

SIXTEEN = tuple(f"p{n:02}" for n in range(16))
SEVENTEEN = (*SIXTEEN, "p16")
RECEIPTS = frozenset({*((P, person) for person in PASSWORD), *((M, person) for person in MFA)})
POLICY = cast.POLICY | {"request_lifetime": 1, "release_window": 1, "denials": "first"}


def twice(person: str, **changes: str) -> list[dict[str, str]]:
    """Everybody, with this person's line replaced by one that is changed."""
    return [listed(p) | (changes if p == person else {}) for p in sorted(EVERYBODY)]


def test_a_roster_says_what_was_signed() -> None:
    made = roster()
    assert (made.digest, made.account, made.version, made.cause) == (
        "roster-1",
        ACCOUNT,
        1,
        Cause.FIRST,
    )
    assert (made.name, made.root_email, made.type) == (
        "payments",
        "root@corp.example",
        "standalone",
    )
    assert made.previous == "0" * 64
    assert (made.requesters, made.sealers) == (("gus",), ("sam",))
    assert made.groups == {
        P: Group(threshold=2, custodians=PASSWORD),
        M: Group(threshold=2, custodians=MFA),
    }
    assert made.custodians == set(CUSTODIANS)
    assert made.members.keys() == set(EVERYBODY)
    assert made.policy == Policy(
        request_lifetime=3600,
        release_window=900,
        denials=Denials.UNREACHABLE,
        requester_seals=False,
        least_suite="bg1",
    )
    assert (made.log_key, made.witnesses, made.cosigned_by) == (log_key(), (), 0)
    assert made.retired is False
    ann = made.members["ann"]
    assert (ann.person, ann.name, ann.identity, ann.encryption_key, ann.signing_key) == (
        "ann",
        "Ann",
        "ann/1",
        b"ann unseals 1",
        b"ann signs 1",
    )


def test_a_custodian_stands_in_one_group_and_others_in_none() -> None:
    made = roster()
    assert (made.group_of("ann"), made.group_of("eli"), made.group_of("gus")) == (P, M, None)
    assert made.custodian("ann", P) == made.members["ann"]
    assert made.custodian("ann", M) is None
    assert made.custodian("gus", P) is None
    assert made.custodian("eve", P) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        # nobody in both groups
        ({"mfa": (*MFA, "ann")}, errors.BothGroupsError),
        # no custodian is a requester; a sealer may be either
        ({"requesters": ["ann", "gus"]}, errors.RequesterIsCustodianError),
        ({"requesters": ["eli"]}, errors.RequesterIsCustodianError),
        ({"sealers": ["gus"]}, None),
        ({"sealers": ["ann"]}, None),
        ({"requesters": [], "sealers": []}, None),
        # 1 <= threshold <= members <= 16, in each group
        ({"thresholds": (0, 2)}, errors.ThresholdError),
        ({"thresholds": (2, 0)}, errors.ThresholdError),
        ({"thresholds": (1, 1)}, None),
        ({"thresholds": (3, 3)}, None),
        ({"thresholds": (4, 2)}, errors.ThresholdError),
        ({"thresholds": (2, 4)}, errors.ThresholdError),
        ({"password": (), "thresholds": (0, 2)}, errors.ThresholdError),
        ({"mfa": (), "thresholds": (2, 0)}, errors.ThresholdError),
        ({"password": ("ann",), "thresholds": (1, 2)}, None),
        ({"password": SIXTEEN, "thresholds": (16, 2)}, None),
        ({"password": SEVENTEEN}, errors.ThresholdError),
        ({"mfa": SEVENTEEN}, errors.ThresholdError),
        # nobody twice in a group
        ({"password": ("ann", "ann", "bob")}, errors.DuplicatePersonError),
        ({"mfa": ("eli", "eli")}, errors.DuplicatePersonError),
        # people are exactly those who are named
        ({"people": twice("ann")[1:]}, errors.PeopleMismatchError),
        ({"people": [*twice("ann"), listed("eve")]}, errors.PeopleMismatchError),
        ({"people": [*twice("ann")[1:], listed("eve")]}, errors.PeopleMismatchError),
        ({"people": [*twice("ann"), listed("ann")]}, errors.PeopleMismatchError),
        ({"people": []}, errors.PeopleMismatchError),
        # no key and no name twice
        ({"people": twice("ann", name="Eli")}, errors.DuplicatePersonError),
        ({"people": twice("gus", name="Sam")}, errors.DuplicatePersonError),
        # names are compared as bytes: no table of letters decides
        ({"people": twice("ann", name="eLI")}, None),
        ({"people": twice("ann", name="\u212a")}, None),
        # policy
        ({"policy": POLICY}, None),
        ({"policy": POLICY | {"request_lifetime": 86_400}}, None),
        ({"policy": POLICY | {"request_lifetime": 86_401}}, errors.PolicyError),
        ({"policy": POLICY | {"request_lifetime": 0}}, errors.PolicyError),
        ({"policy": POLICY | {"release_window": 14_400}}, None),
        ({"policy": POLICY | {"release_window": 14_401}}, errors.PolicyError),
        ({"policy": POLICY | {"release_window": 0}}, errors.PolicyError),
    ],
)
def test_what_a_roster_may_say(
    changes: dict[str, Any], refusal: type[errors.Refusal] | None
) -> None:
    payload = roster_payload(**changes)
    if refusal is None:
        assert Roster.from_payload(payload, "digest", IDENTITIES).digest == "digest"
        return
    with pytest.raises(refusal) as refused:
        Roster.from_payload(payload, "digest", IDENTITIES)
    assert type(refused.value) is refusal


@pytest.mark.parametrize("bound", ["request_lifetime", "release_window"])
def test_a_policy_says_which_bound_was_passed(bound: str) -> None:
    with pytest.raises(errors.PolicyError, match=bound.split("_")[1]):
        roster(policy=POLICY | {bound: 100_000})


FIRST = roster()
OTHER_ACCOUNT = {"account": "444455556666"}


@pytest.mark.parametrize(
    ("previous", "changes", "refusal"),
    [
        (None, {}, None),
        (None, {"version": 2}, errors.WrongVersionError),
        (None, {"previous": "roster-0"}, errors.WrongVersionError),
        (None, {"cause": "change"}, errors.WrongVersionError),
        (FIRST, {"version": 2, "previous": "roster-1", "cause": "change"}, None),
        (
            FIRST,
            {"version": 2, "previous": "roster-1", "cause": "first"},
            errors.WrongVersionError,
        ),
        (
            FIRST,
            {"version": 1, "previous": "roster-1", "cause": "change"},
            errors.WrongVersionError,
        ),
        (
            FIRST,
            {"version": 3, "previous": "roster-1", "cause": "change"},
            errors.WrongVersionError,
        ),
        (
            FIRST,
            {"version": 2, "previous": "roster-0", "cause": "change"},
            errors.WrongVersionError,
        ),
        (
            FIRST,
            {"version": 2, "previous": "0" * 64, "cause": "change"},
            errors.WrongVersionError,
        ),
        (FIRST, {}, errors.WrongVersionError),
        (
            FIRST,
            {"version": 2, "previous": "roster-1", "cause": "change"} | OTHER_ACCOUNT,
            errors.WrongAccountError,
        ),
    ],
)
def test_a_version_follows_the_newest_one_and_names_it(
    previous: Roster | None, changes: dict[str, Any], refusal: type[errors.Refusal] | None
) -> None:
    following = roster("roster-2", **changes)
    if refusal is None:
        check_succession(following, previous)
        return
    with pytest.raises(refusal):
        check_succession(following, previous)


@pytest.mark.parametrize("named", ["ann", "eli", "gus", "sam"])
def test_no_operator_and_no_auditor_is_named_anywhere(named: str) -> None:
    check_outsiders(FIRST, operators=["olga"], auditors=["aud"])
    with pytest.raises(errors.OperatorInRosterError):
        check_outsiders(FIRST, operators=["olga", named], auditors=[])
    with pytest.raises(errors.AuditorInRosterError):
        check_outsiders(FIRST, operators=[], auditors=["aud", named])


@pytest.mark.parametrize(
    ("changes", "strands"),
    [
        ({}, False),
        ({"password": ("ann", "bob", "nell")}, False),
        ({"password": ("ann", "nell", "pam")}, True),
        ({"mfa": ("dea", "mel", "mae")}, True),
        ({"keys": {"ann": "2"}}, False),
        ({"keys": {"ann": "2", "bob": "2"}}, True),
        ({"keys": {"dea": "2", "eli": "2"}}, True),
        # the larger of both thresholds, whichever roster has it
        ({"thresholds": (3, 2)}, False),
        ({"password": ("ann", "bob", "nell"), "thresholds": (3, 2)}, True),
        ({"password": ("ann",), "thresholds": (1, 2)}, True),
        # who moved to the other group holds no share of it
        ({"password": ("ann", "nell"), "mfa": (*MFA, "bob")}, True),
    ],
)
def test_a_change_leaves_enough_custodians_who_hold_a_share(
    changes: dict[str, Any], strands: bool
) -> None:
    following = next_roster(FIRST, **changes)
    if not strands:
        check_not_stranding(following, FIRST, RECEIPTS)
        return
    with pytest.raises(errors.StrandsEnvelopeError):
        check_not_stranding(following, FIRST, RECEIPTS)


@pytest.mark.parametrize(
    ("missing", "strands"), [((), False), (("cem",), False), (("bob",), True), (("ann",), True)]
)
def test_who_has_signed_no_receipt_could_not_approve_and_is_not_counted(
    missing: tuple[str, ...], strands: bool
) -> None:
    """``cem`` leaves; nobody can confirm a share any more once the roster is an older one."""
    following = next_roster(FIRST, password=("ann", "bob", "nell"))
    receipts = {place for place in RECEIPTS if place[1] not in missing}
    if strands:
        with pytest.raises(errors.StrandsEnvelopeError):
            check_not_stranding(following, FIRST, receipts)
    else:
        check_not_stranding(following, FIRST, receipts)


def test_what_two_rosters_have_in_common() -> None:
    other = next_roster(FIRST, password=("ann", "bob"), keys={"bob": "2"}, thresholds=(1, 3))
    assert common_custodians(other, FIRST, P) == common_custodians(FIRST, other, P) == {"ann"}
    assert common_custodians(other, FIRST, M) == set(MFA)
    assert needed(other, FIRST, P) == needed(FIRST, other, P) == 2
    assert needed(other, FIRST, M) == needed(FIRST, other, M) == 3


def test_a_person_of_the_service_is_a_value() -> None:
    olga = Person(id="o", email="olga@corp.example", name="Olga", operator=True, auditor=False)
    assert olga == Person(
        id="o", email="olga@corp.example", name="Olga", operator=True, auditor=False
    )
