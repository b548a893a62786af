"""What holds of every count, whatever anybody sends in whatever order."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.people import GroupName
from service.domain.quorum import Decision, Quorum, quorum
from service.domain.roster import Roster
from tests.cast import CUSTODIANS, MFA, PASSWORD
from tests.unit.domain.builders import LIFETIME, START, P, decision, envelope, request, roster

# Seconds after the entry: mostly inside the lifetime, often at its very edges.
TIMES = st.integers(-2, LIFETIME + 2) | st.sampled_from([-1, 0, LIFETIME - 1, LIFETIME])


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    return decision(
        draw(st.sampled_from((*CUSTODIANS, "gus", "eve"))),
        seq=draw(st.integers(0, 40)),
        approves=draw(st.booleans() | st.just(value=True)),
        group=draw(st.sampled_from(GroupName)),
        at=START + timedelta(seconds=draw(TIMES)),
    )


HEARD = st.lists(decisions(), max_size=25, unique_by=lambda d: d.seq)
THRESHOLDS = st.tuples(st.integers(1, 3), st.integers(1, 3))
KEYS = st.dictionaries(st.sampled_from(CUSTODIANS), st.sampled_from(["1", "2"]))
ROSTERS = st.builds(lambda t, keys: roster(thresholds=t, keys=keys), THRESHOLDS, KEYS)


def counted(
    heard: list[Decision], named: Roster, sealed: Roster, *, until: int = 41, requester: str = "gus"
) -> Quorum:
    return quorum(
        roster=named,
        manifest_roster=sealed,
        manifest=envelope(sealed),
        request=request(requester=requester),
        entered_at=START,
        decisions=heard,
        until_seq=until,
    )


@given(HEARD, ROSTERS, ROSTERS)
def test_never_more_than_the_distinct_custodians_who_approved(
    heard: list[Decision], named: Roster, sealed: Roster
) -> None:
    count = counted(heard, named, sealed)
    for group, members in ((GroupName.PASSWORD, PASSWORD), (GroupName.MFA, MFA)):
        approved = {d.custodian for d in heard if d.approves and d.group is group}
        assert count.counted[group] <= approved & set(members)
        assert count.needed[group] >= 1
    assert not count.counted[GroupName.PASSWORD] & count.counted[GroupName.MFA]


@given(HEARD, ROSTERS, ROSTERS)
def test_whoever_counts_kept_both_keys_and_approved_last_and_in_time(
    heard: list[Decision], named: Roster, sealed: Roster
) -> None:
    count = counted(heard, named, sealed)
    for group in GroupName:
        for person in count.counted[group]:
            last = max((d for d in heard if d.custodian == person), key=lambda d: d.seq)
            assert last.approves
            assert 0 <= (last.at - START).total_seconds() < LIFETIME
            assert named.members[person] == sealed.members[person]


@given(HEARD, ROSTERS, st.sampled_from(CUSTODIANS))
def test_a_requester_never_counts_even_as_a_custodian(
    heard: list[Decision], named: Roster, requester: str
) -> None:
    count = counted(heard, named, named, requester=requester)
    assert requester not in count.counted[GroupName.PASSWORD] | count.counted[GroupName.MFA]


@given(HEARD, ROSTERS, ROSTERS, st.data())
def test_the_order_in_which_decisions_are_handed_in_does_not_matter(
    heard: list[Decision], named: Roster, sealed: Roster, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(heard))
    assert counted(shuffled, named, sealed) == counted(heard, named, sealed)


@given(HEARD, ROSTERS, ROSTERS)
def test_both_rosters_weigh_the_same(heard: list[Decision], one: Roster, two: Roster) -> None:
    assert counted(heard, one, two) == counted(heard, two, one)


@given(HEARD, ROSTERS, st.integers(0, 41))
def test_what_came_at_or_after_a_leaf_is_as_if_it_had_not_been_said(
    heard: list[Decision], named: Roster, until: int
) -> None:
    before = [d for d in heard if d.seq < until]
    assert counted(heard, named, named, until=until) == counted(before, named, named)


@given(HEARD, ROSTERS, ROSTERS)
def test_a_quorum_is_threshold_of_each_group_and_nothing_less(
    heard: list[Decision], named: Roster, sealed: Roster
) -> None:
    count = counted(heard, named, sealed)
    for group in GroupName:
        larger = max(named.groups[group].threshold, sealed.groups[group].threshold)
        assert count.needed[group] == larger
        assert count.met_in(group) == (len(count.counted[group]) >= larger)
    assert count.met == all(count.met_in(group) for group in GroupName)


@given(HEARD, ROSTERS, st.sampled_from(CUSTODIANS))
def test_one_more_denial_takes_exactly_that_person_away(
    heard: list[Decision], named: Roster, person: str
) -> None:
    before = counted(heard, named, named, until=99)
    after = counted([*heard, decision(person, seq=90, approves=False)], named, named, until=99)
    for group in GroupName:
        assert after.counted[group] == before.counted[group] - {person}


def test_an_offline_request_is_counted_without_its_times() -> None:
    far = [decision(p, seq=n, at=START - timedelta(days=n)) for n, p in enumerate(CUSTODIANS)]
    count = quorum(
        roster=roster(),
        manifest_roster=roster(),
        manifest=envelope(),
        request=replace(request(), offline=True),
        entered_at=START,
        decisions=far,
        until_seq=41,
    )
    assert count.met
    assert count.counted[P] == set(PASSWORD)
