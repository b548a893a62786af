"""The one counting function, rule by rule."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.domain import errors
from service.domain.people import GroupName
from service.domain.quorum import Decision, Quorum, last_words, quorum
from tests.unit.domain.builders import (
    LIFETIME,
    SECOND,
    START,
    M,
    P,
    approvals,
    decision,
    envelope,
    request,
    roster,
)

EXPIRY = START + timedelta(seconds=LIFETIME)
DENIED = {"approves": False}


def count(*decisions: Decision, **changes: Any) -> Quorum:
    """The count under one roster; ``changes`` replace any argument."""
    arguments: dict[str, Any] = {
        "roster": roster(),
        "manifest_roster": roster(),
        "manifest": envelope(),
        "request": request(),
        "entered_at": START,
        "decisions": decisions,
        "until_seq": 1000,
    }
    return quorum(**(arguments | changes))


def people(counted: Quorum, group: GroupName) -> str:
    return " ".join(sorted(counted.counted[group]))


@pytest.mark.parametrize(
    ("decisions", "password", "mfa", "met"),
    [
        ((), "", "", False),
        (approvals("ann", "bob"), "ann bob", "", False),
        (approvals("dea", "eli"), "", "dea eli", False),
        (approvals("ann", "bob", "cem", "dea"), "ann bob cem", "dea", False),
        (approvals("ann", "dea", "eli", "fay"), "ann", "dea eli fay", False),
        (approvals("ann", "bob", "dea", "eli"), "ann bob", "dea eli", True),
        (approvals("ann", "bob", "cem", "dea", "eli", "fay"), "ann bob cem", "dea eli fay", True),
        # the same person twice is one person
        (approvals("ann", "ann", "ann", "dea", "dea", "dea"), "ann", "dea", False),
        # strangers, sealers and requesters hold no say
        (approvals("ann", "eve", "sam", "dea", "eli"), "ann", "dea eli", False),
        # a custodian of the other group does not count in this one
        (
            (*approvals("ann", "dea", "eli"), decision("fay", seq=20, group=P)),
            "ann",
            "dea eli",
            False,
        ),
        # the last word is what counts, in the order of the log and of nothing else
        ((decision("ann", seq=10), decision("ann", seq=11, **DENIED)), "", "", False),
        ((decision("ann", seq=11, **DENIED), decision("ann", seq=10)), "", "", False),
        ((decision("ann", seq=10, **DENIED), decision("ann", seq=11)), "ann", "", False),
        # a denial for a group in which one does not stand is a last word all the same
        ((decision("ann", seq=10), decision("ann", seq=11, group=M, **DENIED)), "", "", False),
    ],
)
def test_who_counts(decisions: tuple[Decision, ...], password: str, mfa: str, met: bool) -> None:
    counted = count(*decisions)
    assert (people(counted, P), people(counted, M), counted.met) == (password, mfa, met)


@pytest.mark.parametrize(
    ("at", "offline", "counts"),
    [
        (START - SECOND, False, False),
        (START, False, True),
        (EXPIRY - SECOND, False, True),
        (EXPIRY, False, False),
        (EXPIRY + SECOND, False, False),
        (START - SECOND, True, True),
        (EXPIRY + timedelta(days=9), True, True),
    ],
)
def test_an_approval_counts_from_the_requests_entry_until_before_its_expiry(
    at: datetime, offline: bool, counts: bool
) -> None:
    counted = count(decision("ann", at=at), request=request(offline=offline))
    assert people(counted, P) == ("ann" if counts else "")


def test_time_is_measured_from_the_entry_that_the_caller_names() -> None:
    late = START + timedelta(hours=5)
    counted = count(decision("ann", at=START), decision("dea", at=late), entered_at=late)
    assert (people(counted, P), people(counted, M)) == ("", "dea")


@pytest.mark.parametrize(("until", "counted"), [(10, ""), (11, "ann"), (12, "ann bob")])
def test_a_release_is_judged_at_its_own_leaf(until: int, counted: str) -> None:
    assert people(count(*approvals("ann", "bob"), until_seq=until), P) == counted


@pytest.mark.parametrize(("until", "approves"), [(11, True), (12, False)])
def test_a_later_word_changes_nothing_at_an_earlier_leaf(until: int, approves: bool) -> None:
    words = [decision("ann", seq=10), decision("ann", seq=11, **DENIED)]
    assert last_words(words, until_seq=until)["ann"].approves is approves


def test_the_requester_never_counts() -> None:
    counted = count(*approvals("ann", "bob", "dea", "eli"), request=request(requester="ann"))
    assert people(counted, P) == "bob"
    assert not counted.met


@pytest.mark.parametrize("which", ["roster", "manifest_roster"])
def test_an_identity_that_differs_between_the_rosters_excludes(which: str) -> None:
    other = roster(keys={"ann": "2"})
    counted = count(*approvals("ann", "bob", "dea", "eli"), **{which: other})
    assert people(counted, P) == "bob"
    assert not counted.met


@pytest.mark.parametrize("which", ["roster", "manifest_roster"])
def test_a_custodian_of_only_one_of_the_rosters_does_not_count(which: str) -> None:
    smaller = roster(password=("bob", "cem"))
    assert people(count(*approvals("ann", "bob"), **{which: smaller}), P) == "bob"


@pytest.mark.parametrize("which", ["roster", "manifest_roster"])
def test_a_custodian_who_changed_groups_between_the_rosters_counts_in_neither(which: str) -> None:
    moved = roster(password=("bob", "cem"), mfa=("dea", "eli", "fay", "ann"))
    counted = count(decision("ann"), **{which: moved})
    assert (people(counted, P), people(counted, M)) == ("", "")
    counted = count(decision("ann", group=M), **{which: moved})
    assert (people(counted, P), people(counted, M)) == ("", "")


@pytest.mark.parametrize("which", ["roster", "manifest_roster"])
@pytest.mark.parametrize("thresholds", [(3, 2), (2, 3)])
def test_the_larger_threshold_of_both_rosters_is_needed(
    which: str, thresholds: tuple[int, int]
) -> None:
    stricter = roster(thresholds=thresholds)
    assert not count(*approvals("ann", "bob", "dea", "eli"), **{which: stricter}).met
    everybody = approvals("ann", "bob", "cem", "dea", "eli", "fay")
    counted = count(*everybody, **{which: stricter})
    assert counted.met
    assert counted.needed == {P: thresholds[0], M: thresholds[1]}


def test_a_custodian_without_a_share_in_the_manifest_does_not_count() -> None:
    lacking = envelope()
    lacking = replace(lacking, shares=lacking.shares[1:])
    assert people(count(*approvals("ann", "bob"), manifest=lacking), P) == "bob"


def test_a_share_of_the_other_group_does_not_count() -> None:
    first, *others = envelope().shares
    misplaced = replace(envelope(), shares=(replace(first, group=M), *others))
    assert people(count(*approvals("ann", "bob"), manifest=misplaced), P) == "bob"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"roster": roster("roster-2")}, errors.StaleRosterError),
        ({"request": request(roster="roster-2")}, errors.StaleRosterError),
        ({"manifest": envelope(digest="manifest-2")}, errors.WrongEnvelopeError),
        ({"request": request(manifest="manifest-2")}, errors.WrongEnvelopeError),
        ({"manifest_roster": roster("roster-2")}, errors.WrongEnvelopeError),
        ({"manifest": replace(envelope(), roster="roster-2")}, errors.WrongEnvelopeError),
    ],
)
def test_no_count_with_another_roster_or_manifest_than_the_request_names(
    changes: dict[str, Any], refusal: type[errors.Refusal]
) -> None:
    with pytest.raises(refusal):
        count(*approvals("ann", "bob", "dea", "eli"), **changes)


@pytest.mark.parametrize("answer", ["approve", "deny"])
def test_a_decision_is_what_its_custodian_signed(answer: str) -> None:
    payload = {
        "custodian": "cem",
        "group": "mfa",
        "decision": answer,
        "reason": "not tonight",
        "resealed_share_digest": "b" * 64,
    }
    assert Decision.from_payload(payload, "d" * 64, seq=7, at=START) == Decision(
        custodian="cem",
        group=GroupName.MFA,
        approves=answer == "approve",
        reason="not tonight",
        reseal_digest="b" * 64,
        seq=7,
        at=START,
        digest="d" * 64,
    )
