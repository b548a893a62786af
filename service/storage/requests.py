"""Requests: a row's state joined with the statements that it is based on."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm import Session

from crypto.encoding import b64decode, b64encode
from service.domain import errors
from service.domain.case import AFTER_ALL
from service.domain.people import GroupName
from service.domain.quorum import Decision
from service.domain.request import COLLECTING, FINAL, Request, State
from service.storage import envelopes, statements
from service.storage.base import table_of
from service.storage.query_cache import found_so_far
from service.storage.statements import Received
from service.storage.tables import EnvelopeRow, RequestRow

UNFINISHED = frozenset(State) - FINAL
_TABLE = table_of(RequestRow)
_INSERT = insert(_TABLE)
_ENVELOPE = table_of(EnvelopeRow)
_JOINED = select(
    _TABLE,
    _ENVELOPE.c.state.label("envelope_state"),
    _ENVELOPE.c.revision.label("envelope_revision"),
).join(_ENVELOPE, _ENVELOPE.c.digest == _TABLE.c.manifest)
_BY_ID = _JOINED.where(_TABLE.c.id == bindparam("id"))
_OF_ACCOUNT = _JOINED.where(
    _TABLE.c.account == bindparam("account"),
    _TABLE.c.state.in_(bindparam("states", expanding=True)),
).order_by(_TABLE.c.entered_seq)
_OF_ACCOUNTS = _JOINED.where(
    _TABLE.c.account.in_(bindparam("accounts", expanding=True)),
    _TABLE.c.state.in_(bindparam("states", expanding=True)),
).order_by(_TABLE.c.entered_seq)
_OF_MANIFEST = _JOINED.where(_TABLE.c.manifest == bindparam("manifest")).order_by(
    _TABLE.c.entered_seq
)
_PAGE = (
    _JOINED.where(
        _TABLE.c.account.in_(bindparam("accounts", expanding=True)),
        _TABLE.c.state.in_(bindparam("states", expanding=True)),
        _TABLE.c.entered_seq < bindparam("before"),
    )
    .order_by(_TABLE.c.entered_seq.desc())
    .limit(bindparam("most"))
)
_SAVE = update(_TABLE).where(
    _TABLE.c.id == bindparam("saved"), _TABLE.c.revision == bindparam("expected")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A request with everything that was signed about it, in the order of the log.

    ``sealed`` is the envelope that it names, as it was when the request was read.
    """

    request: Request
    sealed: envelopes.Stored
    statements: tuple[Received, ...]

    def of_kind(self, kind: str) -> list[Received]:
        """The statements of one kind."""
        return [r for r in self.statements if r.statement.kind == kind]


def get(session: Session, request: str) -> Stored:
    """A request as it was saved last; settle time before deciding.

    Raises:
        NotFoundError: there is none.
    """
    found = _all_stored(session, session.connection().execute(_BY_ID, {"id": request}).all())
    if not found:
        raise errors.NotFoundError
    return found[0]


def _all_stored(session: Session, rows: Sequence[Row[Any]]) -> list[Stored]:
    subjects = {row.id for row in rows} | {row.manifest for row in rows}
    received = statements.about_each(session, subjects)
    known = envelopes.known(session)
    for row in rows:
        if row.manifest not in known:
            known[row.manifest] = _sealed(row, received[row.manifest])
    return [_stored(row, received[row.id], known[row.manifest]) for row in rows]


def _sealed(row: Row[Any], received: Sequence[Received]) -> envelopes.Stored:
    return envelopes.stored(received, state=row.envelope_state, revision=row.envelope_revision)


def _stored(row: Row[Any], received: Sequence[Received], sealed: envelopes.Stored) -> Stored:
    asked = next(r.statement for r in received if r.statement.kind == "request")
    request = Request.from_payload(
        asked.payload,
        row.digest,
        recipient_key=b64decode(row.recipient_key),
        entered_at=_time(row.entered_at),
    )
    request = replace(
        request,
        state=State(row.state),
        released_at=_time(row.released_at) if row.released_at is not None else None,
        released_seq=max((r.seq for r in received if r.statement.kind == "release"), default=-1),
        due_seq=due_since(received),
        summarised=row.summarised,
        reviewed=frozenset(GroupName(name) for name in row.reviewed.split()),
        reviewers=_reviewers(row.reviewed.split(), received),
        decisions=tuple(as_decision(r) for r in received if r.statement.kind == "decision"),
        revision=row.revision,
    )
    return Stored(request=request, sealed=sealed, statements=tuple(received))


def _reviewers(groups: Sequence[str], received: Sequence[Received]) -> frozenset[str]:
    """Who reviewed last for each of these groups: earlier ones belong to earlier rounds."""
    payloads = (r.statement.payload for r in received if r.statement.kind == "review")
    last = {payload["group"]: payload["reviewer"] for payload in payloads}
    return frozenset(last[group] for group in groups)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def as_decision(received: Received) -> Decision:
    """A decision statement as the count wants it."""
    statement = received.statement
    return Decision.from_payload(
        statement.payload, statement.digest, seq=received.seq, at=received.at
    )


def due_since(received: Iterable[Received]) -> int:
    """The leaf index since which a new password is due, or -1."""
    due = -1
    for entry in received:
        payload = entry.statement.payload
        again = entry.statement.kind == "review" and not payload["rotated"]
        imported = entry.statement.kind == "request" and payload["offline"]
        if entry.statement.kind == "release" or again or imported:
            due = max(due, entry.seq)
    return due


def taken(session: Session, request: Request) -> bool:
    """Whether the id is in use."""
    return session.get(RequestRow, request.id) is not None


def recipient_taken(session: Session, key: bytes) -> bool:
    """Whether another request has this recipient key."""
    text = b64encode(key)
    return session.scalar(select(RequestRow.id).where(RequestRow.recipient_key == text)) is not None


def add(session: Session, request: Request, *, entered_seq: int) -> None:
    """Store a new request."""
    row = {
        "id": request.id,
        "digest": request.digest,
        "account": request.account,
        "manifest": request.manifest,
        "recipient_key": b64encode(request.recipient_key),
        "entered_at": int(request.entered_at.timestamp()),
        "entered_seq": entered_seq,
    }
    session.connection().execute(_INSERT, row | _values(request))


def _values(request: Request) -> dict[str, object]:
    return {
        "state": request.state.value,
        "settles_at": _seconds(settles_at(request)),
        "released_at": _seconds(request.released_at),
        "summarised": request.summarised,
        "reviewed": " ".join(sorted(group.value for group in request.reviewed)),
    }


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def settles_at(request: Request) -> datetime | None:
    """When time alone will change the request, if ever."""
    if request.state in COLLECTING:
        return request.expires_at
    return request.window_ends_at if request.state is State.RELEASED else None


def save(session: Session, before: Request, after: Request) -> None:
    """Replace ``before`` by ``after``, unless someone else was faster.

    The revision moves on every save, also when the state stays: two approvals that each see
    themselves as the first of two must not both pass, or the quorum is never noticed.

    Raises:
        ConflictError: the stored revision is no longer ``before.revision``.
    """
    who = {"saved": before.id, "expected": before.revision, "revision": before.revision + 1}
    if session.connection().execute(_SAVE, who | _values(after)).rowcount != 1:
        raise errors.ConflictError


def of_account(session: Session, account: str, states: Collection[State]) -> list[Stored]:
    """The account's requests in some states, oldest first."""
    known: dict[str, list[Stored]] = found_so_far(session, "unfinished requests")
    if account in known and UNFINISHED.issuperset(states):
        return [stored for stored in known[account] if stored.request.state in states]
    wanted = {"account": account, "states": [state.value for state in states]}
    return _all_stored(session, session.connection().execute(_OF_ACCOUNT, wanted).all())


def unfinished(session: Session, account: str) -> list[Stored]:
    """The account's requests that are in no final state, oldest first."""
    known: dict[str, list[Stored]] = found_so_far(session, "unfinished requests")
    if account not in known:
        known[account] = of_account(session, account, UNFINISHED)
    return known[account]


def of_accounts(
    session: Session, accounts: Collection[str], states: Collection[State]
) -> list[Stored]:
    """The same of several accounts, in two queries, in the order in which they were entered."""
    wanted = {"accounts": list(accounts), "states": [state.value for state in states]}
    return _all_stored(session, session.connection().execute(_OF_ACCOUNTS, wanted).all())


def of_manifest(session: Session, manifest: str) -> list[Stored]:
    """All requests that name one manifest, oldest first."""
    rows = session.connection().execute(_OF_MANIFEST, {"manifest": manifest}).all()
    return _all_stored(session, rows)


def page(
    session: Session,
    accounts: Collection[str],
    *,
    states: Collection[State],
    before: int | None,
    limit: int,
) -> list[tuple[int, Stored]]:
    """Newest first, with each one's place in the log; ``before`` is such a place.

    Without ``states`` requests in any state are meant. Their envelopes come without receipts, of
    which a list shows nothing.
    """
    wanted = {
        "accounts": list(accounts),
        "states": [state.value for state in states or State],
        "before": AFTER_ALL if before is None else before,
        "most": limit,
    }
    rows = session.connection().execute(_PAGE, wanted).all()
    manifests = {row.manifest for row in rows}
    received = statements.about_each(session, {row.id for row in rows}, manifests)
    return [
        (row.entered_seq, _stored(row, received[row.id], _sealed(row, received[row.manifest])))
        for row in rows
    ]


def due(session: Session, now: datetime, *, limit: int) -> list[str]:
    """Ids of requests that time has changed and no one has written down, most overdue first."""
    seconds = int(now.timestamp())
    return list(
        session.scalars(
            select(RequestRow.id)
            .where(RequestRow.settles_at <= seconds)
            .order_by(RequestRow.settles_at)
            .limit(limit)
        )
    )
