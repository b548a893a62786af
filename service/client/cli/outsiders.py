"""Witnesses that a roster names: asked again while someone reads, and looked for afterwards."""

from collections.abc import Sequence
from datetime import timedelta

from service.client.cli.invocation import Invocation
from service.client.device.unseen import (
    KEPT_FOR,
    Unseen,
    forget_unseen,
    remember_unseen,
    unseen,
)
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.before import Verdict
from service.client.trust.growth import ALARM
from service.client.trust.outsiders import Seen, witnessed
from service.domain.outsiders import Outsiders
from service.wire.log import Witnesses, WitnessStanding

AGAIN_AFTER = (3, 7)  # seconds: three and ten after the first look
A_DAY = timedelta(hours=24)
_SILENT = frozenset({"silent", "waiting"})


def remember(run: Invocation, api: Api, request: str, verdict: Verdict, named: Outsiders) -> None:
    """Keep that someone relies on an entry that no outsider has seen yet."""
    if verdict.unseen is not None:
        one = Unseen(leaf=verdict.unseen.seq, request=request, since=run.now(), outsiders=named)
        remember_unseen(run.home, api.server, one)


def look_for(run: Invocation, api: Api, seen: tuple[Seen, ...]) -> None:
    """Forget what witnesses have seen by now; warn of what they have not after a day.

    The log that ``seen`` is of has only grown since, so a checkpoint that covers an entry covers
    the one that this device knows. The caller holds ``home.locked()``.
    """
    waiting = unseen(run.home, api.server)
    old = [one for one in waiting if run.now() - one.since >= KEPT_FOR]
    covered = [one for one in waiting if witnessed(seen, one.outsiders) > one.leaf]
    if old or covered:
        forget_unseen(run.home, api.server, {one.leaf for one in [*old, *covered]})
    late = [one for one in waiting if one not in covered and run.now() - one.since >= A_DAY]
    if not late or run.sight.told_unseen:
        return
    run.sight.told_unseen = True
    words = _words(api)  # once: a service that hangs must not hold up a denial for each of them
    for one in late:
        run.terminal.warn(_never_seen(run, words, one))


def _never_seen(run: Invocation, words: Sequence[WitnessStanding], one: Unseen) -> str:
    ago = render.duration(int((run.now() - one.since).total_seconds()))
    said = (
        f"no outsider has seen entry {one.leaf} of the log (request {one.request}), which this "
        f"device was shown {ago} ago: too few of the witnesses that its roster named have "
        "cosigned it"
    )
    if _are_silent(words, one.outsiders):
        return f"{said}. The service says that they do not answer: ask the operator why"
    fork = "this device may have been shown another log than the others"
    return f"{said}: {fork}. {ALARM[:1].upper()}{ALARM[1:]} [never-witnessed]"


def _words(api: Api) -> Sequence[WitnessStanding]:
    """What the service says of its witnesses; nothing where it says nothing."""
    try:
        return api.get("/witnesses", Witnesses).witnesses
    except ClientRefusal:
        return ()


def _are_silent(words: Sequence[WitnessStanding], named: Outsiders) -> bool:
    """Whether the service says of so many that they are silent that the others are too few."""
    speaking = {one.key for one in words if one.state not in _SILENT}
    return len(speaking & set(named.keys)) < named.wanted and bool(words)
