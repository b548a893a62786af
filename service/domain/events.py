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
    """``subject:verb``; the text stands in leaves for good and never changes its meaning."""

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
    SLOT_ADDED = "slot:added"
    SLOT_REPLACED = "slot:replaced"
    SLOT_REMOVED = "slot:removed"
    ACCOUNT_REGISTERED = "account:registered"
    ACCOUNT_CHANNEL_SET = "account:channel-set"
    ROSTER_DRAFTED = "roster:drafted"
    ROSTER_SIGNED = "roster:signed"
    ROSTER_ACCEPTED = "roster:accepted"
    ROSTER_RESTARTED = "roster:restarted"
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
    ``sentence`` the words for people, in which ``{who}`` and details may stand.
    """

    by: str
    announced: bool
    severity: Severity
    sentence: str
    statement: str = ""


def _told(by: str, severity: str, sentence: str, statement: str = "") -> About:
    return About(
        by=by, announced=True, severity=Severity(severity), sentence=sentence, statement=statement
    )


def _quiet(by: str, severity: str, sentence: str, statement: str = "") -> About:
    return replace(_told(by, severity, sentence, statement), announced=False)


ACTIONS: Mapping[Action, About] = {
    Action.LOG_STARTED: _quiet("operator", "info", "the log was started"),
    Action.LOG_EPOCH_BEGAN: _told(
        "operator",
        "urgent",
        "{who} put back an older log; entries {continues} to {abandoned_size} are lost",
    ),
    Action.CLOCK_ACCEPTED: _told(
        "operator", "urgent", "{who} made the service accept a clock that is behind its log"
    ),
    Action.INVITATION_CREATED: _told(
        "operator", "warning", "{who} issued an enrolment link for {name}"
    ),
    Action.IDENTITY_ENROLLED: _told("link", "warning", "{who} enrolled with new keys", "identity"),
    Action.IDENTITY_REPLACED: _told(
        "link", "urgent", "{who} replaced their keys by new ones", "identity"
    ),
    Action.ENROLMENT_FAILED: _quiet(
        "anyone", "warning", "an enrolment was refused ({count} times)"
    ),
    Action.SESSION_OPENED: _quiet("person", "info", "{who} signed in"),
    Action.SESSION_ENDED: _quiet("person", "info", "{who} ended a session"),
    Action.SESSION_FAILED: _quiet("anyone", "warning", "a sign-in failed ({count} times)"),
    Action.SESSIONS_ENDED: _told("operator", "warning", "{who} ended all sessions of {name}"),
    Action.ROLE_WITHDRAWN: _told(
        "operator", "urgent", "{who} withdrew the role of {name} as {role}; their sessions ended"
    ),
    Action.SLOT_ADDED: _told("person", "warning", "{who} added a key slot", "slot"),
    Action.SLOT_REPLACED: _told("person", "warning", "{who} replaced a key slot", "slot"),
    Action.SLOT_REMOVED: _told("person", "warning", "{who} removed a key slot", "slot"),
    Action.ACCOUNT_REGISTERED: _told("operator", "info", "{who} registered the account"),
    Action.ACCOUNT_CHANNEL_SET: _told(
        "operator", "warning", "{who} changed where notices of this account go"
    ),
    Action.ROSTER_DRAFTED: _told("operator", "warning", "{who} drafted roster version {version}"),
    Action.ROSTER_SIGNED: _told("custodian", "info", "{who} signed roster version {version}"),
    Action.ROSTER_ACCEPTED: _told(
        "custodian", "warning", "roster version {version} is in force", "roster"
    ),
    Action.ROSTER_RESTARTED: _told(
        "custodian",
        "urgent",
        "roster version {version} replaces the one before WITHOUT its quorum; change the password",
        "roster",
    ),
    Action.ENVELOPE_SEALED: _told(
        "sealer", "warning", "{who} sealed envelope version {version}", "manifest"
    ),
    Action.ENVELOPE_CONFIRMED: _told(
        "custodian",
        "info",
        "{who} confirmed that their share of the {group} group opens",
        "custody-receipt",
    ),
    Action.ENVELOPE_READY: _told(
        "service", "warning", "envelope version {version} is ready and in force"
    ),
    Action.ENVELOPE_EXPOSED: _told(
        "service", "urgent", "envelope version {version} is exposed; change the password"
    ),
    Action.ENVELOPE_SUPERSEDED: _told(
        "service", "info", "envelope version {version} is superseded"
    ),
    Action.SHARE_PRINTED: _told(
        "custodian", "warning", "{who} printed their share of the {group} group", "paper"
    ),
    Action.REQUEST_OPENED: _told("requester", "urgent", "{who} asks to be root", "request"),
    Action.REQUEST_APPROVED: _told(
        "custodian", "warning", "{who} approved for the {group} group", "decision"
    ),
    Action.REQUEST_DENIED: _told(
        "custodian", "urgent", "{who} denied for the {group} group", "decision"
    ),
    Action.REQUEST_ENDED_BY_DENIAL: _told("service", "urgent", "the request ended: it was denied"),
    Action.REQUEST_CANCELLED: _told(
        "requester", "warning", "the request was cancelled", "cancellation"
    ),
    Action.REQUEST_EXPIRED: _told("service", "warning", "the request expired"),
    Action.REQUEST_RELEASED: _told(
        "requester", "urgent", "the shares were handed to {who}", "release"
    ),
    Action.REQUEST_FETCHED: _told("requester", "urgent", "{who} fetched the released shares again"),
    Action.REQUEST_DRILL_OVER: _told("service", "info", "the drill is over; nothing was shown"),
    Action.REQUEST_CLOSED: _told(
        "requester",
        "warning",
        "{who} says the work is done; the password is to be changed",
        "closure",
    ),
    Action.REQUEST_WINDOW_ENDED: _told(
        "service", "warning", "the window is over; the password is to be changed"
    ),
    Action.REQUEST_ROTATED: _told(
        "service", "warning", "a newer envelope is ready; both groups are to review"
    ),
    Action.REQUEST_REVIEWED: _told(
        "custodian", "warning", "{who} reviewed for the {group} group", "review"
    ),
    Action.REQUEST_IMPORTED: _told(
        "requester",
        "urgent",
        "{who} brought in a release made while the service was gone",
        "request",
    ),
    Action.BUNDLE_FETCHED: _told(
        "person", "warning", "{who} took a bundle for use without the service"
    ),
    Action.EVENTS_EXPORTED: _told("auditor", "info", "{who} exported the log"),
    Action.EVENTS_READ: _quiet("auditor", "info", "{who} read what is recorded"),
    Action.CHANNEL_FAILED: _told("service", "urgent", "a channel does not take notices: {fault}"),
    Action.CHANNEL_RECOVERED: _told("service", "warning", "a channel takes notices again"),
    Action.WITNESS_SILENT: _told("service", "warning", "a witness of the log is silent: {fault}"),
    Action.WITNESS_REFUSED: _told("service", "urgent", "a witness refuses the log: {fault}"),
    Action.WITNESS_RECOVERED: _told("service", "warning", "a witness cosigns the log again"),
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
