"""What needs my attention, most urgent first."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service.domain.findings import Finding
from service.domain.readiness import UNFINISHED, Draft, Duty, Situation, duties
from service.domain.request import Request
from service.domain.roster import Roster
from service.storage import accounts, envelopes, people, requests, rosters
from service.usecases import people as people_
from service.usecases.accounts import drilled, findings_of, known_of
from service.usecases.context import Caller, Context, Unit
from service.usecases.loading import as_of_now
from service.usecases.rosters import missing_signers
from service.usecases.visibility import visible
from service.wire.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What needs a person's attention, and what is wrong in each account that they see."""

    duties: Sequence[Duty]
    findings: Mapping[str, Sequence[Finding]]


def home(ctx: Context, caller: Caller) -> tuple[Person, Due]:
    """Who the caller is, what waits for them in every account, and what is wrong there."""
    with ctx.read() as unit:
        found = _due(ctx, unit, caller)
        return people_.shape(people.get(unit.session, caller.person)), found


def due(ctx: Context, caller: Caller) -> Due:
    """The same, for who knows already who the caller is."""
    with ctx.read() as unit:
        return _due(ctx, unit, caller)


def _due(ctx: Context, unit: Unit, caller: Caller) -> Due:
    session = unit.session
    seen = visible(session, caller)
    current = rosters.every_current(session)
    sealed = envelopes.current_of(session, seen)
    lately = drilled(session, unit.now)
    own = {row.id: row.sns_topic_arn for row in accounts.everything(session)}
    waiting: list[Duty] = []
    findings: dict[str, Sequence[Finding]] = {}
    for found in _situations(unit, caller, seen, current, sealed):
        account = found.account
        known = known_of(session, found.roster, sealed[account], unit.now)
        situation = replace(found, known=known)
        waiting += duties(situation)
        findings[account] = findings_of(
            session,
            account,
            situation.roster,
            sealed[account],
            channel=own[account] or ctx.default_channel,
            lately=lately,
            known=known,
        )
    return Due(duties=waiting, findings=findings)


def _situations(
    unit: Unit,
    caller: Caller,
    seen: Collection[str],
    current: Mapping[str, rosters.Current],
    sealed: Mapping[str, envelopes.Current],
) -> Iterator[Situation]:
    """Every account that the caller sees, in as many queries as one would take."""
    unfinished = _unfinished(unit, seen, [c.newest for c in current.values() if c.newest])
    none = rosters.Current()
    for account in seen:
        counts = current.get(account, none)
        yield Situation(
            account=account,
            person=caller.person,
            operator=caller.operator,
            roster=counts.newest,
            draft=_draft(unit, counts.draft),
            newest=sealed[account].newest,
            unfinished=tuple(unfinished[account]),
        )


def _draft(unit: Unit, found: rosters.Draft | None) -> Draft | None:
    if found is None:
        return None
    return Draft(version=found.roster.version, awaited=missing_signers(unit.session, found))


def _unfinished(
    unit: Unit, seen: Collection[str], known: Collection[Roster]
) -> Mapping[str, Sequence[Request]]:
    """What is not finished yet in each account, oldest first; time may have finished some."""
    found = defaultdict[str, list[Request]](list)
    for request in as_of_now(unit, requests.of_accounts(unit.session, seen, UNFINISHED), known):
        if request.state in UNFINISHED:
            found[request.account].append(request)
    return found
