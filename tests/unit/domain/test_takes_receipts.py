"""Which version of the roster leaves what is sealed as it is: receipts are taken still."""

from typing import Any

import pytest

from service.domain import errors
from service.domain.able import Sealed, readiness
from service.domain.credential import Envelope, EnvelopeState, confirm
from service.domain.findings import resealing_due
from service.domain.readiness import Act
from service.domain.roster import Roster
from tests.cast import CUSTODIANS, MFA, PASSWORD, POLICY
from tests.unit.domain.builders import P, envelope, group_of, next_roster, roster, roster_payload
from tests.unit.domain.situations import FIRST_KEYS, SEALED, acts, anew

HALF = envelope(state=EnvelopeState.UNCONFIRMED, receipts=frozenset({(P, "ann")}))
RENAMED = [entry | {"name": entry["name"] + " Smith"} for entry in roster_payload()["people"]]

KEEPS: list[tuple[str, dict[str, Any]]] = [
    ("nothing", {}),
    ("people's names", {"people": RENAMED}),
    ("the account's name", {"name": "payments eu"}),
    ("who may ask", {"requesters": ("gus", "hal")}),
    ("who may seal", {"sealers": ("gus",)}),
    ("a sealer's keys", {"keys": {"sam": "2"}}),
    ("the policy", {"policy": POLICY | {"release_window": 60}}),
    ("the witnesses", {"cosigned_by": 1, "witnesses": ["made up"]}),
]
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("a threshold", {"thresholds": (3, 2)}),
    ("a custodian's keys", {"keys": {"ann": "2"}}),
    ("where one signs in", {"root_email": "root@elsewhere.example"}),
    ("places", {"password": PASSWORD[::-1]}),
    ("one more", {"password": (*PASSWORD, "eve")}),
    ("one fewer", {"mfa": MFA[:2]}),
]
ALL = [
    pytest.param(changes, takes, id=name)
    for cases, takes in ((KEEPS, True), (CHANGES, False))
    for name, changes in cases
]


def signed_under(newest: Roster) -> Envelope:
    return confirm(HALF, roster=roster(), newest=newest, group=P, custodian="bob")


@pytest.mark.parametrize(("changes", "takes"), ALL)
def test_receipts_are_taken_while_nothing_changed_that_sealing_rests_on(
    changes: dict[str, Any], takes: bool
) -> None:
    newest = next_roster(roster(), **changes)
    for one in (newest, next_roster(newest, **changes, retired=True)):
        if takes:
            assert (P, "bob") in signed_under(one).receipts
        else:
            with pytest.raises(errors.StaleRosterError):
                signed_under(one)
    assert (P, "bob") in signed_under(next_roster(newest)).receipts  # all is as it was


def test_the_end_of_a_line_takes_the_receipts_of_the_version_before() -> None:
    """Whatever else it changes: nothing is sealed under it."""
    end = next_roster(roster(), root_email="root@elsewhere.example", retired=True)
    assert (P, "bob") in signed_under(end).receipts


@pytest.mark.parametrize(("changes", "takes"), ALL)
def test_who_may_confirm_is_counted_and_asked_as_long_as_it_is_taken(
    changes: dict[str, Any], takes: bool
) -> None:
    newest = next_roster(roster(), **changes)
    groups = readiness(
        roster=newest,
        sealed=Sealed(envelope=HALF, roster=roster()),
        newest=anew(*changes.get("keys", ())),
    )
    assert ("cem" in groups[P].confirming) is takes
    assert (Act.CONFIRM in acts("cem", newest=HALF, roster=newest)) is takes


@pytest.mark.parametrize("changes", [pytest.param(c, id=name) for name, c in KEEPS])
def test_no_one_is_asked_to_seal_again_for_such_a_version(changes: dict[str, Any]) -> None:
    newest = next_roster(roster(), **changes)
    enrolled = FIRST_KEYS | {p: f"{p}/2" for p in changes.get("keys", ())}
    for one in (HALF, SEALED):
        assert not resealing_due(newest, Sealed(envelope=one, roster=roster()), enrolled)


def test_a_newer_envelope_that_waits_under_the_roster_before_is_the_sealers_work_done() -> None:
    exposed = Sealed(envelope=envelope(state=EnvelopeState.EXPOSED), roster=roster())
    again = envelope(state=EnvelopeState.UNCONFIRMED, version=2)
    renamed = next_roster(roster(), people=RENAMED)
    grown = next_roster(roster(), thresholds=(3, 2))
    for newest, waits in ((renamed, []), (grown, [Act.SEAL])):
        assert acts("sam", newest=again, sealed=exposed, exposed="released", roster=newest) == waits


def test_with_all_receipts_it_is_ready_under_a_version_that_renames_everyone() -> None:
    newest, sealed = next_roster(roster(), people=RENAMED), HALF
    for person in CUSTODIANS[1:]:
        sealed = confirm(
            sealed, roster=roster(), newest=newest, group=group_of(person), custodian=person
        )
    assert sealed.state is EnvelopeState.READY
