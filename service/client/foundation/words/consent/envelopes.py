"""What is shown before a password is sealed, and before a share is confirmed or printed."""

from service.client.foundation import render
from service.client.foundation.words.consent.context import Context, Data, Lines
from service.client.foundation.words.consent.parts import (
    READ_BY,
    Row,
    account_rows,
    by_roster,
    envelope_row,
    group_rows,
    listed,
    named,
    place,
    said,
)
from service.client.foundation.words.consent.warnings import account_warnings, knows_warnings
from service.client.foundation.words.envelopes import YOU_SEAL
from service.domain import words
from service.domain.people import GroupName

_CAUSES = {
    "initial": "it is the first of this account",
    "rotation": "the password is new",
    "roster": "the roster changed",
}


def manifest(payload: Data, context: Context) -> Lines:
    """Say what I seal, for whom, and what it replaces."""
    version, after = payload["version"], payload["after_requests"]
    replaces = "nothing" if version == 1 else f"version {version - 1}, once this one is confirmed"
    count = f"{len(after)} request{'' if len(after) == 1 else 's'}"
    old = (
        f"{listed(context, context.oldkeys)} will not be able to open it: the roster names old "
        "keys. Have a roster with the new ones signed first."
    )
    return Lines(
        title=f"You seal version {version} of the root password of {place(context)}",
        rows=(
            *account_rows(context),
            ("Root's address", said(context.address)),
            ("Root signs in as", said(context.email)),
            ("Sealed", _sealed(payload["content_kind"])),
            ("Because", _CAUSES[payload["cause"]]),
            ("Replaces", replaces),
            ("Released for", f"{count} before this one" if after else "no request before this one"),
            ("Roster", by_roster(context)),
            *group_rows(context),
            ("Sealed by", named(context, payload["sealer"])),
        ),
        warnings=(
            *account_warnings(context),
            *([old] if context.oldkeys else []),
            *([" ".join(YOU_SEAL)] if context.envelope["foreign"] else []),
        ),
        effect="It is in force once enough custodians of both groups have confirmed their shares. "
        "Set the same password at AWS.",
        button="Seal",
    )


def _sealed(content: str) -> str:
    return "a password" if content == "password" else f"another kind: {said(content)}"


def receipt(payload: Data, context: Context) -> Lines:
    """Say which share of mine I sign for."""
    return Lines(
        title=f"Your share of version {context.envelope['version']} of {place(context)} opens",
        rows=tuple(_share_rows(payload, context)),
        warnings=(*account_warnings(context), *knows_warnings(context)),
        effect="Your share is opened and compared on this device, and you sign that it opens. It "
        "does not leave this device.",
        button="Confirm",
    )


def paper(payload: Data, context: Context) -> Lines:
    """Say which share is printed, and what the paper can do."""
    alone = context.groups[payload["group"]]["needed"] == 1
    whole = (
        "Your group needs only one share: this paper can act for the whole "
        f"{words.group(payload['group'])}."
    )
    return Lines(
        title=f"Your share of version {context.envelope['version']} of {place(context)} is printed",
        rows=(*_share_rows(payload, context), ("Kept at", said(payload["place"])), READ_BY),
        warnings=(
            *([whole] if alone else []),
            *account_warnings(context),
            *knows_warnings(context),
        ),
        effect="Anyone with this paper has your share. It does not let them sign as you. That you "
        "print it is announced.",
        button="Print",
    )


def _share_rows(payload: Data, context: Context) -> list[Row]:
    group = context.groups[payload["group"]]
    needed = f"{group['needed']} of {len(group['people'])} shares"
    return [
        *account_rows(context),
        ("Whose share", named(context, payload["custodian"])),
        ("Group", f"{words.group(payload['group'])}; it takes {needed}"),
        envelope_row(context),
        ("Roster", by_roster(context)),
    ]


def papers(payload: Data, context: Context) -> Lines:
    """Say what a report of papers claims: which of them open it is known only afterwards."""
    rows = []
    for group in GroupName:
        people = [p["custodian"] for p in payload["papers"] if p["group"] == group.value]
        rows.append((f"Papers, {words.GROUPS[group]}", listed(context, people)))
    return Lines(
        title=f"You report that {place(context)} was opened with papers",
        rows=(
            *account_rows(context),
            envelope_row(context),
            *rows,
            ("Your name", said(payload["name"])),
            ("Place", said(payload["place"])),
            ("Why", said(payload["reason"])),
            READ_BY,
        ),
        warnings=tuple(map(render.one_line, context.warnings)),
        effect="The report names those papers that open the password. It goes into a file; after "
        "this the password must be changed at AWS.",
        button="Open and report",
    )
