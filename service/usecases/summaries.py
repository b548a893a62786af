"""Requests at a glance: what was asked, its state now, and how far each group is."""

from collections.abc import Collection, Sequence
from typing import Any

from crypto.encoding import format_time
from service.domain.case import AFTER_ALL, Case, settle
from service.domain.exposed import approvers
from service.domain.people import GroupName
from service.domain.quorum import last_words
from service.domain.roster import Roster
from service.storage import requests
from service.usecases.context import Unit
from service.usecases.loading import cases_of
from service.wire.requests import GroupProgress, RequestSummary


def summaries(
    unit: Unit, stored: Sequence[requests.Stored], known: Collection[Roster] = ()
) -> list[RequestSummary]:
    """Requests as they are now, time included; nothing is written."""
    cases = cases_of(unit.session, stored, known)
    return [RequestSummary(**summary(unit, case)) for case in cases]


def summary(unit: Unit, case: Case) -> dict[str, Any]:
    """The fields of a request's summary, as it is now."""
    request, _ = settle(case, unit.now)
    ends = request.window_ends_at
    requester = case.roster.members.get(request.requester)
    return {
        "id": request.id,
        "digest": request.digest,
        "manifest_digest": request.manifest,
        "account": request.account,
        "account_name": case.roster.name,
        "requester": request.requester,
        "requester_name": requester.name if requester else "",
        "task": request.task,
        "reason": request.reason,
        "drill": request.drill,
        "offline": request.offline,
        "state": request.state.value,
        "entered_at": format_time(request.entered_at),
        "expires_at": format_time(request.expires_at),
        "window_ends_at": format_time(ends) if ends else "",
        "groups": progress(case),
        "handed": [] if request.drill else sorted({p for _, p in approvers(request.decisions)}),
    }


def progress(case: Case) -> list[GroupProgress]:
    """How far each group is; computed, never a state."""
    count = case.quorum()
    last = last_words(case.request.decisions, until_seq=AFTER_ALL)
    found = []
    for group in GroupName:
        members = case.roster.groups[group].custodians
        denied = [p for p in members if p in last and not last[p].approves]
        found.append(
            GroupProgress(
                group=group.value,
                needed=count.needed[group],
                approved=[p for p in members if p in count.counted[group]],
                denied=denied,
                waiting=[p for p in members if p not in last],
            )
        )
    return found
