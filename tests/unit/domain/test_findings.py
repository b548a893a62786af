"""What is wrong with an account, from facts alone."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.credential import EnvelopeState
from service.domain.findings import Code, Facts, Finding, findings, in_question, state
from service.domain.topic import Topic
from tests.cast import ACCOUNT, CUSTODIANS
from tests.unit.domain.builders import M, P, envelope, group_of, next_envelope, next_roster, roster

RECEIPTS = frozenset((group_of(person), person) for person in CUSTODIANS)
ROSTER = roster()
READY = envelope(receipts=RECEIPTS)
ELSEWHERE = Topic.parse("arn:aws:sns:eu-central-1:999999999999:told")
INSIDE = Topic.parse(f"arn:aws:sns:eu-central-1:{ACCOUNT}:told")
WELL = Facts(
    roster=ROSTER,
    in_force=READY,
    newest=READY,
    sealed_under=ROSTER,
    topic=ELSEWHERE,
    drilled=True,
)
UNCONFIRMED = replace(READY, state=EnvelopeState.UNCONFIRMED, receipts=frozenset())
EXPOSED = replace(READY, state=EnvelopeState.EXPOSED)


def without(*people: str) -> frozenset[Any]:
    return RECEIPTS - {(group_of(person), person) for person in people}


def test_nothing_is_wrong_when_all_is_well() -> None:
    assert findings(WELL) == []


def test_without_a_roster_nothing_else_is_said() -> None:
    bare = Facts(
        roster=None, in_force=None, newest=None, sealed_under=None, topic=None, drilled=False
    )
    assert findings(bare) == [Finding(Code.NO_ROSTER)]
    assert findings(replace(WELL, roster=None)) == [Finding(Code.NO_ROSTER)]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"in_force": None, "newest": None, "sealed_under": None}, [Code.NO_ENVELOPE]),
        (
            {"in_force": None, "newest": UNCONFIRMED},
            [Code.UNCONFIRMED, Code.NO_SPARE],
        ),
        ({"in_force": EXPOSED, "newest": EXPOSED}, [Code.EXPOSED]),
        ({"in_force": replace(READY, receipts=without("dea"))}, [Code.NO_SPARE]),
        ({"newest": UNCONFIRMED}, []),  # the one in force is judged
        ({"drilled": False}, [Code.DRILL_DUE]),
        ({"in_force": None, "drilled": False}, [Code.UNCONFIRMED]),  # there is nothing to drill
        ({"topic": None}, [Code.NOBODY_TOLD]),
        ({"topic": INSIDE}, [Code.CIRCULAR_CHANNEL]),
        (
            {"in_force": EXPOSED, "drilled": False, "topic": None},
            [Code.EXPOSED, Code.DRILL_DUE, Code.NOBODY_TOLD],
        ),
    ],
)
def test_each_fault_has_its_finding(changes: dict[str, Any], found: list[Code]) -> None:
    assert findings(replace(WELL, **changes)) == [Finding(code) for code in found]


@pytest.mark.parametrize(
    ("thresholds", "groups"), [((3, 2), [P]), ((2, 3), [M]), ((3, 3), [P, M]), ((2, 2), [])]
)
def test_a_group_that_needs_all_its_members_is_named(
    thresholds: tuple[int, int], groups: list[Any]
) -> None:
    found = findings(replace(WELL, roster=roster(thresholds=thresholds)))
    assert found == [Finding(Code.NO_SPARE_CUSTODIAN, group) for group in groups]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, False),
        ({"password": ("ann", "bob", "cem", "cleo")}, False),  # a newcomer holds no share yet
        ({"mfa": ("dea", "eli", "dora")}, True),
        ({"keys": {"ann": "2"}}, True),
    ],
)
def test_custodians_who_left_or_have_other_keys_since_it_was_sealed(
    changes: dict[str, Any], wrong: bool
) -> None:
    found = findings(replace(WELL, roster=next_roster(ROSTER, **changes)))
    assert found == ([Finding(Code.OLDER_ROSTER)] if wrong else [])


def test_a_version_that_leaves_groups_and_people_as_they_were_makes_no_resealing_due() -> None:
    renamed = replace(next_roster(ROSTER), name="payments, renamed")
    assert renamed.digest != ROSTER.digest
    assert findings(replace(WELL, roster=renamed)) == []


def test_a_spare_is_counted_under_the_roster_that_the_envelope_names() -> None:
    """With 2 of 3, three receipts are threshold and a spare, whatever the roster after it needs."""
    assert findings(replace(WELL, sealed_under=roster(thresholds=(1, 1)))) == []
    few = replace(READY, receipts=without("dea", "ann"))
    assert findings(replace(WELL, in_force=few)) == [Finding(Code.NO_SPARE)]
    assert findings(replace(WELL, in_force=few, sealed_under=roster(thresholds=(1, 1)))) == []


def test_a_topic_in_the_account_is_circular_for_every_line_of_it() -> None:
    further = replace(WELL, roster=replace(ROSTER, account=f"{ACCOUNT}.2"))
    assert findings(further) == []
    assert findings(replace(further, topic=INSIDE)) == [Finding(Code.CIRCULAR_CHANNEL)]


@given(
    in_force=st.sampled_from([None, READY, EXPOSED]),
    newest=st.sampled_from([UNCONFIRMED, READY]),
    topic=st.sampled_from([None, ELSEWHERE, INSIDE]),
    drilled=st.booleans(),
)
def test_nothing_is_said_twice(in_force: Any, newest: Any, topic: Any, drilled: bool) -> None:
    facts = replace(WELL, in_force=in_force, newest=newest, topic=topic, drilled=drilled)
    found = findings(facts)
    assert len(set(found)) == len(found)
    assert (Finding(Code.DRILL_DUE) in found) is (in_force is not None and not drilled)
    assert (Finding(Code.NOBODY_TOLD) in found) is (topic is None)


def test_the_envelope_in_force_is_in_question_before_a_newer_one() -> None:
    newer = next_envelope(READY)
    assert in_question(READY, newer) is READY
    assert in_question(None, newer) is newer
    assert in_question(None, None) is None


def test_an_account_is_in_the_state_of_the_envelope_in_question() -> None:
    assert state(None, None) == state(None, READY) == "no-roster"
    assert state(ROSTER, None) == "no-envelope"
    for each in EnvelopeState:
        assert state(ROSTER, replace(READY, state=each)) == each.value


RETIRED = next_roster(ROSTER, retired=True)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"in_force": None, "newest": None, "sealed_under": None}, []),
        ({"in_force": None, "newest": UNCONFIRMED}, []),
        ({"in_force": replace(READY, receipts=without("dea"))}, []),
        ({"drilled": False}, []),
        ({"in_force": EXPOSED}, [Code.EXPOSED_RETIRED]),
        ({"topic": None}, [Code.NOBODY_TOLD]),
        ({"topic": INSIDE}, [Code.CIRCULAR_CHANNEL]),
    ],
)
def test_a_retired_line_asks_for_nothing_that_it_does_not_take(
    changes: dict[str, Any], found: list[Code]
) -> None:
    given_ = replace(WELL, roster=RETIRED, **changes)
    assert findings(given_) == [Finding(code) for code in found]


def test_in_a_retired_line_no_spare_custodian_is_asked_for() -> None:
    tight = roster(thresholds=(3, 3))
    assert findings(replace(WELL, roster=tight))
    assert findings(replace(WELL, roster=next_roster(tight, thresholds=(3, 3), retired=True))) == []
