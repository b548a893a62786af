"""What a use case is given: one transaction, its time, and a way to write down what happened."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from crypto.statement import Statement
from service.domain import errors
from service.domain.declared import misfit, misplaced
from service.domain.events import ACTIONS, Event
from service.storage import log, outbox, statements
from service.storage.at_rest import AtRest
from service.storage.database import Database
from service.storage.errors import BusyError, ClockMovedError, StorageError
from service.storage.heads import check_head_of
from service.storage.signer import Signer
from service.usecases import permits

MAX_CLOCK_LAG = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is signed in. ``fresh``: the session was proven again within the last five minutes.

    ``name`` is for people to read and decides nothing. ``at`` is when the session was looked up:
    the clock's time, or that of the log's last event where the clock was behind.
    """

    person: str
    operator: bool
    auditor: bool
    session: str
    fresh: bool
    name: str = field(default="", compare=False)
    at: datetime | None = field(default=None, compare=False)


@dataclass(slots=True)
class Unit:
    """One transaction; ``now`` is its only time: that of its leaves, never before the last one."""

    session: Session
    now: datetime
    default_channel: str
    _done: bool = field(default=False, init=False)

    def record(self, *events: Event, about: str = "", restart_clock: bool = False) -> list[int]:
        """Append events, keep their statements, queue their notices; returns leaf indexes.

        Called once, as the last step but for rows that need a leaf index: from here to the commit
        the log is locked. ``about`` is what the statements belong to.

        Raises:
            NotAllowedError, TooManyActsError: see ``permits``.
            ReplayedError: a statement was received before.
            LogForkedError: a statement names a head that this log never had.
            ConflictError: another instance wrote with a later clock.
        """
        if self._done:
            raise RuntimeError("a unit records once")
        self._done = True
        parsed = {id(e): statements.posted(e.statement) for e in events if e.statement}
        for event in events:
            _check_declared(event, parsed.get(id(event)))
        for statement in parsed.values():
            check_head_of(self.session, statement)
        try:
            leaves = log.append(self.session, events, at=self.now, restart_clock=restart_clock)
        except ClockMovedError:
            raise errors.ConflictError from None
        permits.check(self.session, events, self.now)
        self._keep(events, leaves, parsed, about)
        return leaves

    def _keep(
        self,
        events: Sequence[Event],
        leaves: Sequence[int],
        parsed: dict[int, Statement],
        about: str,
    ) -> None:
        for event, leaf in zip(events, leaves, strict=True):
            statement = parsed.get(id(event))
            if statement is not None:
                statements.keep(
                    self.session,
                    statement,
                    about=event.request or about,
                    person=event.actor,
                    seq=leaf,
                    at=self.now,
                )
        announced = [
            (leaf, ACTIONS[event.action].severity, event.subject)
            for event, leaf in zip(events, leaves, strict=True)
            if ACTIONS[event.action].announced
        ]
        outbox.queue(self.session, announced, default=self.default_channel)


def _check_declared(event: Event, statement: Statement | None) -> None:
    """An event carries what the tables say, no other statement and no other detail: else a bug."""
    if wrong := misfit(event.action, event.details) or misplaced(
        event.action, actor=event.actor, subject=event.subject, request=event.request
    ):
        raise RuntimeError(f"{event.action}: {wrong}")
    if statement is not None and statement.kind != ACTIONS[event.action].statement:
        raise RuntimeError(f"{event.action} does not carry a statement of kind {statement.kind}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Live objects, built once by ``bootstrap``; ``moment`` is for ``at_one_moment`` alone.

    ``witnesses`` are the verifier keys of those who are asked to cosign the log.
    """

    database: Database
    clock: Callable[[], datetime]
    signer: Signer
    at_rest: AtRest
    url: str
    default_channel: str
    sign_in_note: Path | None = None
    witnesses: Sequence[str] = ()
    moment: Unit | None = None

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """One transaction that commits if the block ends, and leaves nothing if it raises.

        Raises:
            ClockBehindError: the clock is more than five minutes behind the last event.
            ConflictError: a unique value was taken by someone else at the same time.
            BusyRefusalError: other writers kept their locks for five seconds.
        """
        if self.moment is not None:
            raise RuntimeError("a read snapshot cannot write")
        try:
            with self.database.write() as session:
                now = self.clock()
                last = log.last_at(session) or now
                if now < last - MAX_CLOCK_LAG:
                    raise errors.ClockBehindError
                yield Unit(session, max(now, last), self.default_channel)
        except IntegrityError:
            raise errors.ConflictError from None
        except BusyError:
            raise errors.BusyRefusalError from None

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """One snapshot to read from; nothing can be recorded."""
        if self.moment is not None:
            yield self.moment
            return
        with self.database.read() as session:
            now = self.clock()
            yield Unit(session, max(now, log.last_at(session) or now), self.default_channel)

    @contextmanager
    def at_one_moment(self, now: datetime) -> Iterator["Context"]:
        """Give the same context for several reads of one snapshot, with one time; none may write.

        For an answer that takes several use cases: its parts fit together, in one transaction.
        ``now`` was not before the log's last event a moment ago, when it was known who calls.
        """
        with self.database.read() as session:
            yield replace(self, moment=Unit(session, now, self.default_channel))

    def receipt(self, leaf: int) -> str:
        """A tlog-proof of a committed leaf, or nothing when the log cannot be signed right now.

        The act is committed and announced; a missing receipt is a finding and never blocks an
        answer.
        """
        try:
            return self.signer.proof(self.database, leaf)
        except (StorageError, SQLAlchemyError, OSError):
            return ""
