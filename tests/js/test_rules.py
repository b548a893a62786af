"""The browser counts and judges as the service does, whatever it is given."""

import dataclasses
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from crypto.encoding import b64encode
from service.domain.credential import takes_receipts
from service.domain.people import GroupName
from service.domain.quorum import quorum
from service.domain.roster import Roster, check_succession, common_custodians
from service.domain.signers import awaited_keys, check_signed, new_members, signers_needed
from tests.cast import CUSTODIANS, MFA, PASSWORD
from tests.js.rules.agreeing import Given, agreed, heard
from tests.js.rules.twins import IDENTITIES, PARTS
from tests.unit.domain.builders import (
    EVERYBODY,
    LIFETIME,
    START,
    decision,
    envelope,
    listed,
    manifest_payload,
    request,
    roster_payload,
    signing_key,
)

CASES = 1500


def keys(random: Random) -> dict[str, str]:
    return {one: "2" for one in EVERYBODY if random.random() < 0.15}


# ---------------------------------------------------------------- the quorum


def a_count(random: Random) -> tuple[Given, Given]:
    def some() -> Given:
        thresholds = (random.randint(1, 3), random.randint(1, 3))
        password = (*PASSWORD[: random.randint(2, 3)], "nell")
        return roster_payload(password=password, thresholds=thresholds, keys=keys(random))

    named_payload, sealed_payload = some(), some()
    named = Roster.from_payload(named_payload, "roster-1", IDENTITIES)
    sealed = Roster.from_payload(
        sealed_payload, random.choice(["roster-1", "roster-2"]), IDENTITIES
    )
    holders = manifest_payload(sealed)["shares"]
    kept = [line for line in holders if random.random() < 0.9]
    under = random.choice([sealed.digest] * 9 + ["roster-3"])
    manifest = manifest_payload(sealed, shares=kept, roster=under)
    asked = request(
        requester=random.choice(["gus", "gus", *CUSTODIANS]),
        roster=random.choice(["roster-1"] * 9 + ["roster-2"]),
        manifest=random.choice(["manifest-1"] * 9 + ["manifest-2"]),
        offline=random.random() < 0.2,
    )
    places = random.sample(range(40), random.randint(0, 14))
    edges = (-1, 0, 1, LIFETIME - 1, LIFETIME, LIFETIME + 1, 60, 60, 60)
    decisions = [
        decision(
            random.choice((*CUSTODIANS, *CUSTODIANS, "nell", "gus", "eve")),
            seq=seq,
            approves=random.random() < 0.8,
            group=random.choice(list(GroupName)),
            at=START + timedelta(seconds=random.choice(edges)),
        )
        for seq in places
    ]
    until = random.randint(0, 41)

    def count() -> Given:
        made = quorum(
            roster=named,
            manifest_roster=sealed,
            manifest=envelope(sealed, shares=kept, roster=under),
            request=asked,
            entered_at=START,
            decisions=decisions,
            until_seq=until,
        )
        return {
            "needed": [made.needed[group] for group in GroupName],
            "counted": [sorted(made.counted[group]) for group in GroupName],
            "met": made.met,
            "able": sorted(common_custodians(named, sealed, GroupName.MFA)),
        }

    given = {
        "rule": "quorum",
        "roster": named_payload,
        "sealed": sealed_payload | {"digest": sealed.digest},
        "manifest": manifest,
        "request": {
            name: getattr(asked, name)
            for name in ("requester", "roster", "manifest", "lifetime", "offline")
        },
        "decisions": [
            dataclasses.asdict(one) | {"at": int((one.at - START).total_seconds())}
            for one in decisions
        ],
        "until": until,
    }
    return given, heard(count)


@pytest.mark.parametrize("seed", [1, 2])
def test_both_count_the_same(seed: int) -> None:
    random = Random(seed)
    answers = agreed([a_count(random) for _ in range(CASES)])
    assert {answer["code"] for answer in answers} == {"", "stale-roster", "wrong-envelope"}
    assert {answer["says"]["met"] for answer in answers if not answer["code"]} == {True, False}


# ---------------------------------------------------------------- rosters


def a_roster(random: Random) -> tuple[Given, Given]:
    """Mostly good: one or two things at a time are other than they should be."""
    previous = None if random.random() < 0.3 else roster_payload(retired=random.random() < 0.1)
    payload = roster_payload(retired=random.random() < 0.3)
    if previous is not None:
        payload |= {"version": 2, "previous": "roster-1", "cause": "change"}
    for change in random.sample(CHANGES, random.randint(0, 2)):
        change(random, payload)

    def judge() -> Any:
        before = None if previous is None else Roster.from_payload(previous, "roster-1", IDENTITIES)
        roster = Roster.from_payload(payload, "roster-2", IDENTITIES)
        check_succession(roster, before)
        groups = {person: roster.group_of(person) for person in roster.members}
        return [[person, group and group.value] for person, group in groups.items()]

    return {"rule": "roster", "payload": payload, "previous": previous}, heard(judge)


def _group(random: Random, payload: Given) -> None:
    group = payload["groups"][random.choice(["password", "mfa"])]
    group["custodians"] = random.choices(EVERYBODY, k=random.randint(0, 5))


def _crowd(random: Random, payload: Given) -> None:
    many = [f"p{place:02}" for place in range(random.randint(15, 17))]
    payload["groups"]["password"] = {"threshold": 2, "custodians": many}
    named = {*many, *MFA, "gus", "sam"}
    payload["people"] = [listed(person) for person in sorted(named)]


def _threshold(random: Random, payload: Given) -> None:
    payload["groups"][random.choice(["password", "mfa"])]["threshold"] = random.randint(0, 4)


def _lists(random: Random, payload: Given) -> None:
    name = random.choice(["requesters", "sealers"])
    payload[name] = random.sample((*EVERYBODY, "eve"), random.randint(0, 2))


def _people(random: Random, payload: Given) -> None:
    people = list(payload["people"])
    people[random.randrange(len(people))] = random.choice([listed("eve"), people[0]])
    payload["people"] = people if random.random() < 0.5 else people[1:]


def _same(random: Random, payload: Given) -> None:
    people = [dict(one) for one in payload["people"]]
    one, other = random.sample(people, 2)
    part = random.choice(["name", "case", "identity", *PARTS])
    if part in PARTS:
        one["identity"] = f"{one['person']}/{part} of {other['person']}"
    elif part == "case":
        one["name"] = other["name"].swapcase()  # another name: letters are compared as they are
    else:
        one[part] = other[part]
    payload["people"] = people


def _policy(random: Random, payload: Given) -> None:
    lifetime = random.choice([0, 1, 86_400, 86_401])
    window = random.choice([0, 1, 14_400, 14_401])
    payload["policy"] = payload["policy"] | {"request_lifetime": lifetime, "release_window": window}


def _place(random: Random, payload: Given) -> None:
    payload["version"] = random.randint(1, 3)
    payload["previous"] = random.choice(["roster-1", "roster-0", "0" * 64])
    payload["cause"] = random.choice(["first", "change"])
    payload["account"] = random.choice([payload["account"], "999988887777"])


CHANGES = (_group, _crowd, _threshold, _lists, _people, _same, _policy, _place)


def test_both_judge_a_roster_the_same() -> None:
    random = Random(3)
    answers = agreed([a_roster(random) for _ in range(2 * CASES)])
    assert {answer["code"] for answer in answers} == {
        "",
        "both-groups",
        "threshold",
        "requester-is-custodian",
        "people-mismatch",
        "duplicate-person",
        "identity-missing",
        "policy",
        "wrong-version",
        "wrong-account",
        "line-retired",
        "retiring-changes",
    }


def some_signers(random: Random) -> tuple[Given, Given]:
    previous = None if random.random() < 0.3 else roster_payload(keys=keys(random))
    password = random.choice([PASSWORD, ("bob", "cem", "nell"), ("ann", "dea", "cem")])
    mfa = tuple(one for one in MFA if one not in password)
    thresholds = (random.randint(1, 3), random.randint(1, len(mfa)))
    payload = roster_payload(password=password, mfa=mfa, thresholds=thresholds, keys=keys(random))
    payload["cause"] = "first" if previous is None else "change"
    roster = Roster.from_payload(payload, "roster-2", IDENTITIES)
    before = None if previous is None else Roster.from_payload(previous, "roster-1", IDENTITIES)
    share = random.choice([0.3, 0.8, 1])
    signed = [key for key in sorted(awaited_keys(roster, before)) if random.random() < share]
    if random.random() < 0.2:
        signed.append(signing_key(random.choice((*EVERYBODY, "eve")), random.choice("12")))

    def judge() -> Given:
        missing = signers_needed(roster, before, signed=signed)
        refusal = heard(lambda: check_signed(roster, before, signed=signed))
        return {
            "missing": {why: sorted(who) for why, who in missing.items()},
            "fresh": sorted(new_members(roster, before)),
            "awaited": len(awaited_keys(roster, before)),
            "refused": refusal["code"],
        }

    told_ = [b64encode(key) for key in signed]
    given = {"rule": "signers", "payload": payload, "previous": previous, "signed": told_}
    return given, heard(judge)


def test_both_ask_for_the_same_signatures() -> None:
    random = Random(4)
    answers = agreed([some_signers(random) for _ in range(CASES)])
    said = {answer["says"]["refused"] for answer in answers}
    assert said == {"", "not-awaited", "too-few-signers"}
    why = {reason for answer in answers for reason in answer["says"]["missing"]}
    assert why == {"consent", "everybody", "password", "mfa"}


def two_versions(random: Random) -> tuple[Given, Given]:
    """What is sealed under one, and the newest, which is often like it."""
    sealed = roster_payload()
    changes: list[Given] = [
        {"name": "eu", "requesters": ["gus", "hal"]},
        {"keys": {"gus": "2"}},
        {"keys": {"ann": "2"}},
        {"thresholds": (2, 3)},
        {"password": PASSWORD[::-1]},
        {"mfa": MFA[:2]},
        {"root_email": "root@elsewhere.example"},
        {"people": [e | {"name": e["name"] + " B"} for e in sealed["people"]]},
    ]
    follows = {
        "retired": random.random() < 0.3,
        "previous": random.choice(["roster-1", "roster-2"]),
    }
    newest = roster_payload(**(random.choice(changes) | follows | {"cause": "change"}))
    under, last = (
        Roster.from_payload(payload, digest, IDENTITIES)
        for payload, digest in ((sealed, "roster-1"), (newest, "roster-3"))
    )
    given = {"rule": "receipts", "sealed": sealed, "newest": newest}
    return given, heard(lambda: takes_receipts(under, last))


def test_both_take_receipts_for_what_was_sealed_under_the_same_versions() -> None:
    random = Random(5)
    answers = agreed([two_versions(random) for _ in range(CASES)])
    assert {answer["says"] for answer in answers} == {True, False}


# ---------------------------------------------------------------- words
