"""Destroying what is kept of my requests that are proved to be over; ``trust.ending`` decides.

Facts come from the service and count once they are verified: what it withholds destroys nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from crypto.encoding import parse_time
from crypto.leaf import Leaf
from crypto.statement import Statement
from service.client.cli.fetching import fetch_request
from service.client.cli.invocation import Invocation
from service.client.cli.proving import proved_leaf
from service.client.device.keeping import forget, kept_requests, signed_as, was_releasing
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.clocks import Clocks
from service.client.trust.ending import Fate, KeptRequest, denied_for_good, fate
from service.client.trust.request import verify_word
from service.client.trust.shown import ShownRequest
from service.domain.events import Action
from service.wire.log import Leaves

_ENTRIES = (Action.REQUEST_OPENED, Action.REQUEST_IMPORTED)
_ENDINGS = {
    "cancellation": Action.REQUEST_CANCELLED,
    "closure": Action.REQUEST_CLOSED,
    "release": Action.REQUEST_RELEASED,
}


def sweep(run: Invocation, api: Api, *, acting: str = "") -> tuple[str, ...]:
    """Destroy what is proved to be over, and return those requests' ids.

    ``acting`` is the request that is being released: its key stays. An act is never stopped by
    this: what cannot be verified now is kept.
    """
    destroyed, old = [], []
    for mine in kept_requests(run.home):
        request = mine.payload["request"]
        kept = facts(run, api, mine, acting=request == acting)
        decided = fate(kept)
        if decided is Fate.DESTROY:
            forget(run.home, request)
            destroyed.append(request)
        elif decided is Fate.ASK:
            old.append(request)
    return (*destroyed, *_ask(run, old, api.date))


def sweep_offline(run: Invocation) -> tuple[str, ...]:
    """Ask about what is older than thirty days by this device's clock; nothing else is known."""
    old = [
        mine.payload["request"]
        for mine in kept_requests(run.home)
        if fate(_local(run, mine)) is Fate.ASK
    ]
    return _ask(run, old, None)


def destroyed_words(run: Invocation, request: str) -> str:
    """Say whether the key of a request that was just ended is gone from this device."""
    if any(mine.payload["request"] == request for mine in kept_requests(run.home)):
        return (
            "The log has not proved it yet, so the request's key stays on this device, wrapped; "
            "the next act that asks or signs in destroys it."
        )
    return "The request's key is destroyed on this device."


def facts(run: Invocation, api: Api, mine: Statement, *, acting: bool = False) -> KeptRequest:
    """Return all that is proved of a request of mine; what is not proved is left out."""
    kept = replace(_local(run, mine), acting=acting)
    if acting:
        return kept
    try:
        shown = fetch_request(run, api, mine.payload["request"])
        if signed_as(run.home, mine.payload["request"], shown.about.statement.raw) is None:
            return kept
        sealed_for = shown.chain.named(shown.envelope.roster)
        denied = denied_for_good(shown.about.roster, sealed_for, shown.decisions)
        kept = _with_endings(run, api, shown, replace(kept, denied=denied))
        return kept if fate(kept) is Fate.DESTROY else _with_times(run, api, shown, kept)
    except ClientRefusal:
        return kept


def _local(run: Invocation, mine: Statement) -> KeptRequest:
    payload = mine.payload
    return KeptRequest(
        signed_at=parse_time(payload["at"]),
        lifetime=payload["lifetime"],
        window=payload["window"],
        own_clock=run.now(),
        release_signed=was_releasing(run.home, payload["request"]),
    )


def _with_endings(run: Invocation, api: Api, shown: ShownRequest, kept: KeptRequest) -> KeptRequest:
    """Add my own words that end the request or release it, each proved to be in the log."""
    for entered in shown.detail.others:
        kind = entered.statement.payloadType.removeprefix("application/vnd.breakglass.")
        kind = kind.partition(".")[0]
        if kind not in _ENDINGS:
            continue
        statement = verify_word(entered.statement, kind, shown.about)
        leaf = _proved(run, api, entered.leaf)
        if leaf is None or not says(leaf, _ENDINGS[kind], shown=shown, statement=statement):
            continue
        if kind == "release":
            kept = replace(kept, release_signed=True, released_at=leaf.at)
        if kind != "release" or shown.about.request.drill:
            kept = replace(kept, ended=True)
    return kept


def _with_times(run: Invocation, api: Api, shown: ShownRequest, kept: KeptRequest) -> KeptRequest:
    """Add the proved time of the entry, and that of the newest leaf that I may see."""
    about = shown.about
    entry = _proved(run, api, shown.detail.request.leaf)
    if entry is not None and says(entry, *_ENTRIES, shown=shown, statement=about.statement):
        kept = replace(kept, entered_at=entry.at)
    try:
        newest = api.get("/events", Leaves, limit=1).events
    except ClientRefusal:
        newest = []
    leaf = _proved(run, api, newest[0].seq) if newest else None
    return kept if leaf is None else replace(kept, newest_at=leaf.at)


def says(leaf: Leaf, *actions: Action, shown: ShownRequest, statement: Statement) -> bool:
    """Return whether a leaf is one of these acts, with this statement, on this request."""
    request = shown.about.request
    said = (leaf.subject, leaf.request, leaf.statement)
    wanted = (request.account, request.id, statement.raw)
    return leaf.action in {action.value for action in actions} and said == wanted


def _proved(run: Invocation, api: Api, seq: int) -> Leaf | None:
    try:
        return proved_leaf(run, api, seq)
    except ClientRefusal:
        return None


def _ask(run: Invocation, old: Iterable[str], service: datetime | None) -> tuple[str, ...]:
    """Destroy what is old by this device's clock: if a person says so, or both clocks do."""
    requests = tuple(old)
    if not requests:
        return ()
    clocks = Clocks(own=run.now(), service=service)
    if run.terminal.interactive and not run.terminal.yes:
        said = f"; {clocks.sentence}" if clocks.differ else ""
        question = (
            f"This device's clock says {run.now():%Y-%m-%d %H:%M} UTC: the keys of "
            f"{render.listing(requests)} are older than thirty days{said}. Destroy them?"
        )
        try:
            run.terminal.confirm(question)
        except ClientRefusal:
            return ()
    elif service is None or abs(run.now() - service) > timedelta(minutes=10):
        return ()  # a clock alone destroys nothing
    for request in requests:
        forget(run.home, request)
    return requests
