"""What a version that retires its line may change, and that nothing new comes after it."""

from dataclasses import replace
from typing import Any

import pytest

from service.domain import errors
from service.domain.credential import Envelope, check_manifest
from service.domain.opening import check_opening
from service.domain.roster import Roster, check_not_retired, check_succession
from tests import cast
from tests.cast import MFA, PASSWORD, log_key
from tests.unit.domain.builders import (
    listed,
    manifest_payload,
    next_roster,
    request,
    roster,
)

FIRST = roster()
RETIRED = next_roster(FIRST, retired=True)
NAMED = sorted(FIRST.members)


def renamed(person: str) -> list[dict[str, str]]:
    return [listed(p) | ({"name": "Another"} if p == person else {}) for p in NAMED]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"log_key": log_key("other.example/log")},
        {"witnesses": (log_key(),), "cosigned_by": 1},
        {"name": "payments, ended"},
        {"policy": cast.POLICY},
    ],
)
def test_a_retiring_version_may_change_what_decides_on_no_one(changes: dict[str, Any]) -> None:
    check_succession(next_roster(FIRST, retired=True, **changes), FIRST)


@pytest.mark.parametrize(
    "changes",
    [
        {"thresholds": (1, 2)},
        {"thresholds": (2, 3)},
        {"password": ("ann", "bob")},
        {"mfa": (*MFA, "mel")},
        {"password": PASSWORD[::-1]},  # a place in a group is the index of a share
        {"requesters": ["eve", "gus"]},
        {"requesters": ["gus", "sam"]},  # the same people, in another role
        {"sealers": ["gus", "sam"]},
        {"requesters": ["sam"], "sealers": ["gus"]},
        {"keys": {"ann": "2"}},
        {"people": renamed("ann")},
    ],
)
def test_a_retiring_version_changes_no_one_who_counts(changes: dict[str, Any]) -> None:
    following = next_roster(FIRST, retired=True, **changes)
    with pytest.raises(errors.RetiringChangesError):
        check_succession(following, FIRST)
    check_succession(replace(following, retired=False), FIRST)


def test_a_first_version_retires_nothing() -> None:
    with pytest.raises(errors.RetiringChangesError):
        check_succession(roster(retired=True), None)


@pytest.mark.parametrize("changes", [{}, {"retired": True}, {"thresholds": (1, 1)}])
def test_nothing_follows_a_retired_line(changes: dict[str, Any]) -> None:
    with pytest.raises(errors.LineRetiredError):
        check_succession(next_roster(RETIRED, **changes), RETIRED)


def test_what_is_open_goes_on_under_the_version_before() -> None:
    assert FIRST.working == FIRST.digest
    assert RETIRED.working == FIRST.digest
    check_not_retired(FIRST)
    with pytest.raises(errors.LineRetiredError):
        check_not_retired(RETIRED)


@pytest.mark.parametrize("under", [FIRST, RETIRED])
def test_a_retired_line_takes_no_request_and_no_password(under: Roster) -> None:
    sealed = Envelope.from_payload(manifest_payload(under), "manifest-1")
    with pytest.raises(errors.LineRetiredError):
        check_manifest(sealed, roster=RETIRED, newest=None, rotating=())
    asked = request(roster=under.digest, manifest=sealed.digest)
    with pytest.raises(errors.LineRetiredError):
        check_opening(asked, roster=RETIRED, in_force=None, newest=sealed)
