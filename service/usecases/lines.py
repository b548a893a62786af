"""The lines of one AWS account: what may be registered, and who hears of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from crypto.encoding import b64decode, b64encode, format_time, parse_canonical
from crypto.leaf import parse_leaf
from service.domain import errors
from service.domain.able import readiness
from service.domain.beside import Beside, Named
from service.domain.credential import Envelope
from service.domain.events import Action, Event
from service.domain.lines import Registered, announced, check_next, day_due, same_account
from service.domain.roster import Roster
from service.storage import accounts, envelopes, last_acts, log, people, rosters
from service.storage.tables import AccountRow
from service.usecases.able import newest_of, sealed_of
from service.usecases.context import Context, Unit
from service.usecases.signing import as_signed
from service.wire.accounts import Line


def beside(unit: Unit, account: str) -> Sequence[str]:
    """Accept a line that may be registered now; returns the lines that there are, first one first.

    Raises:
        TakenError, LineOrderError, LineTooSoonError: see ``domain.lines.check_next``.
    """
    found = accounts.lines(unit.session, account)
    known = [Registered(account=row.id, at=_when(row.registered_at)) for row in found]
    check_next(account, known, unit.now)
    return [line.account for line in known]


def announce_due(ctx: Context) -> int:
    """Write down, once a day for a week, that a further line was registered; returns how many.

    For the worker. Each line of the same AWS account gets its own event, so that all their people
    hear of it.
    """
    try:
        with ctx.write() as unit:
            events = [
                event for row in accounts.announcing(unit.session) for event in _due(unit, row)
            ]
            if events:
                unit.session.flush()
                unit.record(*events)
    except (errors.ConflictError, errors.BusyRefusalError, errors.ClockBehindError):
        return 0  # the next round finds it again
    return len(events)


def _due(unit: Unit, row: AccountRow) -> Sequence[Event]:
    day = day_due(_when(row.registered_at), row.announced_day, unit.now)
    if not day:
        return ()
    row.announced_day = day
    lines = [line.id for line in accounts.lines(unit.session, row.id)]
    return announced(row.id, lines, day=day)


def _when(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def shown(session: Session, account: str) -> list[Line]:
    """The other lines of the same AWS account, oldest first, for anyone who may see this one."""
    ids = (row.id for row in accounts.everything(session))
    if not any(same_account(one, account) and one != account for one in ids):
        return []  # what is kept of all accounts says so, at no query
    return [_line(session, row) for row in accounts.lines(session, account) if row.id != account]


def _line(session: Session, row: AccountRow) -> Line:
    current = rosters.current(session, row.id)
    registered = last_acts.last_about(session, row.id, Action.ACCOUNT_REGISTERED)
    if registered is None:
        raise errors.NotFoundError  # an account without its leaf is a damaged database
    [data] = log.read_leaves(session, registered, 1)
    actor = parse_leaf(data).actor
    sealed = envelopes.current(session, row.id).in_force
    return Line(
        account=row.id,
        registered_at=format_time(_when(row.registered_at)),
        registered_by=people.names(session, [actor]).get(actor, actor),
        leaf=registered,
        payload=_payload(session, row.id, current),
        signed=current.newest is not None,
        able=_can_act(session, current.newest, sealed),
    )


def _can_act(session: Session, newest: Roster | None, in_force: Envelope | None) -> bool:
    """Whether enough of both groups can act with what is in force; none can in a retired line."""
    sealed = sealed_of(session, newest, in_force)
    if newest is None or sealed is None or newest.retired:
        return False
    groups = readiness(roster=newest, sealed=sealed, newest=newest_of(session, newest))
    return all(group.can_act for group in groups.values())


def _payload(session: Session, account: str, current: rosters.Current) -> str:
    if current.newest is not None:
        return as_signed(rosters.chain(session, account).rosters[-1]).payload
    return b64encode(current.draft.body) if current.draft else ""


def beside_of(lines: Sequence[Line]) -> list[Beside]:
    """The same, as the pages say them."""
    return [
        Beside(
            account=line.account,
            since=line.registered_at,
            by=line.registered_by,
            named=Named.from_payload(parse_canonical(b64decode(line.payload)))
            if line.payload
            else None,
            signed=line.signed,
            able=line.able,
        )
        for line in lines
    ]
