"""The table of acts: closed, complete, and in words that can be filled in."""

import re
from string import Formatter

import pytest

from crypto.schema import KINDS
from service.domain import case, credential
from service.domain.events import ACTIONS, SERVICE, Action, Detail, Event, Severity
from tests.unit.domain.builders import envelope, request

CAUSERS = {
    *(
        "operator",
        "link",
        "anyone",
        "person",
        "custodian",
        "sealer or requester",
        "requester",
        "auditor",
    ),
    "service",
}
ROSTER: dict[str, Detail] = {"version": 2, "roster": "digest", "state": "draft"}
SLOT: dict[str, Detail] = {"slot": "s", "kind": "phrase"}
TALLY: dict[str, Detail] = {"count": 3, "people": ["p"]}
IDENTITY: dict[str, Detail] = {"fingerprint": "f"}
GROUP: dict[str, Detail] = {"group": "mfa"}

# What the acts write beside a request's or an envelope's own facts, least of all.
DETAILS: dict[Action, dict[str, Detail]] = {
    Action.LOG_EPOCH_BEGAN: {"abandoned_size": 280, "continues": 260},
    Action.CLOCK_ACCEPTED: {"last_event": "t", "expired": 2},
    Action.INVITATION_CREATED: {
        "name": "Ann",
        "operator": False,
        "auditor": False,
        "replaces": False,
    },
    Action.IDENTITY_ENROLLED: IDENTITY,
    Action.IDENTITY_REPLACED: IDENTITY,
    Action.ENROLMENT_FAILED: TALLY,
    Action.SESSION_FAILED: TALLY,
    Action.SESSION_OPENED: {"session": "s"},
    Action.SESSION_ENDED: {"session": "s"},
    Action.SESSIONS_ENDED: {"name": "Ann", "sessions": 2},
    Action.ROLE_WITHDRAWN: {"name": "Ann", "role": "auditor", "sessions": 0},
    Action.PASSKEY_FELL_BACK: {"name": "Ann", "slot": "s"},
    Action.SLOT_ADDED: SLOT,
    Action.SLOT_REPLACED: SLOT,
    Action.SLOT_REMOVED: SLOT,
    Action.ACCOUNT_REGISTERED: {"sns_topic_arn": ""},
    Action.ACCOUNT_CHANNEL_SET: {"sns_topic_arn": ""},
    Action.LINE_REGISTERED: {"line": "111122223333.2"},
    Action.LINE_ANNOUNCED: {"line": "111122223333.2", "day": 3},
    Action.ROSTER_DRAFTED: ROSTER,
    Action.ROSTER_SIGNED: ROSTER,
    Action.ROSTER_ACCEPTED: ROSTER,
    Action.ENVELOPE_CONFIRMED: GROUP,
    Action.SHARE_PRINTED: GROUP,
    Action.REQUEST_APPROVED: GROUP,
    Action.REQUEST_DENIED: GROUP,
    Action.REQUEST_REVIEWED: GROUP | {"rotated": True},
    Action.REQUEST_CANCELLED: {},
    Action.BUNDLE_FETCHED: {"roster": "digest"},
    Action.EVENTS_READ: {"minutes": 5},
    Action.CHANNEL_FAILED: {"channel": "file", "fault": "NotFound"},
    Action.CHANNEL_RECOVERED: {"channel": "file"},
    Action.WITNESS_SILENT: {"witness": "witness.example", "fault": "ConnectError"},
    Action.WITNESS_REFUSED: {"witness": "witness.example", "fault": "not-continued"},
    Action.WITNESS_RECOVERED: {"witness": "witness.example"},
}

NOT_TOLD = {
    Action.LOG_STARTED,
    Action.ENROLMENT_FAILED,
    Action.SESSION_OPENED,
    Action.SESSION_ENDED,
    Action.SESSION_FAILED,
    Action.EVENTS_READ,
}


def details_of(action: Action) -> dict[str, Detail]:
    """What an event of this action says at the least."""
    own: dict[str, Detail] = {}
    if action.value.startswith("request:"):
        own |= case.event(action, request()).details
    if action.value.startswith(("envelope:", "share:", "offline:")):
        own |= credential.event(action, envelope()).details
    return own | DETAILS.get(action, {})


def test_every_action_stands_in_the_table_and_nothing_else() -> None:
    assert ACTIONS.keys() == set(Action)


@pytest.mark.parametrize("action", Action)
def test_an_action_is_a_subject_and_a_verb(action: Action) -> None:
    assert re.fullmatch(r"[a-z]+:[a-z]+(-[a-z]+)*", action.value)


@pytest.mark.parametrize("action", Action)
def test_every_sentence_is_filled_by_what_its_act_writes(action: Action) -> None:
    about = ACTIONS[action]
    spoken = about.sentence.format(who="Ann", **details_of(action))
    assert spoken
    assert "{" not in spoken
    assert not spoken.endswith(".")


@pytest.mark.parametrize("action", Action)
def test_no_sentence_says_what_somebody_typed(action: Action) -> None:
    named = {name for _, name, _, _ in Formatter().parse(ACTIONS[action].sentence) if name}
    of_the_service = {"version", "group", "count", "fault", "continues", "abandoned_size", "role"}
    of_the_service |= {"line", "day"}
    assert named <= {"who", "name"} | of_the_service


@pytest.mark.parametrize("action", Action)
def test_who_may_cause_it_and_what_is_signed_are_known_words(action: Action) -> None:
    about = ACTIONS[action]
    assert about.by in CAUSERS
    assert about.statement in {"", *KINDS}
    assert about.severity in Severity


def test_every_kind_of_statement_is_carried_by_an_act() -> None:
    assert {about.statement for about in ACTIONS.values()} - {""} == set(KINDS)


@pytest.mark.parametrize("action", Action)
def test_everything_is_told_but_sign_ins_failures_and_the_first_entry(action: Action) -> None:
    assert ACTIONS[action].announced == (action not in NOT_TOLD)


@pytest.mark.parametrize(
    "action",
    [
        Action.CLOCK_ACCEPTED,
        Action.IDENTITY_REPLACED,
        Action.ENVELOPE_EXPOSED,
        Action.REQUEST_OPENED,
        Action.REQUEST_DENIED,
        Action.REQUEST_ENDED_BY_DENIAL,
        Action.REQUEST_RELEASED,
        Action.REQUEST_FETCHED,
        Action.REQUEST_IMPORTED,
        Action.CHANNEL_FAILED,
        Action.WITNESS_REFUSED,
    ],
)
def test_what_wakes_people(action: Action) -> None:
    assert ACTIONS[action].severity is Severity.URGENT
    assert ACTIONS[action].announced


@pytest.mark.parametrize("action", [a for a in Action if ACTIONS[a].by == "service"])
def test_what_the_service_does_by_itself_carries_no_statement(action: Action) -> None:
    assert ACTIONS[action].statement == ""


def test_an_event_says_no_more_than_it_is_given() -> None:
    said = Event(action=Action.LOG_STARTED, actor="ops:root", subject=SERVICE)
    assert (said.request, dict(said.details), said.statement) == ("", {}, b"")
    assert SERVICE == "service"
