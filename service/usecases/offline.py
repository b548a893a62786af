"""Bringing in what happened while the service was gone."""

from collections.abc import Sequence
from dataclasses import replace

from crypto.encoding import b64decode
from crypto.errors import MalformedError
from crypto.statement import Statement, verify
from service.domain import errors
from service.domain.case import NEXT_SEQ, Case, event
from service.domain.events import Action, Event
from service.domain.opening import check_words_and_policy
from service.domain.people import GroupName
from service.domain.quorum import Decision
from service.domain.request import Request, State
from service.domain.roster import check_not_retired
from service.domain.tasks import check_task
from service.storage import accounts, envelopes, requests, rosters
from service.usecases.context import Caller, Context, Unit
from service.usecases.exposure import expose_opened
from service.usecases.signing import received
from service.usecases.visibility import check_named
from service.wire.base import Done
from service.wire.requests import OfflineImport


def bring_in(ctx: Context, caller: Caller, body: OfflineImport) -> Done:
    """Append a release that was made by hand: the same statements, the same count, no clock.

    With the quorum met the request enters at *rotation due*; its envelope is exposed, and every
    later one that may hold the same password.

    Raises:
        NoQuorumError: the decisions do not amount to a quorum; nothing was opened with them.
        ReplayedError: it was brought in before. VerificationError, MismatchError: a statement is
            not what it must be.
    """
    asked = received(body.request, "request")
    if not asked.payload["offline"] or asked.payload["drill"]:
        raise MalformedError("only an offline request that is not a drill can be imported")
    with ctx.write() as unit:
        accounts.lock(unit.session, asked.payload["account"])
        check_named(unit.session, caller, asked.payload["account"])
        case = _case(unit, asked, summarised=body.closure is not None)
        decisions = [received(d, "decision") for d in body.decisions]
        case = case.with_request(replace(case.request, decisions=_decisions(case, decisions, unit)))
        if not case.quorum().met:
            raise errors.NoQuorumError
        events = [
            _event(Action.REQUEST_IMPORTED, case, asked, caller.person),
            *(_decided(case, d) for d in decisions),
            *_ends(case, body),
        ]
        events += expose_opened(unit.session, case.envelope, why="offline-release")
        unit.session.flush()
        leaves = unit.record(*events)
        requests.add(unit.session, case.request, entered_seq=leaves[0])
    return Done(
        id=case.request.id,
        state=case.request.state.value,
        leaf=leaves[0],
        receipt=ctx.receipt(leaves[0]),
    )


def _case(unit: Unit, asked: Statement, *, summarised: bool) -> Case:
    payload = asked.payload
    request = Request.from_payload(
        payload,
        asked.digest,
        recipient_key=b64decode(payload["recipient_key"]),
        entered_at=unit.now,
    )
    roster = rosters.get(unit.session, request.roster)
    sealed = envelopes.by_manifest(unit.session, request.manifest).envelope
    if {roster.account, sealed.account} != {request.account}:
        raise errors.WrongAccountError
    if request.requester not in roster.requesters:
        raise errors.NotInRosterError
    check_not_retired(roster)
    check_task(request.task, drill=False)
    check_words_and_policy(request, roster)
    verify(asked, roster.members[request.requester].signing_key)
    if requests.taken(unit.session, request):
        raise errors.ReplayedError
    if requests.recipient_taken(unit.session, request.recipient_key):
        raise errors.WrongRecipientError
    return Case(
        request=replace(
            request, state=State.ROTATION_DUE, released_at=unit.now, summarised=summarised
        ),
        roster=roster,
        envelope=sealed,
        envelope_roster=rosters.get(unit.session, sealed.roster),
    )


def _decisions(case: Case, statements: Sequence[Statement], unit: Unit) -> tuple[Decision, ...]:
    """Check each decision and put them in the order in which they were given."""
    found = []
    for place, statement in enumerate(statements):
        payload = statement.payload
        if payload["request"] != case.request.digest:
            raise errors.WrongRequestError
        member = case.roster.custodian(payload["custodian"], GroupName(payload["group"]))
        if member is None:
            raise errors.NotInRosterError
        verify(statement, member.signing_key)
        found.append(
            Decision.from_payload(
                payload,
                statement.digest,
                seq=NEXT_SEQ - len(statements) + place,
                at=unit.now,
            )
        )
    return tuple(found)


def _decided(case: Case, statement: Statement) -> Event:
    approves = statement.payload["decision"] == "approve"
    return _event(
        Action.REQUEST_APPROVED if approves else Action.REQUEST_DENIED,
        case,
        statement,
        statement.payload["custodian"],
    )


def _ends(case: Case, body: OfflineImport) -> list[Event]:
    events = []
    posted = ((body.release, "release", Action.REQUEST_RELEASED),)
    closing = ((body.closure, "closure", Action.REQUEST_CLOSED),)
    for dsse, kind, action in (*posted, *closing):
        if dsse is None:
            continue
        statement = received(dsse, kind)
        if statement.payload["request"] != case.request.digest:
            raise errors.WrongRequestError
        if statement.payload["requester"] != case.request.requester:
            raise errors.WrongPersonError
        verify(statement, case.roster.members[case.request.requester].signing_key)
        events.append(_event(action, case, statement, case.request.requester))
    return events


def _event(action: Action, case: Case, statement: Statement, actor: str) -> Event:
    details: dict[str, str | int | bool | list[str]] = {"offline": True}
    if statement.kind == "decision":
        details["group"] = statement.payload["group"]
    return event(action, case.request, actor=actor, statement=statement.raw, details=details)
