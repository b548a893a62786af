"""The browser destroys what the command line destroys, and says the same of a clock."""

import dataclasses
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from service.client.trust.clocks import Clocks
from service.client.trust.ending import KeptRequest, denied_for_good, fate, last_use
from service.domain.people import GroupName
from service.domain.roster import Roster
from tests.cast import CUSTODIANS, MFA, PASSWORD
from tests.js.rules.agreeing import Given, agreed
from tests.js.rules.twins import IDENTITIES
from tests.unit.domain.builders import START, decision, roster_payload

CASES = 2000
_NAMES = {
    "signed_at": "signedAt",
    "own_clock": "ownClock",
    "entered_at": "enteredAt",
    "newest_at": "newestAt",
    "release_signed": "releaseSigned",
    "released_at": "releasedAt",
}


def ms(at: Any) -> Any:
    return round(at.timestamp() * 1000) if isinstance(at, datetime) else at


def a_kept_request(random: Random) -> tuple[Given, Given]:
    def moment() -> datetime:
        day = random.choice([-40, -1, 0, 0, 0, 0, 1, 29, 30, 31, 40])
        edge = random.choice([-1, 0, 1, 599, 600, 601, 3599, 3600, 3601, 5400, 5401])
        return START + timedelta(days=day, seconds=edge)

    def perhaps() -> datetime | None:
        return moment() if random.random() < 0.7 else None

    def seldom() -> bool:
        return random.random() < 0.15

    kept = KeptRequest(
        signed_at=START,
        lifetime=3600,
        window=1800,
        own_clock=moment(),
        entered_at=perhaps(),
        newest_at=perhaps(),
        release_signed=seldom(),
        released_at=moment() if seldom() else None,
        ended=seldom(),
        denied=seldom(),
        acting=seldom(),
    )
    given = {_NAMES.get(n, n): ms(v) for n, v in dataclasses.asdict(kept).items()}
    return {"rule": "fate", "kept": given}, said([fate(kept).value, ms(last_use(kept))])


def said(value: Any) -> Given:
    return {"code": "", "says": value}


def test_both_let_the_same_become_of_a_request() -> None:
    random = Random(1)
    answers = agreed([a_kept_request(random) for _ in range(CASES)])
    assert {answer["says"][0] for answer in answers} == {"keep", "destroy", "ask"}


def denials(random: Random) -> tuple[Given, Given]:
    def some() -> Given:
        payload = roster_payload(
            password=(*PASSWORD[: random.randint(2, 3)], "nell"),
            thresholds=(random.randint(1, 3), random.randint(1, 3)),
        )
        wanted = random.choice(["unreachable", "unreachable", "first"])
        return payload | {"policy": payload["policy"] | {"denials": wanted}}

    named_payload, sealed_payload = some(), some()
    named = Roster.from_payload(named_payload, "roster-1", IDENTITIES)
    sealed = Roster.from_payload(sealed_payload, "roster-2", IDENTITIES)
    decisions = []
    for seq in range(random.randint(0, 6)):
        who = random.choice(CUSTODIANS)
        group = GroupName.MFA if who in MFA else GroupName.PASSWORD
        decisions.append(decision(who, seq=seq, approves=random.random() < 0.4, group=group))
    given = [
        dataclasses.asdict(one) | {"at": int((one.at - START).total_seconds())} for one in decisions
    ]
    case = {"rule": "denied", "roster": named_payload, "sealed": sealed_payload}
    return {**case, "decisions": given}, said(denied_for_good(named, sealed, decisions))


def test_both_know_when_denials_end_it() -> None:
    random = Random(2)
    answers = agreed([denials(random) for _ in range(CASES)])
    assert {answer["says"] for answer in answers} == {True, False}


def clocks(random: Random) -> tuple[Given, Given]:
    own = datetime(2026, 11, 2, 9, 0, random.randint(0, 59), tzinfo=UTC)

    def perhaps() -> datetime | None:
        if random.random() < 0.3:
            return None
        span = random.choice([0, 1, 119, 120, 121, 599, 600, 601, 3661, 86_400 * 40])
        return own + random.choice([-1, 1]) * timedelta(seconds=span)

    known = Clocks(own=own, service=perhaps(), leaf=perhaps())
    ahead = round(known.ahead.total_seconds() * 1000)
    given = {"own": ms(own), "service": ms(known.service), "leaf": ms(known.leaf)}
    return {"rule": "clocks", **given}, said(
        [ahead, known.differ, known.differ_much, known.sentence]
    )


def test_both_say_the_same_of_a_clock() -> None:
    random = Random(3)
    answers = agreed([clocks(random) for _ in range(CASES)])
    assert {(answer["says"][1], answer["says"][2]) for answer in answers} == {
        (False, False),
        (True, False),
        (True, True),
    }
