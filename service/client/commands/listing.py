"""The list of requests. To be quick it loads neither shapes nor cryptography.

What it shows is the service's word; ``show`` verifies. It is parsed plainly and strictly enough
that nothing but texts, integers and booleans in the right places is printed.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from service.client.cli.finding import listed_account
from service.client.cli.invocation import Invocation
from service.client.cli.options import Account, command
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.domain import words

_TEXTS = (
    "id", "digest", "manifest_digest", "account", "account_name", "requester", "requester_name",
    "task", "reason", "state", "entered_at", "expires_at", "window_ends_at",
)  # fmt: skip
_FLAGS = ("drill", "offline")
_GROUP_LISTS = ("approved", "denied", "waiting")
_FIELDS = {*_TEXTS, *_FLAGS, "groups", "handed"}
_COLLECTING = {"pending", "approved"}


@command("list")
@click.option("--account", type=Account(), metavar="ACCOUNT", help="Only of this account.")
@click.option("--state", default="", metavar="STATE", help="Only in this state.")
@click.option(
    "--before",
    type=click.IntRange(min=0),
    metavar="ENTRY",
    help="Older than this entry of the log, as the end of a list says it.",
)
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
def list_(run: Invocation, account: str | None, state: str, before: int | None, limit: int) -> None:
    """List requests, newest first."""
    with run.connection() as connection:
        data = connection.raw_get(
            "/requests",
            account=listed_account(connection, account) if account else "",
            state=state,
            before="" if before is None else before,
            limit=limit,
        )
    listed = parse_list(data)
    run.terminal.answer(listed, lambda: _say(run, listed))


def parse_list(data: bytes) -> Mapping[str, Any]:
    """Parse the answer of ``GET /requests``: exactly its fields, each of its type.

    Raises:
        ClientRefusal: ``server-answer``.
    """
    try:
        value = json.loads(data)
        good = (
            value.keys() == {"requests", "next"}
            and isinstance(value["next"], str)
            and isinstance(value["requests"], list)
            and all(map(_is_request, value["requests"]))
        )
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        good, value = False, {}
    if not good:
        raise ClientRefusal(
            "server-answer",
            "the service answered in another form than a list of requests",
            "check the address and that client and service are of one version",
        )
    listed: Mapping[str, Any] = value
    return listed


def _is_request(item: dict[str, Any]) -> bool:
    return (
        item.keys() == _FIELDS
        and all(isinstance(item[name], str) for name in _TEXTS)
        and all(isinstance(item[name], bool) for name in _FLAGS)
        and isinstance(item["groups"], list)
        and all(map(_is_group, item["groups"]))
        and isinstance(item["handed"], list)
        and all(isinstance(person, str) for person in item["handed"])
    )


def _is_group(item: dict[str, Any]) -> bool:
    return (
        item.keys() == {"group", "needed", *_GROUP_LISTS}
        and isinstance(item["group"], str)
        and type(item["needed"]) is int
        and all(isinstance(item[name], list) for name in _GROUP_LISTS)
        and all(isinstance(person, str) for name in _GROUP_LISTS for person in item[name])
    )


def _say(run: Invocation, listed: Mapping[str, Any]) -> None:
    run.terminal.note(
        "As the service lists them: the log was not looked at. 'breakglass show' verifies one."
    )
    rows = [_row(run, item) for item in listed["requests"]]
    if not rows:
        run.terminal.say("No requests.")
        return
    headers = ("request", "account", "by", "to do", "state", "password", "MFA", "until")
    run.terminal.table(headers, rows)
    if listed["next"]:
        run.terminal.note(f"Older ones: breakglass list --before {listed['next']}")


def _row(run: Invocation, item: Mapping[str, Any]) -> Sequence[str]:
    progress = {g["group"]: f"{len(g['approved'])}/{g['needed']}" for g in item["groups"]}
    until = ""
    if item["state"] in _COLLECTING:
        until = render.moment(item["expires_at"], run.now())
    elif item["state"] == "released":
        until = render.moment(item["window_ends_at"], run.now())
    return (
        item["id"],
        f"{item['account']} {item['account_name']}".rstrip(),
        item["requester_name"],
        "drill" if item["drill"] else item["task"],
        words.plain(item["state"]),
        progress.get("password", ""),
        progress.get("mfa", ""),
        until,
    )
