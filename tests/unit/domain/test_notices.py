"""Notices: what people read, and what they never read."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.events import ACTIONS, Action, Detail, Severity
from service.domain.notices import CHECKPOINT_BEGIN, NoticeFacts, is_machine, machine, render, short
from tests.notices.saved import checkpoints_in

NOTE = "breakglass.example/log\n8\nAAAA\n\n\u2014 breakglass.example/log c2ln\n"
REQUEST = "3f0a7a52-4c1e-4b3c-9c64-0f4b1c5d2e3f"

TOLD = NoticeFacts(
    action=Action.REQUEST_OPENED,
    leaf=7,
    origin="breakglass.example/log",
    at=datetime(2026, 11, 23, 9, 0, 0, tzinfo=UTC),
    who="Ada Lovelace",
    url="https://breakglass.example",
    account="111122223333",
    account_name="Production",
    root_email="root@example.org",
    request=REQUEST,
    task="close a standalone account",
    details={"state": "rotation_due", "drill": False},
    checkpoint=NOTE,
)
EVERYTHING: dict[str, Detail] = {
    "version": 3,
    "group": "mfa",
    "count": 2,
    "fault": "NotFound",
    "state": "ready",
    "continues": 260,
    "abandoned_size": 280,
    "role": "auditor",
    "line": "111122223333.2",
    "day": 3,
}


@pytest.mark.parametrize("action", [a for a in Action if ACTIONS[a].announced])
def test_every_told_action_becomes_a_message(action: Action) -> None:
    notice = render(replace(TOLD, action=action, about="Grace Hopper", details=EVERYTHING))
    assert notice.action == action.value
    assert notice.severity is ACTIONS[action].severity
    assert "?" not in notice.subject  # every word of the sentence was filled in
    assert "{" not in notice.body
    assert len(notice.body.encode()) < 8192
    assert checkpoints_in(notice.body) == [NOTE]


def test_a_message_says_what_who_which_account_when_and_where() -> None:
    lines = render(TOLD).body.splitlines()
    assert lines[:11] == [
        "Ada Lovelace asks to be root.",
        "",
        "Account:    111122223333, Production, root@example.org",
        "Who:        Ada Lovelace",
        "When:       2026-11-23 09:00:00 UTC",
        "What:       request:opened (urgent)",
        "Task:       close a standalone account",
        "State:      rotation due",
        f"Request:    {REQUEST}",
        f"Page:       https://breakglass.example/requests/{REQUEST}",
        "Log entry:  7 of breakglass.example/log",
    ]


def test_the_subject_says_how_loud_it_is_and_for_which_account() -> None:
    notice = render(TOLD)
    assert notice.subject == "breakglass URGENT 111122223333: Ada Lovelace asks to be root"


def test_an_event_has_one_id_however_often_it_is_told() -> None:
    later = replace(TOLD, checkpoint=NOTE.replace("8", "9"))
    assert render(TOLD).event_id == render(later).event_id == "breakglass.example/log/7"


def test_the_attributes_are_what_people_filter_by_and_none_is_empty() -> None:
    assert render(TOLD).attributes == {
        "event_id": "breakglass.example/log/7",
        "account": "111122223333",
        "action": "request:opened",
        "severity": "urgent",
    }
    assert "account" not in render(replace(TOLD, account="")).attributes


def test_a_drill_is_called_one_first() -> None:
    notice = render(replace(TOLD, details={"drill": True}))
    assert notice.subject.startswith("breakglass URGENT 111122223333: drill: ")
    assert notice.body.startswith("drill: ")


TYPED = ("reason", "ticket", "task_text", "summary", "note", "name", "place", "why", "anything")


@pytest.mark.parametrize("action", [a for a in Action if ACTIONS[a].announced])
@pytest.mark.parametrize("field", TYPED)
def test_what_somebody_typed_is_not_told(action: Action, field: str) -> None:
    told = replace(TOLD, action=action, details={**EVERYTHING, field: "CANARY"})
    notice = render(told)
    assert "CANARY" not in notice.subject + notice.body + str(notice.attributes)


def test_why_the_service_acted_by_itself_is_told_in_words() -> None:
    told = replace(TOLD, action=Action.REQUEST_CANCELLED, details={"why": "roster-changed"})
    assert "Why:        the roster changed\n" in render(told).body


def test_a_decision_says_how_far_its_group_is() -> None:
    told = replace(TOLD, action=Action.REQUEST_APPROVED, details={"counted": 1, "needed": 2})
    assert "Approvals:  1 of 2\n" in render(told).body
    assert "Approvals:" not in render(TOLD).body


def test_a_log_that_cannot_be_signed_is_told_loudly() -> None:
    body = render(replace(TOLD, checkpoint="")).body
    assert "THE LOG COULD NOT BE SIGNED" in body
    assert CHECKPOINT_BEGIN not in body


def test_a_checkpoint_survives_the_line_ends_and_the_text_of_a_mail() -> None:
    mail = "Received: by mx\n\n" + render(TOLD).body + "\nunsubscribe here\n"
    assert checkpoints_in(mail.replace("\n", "\r\n") * 2) == [NOTE, NOTE]
    assert checkpoints_in("nothing of the kind") == []


def test_an_event_about_the_service_links_to_its_first_page() -> None:
    told = replace(TOLD, account="", request="", action=Action.CHANNEL_FAILED)
    assert "Page:       https://breakglass.example/\n" in render(told).body
    assert "Account:" not in render(told).body


NAMES = st.text(max_size=300)


@given(who=NAMES, about=NAMES, name=NAMES, action=st.sampled_from(sorted(Action)))
def test_no_name_breaks_a_message(who: str, about: str, name: str, action: Action) -> None:
    told = replace(TOLD, action=action, who=who, about=about, account_name=name, details=EVERYTHING)
    notice = render(told)
    assert 0 < len(notice.subject) <= 99
    assert notice.subject.isascii()
    assert notice.subject.isprintable()
    assert checkpoints_in(notice.body) == [NOTE]
    assert all(notice.attributes.values())


def test_a_name_cannot_pretend_to_be_another_line() -> None:
    forged = f"Eve\nWho:        Ada\n{CHECKPOINT_BEGIN}\nfalse\n"
    body = render(replace(TOLD, who=forged)).body
    assert checkpoints_in(body) == [NOTE]
    assert sum(line.startswith("Who:") for line in body.splitlines()) == 1


def test_a_long_name_is_cut_and_says_so() -> None:
    assert short("a" * 101) == "a" * 97 + "..."
    assert short("a" * 100) == "a" * 100
    assert short(" a \u2028 b\n") == "a b"


def test_a_name_in_another_script_leaves_a_subject_that_sns_takes() -> None:
    assert "Jose ????? asks" in render(replace(TOLD, who="José Ωμέγα")).subject


def test_the_table_of_severities_is_known_to_people_who_filter() -> None:
    assert {s.value for s in Severity} == {"info", "warning", "urgent"}


def test_this_file_names_every_typed_field_of_a_statement() -> None:
    source = Path("crypto/schema.py").read_text(encoding="utf-8")
    free = {line.split('"')[1] for line in source.splitlines() if line.endswith("fields.text,")}
    assert free <= set(TYPED)


@pytest.mark.parametrize(
    ("actor", "called"),
    [("service", "the service"), ("ops:breakglass", "breakglass (in the server's shell)")],
)
def test_who_is_no_person_is_called_what_it_is(actor: str, called: str) -> None:
    assert is_machine(actor)
    assert machine(actor) == called
    assert not is_machine("2f0c2b8e-0000-4000-8000-000000000000")
