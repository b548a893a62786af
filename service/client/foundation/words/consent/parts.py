"""What several consents say alike: accounts, people, times, rosters and envelopes."""

from collections.abc import Iterable, Sequence

from service.client.foundation import render
from service.client.foundation.words.consent.context import Context, Data
from service.domain import words
from service.domain.lines import FIRST, aws_account, number
from service.domain.people import GroupName
from service.domain.tasks import TASKS

Row = tuple[str, str]

READ_BY = ("Read by", "the account's people, operators and auditors: it stays in the log for good")
_STATES = {
    "ready": "in force",
    "exposed": "in force, and its password counts as exposed",
    "unconfirmed": "not confirmed by enough custodians yet",
    "superseded": "superseded by a newer one",
}


def numbered(account: str) -> str:
    """Return an account's number as AWS writes it, and which line of it: another is no detail."""
    digits = aws_account(account)
    written = "-".join((digits[:4], digits[4:8], digits[8:]))
    line = number(account)
    return written if line == FIRST else f"{written}, LINE {line}"


def place(context: Context) -> str:
    """Return the account's number, then the name that its people gave it."""
    return f"{numbered(context.account)} ({render.one_line(context.called)})"


def account_rows(context: Context) -> list[Row]:
    """Return number and name apart, so that a name cannot pass for a number."""
    return [("Account", numbered(context.account)), ("Its name", said(context.called))]


def said(text: str) -> str:
    """Return what a person typed, in quotation marks; ``none`` where they typed nothing."""
    return f"\u201c{render.one_line(text)}\u201d" if text else "none"


def named(context: Context, person: str) -> str:
    """Return a person's name in the verified rosters, else their id."""
    return render.one_line(context.names.get(person, person))


def listed(context: Context, people: Iterable[str]) -> str:
    """Return the names of several people."""
    return render.listing(named(context, person) for person in people)


def moment(text: str) -> str:
    """Return a wire time to the second."""
    return f"{text[:10]} {text[11:19]} UTC"


def by_roster(context: Context) -> str:
    """Say by which roster someone counts, and which one I signed."""
    version = f"version {context.roster}"
    if context.anchor == 0:
        return f"{version}; none is known here as signed by you"
    if context.anchor == context.roster:
        return f"{version}, dated {context.day}, which you signed"
    return f"{version}; you signed version {context.anchor}, dated {context.day}"


def group_rows(context: Context) -> list[Row]:
    """Say for each group how many it takes, and who they are."""
    rows = []
    for name in GroupName:
        group = context.groups[name.value]
        who = listed(context, group["people"])
        rows.append((capital(words.group(name)), f"{group['needed']} of {who}"))
    return rows


def envelope_row(context: Context) -> Row:
    """Say which sealed password it is; that it is in force is only said."""
    envelope = context.envelope
    what = f"version {envelope['version']}, sealed by {named(context, envelope['sealer'])} for "
    what += f"roster version {envelope['roster']}"
    state = _STATES.get(envelope["state"], render.one_line(envelope["state"]))
    return "Envelope", f"{what}; {context.source} says that it is {state}"


def headline(context: Context) -> str:
    """Say who asks for what: the title of a request wherever it is shown."""
    request = context.request
    who = named(context, request["requester"])
    without = ", WITHOUT THE SERVICE," if request["offline"] else ""
    what = "for a DRILL of" if request["drill"] else "to be root of"
    return f"{who} asks{without} {what} {place(context)}"


def task_title(request: Data) -> str:
    """Return what is to be done, as the catalogue says it."""
    task = TASKS.get(request["task"])
    return task.title if task else said(request["task"])


def task_rows(request: Data) -> list[Row]:
    """Say what is to be done and why; what was left out is said to be."""
    return [
        ("Task", task_title(request)),
        ("In words", said(request["task_text"])),
        ("Why", said(request["reason"])),
        ("Ticket", said(request["ticket"])),
    ]


def about_rows(context: Context) -> list[Row]:
    """Say what a request that was verified is about."""
    return [*account_rows(context), kind_row(context.request), *task_rows(context.request)]


def kind_row(request: Data) -> Row:
    """Say a drill as a drill, and what is handed over as that."""
    if request["drill"]:
        return "What", "a DRILL: every step is done, and no one is shown the password"
    return "What", f"the root password, for {render.duration(request['window'])} once released"


def capital(text: str) -> str:
    """Return a sentence that begins with a capital."""
    return text[:1].upper() + text[1:]


def text_row(label: str, text: str) -> Sequence[Row]:
    """Return a row for a text that may be absent without a meaning of its own."""
    return [(label, said(text))] if text else []
