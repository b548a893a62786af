"""Words for people: states, groups, names. Pure functions; nothing here decides anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.events import Action
from service.domain.tasks import TASKS
from service.domain.words import GROUPS, escaped, group, listing, one_line, plain
from service.web.pages.times import day
from service.wire.accounts import AccountSummary
from service.wire.home import Waiting
from service.wire.log import Leaf


def spaced(account: str) -> str:
    """An account's id as AWS prints it, with the number of its line: ``1111 2222 3333.2``."""
    digits, point, line = account.partition(".")
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4)) + point + line


def task(code: str) -> str:
    """What is to be done, from the catalogue."""
    return TASKS[code].title if code in TASKS else one_line(code)


@dataclass(frozen=True, slots=True)
class Tag:
    """A state in words; ``tone`` colours it and says nothing that the words do not."""

    words: str
    tone: str


_ACCOUNTS: Mapping[str, Tag] = {
    "no-roster": Tag("no roster yet", "wait"),
    "no-envelope": Tag("nothing is sealed", "wait"),
    "unconfirmed": Tag("sealed, not confirmed yet", "wait"),
    "ready": Tag("sealed and ready", "ok"),
    "exposed": Tag("exposed: change due", "bad"),
    "superseded": Tag("superseded", "plain"),
}
_REQUESTS: Mapping[str, Tag] = {
    "pending": Tag("waiting for approval", "wait"),
    "approved": Tag("approved, not released", "ok"),
    "released": Tag("released: the window is open", "bad"),
    "rotation_due": Tag("the password must be changed", "bad"),
    "review_due": Tag("waiting for review", "wait"),
    "closed": Tag("closed", "ok"),
    "denied": Tag("denied", "plain"),
    "cancelled": Tag("cancelled", "plain"),
    "expired": Tag("expired", "plain"),
}
_DRILLS: Mapping[str, Tag] = {"released": Tag("drill: the shares were handed over", "drill")}
STATES = tuple(_REQUESTS)


def account_tag(state: str, retired_since: str = "") -> Tag:
    """The state of an account; of a retired line (a wire time), that alone."""
    if retired_since:
        return Tag(f"retired since {day(retired_since)}", "plain")
    return _ACCOUNTS[state]


def request_tag(state: str, *, drill: bool = False) -> Tag:
    """The state of a request."""
    return (_DRILLS if drill and state in _DRILLS else _REQUESTS)[state]


_PATHS: Mapping[str, str] = {
    "request.decide": "/requests/{request}",
    "request.release": "/requests/{request}/release",
    "request.fetch": "/requests/{request}/release",
    "request.close": "/requests/{request}/close",
    "request.review": "/requests/{request}/review",
    "envelope.seal": "/accounts/{account}/seal",
    "envelope.confirm": "/accounts/{account}/confirm",
    "roster.sign": "/accounts/{account}/roster",
    "roster.draft": "/accounts/{account}/draft",
    "account.register": "/operate",
}
_BUTTONS: Mapping[str, str] = {
    "request.decide": "Look and decide",
    "request.release": "Release",
    "request.fetch": "Open the release",
    "request.close": "Say what was done",
    "request.review": "Review",
    "envelope.seal": "Seal a password",
    "envelope.confirm": "Confirm my share",
    "roster.sign": "Read and sign",
    "roster.draft": "Draft a roster",
    "account.register": "Register a further line",
}


def act_path(waiting: Waiting) -> str:
    """The page on which a person does what waits for them."""
    return _PATHS[waiting.act].format(account=waiting.account, request=waiting.request)


def act_button(act: str) -> str:
    """What the link to that page is called."""
    return _BUTTONS[act]


_ROLES: Mapping[str, str] = {f"custodian:{name}": f"custodian, {group(name)}" for name in GROUPS}


def roles(account: AccountSummary) -> str:
    """What a person is in an account; ``no one`` where no roster names them."""
    return listing(_ROLES.get(role, role) for role in account.roles)


def event(leaf: Leaf, account: str = "") -> str:
    """An event's sentence, as people write it; ``account`` is its account's name, if it has one.

    An approval says how far its group is, and who asks to be root says of what.
    """
    words = leaf.sentence.replace(" the mfa group", " the MFA group")
    if leaf.action == Action.REQUEST_APPROVED:
        words += _how_far(leaf.details.get("counted"), leaf.details.get("needed"))
    if leaf.action == Action.REQUEST_OPENED:
        if leaf.details.get("drill") is True:
            words = words.replace("asks to be root", "asks for a drill")
        words += f" of {account}" if account else ""
    return one_line(words)


def _how_far(counted: object, needed: object) -> str:
    if not isinstance(counted, int) or not isinstance(needed, int):  # an older leaf has neither
        return ""
    return f", {counted} of {needed}" if counted <= needed else f", beyond the {needed} needed"


_CLAIMS: Mapping[str, str] = {
    "name": "by",
    "place": "at",
    "at": "on",
    "reason": "because",
    "papers": "with the papers of",
}


def claims(found: Mapping[str, str]) -> str:
    """What a report of papers claims of its signer; the page says that nothing proves it."""
    return "; ".join(f"{_CLAIMS[name]} {one_line(text)}" for name, text in found.items())


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def count(number: int, one: str, many: str) -> str:
    """A number of things, small ones in words: ``one request``, ``12 requests``."""
    written = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{written} {one if number == 1 else many}"


def sentence(text: str) -> str:
    """The text with a capital at its start; the rest stays as it is."""
    return text[:1].upper() + text[1:]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "one_line": one_line,
    "escaped": escaped,
    "listing": listing,
    "group": group,
    "plain": plain,
    "spaced": spaced,
    "task": task,
    "account_tag": account_tag,
    "request_tag": request_tag,
    "act_path": act_path,
    "act_button": act_button,
    "roles": roles,
    "event": event,
    "claims": claims,
    "sentence": sentence,
}
