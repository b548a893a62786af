"""Which account and which request a person means; only what is not said in full is looked up.

A list is the service's word. For a request that is enough: whatever is meant is verified and shown
before anything is signed. An account that was given by its name must bear that name in the roster
that its people signed.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from service.client.cli.invocation import Invocation
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.domain import typed

if TYPE_CHECKING:  # slow to import, and a list needs none of it
    from service.client.link.api import Api
    from service.client.link.connection import Connection

_PAGE = 200
_MOST = 10_000  # requests that are looked through


def find_account(run: Invocation, api: "Api", text: str) -> str:
    """Return the id of the account that ``text`` means; a name is compared with its roster's.

    Raises:
        ClientRefusal: as :func:`listed_account`; ``account-replaced``: the roster has another name;
            a code of ``trust.chain``.
    """
    if found := typed.account_id(text):
        return found
    from service.client.cli.fetching import fetch_chain

    account = listed_account(api, text)
    name = fetch_chain(run, api, account, looking=True).newest.name
    if not typed.accounts_meant(text, {account: name}):
        raise ClientRefusal(
            "account-replaced",
            f"the service says that account {account} is called {render.one_line(text)}, but its "
            f"people have signed the name {render.one_line(name)}",
            "give its twelve digits, and warn the others",
        )
    run.terminal.note(f"{render.one_line(name)} is account {account}.")
    return account


def listed_account(connection: "Connection", text: str) -> str:
    """Return the id of the account that ``text`` means, by the service's word alone.

    Raises:
        ClientRefusal: as :func:`meant`; ``server-answer``.
    """
    if found := typed.account_id(text):
        return found
    items = _items(connection.raw_get("/accounts"), "accounts", ("account", "name"))
    return meant(text, {item["account"]: item["name"] for item in items})


def meant(text: str, names: Mapping[str, str]) -> str:
    """Return the id of the one account that ``text`` means; ``names`` are those known, by id.

    Raises:
        ClientRefusal: ``unknown-account``; ``ambiguous-account``: several have this name, or
            several lines of one account, which are listed.
    """
    if found := typed.account_id(text):
        return found
    shown, accounts = render.one_line(text), typed.accounts_meant(text, names)
    if len(accounts) == 1 and typed.account_id(accounts[0]) == accounts[0]:
        return accounts[0]
    if not accounts:
        raise ClientRefusal(
            "unknown-account",
            f"you may see no account called {shown}",
            "'breakglass accounts' lists them; twelve digits always do",
        )
    raise ClientRefusal(
        "ambiguous-account",
        f"{shown} may be any of {', '.join(map(render.one_line, accounts))}",
        "say which one you mean by its digits",
    )


def find_request(connection: "Connection", text: str) -> str:
    """Return the id of the request that ``text`` means, of all that I may see.

    Raises:
        ClientRefusal: ``unknown-request``; ``ambiguous-request``: several begin so, and are listed.
    """
    if typed.is_whole(text):
        return text
    known: dict[str, str] = {}
    before = ""
    while len(known) < _MOST:
        page = connection.raw_get("/requests", limit=_PAGE, before=before)
        items = _items(page, "requests", ("id", "account", "requester_name", "state"))
        known |= {
            item["id"]: f"{item['account']}, {item['requester_name']}, {item['state']}"
            for item in items
            if typed.is_whole(typed.request_id(item["id"]))
        }
        following = _object(page).get("next")
        if not items or not isinstance(following, str) or following in {"", before}:
            break
        before = following
    return _only(text, known)


def find_own(run: Invocation, text: str) -> str:
    """Return the id of the request of mine, made on this device, that ``text`` means.

    Raises:
        ClientRefusal: as :func:`find_request`.
    """
    if typed.is_whole(text):
        return text
    kept = (run.home.path / "requests").glob("*.statement")
    return _only(text, {path.stem: "made on this device" for path in kept})


def _only(text: str, known: Mapping[str, str]) -> str:
    found = typed.requests_meant(text, known)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ClientRefusal(
            "unknown-request",
            f"no request that begins with {text} is found",
            "'breakglass list' lists them; the whole id always does",
        )
    candidates = "\n".join(f"    {number}  {render.one_line(known[number])}" for number in found)
    raise ClientRefusal(
        "ambiguous-request",
        f"{len(found)} requests begin with {text}:\n{candidates}",
        "give more characters of the one that you mean",
    )


def _items(data: bytes, name: str, fields: tuple[str, ...]) -> list[dict[str, str]]:
    """Return some texts of each item in an answer's list."""
    items = _object(data).get(name)
    good = isinstance(items, list) and all(
        isinstance(item, dict) and all(isinstance(item.get(field), str) for field in fields)
        for item in items
    )
    if not isinstance(items, list) or not good:
        raise _strange()
    return items


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise _strange() from None
    if not isinstance(value, dict):
        raise _strange()
    return value


def _strange() -> ClientRefusal:
    return ClientRefusal(
        "server-answer",
        "the service answered in another form than a list",
        "check the address and that client and service are of one version",
    )
