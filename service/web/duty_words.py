"""What waits for a person, in words, with the command that does it: for the API and the pages."""

from collections.abc import Iterable, Mapping, Sequence

from crypto.encoding import format_time
from service.domain.exposed import SENTENCES
from service.domain.findings import Finding
from service.domain.lines import next_after
from service.domain.readiness import Act, Duty
from service.domain.words import SEALED_BY_REQUESTER
from service.web.finding_words import message
from service.wire.home import Waiting

# Each with its command. What is asked for and what is sealed is said in two ways; see ``_words``.
_WORDS: Mapping[Act, tuple[str, str]] = {
    Act.DECIDE: ("{requester} asks to be root", "approve {request}"),
    Act.RELEASE: ("your {kind} is approved", "release {request}"),
    Act.FETCH: ("the window is open; reveal, and close when the work is done", "reveal {request}"),
    Act.CLOSE: ("say what was done", "close {request}"),
    Act.REVIEW: ("the {group} group must review a release", "review {request}"),
    Act.SEAL: ("nothing is sealed yet", "seal {account}"),
    Act.CONFIRM: (
        "confirm that your share of envelope version {version} opens",
        "confirm {account}",
    ),
    Act.SIGN: ("roster version {version} waits for your signature", "roster sign {account}"),
    Act.DRAFT: ("no roster yet; draft one", "roster draft {account}"),
    Act.REGISTER: (
        "too few have the keys to sign another roster: register a further line of the account",
        "accounts add {line}",
    ),
}
_UNRELEASED = "your request is approved; unreleased, it still exposes the password when it ends"
_DRILL = "{requester} asks for a drill"
_KNOWN = f"{SEALED_BY_REQUESTER}; change it at AWS and seal a new one"
_CHANGE = "change it at AWS and seal the new one"
_RELEASED = f"the password was released; {_CHANGE}"
_CHANGED = {
    Act.SEAL: (
        "custodians left or have new keys, or root signs in with another address, since the "
        f"password was sealed; {_CHANGE}"
    ),
    Act.DRAFT: "people have new keys that the roster does not name; draft one that does",
}


def shape(duty: Duty) -> Waiting:
    """One duty as the API has it; ``due_at`` is empty where it is never too late."""
    request = duty.request.id if duty.request else ""
    words, command = _words(duty), _WORDS[duty.act][1]
    given = {"request": request, "account": duty.account, "line": next_after(duty.account)}
    return Waiting(
        what=f"{duty.name}: {words}",
        account=duty.account,
        request=request,
        act=duty.act.value,
        command=f"breakglass {command.format(**given)}",
        due_at=format_time(duty.due_at) if duty.due_at else "",
    )


def _words(duty: Duty) -> str:
    words, drill = _WORDS[duty.act][0], duty.request is not None and duty.request.drill
    if duty.act is Act.DECIDE and drill:
        words = _DRILL
    if duty.act is Act.RELEASE and not drill:
        words = _UNRELEASED
    if duty.act is Act.SEAL and duty.request is not None:
        words = _RELEASED
    if duty.because is not None:
        words = f"{SENTENCES[duty.because]}; {_CHANGE}"
    if duty.changed:
        words = _CHANGED[duty.act]
    if duty.known is not None:
        words = _KNOWN
    return words.format(
        requester=duty.requester,
        kind="drill" if drill else "request",
        group=duty.group,
        version=duty.version,
        name=duty.known.name if duty.known else "",
    )


def warnings(findings: Mapping[str, Iterable[Finding]]) -> Sequence[tuple[str, str]]:
    """What is wrong, with the id of the account in which it is."""
    return [(account, message(one)) for account, found in findings.items() for one in found]
