"""The one rule by which a device destroys what it keeps of its owner's request."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.client.trust.ending import Fate, KeptRequest, denied_for_good, fate, last_use
from service.client.trust.identities import verify_identities
from service.domain.people import GroupName
from service.domain.quorum import Decision
from service.domain.roster import Roster
from tests.cast import POLICY, somebody
from tests.client.honest import (
    START,
    brought,
    first_roster,
    group_of,
    keys_of,
    roster_fields,
    signed_roster,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT = KeptRequest(signed_at=START, lifetime=3600, window=1800, own_clock=START)
ENTERED: dict[str, Any] = {"entered_at": START}
RELEASED: dict[str, Any] = {**ENTERED, "release_signed": True, "released_at": START + HOUR / 2}
SECOND = timedelta(seconds=1)


def at(clock: timedelta, newest: timedelta | None = None, **more: Any) -> KeptRequest:
    """By the own clock, and the newest proved leaf where there is one."""
    known: dict[str, Any] = {} if newest is None else {"newest_at": START + newest}
    return replace(KEPT, own_clock=START + clock, **known, **more)


@pytest.mark.parametrize(
    ("what", "kept", "wanted"),
    [
        ("nothing is known", at(HOUR), Fate.KEEP),
        ("it is ended in the log", at(SECOND, ended=True), Fate.DESTROY),
        ("ended, on a slow clock", at(-40 * DAY, ended=True), Fate.DESTROY),
        ("ended, with the window open", at(HOUR, HOUR, ended=True, **RELEASED), Fate.DESTROY),
        ("denied", at(SECOND, denied=True), Fate.DESTROY),
        ("denied, the service says, after a release", at(HOUR, denied=True, **RELEASED), Fate.KEEP),
        ("denied, after a release without an answer",
         at(HOUR, denied=True, release_signed=True), Fate.KEEP),
        ("its lifetime is over by leaf and clock",
         at(HOUR + SECOND, HOUR + SECOND, **ENTERED), Fate.DESTROY),
        ("to the second", at(HOUR, HOUR + SECOND, **ENTERED), Fate.KEEP),
        ("to the second, by the leaf", at(HOUR + SECOND, HOUR, **ENTERED), Fate.KEEP),
        ("by the leaf alone", at(HOUR / 2, 2 * HOUR, **ENTERED), Fate.KEEP),
        ("by the clock alone", at(29 * DAY, HOUR / 2, **ENTERED), Fate.KEEP),
        ("no leaf is newer", at(29 * DAY, **ENTERED), Fate.KEEP),
        ("its entry is not proved", at(29 * DAY, 29 * DAY), Fate.KEEP),
        ("a release without an answer may be fetched still",
         at(HOUR * 1.4, HOUR * 1.4, release_signed=True, **ENTERED), Fate.KEEP),
        ("and then no more",
         at(HOUR * 1.6, HOUR * 1.6, release_signed=True, **ENTERED), Fate.DESTROY),
        ("its window is open", at(HOUR - SECOND, HOUR - SECOND, **RELEASED), Fate.KEEP),
        ("its window is open by the log", at(DAY, HOUR, **RELEASED), Fate.KEEP),
        ("its window is over", at(HOUR + SECOND, HOUR + SECOND, **RELEASED), Fate.DESTROY),
        ("thirty days but a second", at(30 * DAY - SECOND), Fate.KEEP),
        ("thirty days", at(30 * DAY), Fate.ASK),
        ("thirty days, whatever the log shows", at(40 * DAY, HOUR / 2, **ENTERED), Fate.ASK),
        ("thirty days, in a window that a later leaf opened",
         at(30 * DAY, entered_at=START + 30 * DAY, released_at=START + 30 * DAY), Fate.KEEP),
        ("it is being released", at(40 * DAY, 40 * DAY, acting=True, **RELEASED), Fate.KEEP),
        ("it is being released, and ended", at(DAY, ended=True, acting=True), Fate.KEEP),
    ],
)  # fmt: skip
def test_what_becomes_of_it(what: str, kept: KeptRequest, wanted: Fate) -> None:
    assert fate(kept) is wanted, what


@pytest.mark.parametrize("days", range(-40, 41, 5))
def test_no_clock_destroys_a_key_that_could_still_serve(days: int) -> None:
    for minutes in range(0, 90, 15):  # until the window of a release in the last second is over
        true = timedelta(minutes=minutes)
        for more in ({}, ENTERED, {**ENTERED, "release_signed": True}):
            if minutes > 60 and "release_signed" not in more:
                continue
            kept = at(true + days * DAY, true, **more)
            assert fate(kept) in ({Fate.KEEP} if days < 30 else {Fate.KEEP, Fate.ASK})


def test_the_last_use_is_known_from_proved_leaves_alone() -> None:
    assert last_use(KEPT) is None
    assert last_use(at(HOUR, **ENTERED)) == START + HOUR
    assert last_use(at(HOUR, release_signed=True, **ENTERED)) == START + 1.5 * HOUR
    assert last_use(at(HOUR, **RELEASED)) == START + HOUR


# ---------------------------------------------------------------- denials


def roster(denials: str) -> Roster:
    bounds = {"request_lifetime": 7200, "release_window": 3600, "denials": denials}
    if denials == "unreachable":
        statement = first_roster()
    else:
        statement = signed_roster(roster_fields(policy=POLICY | bounds), keys_of(*_EVERYBODY))
    return Roster.from_payload(
        statement.payload, statement.digest, verify_identities(brought(statement))
    )


_EVERYBODY = ("ann", "bob", "cyn", "dea", "eli", "gus", "sam")


def decisions(said: Sequence[str]) -> list[Decision]:
    """``+ann`` approves, ``-ann`` denies, in this order."""
    return [
        Decision(
            custodian=somebody(one[1:]).id,
            group=GroupName(group_of(one[1:])),
            approves=one[0] == "+",
            reason="",
            reseal_digest="",
            seq=seq,
            at=START,
            digest=f"{seq}",
        )
        for seq, one in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("denials", "said", "wanted"),
    [
        ("unreachable", [], False),
        ("unreachable", ["-ann"], False),
        ("unreachable", ["-ann", "-bob"], True),
        ("unreachable", ["-ann", "-bob", "+ann"], False),
        ("unreachable", ["-dea"], False),
        ("unreachable", ["-dea", "-eli"], True),
        ("unreachable", ["-ann", "-dea"], False),
        ("first", [], False),
        ("first", ["+ann"], False),
        ("first", ["-ann"], True),
    ],
)
def test_denials_end_it_by_the_policy(denials: str, said: list[str], wanted: bool) -> None:
    about = roster(denials)
    assert denied_for_good(about, about, decisions(said)) is wanted
