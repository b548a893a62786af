"""What people are told: one event as a message, and nothing that a requester typed.

A notice says what happened, who did it, which account it concerns, and when; it links to the page
without any token, names the leaf index, and carries a checkpoint that covers it, so that everybody
who keeps the message is a witness of the log (protocol, "Notices"). Of an event's details only
those in ``_SHOWN`` and ``_SPOKEN`` appear: reasons, tickets and notes never do.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.events import ACTIONS, Action, Detail, Severity
from service.domain.words import one_line, plain

SUBJECT_LIMIT = 99  # characters; SNS wants fewer than 100
NAME_LIMIT = 100  # characters of a name; longer ones are cut
CHECKPOINT_BEGIN = "-----BEGIN CHECKPOINT OF THE LOG-----"
CHECKPOINT_END = "-----END CHECKPOINT OF THE LOG-----"

_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e]")
_WHITE_SPACE = re.compile(r"\s+")
# Details that stand in sentences, and those that get a line. The service writes them all itself.
_SPOKEN = ("version", "group", "count", "fault", "continues", "abandoned_size", "role")
_SHOWN = {
    "state": "State",
    "sns_topic_arn": "Topic",
    "channel": "Channel",
    "witness": "Witness",
    "roster": "Roster",
    "manifest": "Manifest",
}
# Why the service did something by itself. What is not here is not shown: it might be a reason
# that somebody typed.
_CAUSES = {
    "approvals-without-release": "approvals of requests that ended had reached the service",
    "newer-envelope": "a newer envelope is ready",
    "offline-release": "a release was made while the service was gone",
    "released": "the shares were released",
    "roster-changed": "the roster changed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event with the names that people know. Empty text where there is none.

    ``about`` names the person whom it concerns, ``origin`` the log. ``digest`` is that of the
    statement that the event carries, ``task`` the catalogue's title, ``checkpoint`` a signed note
    that covers ``leaf``, or empty when the log cannot be signed. ``epoch`` is 1 until an older copy
    of the log is put back: from there on leaves have numbers that other leaves had before.
    """

    action: Action
    leaf: int
    origin: str
    at: datetime
    who: str
    url: str
    account: str = ""
    account_name: str = ""
    root_email: str = ""
    about: str = ""
    request: str = ""
    task: str = ""
    digest: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)
    checkpoint: str = ""
    epoch: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message. ``event_id`` is the same each time the event is told: repeats can be dropped."""

    event_id: str
    account: str
    action: str
    severity: Severity
    at: datetime
    subject: str
    body: str

    @property
    def attributes(self) -> dict[str, str]:
        """What a subscriber may filter by; an event about no account has no ``account``."""
        named = {
            "event_id": self.event_id,
            "account": self.account,
            "action": self.action,
            "severity": self.severity.value,
        }
        return {name: value for name, value in named.items() if value}


def render(told: Told) -> Notice:
    """Write the message: a subject of at most 99 printable ASCII characters, and plain text."""
    about = ACTIONS[told.action]
    sentence = _sentence(told)
    return Notice(
        event_id=_event_id(told),
        account=told.account,
        action=told.action.value,
        severity=about.severity,
        at=told.at,
        subject=_subject(told, sentence),
        body="\n".join([f"{sentence}.", "", *_lines(told)]) + "\n",
    )


def _event_id(told: Told) -> str:
    """What receivers drop repetitions by: a leaf that took a lost one's number is no repetition."""
    epoch = "" if told.epoch == 1 else f"epoch-{told.epoch}/"
    return f"{told.origin}/{epoch}{told.leaf}"


def short(text: str) -> str:
    """A name as one line of at most 100 characters, with single spaces between its words."""
    line = one_line(_WHITE_SPACE.sub(" ", text).strip())
    return line if len(line) <= NAME_LIMIT else line[: NAME_LIMIT - 3] + "..."


def _sentence(told: Told) -> str:
    words = {name: short(str(told.details.get(name, "?"))) for name in _SPOKEN}
    people = {"who": short(told.who), "name": short(told.about)}
    sentence = ACTIONS[told.action].sentence.format(**words, **people)
    return f"drill: {sentence}" if told.details.get("drill") is True else sentence


def _subject(told: Told, sentence: str) -> str:
    severity = ACTIONS[told.action].severity
    loud = "" if severity is Severity.INFO else f" {severity.value.upper()}"
    account = f" {told.account}" if told.account else ""
    return _ascii(f"breakglass{loud}{account}: {sentence}")[:SUBJECT_LIMIT]


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    without_accents = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_PRINTABLE.sub("?", without_accents)


def _lines(told: Told) -> Iterator[str]:
    for label, value in _facts(told):
        if value:
            yield f"{label + ':':<12}{value}"
    yield ""
    yield from _witness(told)


def _facts(told: Told) -> Iterator[tuple[str, str]]:
    severity = ACTIONS[told.action].severity.value
    yield "Account", _account(told)
    yield "Who", short(told.who)
    yield "About", short(told.about)
    yield "When", told.at.strftime("%Y-%m-%d %H:%M:%S UTC")
    yield "What", f"{told.action.value} ({severity})"
    yield "Task", told.task
    yield "Why", _CAUSES.get(str(told.details.get("why", "")), "")
    if "needed" in told.details:
        yield "Approvals", f"{told.details.get('counted')} of {told.details['needed']}"
    for name, label in _SHOWN.items():
        yield label, plain(short(str(told.details.get(name, ""))))
    yield "Request", told.request
    yield "Statement", told.digest
    yield "Page", _link(told)
    epoch = "" if told.epoch == 1 else f" (epoch {told.epoch})"
    yield "Log entry", f"{told.leaf} of {told.origin}{epoch}"


def _account(told: Told) -> str:
    if not told.account:
        return ""
    parts = (told.account, short(told.account_name), short(told.root_email))
    return ", ".join(part for part in parts if part)


def _link(told: Told) -> str:
    if told.request:
        return f"{told.url}/requests/{told.request}"
    return f"{told.url}/accounts/{told.account}" if told.account else f"{told.url}/"


def _witness(told: Told) -> Iterator[str]:
    if not told.checkpoint:
        yield "THE LOG COULD NOT BE SIGNED when this was sent: a fault of the service, or somebody"
        yield "changed its log. Ask its operator to run: breakglass-ops status"
        return
    yield "Keep this message, best of all where the service's operator cannot reach it. The lines"
    yield "below fix everything the log held when this was sent: should anybody change it later,"
    yield "'breakglass audit verify' shows that with the help of this message."
    yield ""
    yield CHECKPOINT_BEGIN
    yield told.checkpoint.removesuffix("\n")
    yield CHECKPOINT_END
