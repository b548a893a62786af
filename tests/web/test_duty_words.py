"""What waits and what is wrong, in words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.domain.exposed import SENTENCES, Cause
from service.domain.findings import Code, Finding
from service.domain.people import GroupName
from service.domain.readiness import Act, Duty
from service.domain.request import State
from service.web import duty_words, finding_words
from tests.cast import ACCOUNT
from tests.unit.domain.builders import request


def duty(act: Act, **changes: Any) -> Duty:
    fields: dict[str, Any] = {"requester": "Ria", "group": GroupName.MFA, "version": 3}
    return Duty(act=act, account=ACCOUNT, name="payments", **(fields | changes))


DRILL = request(drill=True)


@pytest.mark.parametrize(
    ("one", "what", "command"),
    [
        (duty(Act.DECIDE, request=request()), "Ria asks to be root", "approve request-1"),
        (duty(Act.DECIDE, request=DRILL), "Ria asks for a drill", "approve request-1"),
        (
            duty(Act.RELEASE, request=request()),
            "your request is approved; unreleased, it still exposes the password when it ends",
            "release request-1",
        ),
        (duty(Act.RELEASE, request=DRILL), "your drill is approved", "release request-1"),
        (
            duty(Act.FETCH, request=request()),
            "the window is open; reveal, and close when the work is done",
            "reveal request-1",
        ),
        (duty(Act.CLOSE, request=request()), "say what was done", "close request-1"),
        (
            duty(Act.REVIEW, request=request()),
            "the mfa group must review a release",
            "review request-1",
        ),
        (duty(Act.SEAL), "nothing is sealed yet", f"seal {ACCOUNT}"),
        (
            duty(Act.SEAL, request=request()),
            "the password was released; change it at AWS and seal the new one",
            f"seal {ACCOUNT}",
        ),
        (
            duty(Act.SEAL, because=Cause.TAKEN_BACK),
            f"{SENTENCES[Cause.TAKEN_BACK]}; change it at AWS and seal the new one",
            f"seal {ACCOUNT}",
        ),
        (
            duty(Act.SEAL, changed=True),
            (
                "custodians left or have new keys, or root signs in with another address, since "
                "the password was sealed; change it at AWS "
                "and seal the new one"
            ),
            f"seal {ACCOUNT}",
        ),
        (
            duty(Act.DRAFT, changed=True),
            "people have new keys that the roster does not name; draft one that does",
            f"roster draft {ACCOUNT}",
        ),
        (
            duty(Act.CONFIRM),
            "confirm that your share of envelope version 3 opens",
            f"confirm {ACCOUNT}",
        ),
        (duty(Act.SIGN), "roster version 3 waits for your signature", f"roster sign {ACCOUNT}"),
        (duty(Act.DRAFT), "no roster yet; draft one", f"roster draft {ACCOUNT}"),
        (
            duty(Act.REGISTER),
            "too few have the keys to sign another roster: register a further line of the account",
            f"accounts add {ACCOUNT}.2",
        ),
    ],
)
def test_a_duty_says_what_it_is_and_the_command_that_does_it(
    one: Duty, what: str, command: str
) -> None:
    said = duty_words.shape(one)
    assert (said.what, said.command) == (f"payments: {what}", f"breakglass {command}")
    assert (said.account, said.act) == (ACCOUNT, one.act.value)
    assert said.request == ("request-1" if one.request else "")


def test_a_further_line_is_followed_by_the_next_one() -> None:
    said = duty_words.shape(replace(duty(Act.REGISTER), account=f"{ACCOUNT}.9"))
    assert said.command == f"breakglass accounts add {ACCOUNT}.10"


def test_each_act_has_words() -> None:
    assert {duty_words.shape(duty(act)).act for act in Act} == {act.value for act in Act}


def test_a_duty_says_until_when() -> None:
    pending = duty_words.shape(duty(Act.DECIDE, request=request(lifetime=3600)))
    assert pending.due_at == "2026-11-23T10:00:00Z"
    done = request(state=State.REVIEW_DUE)
    assert duty_words.shape(duty(Act.REVIEW, request=done)).due_at == ""


def test_each_finding_has_words() -> None:
    for code in Code:
        said = finding_words.shape(Finding(code, GroupName.MFA))
        assert said.code == code.value
        assert said.message
        assert "{" not in said.message
    spare = Finding(Code.NO_SPARE_CUSTODIAN, GroupName.MFA)
    assert finding_words.message(spare) == "the MFA group needs every member: no one can be away"


OFFLINE = "they can act offline with the old phrase and a bundle from before"


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (
            Finding(Code.KEYS_REPLACED, GroupName.MFA, name="Ann", link=date(2026, 5, 3)),
            (
                "Ann has new keys, by an operator's link of 3 May 2026, and does not count in the "
                f"MFA group: {OFFLINE}; draft a roster with the new ones, then seal again"
            ),
        ),
        (
            Finding(Code.KEYS_REPLACED, GroupName.MFA, name="Ann", named=True),
            (
                f"Ann has new keys, and the password is sealed to the old ones: {OFFLINE}; seal it "
                "again"
            ),
        ),
        (
            Finding(Code.KEYS_REPLACED, name="Ann\u202e"),
            (
                f"Ann\ufffd has new keys, and the roster names the old ones: {OFFLINE}; draft a "
                "roster with the new ones"
            ),
        ),
        (
            Finding(Code.GROUP_CANNOT_ACT, GroupName.PASSWORD, able=1, people=3, needed=2),
            "the password group cannot act: 1 of 3 can, and it takes 2",
        ),
        (
            Finding(Code.EXPOSED, cause=Cause.EXPIRED),
            f"{SENTENCES[Cause.EXPIRED]}; change the password and seal the new one",
        ),
        (
            Finding(Code.EXPOSED),
            (
                "it is exposed, and this release cannot say how; change the password and seal the "
                "new one"
            ),
        ),
    ],
)
def test_a_finding_says_what_caused_it_and_what_to_do(finding: Finding, words: str) -> None:
    assert finding_words.message(finding) == words


def test_a_warning_names_its_account() -> None:
    found = {"1" * 12: [Finding(Code.NO_ROSTER)], "2" * 12: [], "3" * 12: [Finding(Code.DRILL_DUE)]}
    assert duty_words.warnings(found) == [
        ("1" * 12, "no custodians have signed a roster yet"),
        ("3" * 12, "no drill in the last 90 days: ask for one"),
    ]
