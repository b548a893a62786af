"""The browser counts and judges as the service does, whatever it is given."""

import dataclasses
import sys
from collections.abc import Mapping
from datetime import timedelta
from random import Random

import pytest

from service.client.foundation import render
from service.domain.people import GroupName
from service.domain.quorum import quorum
from service.domain.roster import (
    Roster,
    common_custodians,
)
from service.domain.tasks import TASKS
from tests.cast import CUSTODIANS, PASSWORD
from tests.js.comparing import CASES, SCRIPT, Given, agreed, heard, keys
from tests.js.node import told
from tests.unit.domain.builders import (
    LIFETIME,
    START,
    decision,
    envelope,
    manifest_payload,
    request,
    roster_payload,
)

# ---------------------------------------------------------------- the quorum


def a_count(random: Random) -> tuple[Given, Given]:
    def some() -> Given:
        thresholds = (random.randint(1, 3), random.randint(1, 3))
        password = (*PASSWORD[: random.randint(2, 3)], "nell")
        return roster_payload(password=password, thresholds=thresholds, keys=keys(random))

    named_payload, sealed_payload = some(), some()
    named = Roster.from_payload(named_payload, "roster-1")
    sealed = Roster.from_payload(sealed_payload, random.choice(["roster-1", "roster-2"]))
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


# ---------------------------------------------------------------- words


def test_both_fold_every_character_the_same() -> None:
    """Names that differ in case alone are one name, in every script that this Python knows."""
    known = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if not 0xD800 <= code < 0xE000 and chr(code).isprintable()
    ]
    [answer] = told(SCRIPT, [{"rule": "folded", "names": known}])
    classes: Mapping[str, set[str]] = {}
    for character, folded in zip(known, answer["says"], strict=True):
        classes.setdefault(folded, set()).add(character.casefold())  # type: ignore[attr-defined]
    assert [sorted(one) for one in classes.values() if len(one) > 1] == []
    assert len(classes) == len({character.casefold() for character in known})


def test_both_have_the_same_catalogue_of_tasks() -> None:
    [answer] = told(SCRIPT, [{"rule": "tasks"}])
    assert answer["says"] == {
        name: {"title": task.title, "instead": task.instead} for name, task in TASKS.items()
    }


def test_both_say_texts_and_lengths_of_time_the_same() -> None:
    random = Random(5)
    letters = "aä\n\t\x00\x7f\x85\u061c\u200e\u202e\u2069\U0001f600 "
    cases = []
    for _ in range(300):
        text = "".join(random.choices(letters, k=8))
        seconds = int(10 ** random.uniform(0, 6)) - 1
        says = {
            "clean": render.clean(text),
            "duration": render.duration(seconds),
            "listing": render.listing([text, text]),
        }
        given = {"rule": "words", "text": text, "seconds": seconds}
        cases.append((given, {"code": "", "says": says}))
    agreed(cases)
