"""A roster names people by their identities."""

from dataclasses import replace

import pytest

from service.domain import errors
from service.domain.roster import Roster
from tests.unit.domain.builders import (
    EVERYBODY,
    IDENTITIES,
    Enrolled,
    enrolled,
    listed,
    roster,
    roster_payload,
    signing_key,
)

FIRST = roster()


@pytest.mark.parametrize("key", ["encryption_key", "signing_key"])
def test_no_key_is_in_two_identities_of_one_roster(key: str) -> None:
    stolen = replace(enrolled("ann"), **{key: getattr(enrolled("eli"), key)})
    with pytest.raises(errors.DuplicatePersonError):
        Roster.from_payload(roster_payload(), "digest", Enrolled({"ann/1": stolen}))


def test_a_member_is_the_same_only_with_the_same_identity() -> None:
    ann, eli = FIRST.members["ann"], FIRST.members["eli"]
    assert ann.same_identity(roster().members["ann"])
    assert not ann.same_identity(eli)
    assert not ann.same_identity(None)
    anew = roster(keys={"ann": "2"})
    assert anew.members["ann"].signing_key == signing_key("ann", "2")
    assert not ann.same_identity(anew.members["ann"])
    again = IDENTITIES | {"ann/again": enrolled("ann")}  # the same keys under another statement
    line = listed("ann") | {"identity": "ann/again"}
    lines = [line if person == "ann" else listed(person) for person in sorted(EVERYBODY)]
    other = Roster.from_payload(roster_payload(people=lines), "digest", Enrolled(again))
    assert not ann.same_identity(other.members["ann"])


@pytest.mark.parametrize("identity", ["", "ann", "eli/1"])
def test_a_roster_names_people_by_their_own_identities(identity: str) -> None:
    lines = [listed(person) for person in sorted(EVERYBODY)]
    lines[0]["identity"] = identity
    with pytest.raises(errors.IdentityMissingError):
        Roster.from_payload(roster_payload(people=lines), "digest", IDENTITIES)
