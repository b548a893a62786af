"""What is shown before a request is signed, decided or taken back."""

from service.client.foundation import render
from service.client.foundation.words.consent.context import Context, Data, Lines
from service.client.foundation.words.consent.parts import (
    READ_BY,
    Row,
    about_rows,
    account_rows,
    by_roster,
    envelope_row,
    group_rows,
    headline,
    kind_row,
    moment,
    named,
    place,
    said,
    task_rows,
    text_row,
)
from service.client.foundation.words.consent.warnings import (
    account_warnings,
    clock_warnings,
    ends_at,
    knows_warnings,
)
from service.client.foundation.words.exposure import cost_of_ending
from service.domain import words
from service.domain.roster import Denials
from service.domain.tasks import TASKS


def request(payload: Data, context: Context) -> Lines:
    """Say what I ask for, of whom, and that it stays."""
    drill, task = payload["drill"], TASKS.get(payload["task"])
    without = ", WITHOUT THE SERVICE," if payload["offline"] else ""
    what = "for a DRILL of" if drill else "to be root of"
    spared = task is not None and not task.needs_root
    lasts = f"{render.duration(payload['lifetime'])} after you sign, if not released by then"
    how = "Custodians get it as a file." if payload["offline"] else "It is announced at once."
    return Lines(
        title=f"You ask{without} {what} {place(context)}",
        rows=(
            *account_rows(context),
            kind_row(payload),
            *task_rows(payload),
            ("Ends", lasts),
            *group_rows(context),
            envelope_row(context),
            ("Roster", by_roster(context)),
            ("Key", "what is released can be opened on this device alone: its key stays here"),
            READ_BY,
        ),
        warnings=(
            *account_warnings(context),
            *knows_warnings(context),
            *([f"This needs no root: use {task.instead}."] if task is not None and spared else []),
        ),
        effect=f"{how} Both groups have to approve; you cannot approve it yourself.",
        button="Ask for the drill" if drill else "Ask",
    )


def decision(payload: Data, context: Context) -> Lines:
    """Say what I approve or deny."""
    return (_approve if payload["decision"] == "approve" else _deny)(payload, context)


def _approve(payload: Data, context: Context) -> Lines:
    asked, drill = context.request, context.request["drill"]
    who = named(context, asked["requester"])
    entry = f"{moment(context.entered)}, proved" if context.entered else "not proved"
    seals = "Your share is opened on this device and sealed to this request of " + who + " only."
    also = f"that your share of version {context.envelope['version']} opens (your custody receipt)"
    return Lines(
        title=headline(context),
        rows=(
            ("Who", f"{who}, by roster {by_roster(context)}"),
            *account_rows(context),
            kind_row(asked),
            *task_rows(asked),
            ("Asked at", f"{moment(asked['at'])}, by the clock of {who}"),
            ("In the log", entry),
            ("Ends", moment(ends_at(context))),
            envelope_row(context),
            ("You decide", f"for the {words.group(payload['group'])}"),
            ("Also signed", also if context.receipt else "nothing else"),
            *_earlier(context),
            *text_row("Your words", payload["reason"]),
        ),
        warnings=(
            *clock_warnings(context),
            *account_warnings(context),
            *knows_warnings(context),
            *_gone(context),
        ),
        effect="Your share is opened and checked on this device, and does not leave it. Nothing is "
        "shown to anyone."
        if drill
        else f"{seals} No one can open the password before both groups have approved.",
        button="Take part in the drill" if drill else "Approve",
    )


def _earlier(context: Context) -> list[Row]:
    if context.request["drill"]:
        return [("Your share", "stays on this device")]
    if not context.earlier:
        asked = " or " + context.source if context.source == "the service" else ""
        return [("Your share", f"went to no other request that this device{asked} knows of")]
    return [
        (
            "Your share",
            f"went to {render.one_line(one['request'])}, {said(one['reason'])}"
            + (f", as {context.source} lists it" if one["listed"] else ""),
        )
        for one in context.earlier
    ]


def _gone(context: Context) -> list[str]:
    if not context.earlier or context.request["drill"]:
        return []
    given = "You have already released your share of this password"
    return [f"{given}: anyone who has the keys of all those requests can add up what was released."]


def _deny(payload: Data, context: Context) -> Lines:
    drill = context.request["drill"]
    ends = (
        "Your denial ends the request at once."
        if context.denials == Denials.FIRST
        else "The request ends once your group can no longer reach its threshold."
    )
    taken = " It takes back your approval, but not the share that you handed over."
    return Lines(
        title=f"You deny {'a DRILL' if drill else 'a request for root'} of {place(context)}",
        rows=(
            ("Request", headline(context)),
            *about_rows(context),
            ("You decide", f"for the {words.group(payload['group'])}"),
            ("Your words", said(payload["reason"])),
            READ_BY,
        ),
        warnings=_ending(context),
        effect=ends + (taken if context.withdraws else ""),
        button="Deny",
    )


def cancellation(payload: Data, context: Context) -> Lines:
    """Say what I take back."""
    what = "DRILL" if context.request["drill"] else "request for root"
    return Lines(
        title=f"You take back your {what} of {place(context)}",
        rows=(
            ("Request", headline(context)),
            *about_rows(context),
            ("Your words", said(payload["reason"])),
            READ_BY,
        ),
        warnings=_ending(context),
        effect="The request ends. Its key is destroyed here once the log shows that.",
        button="Take back",
    )


def _ending(context: Context) -> tuple[str, ...]:
    """Saying no is never kept from anyone; what it costs is said."""
    cost = [cost_of_ending(alone=context.ending == "alone")] if context.ending else []
    return (*account_warnings(context), *cost)
