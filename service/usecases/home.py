"""What needs my attention, most urgent first."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.domain.able import NewestIdentities, Sealed
from service.domain.case import Case
from service.domain.credential import Envelope
from service.domain.findings import Finding, in_question
from service.domain.lines import aws_account, last_numbers, number
from service.domain.readiness import UNFINISHED, Act, Draft, Duty, Situation, duties
from service.domain.roster import Roster
from service.storage import accounts, envelopes, people, requests, rosters
from service.usecases import people as people_
from service.usecases.able import known, newest_of, sealed_of
from service.usecases.accounts import drilled, findings_of, known_of
from service.usecases.context import Caller, Context, Unit
from service.usecases.exposure import exposed_by
from service.usecases.loading import cases_as_of_now
from service.usecases.rosters import able_signers
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


def acts_in(ctx: Context, caller: Caller, account: str) -> frozenset[Act]:
    """What waits for the caller in one account that they see."""
    with ctx.read() as unit:
        current = rosters.every_current(unit.session)
        sealed = envelopes.current_of(unit.session, [account])
        [situation] = _situations(unit, caller, [account], current, sealed)
    return frozenset(duty.act for duty in duties(situation))


def _due(ctx: Context, unit: Unit, caller: Caller) -> Due:
    session = unit.session
    seen = visible(session, caller)
    current = rosters.every_current(session)
    sealed = envelopes.current_of(session, seen)
    lately = drilled(session, unit.now)
    own = {row.id: row.sns_topic_arn for row in accounts.everything(session)}
    newest = [found.newest for account in seen if (found := current.get(account)) and found.newest]
    people = known(session, newest, unit.now)
    waiting: list[Duty] = []
    findings: dict[str, Sequence[Finding]] = {}
    for situation in _situations(unit, caller, seen, current, sealed):
        account = situation.account
        waiting += duties(situation)
        findings[account] = findings_of(
            session,
            account,
            situation.roster,
            sealed[account],
            channel=own[account] or ctx.default_channel,
            lately=lately,
            people=people,
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
    last = last_numbers(row.id for row in accounts.everything(unit.session))
    none = rosters.Current()
    enrolled = _enrolled(unit.session, caller, [current.get(account, none) for account in seen])
    for account in seen:
        counts, shown = current.get(account, none), sealed[account]
        in_question_ = sealed_of(
            unit.session, counts.newest, in_question(shown.in_force, shown.newest)
        )
        yield Situation(
            account=account,
            person=caller.person,
            operator=caller.operator,
            roster=counts.newest,
            draft=_draft(unit, counts.draft, enrolled),
            newest=_newest(unit.session, counts.newest, shown.newest, in_question_),
            sealed=in_question_,
            exposed=exposed_by(unit.session, in_question_),
            unfinished=tuple(unfinished[account]),
            enrolled=enrolled,
            known=known_of(unit.session, counts.newest, shown, unit.now),
            later=number(account) < last[aws_account(account)],
        )


def _newest(
    session: Session, roster: Roster | None, newest: Envelope | None, in_question: Sealed | None
) -> Sealed | None:
    """The newest envelope with its roster, which is most often the one in question."""
    if newest is None or in_question is None:
        return None
    if newest.roster == in_question.roster.digest:
        return Sealed(envelope=newest, roster=in_question.roster)
    return sealed_of(session, roster, newest)


def _enrolled(
    session: Session, caller: Caller, current: Collection[rosters.Current]
) -> NewestIdentities:
    """What everyone whom a newest roster or a draft names enrolled last, and the caller."""
    drafts = (counts.draft.roster for counts in current if counts.draft)
    newest = (counts.newest for counts in current if counts.newest)
    return newest_of(session, *newest, *drafts, also=caller.person)


def _draft(unit: Unit, found: rosters.Draft | None, enrolled: NewestIdentities) -> Draft | None:
    if found is None:
        return None
    return Draft(version=found.roster.version, awaited=able_signers(unit.session, found, enrolled))


def _unfinished(
    unit: Unit, seen: Collection[str], known: Collection[Roster]
) -> Mapping[str, Sequence[Case]]:
    """What is not finished yet in each account, oldest first; time may have finished some."""
    found = defaultdict[str, list[Case]](list)
    stored = requests.of_accounts(unit.session, seen, UNFINISHED)
    for case in cases_as_of_now(unit, stored, known):
        if case.request.state in UNFINISHED:
            found[case.request.account].append(case)
    return found
