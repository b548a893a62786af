"""What is shown before a release, and before what follows it is signed."""

from service.client.foundation import render
from service.client.foundation.words.consent.context import Context, Data, Lines
from service.client.foundation.words.consent.parts import (
    READ_BY,
    about_rows,
    envelope_row,
    headline,
    listed,
    place,
    said,
)
from service.client.foundation.words.consent.warnings import account_warnings, knows_warnings
from service.domain import words


def release(_payload: Data, context: Context) -> Lines:
    """Say what is handed to me, and who approved it."""
    asked, drill = context.request, context.request["drill"]
    window = render.duration(asked["window"])
    heard = "once the case is imported" if asked["offline"] else "at once"
    return Lines(
        title=f"The DRILL of {place(context)} ends now"
        if drill
        else f"The root password of {place(context)} is handed to you now",
        rows=(
            *about_rows(context),
            ("Window", "none: nothing is shown" if drill else f"{window} from now"),
            ("Approved by", listed(context, context.approved)),
            envelope_row(context),
            ("Announced to", f"everyone of the account, {heard}"),
        ),
        warnings=(*account_warnings(context), *knows_warnings(context)),
        effect="The shares that answered are opened and checked here. The password stays sealed."
        if drill
        else "After this the password must be changed at AWS and sealed again.",
        button="End the drill" if drill else "Release",
    )


def closure(payload: Data, context: Context) -> Lines:
    """Say what I end, and in which words."""
    return Lines(
        title=f"You end your release of {place(context)}",
        rows=(
            ("Request", headline(context)),
            *about_rows(context),
            ("Your words", said(payload["summary"])),
            READ_BY,
        ),
        warnings=tuple(account_warnings(context)),
        effect="Nothing more can be fetched for it, and its key is destroyed here once the log "
        "shows that. The password must be changed at AWS and sealed again.",
        button="Close",
    )


def review(payload: Data, context: Context) -> Lines:
    """Say which release I review, and whether I say that the password was changed."""
    changed = "yes, and signing in with the new one works" if payload["rotated"] else "NO"
    return Lines(
        title=f"You review a release of {place(context)}",
        rows=(
            ("Request", headline(context)),
            *about_rows(context),
            ("You review", f"for the {words.group(payload['group'])}"),
            ("Changed at AWS", changed),
            ("Your words", said(payload["note"])),
            READ_BY,
        ),
        warnings=tuple(account_warnings(context)),
        effect="Each group must review once. A review cannot be taken back.",
        button="Review",
    )
