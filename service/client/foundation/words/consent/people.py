"""What is shown before people sign who counts, and before they change their own keys."""

from service.client.foundation import render
from service.client.foundation.words.consent.context import Context, Data, Lines
from service.client.foundation.words.consent.parts import (
    Row,
    named,
    numbered,
    place,
    said,
)
from service.client.foundation.words.consent.warnings import account_warnings
from service.domain import words
from service.domain.people import GroupName
from service.domain.roster import Denials

_KEYS = {
    "phrase": "recovery phrase",
    "passkey": "passkey",
    "sign-in-only": "passkey, for signing in only",
}
_DENIALS = {
    Denials.FIRST.value: "the first denial ends a request",
    Denials.UNREACHABLE.value: "a request ends when a group can no longer reach its threshold",
}


def roster(payload: Data, context: Context) -> Lines:
    """Say all that a roster says, and what changed since the one that I know."""
    ends = "a roster that ENDS this line of the account" if payload["retired"] else "the people"
    return Lines(
        title=f"You sign version {payload['version']} of {ends} of {place(context)}",
        rows=(
            ("Account", f"{numbered(payload['account'])}, {payload['type']}"),
            ("Its name", said(payload["name"])),
            ("Root's address", said(payload["root_email"])),
            *_groups(payload),
            ("May ask", _names(payload, payload["requesters"])),
            ("May seal", _names(payload, payload["sealers"])),
            ("Policy", _policy(payload["policy"])),
            ("Log's key", render.one_line(payload["log_key"])),
            ("Witnesses", _witnesses(payload)),
            *_people(payload, context),
            *_changes(payload, context),
        ),
        warnings=(
            *account_warnings(context),
            *([render.one_line(context.ends)] if context.ends else []),
        ),
        effect="No request and no password is taken in this line any more."
        if payload["retired"]
        else "Once everyone who must sign has signed, these people count, and no one else.",
        button="Sign",
    )


def _groups(payload: Data) -> list[Row]:
    rows = []
    for name in GroupName:
        group = payload["groups"][name.value]
        count = f"{group['threshold']} of {len(group['custodians'])}"
        title = words.group(name)
        rows.append(
            (title[:1].upper() + title[1:], f"{count}: {_names(payload, group['custodians'])}")
        )
    return rows


def _people(payload: Data, context: Context) -> list[Row]:
    """Say of each person whether someone compared their words on this device, by voice."""
    heard = [p["person"] for p in payload["people"] if p["person"] in context.heard]
    rest = [p["person"] for p in payload["people"] if p["person"] not in context.heard]
    return [("Heard now", _names(payload, heard)), ("Not heard now", _names(payload, rest))]


def _changes(payload: Data, context: Context) -> list[Row]:
    if payload["version"] == 1:
        return [("Changes", "none: it is the first version")]
    if context.since == 0:
        return [("Changes", "you know no earlier version: read all of it")]
    label = f"Since version {context.since}"
    lines = context.changes or ["nothing that counts changes"]
    return [(label, render.one_line(line)) for line in lines]


def _policy(policy: Data) -> str:
    seals = "; a requester may seal the password after their release"
    lifetime, window = policy["request_lifetime"], policy["release_window"]
    return (
        f"a request is open for at most {render.duration(lifetime)}, a release for "
        f"{render.duration(window)}; {_DENIALS[policy['denials']]}"
        + (seals if policy["requester_seals"] else "")
    )


def _witnesses(payload: Data) -> str:
    keys = payload["witnesses"]
    if not keys:
        return "none"
    names = render.listing(key.partition("+")[0] for key in keys)
    return f"{payload['cosigned_by']} of {len(keys)} cosign: {names}"


def _names(payload: Data, people: list[str]) -> str:
    names = {person["person"]: person["name"] for person in payload["people"]}
    return render.listing(names.get(person, person) for person in people)


def slot(payload: Data, context: Context) -> Lines:
    """Say which way of unlocking comes or goes, and what stops working."""
    kind, action = _KEYS[payload["slot_kind"]], payload["action"]
    title, stops, button = {
        "add": (f"You add a way to unlock your keys: {kind}", "nothing", "Add"),
        "replace": (f"You replace your {kind} with a new one", f"your old {kind}", "Replace"),
        "remove": (f"You remove a way to unlock your keys: {kind}", f"this {kind}", "Remove"),
    }[action]
    keeps = "Backups and bundles still have the old one: if someone else has it, ask for a new "
    wrapped = action != "add" and payload["slot_kind"] != "sign-in-only"
    return Lines(
        title=title,
        rows=(
            ("Whose", named(context, payload["person"])),
            ("Kind", kind),
            ("Stops working", stops),
            ("Slot", render.one_line(payload["slot"])),
        ),
        warnings=(
            *([f"{keeps}enrolment link instead, which makes new keys."] if wrapped else []),
            *map(render.one_line, context.warnings),
        ),
        effect="Anyone who has it can act as you."
        if payload["slot_kind"] == "phrase" and action != "remove"
        else "Your keys stay the same.",
        button=button,
    )


def identity(payload: Data, context: Context) -> Lines:
    """Say for whom new keys are made; who that is, only the invitation says."""
    who = f"{named(context, payload['person'])}, {render.one_line(context.email)}"
    lost = "The new keys count nowhere until a roster names them."
    kept = (
        "Requests made on this device are still kept here, under your present keys: "
        f"{render.listing(context.waiting)}. With new keys you can fetch nothing more for them; "
        "what was fetched before opens with your present phrase only: keep it until they are over."
    )
    return Lines(
        title=f"You make new keys for {named(context, payload['person'])}",
        rows=(
            ("Whose", f"{who}; {context.source} says that the link is for them"),
            (
                "Role",
                f"{render.one_line(context.role)}, by the same word" if context.role else "none",
            ),
            ("Kind", "two key pairs, made on this device"),
            ("Stops working", "your present keys" if context.replaces else "nothing"),
        ),
        warnings=(
            *([f"This replaces your keys. {lost}"] if context.replaces else []),
            *([kept] if context.waiting else []),
            *map(render.one_line, context.warnings),
        ),
        effect=lost,
        button="Make the keys",
    )
