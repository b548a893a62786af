"""What is announced: one event as a message, and nothing that a requester typed.

A notice says what happened, who did it, which account it concerns, and when; it links to the page
without any token, names the leaf index, and carries a checkpoint that covers it, so that everyone
who keeps the message is a witness of the log (protocol, "Notices"). Of an event's details only
those in ``_SHOWN`` and ``_SPOKEN`` appear: reasons, tickets and notes never do.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.events import ACTIONS, SERVICE, Action, Detail, Severity
from service.domain.words import one_line, plain

SUBJECT_LIMIT = 99  # characters; SNS wants fewer than 100
NAME_LIMIT = 100  # characters of a name; longer ones are cut
CHECKPOINT_BEGIN = "-----BEGIN CHECKPOINT OF THE LOG-----"
CHECKPOINT_END = "-----END CHECKPOINT OF THE LOG-----"

_SHELL = "ops:"
_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e]")
_WHITE_SPACE = re.compile(r"\s+")
# Details that appear in sentences, and those that get a line. The service writes them all itself.
_SPOKEN = (
    "version",
    "group",
    "count",
    "fault",
    "continues",
    "abandoned_size",
    "role",
    "line",
    "day",
)
_SHOWN = {
    "state": "State",
    "sns_topic_arn": "Topic",
    "channel": "Channel",
    "witness": "Witness",
    "roster": "Roster",
    "manifest": "Manifest",
}
# Why the service did something by itself. What is not here is not shown: it might be a reason
# that someone typed.
_CAUSES = {
    "approvals-without-release": "the service had received approvals of requests that ended",
    "newer-envelope": "a newer envelope is ready",
    "offline-release": "a release was made while the service was down",
    "papers": "a report says that it was opened with papers",
    "released": "the shares were released",
    "roster-changed": "the roster changed",
    "same-password": "it holds the password of an envelope that was opened",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """An event with the names that people know. Empty text where there is none.

    ``about`` names the person whom it concerns, ``origin`` the log. ``digest`` is that of the
    statement that the event carries, ``task`` the catalogue's title, ``checkpoint`` a signed note
    that covers ``leaf``, or empty when the log cannot be signed. ``epoch`` is 1 until an older copy
    of the log is put back: from there on leaves have numbers that other leaves had before.
    ``retires``: it is about a roster that ends its line.
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
    retires: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message. ``event_id`` is the same each time it is sent: repeats can be dropped."""

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


def render(facts: NoticeFacts) -> Notice:
    """Write the message: a subject of at most 99 printable ASCII characters, and plain text."""
    about = ACTIONS[facts.action]
    sentence = _sentence(facts)
    return Notice(
        event_id=_event_id(facts),
        account=facts.account,
        action=facts.action.value,
        severity=about.severity,
        at=facts.at,
        subject=_subject(facts, sentence),
        body="\n".join([f"{sentence}.", "", *_lines(facts)]) + "\n",
    )


def _event_id(facts: NoticeFacts) -> str:
    """What receivers drop repetitions by: a leaf that took a lost one's number is no repetition."""
    epoch = "" if facts.epoch == 1 else f"epoch-{facts.epoch}/"
    return f"{facts.origin}/{epoch}{facts.leaf}"


def is_machine(actor: str) -> bool:
    """Whether an event's actor is no person: the service itself, or an account of its server."""
    return actor == SERVICE or actor.startswith(_SHELL)


def machine(actor: str) -> str:
    """What such an actor is called."""
    if actor == SERVICE:
        return "the service"
    return f"{actor.removeprefix(_SHELL)} (in the server's shell)"


def short(text: str) -> str:
    """A name as one line of at most 100 characters, with single spaces between its words."""
    line = one_line(_WHITE_SPACE.sub(" ", text).strip())
    return line if len(line) <= NAME_LIMIT else line[: NAME_LIMIT - 3] + "..."


def _sentence(facts: NoticeFacts) -> str:
    words = {name: short(str(facts.details.get(name, "?"))) for name in _SPOKEN}
    people = {"who": short(facts.who), "name": short(facts.about)}
    sentence = ACTIONS[facts.action].sentence.format(**words, **people)
    if facts.retires:
        sentence += ", the end of this line: after it nothing new is taken here"
    return f"drill: {sentence}" if facts.details.get("drill") is True else sentence


def _subject(facts: NoticeFacts, sentence: str) -> str:
    severity = ACTIONS[facts.action].severity
    loud = "" if severity is Severity.INFO else f" {severity.value.upper()}"
    account = f" {facts.account}" if facts.account else ""
    return _ascii(f"breakglass{loud}{account}: {sentence}")[:SUBJECT_LIMIT]


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    without_accents = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_PRINTABLE.sub("?", without_accents)


def _lines(facts: NoticeFacts) -> Iterator[str]:
    for label, value in _lines_of(facts):
        if value:
            yield f"{label + ':':<12}{value}"
    yield ""
    yield from _witness(facts)


def _lines_of(facts: NoticeFacts) -> Iterator[tuple[str, str]]:
    severity = ACTIONS[facts.action].severity.value
    yield "Account", _account(facts)
    yield "Who", short(facts.who)
    yield "About", short(facts.about)
    yield "When", facts.at.strftime("%Y-%m-%d %H:%M:%S UTC")
    yield "What", f"{facts.action.value} ({severity})"
    yield "Task", facts.task
    yield "Why", _CAUSES.get(str(facts.details.get("why", "")), "")
    if "needed" in facts.details:
        yield "Approvals", f"{facts.details.get('counted')} of {facts.details['needed']}"
    for name, label in _SHOWN.items():
        yield label, plain(short(str(facts.details.get(name, ""))))
    yield "Request", facts.request
    yield "Statement", facts.digest
    yield "Page", _link(facts)
    epoch = "" if facts.epoch == 1 else f" (epoch {facts.epoch})"
    yield "Log entry", f"{facts.leaf} of {facts.origin}{epoch}"


def _account(facts: NoticeFacts) -> str:
    if not facts.account:
        return ""
    parts = (facts.account, short(facts.account_name), short(facts.root_email))
    return ", ".join(part for part in parts if part)


def _link(facts: NoticeFacts) -> str:
    if facts.request:
        return f"{facts.url}/requests/{facts.request}"
    return f"{facts.url}/accounts/{facts.account}" if facts.account else f"{facts.url}/"


def _witness(facts: NoticeFacts) -> Iterator[str]:
    if not facts.checkpoint:
        yield "THE LOG COULD NOT BE SIGNED when this was sent: the service failed, or someone"
        yield "changed its log. Ask its operator to run: breakglass-ops status"
        return
    yield "Keep this message, ideally where the service's operator cannot reach it. The lines below"
    yield "fix everything that was in the log when this was sent: if anyone changes it later,"
    yield "'breakglass audit verify' proves it with this message."
    yield ""
    yield CHECKPOINT_BEGIN
    yield facts.checkpoint.removesuffix("\n")
    yield CHECKPOINT_END
