"""Every act that the log knows: who may cause it, whether it is announced, and in which words.

Source: decisions, "Events"; protocol, "Notices". The table is closed: an act that is not in
it cannot be written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

Detail: TypeAlias = str | int | bool | list[str]


class Severity(StrEnum):
    """How loud a notice is. ``urgent`` is what wakes people."""

    INFO = "info"
    WARNING = "warning"
    URGENT = "urgent"


class Action(StrEnum):
    """``subject:verb``; the text is in leaves for good and never changes its meaning."""

    LOG_STARTED = "log:started"
    LOG_EPOCH_BEGAN = "log:epoch-began"
    CLOCK_ACCEPTED = "clock:accepted"
    INVITATION_CREATED = "invitation:created"
    IDENTITY_ENROLLED = "identity:enrolled"
    IDENTITY_REPLACED = "identity:replaced"
    ENROLMENT_FAILED = "enrolment:failed"
    SESSION_OPENED = "session:opened"
    SESSION_ENDED = "session:ended"
    SESSION_FAILED = "session:failed"
    SESSIONS_ENDED = "session:all-ended"
    ROLE_WITHDRAWN = "role:withdrawn"
    PASSKEY_FELL_BACK = "passkey:fell-back"
    SLOT_ADDED = "slot:added"
    SLOT_REPLACED = "slot:replaced"
    SLOT_REMOVED = "slot:removed"
    ACCOUNT_REGISTERED = "account:registered"
    ACCOUNT_CHANNEL_SET = "account:channel-set"
    LINE_REGISTERED = "line:registered"
    LINE_ANNOUNCED = "line:announced"
    ROSTER_DRAFTED = "roster:drafted"
    ROSTER_SIGNED = "roster:signed"
    ROSTER_ACCEPTED = "roster:accepted"
    ENVELOPE_SEALED = "envelope:sealed"
    ENVELOPE_CONFIRMED = "envelope:confirmed"
    ENVELOPE_READY = "envelope:ready"
    ENVELOPE_EXPOSED = "envelope:exposed"
    ENVELOPE_SUPERSEDED = "envelope:superseded"
    SHARE_PRINTED = "share:printed"
    REQUEST_OPENED = "request:opened"
    REQUEST_APPROVED = "request:approved"
    REQUEST_DENIED = "request:denied"
    REQUEST_ENDED_BY_DENIAL = "request:ended-by-denial"
    REQUEST_CANCELLED = "request:cancelled"
    REQUEST_EXPIRED = "request:expired"
    REQUEST_RELEASED = "request:released"
    REQUEST_FETCHED = "request:fetched"
    REQUEST_DRILL_OVER = "request:drill-over"
    REQUEST_CLOSED = "request:closure"
    REQUEST_WINDOW_ENDED = "request:window-ended"
    REQUEST_ROTATED = "request:rotated"
    REQUEST_REVIEWED = "request:reviewed"
    REQUEST_IMPORTED = "request:imported"
    OFFLINE_PAPERS = "offline:papers"
    BUNDLE_FETCHED = "bundle:fetched"
    EVENTS_EXPORTED = "events:exported"
    EVENTS_READ = "events:read"
    CHANNEL_FAILED = "channel:failed"
    CHANNEL_RECOVERED = "channel:recovered"
    WITNESS_SILENT = "witness:silent"
    WITNESS_REFUSED = "witness:refused"
    WITNESS_RECOVERED = "witness:recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the table says of an action.

    ``by`` is who may cause it; ``statement`` the kind of signed statement it carries, or nothing;
    ``sentence`` the words for people, in which ``{who}`` and details may appear.
    """

    by: str
    announced: bool
    severity: Severity
    sentence: str
    statement: str = ""


def _announced(by: str, severity: str, sentence: str, statement: str = "") -> About:
    return About(
        by=by, announced=True, severity=Severity(severity), sentence=sentence, statement=statement
    )


def _quiet(by: str, severity: str, sentence: str, statement: str = "") -> About:
    return replace(_announced(by, severity, sentence, statement), announced=False)


ACTIONS: Mapping[Action, About] = {
    Action.LOG_STARTED: _quiet("operator", "info", "the log was started"),
    Action.LOG_EPOCH_BEGAN: _announced(
        "operator",
        "urgent",
        "{who} began a new epoch of the log after a restore: a checkpoint over {abandoned_size} "
        "entries is abandoned, the first {continues} are unchanged",
    ),
    Action.CLOCK_ACCEPTED: _announced(
        "operator", "urgent", "{who} made the service accept a clock that is behind its log"
    ),
    Action.INVITATION_CREATED: _announced(
        "operator", "warning", "{who} issued an enrolment link for {name}"
    ),
    Action.IDENTITY_ENROLLED: _announced(
        "link", "warning", "{who} enrolled with new keys", "identity"
    ),
    Action.IDENTITY_REPLACED: _announced(
        "link", "urgent", "{who} replaced their keys with new ones", "identity"
    ),
    Action.ENROLMENT_FAILED: _quiet(
        "anyone", "warning", "an enrolment was refused ({count} times)"
    ),
    Action.SESSION_OPENED: _quiet("person", "info", "{who} signed in"),
    Action.SESSION_ENDED: _quiet("person", "info", "{who} ended a session"),
    Action.SESSION_FAILED: _quiet("anyone", "warning", "a sign-in failed ({count} times)"),
    Action.SESSIONS_ENDED: _announced("operator", "warning", "{who} ended all sessions of {name}"),
    Action.ROLE_WITHDRAWN: _announced(
        "operator", "urgent", "{who} withdrew the role of {name} as {role}; their sessions ended"
    ),
    Action.PASSKEY_FELL_BACK: _announced(
        "anyone",
        "urgent",
        "a passkey of {name} answered with a counter that does not go on: someone may have a copy",
    ),
    Action.SLOT_ADDED: _announced("person", "warning", "{who} added a key slot", "slot"),
    Action.SLOT_REPLACED: _announced("person", "warning", "{who} replaced a key slot", "slot"),
    Action.SLOT_REMOVED: _announced("person", "warning", "{who} removed a key slot", "slot"),
    Action.ACCOUNT_REGISTERED: _announced("operator", "info", "{who} registered the account"),
    Action.ACCOUNT_CHANNEL_SET: _announced(
        "operator", "warning", "{who} changed where notices about this account go"
    ),
    Action.LINE_REGISTERED: _announced(
        "operator",
        "urgent",
        "{who} registered {line}, a further line of this AWS account, with people of its own",
    ),
    Action.LINE_ANNOUNCED: _announced(
        "service",
        "urgent",
        "day {day} since {line}, a further line of this AWS account, was registered",
    ),
    Action.ROSTER_DRAFTED: _announced(
        "operator", "warning", "{who} drafted roster version {version}"
    ),
    Action.ROSTER_SIGNED: _announced("custodian", "info", "{who} signed roster version {version}"),
    Action.ROSTER_ACCEPTED: _announced(
        "custodian", "warning", "roster version {version} is in force", "roster"
    ),
    Action.ENVELOPE_SEALED: _announced(
        "sealer or requester", "warning", "{who} sealed envelope version {version}", "manifest"
    ),
    Action.ENVELOPE_CONFIRMED: _announced(
        "custodian",
        "info",
        "{who} confirmed that their share of the {group} group opens",
        "custody-receipt",
    ),
    Action.ENVELOPE_READY: _announced(
        "service", "warning", "envelope version {version} is ready and in force"
    ),
    Action.ENVELOPE_EXPOSED: _announced(
        "service", "urgent", "envelope version {version} is exposed; change the password"
    ),
    Action.ENVELOPE_SUPERSEDED: _announced(
        "service", "info", "envelope version {version} is superseded"
    ),
    Action.SHARE_PRINTED: _announced(
        "custodian", "warning", "{who} printed their share of the {group} group", "paper"
    ),
    Action.REQUEST_OPENED: _announced("requester", "urgent", "{who} asks to be root", "request"),
    Action.REQUEST_APPROVED: _announced(
        "custodian", "warning", "{who} approved for the {group} group", "decision"
    ),
    Action.REQUEST_DENIED: _announced(
        "custodian", "urgent", "{who} denied for the {group} group", "decision"
    ),
    Action.REQUEST_ENDED_BY_DENIAL: _announced(
        "service", "urgent", "the request ended: it was denied"
    ),
    Action.REQUEST_CANCELLED: _announced(
        "requester", "warning", "the request was cancelled", "cancellation"
    ),
    Action.REQUEST_EXPIRED: _announced("service", "warning", "the request expired"),
    Action.REQUEST_RELEASED: _announced(
        "requester", "urgent", "the shares were released to {who}", "release"
    ),
    Action.REQUEST_FETCHED: _announced(
        "requester", "urgent", "{who} fetched the released shares again"
    ),
    Action.REQUEST_DRILL_OVER: _announced(
        "service", "info", "the drill is over; nothing was shown"
    ),
    Action.REQUEST_CLOSED: _announced(
        "requester",
        "warning",
        "{who} says the work is done; the password must be changed",
        "closure",
    ),
    Action.REQUEST_WINDOW_ENDED: _announced(
        "service", "warning", "the release window is over; the password must be changed"
    ),
    Action.REQUEST_ROTATED: _announced(
        "service", "warning", "a newer envelope is ready; both groups must review"
    ),
    Action.REQUEST_REVIEWED: _announced(
        "custodian", "warning", "{who} reviewed for the {group} group", "review"
    ),
    Action.REQUEST_IMPORTED: _announced(
        "requester",
        "urgent",
        "{who} imported a release made while the service was down",
        "request",
    ),
    Action.OFFLINE_PAPERS: _announced(
        "anyone",
        "urgent",
        "someone who has the secret of envelope version {version} reports that it was opened with "
        "papers; change the password, and ask their keepers",
        "papers",
    ),
    Action.BUNDLE_FETCHED: _announced(
        "person", "warning", "{who} downloaded a bundle for use without the service"
    ),
    Action.EVENTS_EXPORTED: _announced("auditor", "info", "{who} exported the log"),
    Action.EVENTS_READ: _quiet("auditor", "info", "{who} read the log's events"),
    Action.CHANNEL_FAILED: _announced(
        "service", "urgent", "notices cannot be delivered to a channel: {fault}"
    ),
    Action.CHANNEL_RECOVERED: _announced(
        "service", "warning", "notices can be delivered to a channel again"
    ),
    Action.WITNESS_SILENT: _announced(
        "service", "warning", "a witness of the log does not answer: {fault}"
    ),
    Action.WITNESS_REFUSED: _announced("service", "urgent", "a witness refuses the log: {fault}"),
    Action.WITNESS_RECOVERED: _announced("service", "warning", "a witness cosigns the log again"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact for the log.

    ``actor`` is a person's id, ``service``, or ``ops:<unix user>``. ``subject`` is the account's id
    for all that concerns an account, else a person's id, else ``service``. ``statement`` is the
    canonical JSON of the DSSE envelope, exactly as signed.
    """

    action: Action
    actor: str
    subject: str
    request: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)
    statement: bytes = b""


SERVICE = "service"
