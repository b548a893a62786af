"""Which manifest follows the newest one under the newest roster."""

from typing import Any

import pytest

from service.domain import errors
from service.domain.credential import Envelope, EnvelopeState, check_manifest
from service.domain.roster import Roster
from tests.cast import MFA, PASSWORD
from tests.unit.domain.builders import envelope, manifest_payload, next_envelope, roster

UNDER = roster()
NEWEST = envelope()
SHARES = manifest_payload(UNDER)["shares"]
WAITING = ("digest-1", "digest-2")


def follows(given: Envelope, under: Roster | None, newest: Envelope | None) -> None:
    check_manifest(given, roster=under, newest=newest, rotating=WAITING)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"account": "444455556666"}, errors.WrongAccountError),
        ({"roster": "roster-0"}, errors.StaleRosterError),
        ({"sealer": "gus"}, errors.NotInRosterError),
        ({"sealer": "ann"}, errors.NotInRosterError),
        ({"sealer": "eve"}, errors.NotInRosterError),
        ({"version": 2}, errors.WrongVersionError),
        ({"previous": "manifest-0"}, errors.WrongVersionError),
        ({"cause": "rotation"}, errors.WrongVersionError),
        ({"cause": "roster"}, errors.WrongVersionError),
    ],
)
def test_a_first_manifest(changes: dict[str, Any], refusal: type[errors.Refusal] | None) -> None:
    given = envelope(UNDER, **changes)
    if refusal is None:
        follows(given, UNDER, None)
        return
    with pytest.raises(refusal):
        follows(given, UNDER, None)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"cause": "roster"}, None),
        ({"cause": "initial"}, errors.WrongVersionError),
        ({"version": 1}, errors.WrongVersionError),
        ({"version": 3}, errors.WrongVersionError),
        ({"previous": "manifest-0"}, errors.WrongVersionError),
        ({"previous": "0" * 64}, errors.WrongVersionError),
        ({"after_requests": ["digest-1"]}, None),
        ({"after_requests": ["digest-1", "digest-2"]}, None),
        ({"after_requests": ["digest-1", "digest-3"]}, errors.WrongRequestError),
        ({"after_requests": ["digest-3"]}, errors.WrongRequestError),
    ],
)
def test_a_later_manifest(changes: dict[str, Any], refusal: type[errors.Refusal] | None) -> None:
    given = next_envelope(NEWEST, UNDER, **changes)
    if refusal is None:
        follows(given, UNDER, NEWEST)
        return
    with pytest.raises(refusal):
        follows(given, UNDER, NEWEST)


@pytest.mark.parametrize("state", EnvelopeState)
def test_it_follows_the_newest_in_whatever_state_that_is(state: EnvelopeState) -> None:
    follows(next_envelope(NEWEST, UNDER), UNDER, envelope(state=state))


def test_nothing_is_sealed_before_a_roster_is_signed() -> None:
    with pytest.raises(errors.NoRosterError):
        follows(envelope(), None, None)


@pytest.mark.parametrize(
    "shares",
    [
        [],
        SHARES[:-1],
        SHARES[1:],
        [*SHARES, SHARES[-1]],
        [*SHARES, SHARES[0] | {"custodian": "eve"}],
        [SHARES[0] | {"custodian": "eve"}, *SHARES[1:]],
        [SHARES[0] | {"group": "mfa"}, *SHARES[1:]],
        [SHARES[1], SHARES[0], *SHARES[2:]],
        [*SHARES[3:], *SHARES[:3]],
        [*SHARES[:5], SHARES[5] | {"group": "password"}],
    ],
)
def test_the_shares_are_exactly_those_of_the_roster_in_its_order(shares: list[Any]) -> None:
    with pytest.raises(errors.WrongGroupError):
        follows(envelope(UNDER, shares=shares), UNDER, None)


def test_the_order_within_a_group_is_the_rosters_and_not_the_alphabets() -> None:
    under = roster(password=PASSWORD[::-1], mfa=MFA[::-1])
    follows(envelope(under), under, None)
    with pytest.raises(errors.WrongGroupError):
        follows(envelope(UNDER), under, None)


@pytest.mark.parametrize("cause", ["rotation", "roster"])
def test_what_follows_an_exposed_envelope_is_a_new_password(cause: str) -> None:
    given = next_envelope(NEWEST, UNDER, cause=cause)
    if cause == "rotation":
        check_manifest(given, roster=UNDER, newest=NEWEST, rotating=(), exposed=True)
        return
    with pytest.raises(errors.PolicyError):
        check_manifest(given, roster=UNDER, newest=NEWEST, rotating=(), exposed=True)
