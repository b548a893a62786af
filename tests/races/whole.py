"""Whether a database tells one story: no state without its event, no event without its state."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto.leaf import Leaf, parse_leaf
from crypto.note import NoteVerifier
from crypto.statement import parse
from service.domain.events import ACTIONS, Action
from service.domain.request import FINAL, State
from service.storage import log, log_check, proofs
from service.storage.tables import (
    EnvelopeRow,
    OutboxRow,
    RequestRow,
    ResealedShareRow,
    StatementRow,
)
from service.usecases.context import Context


def leaves(session: Session) -> Iterator[Leaf]:
    """Every leaf, from the first."""
    size = log.head(session).size
    for start in range(0, size, 500):
        for data in log.read_leaves(session, start, 500):
            yield parse_leaf(data)


def check_whole(ctx: Context) -> int:
    """Compare every row with the log and the log with every row; returns the number of leaves."""
    with ctx.read() as unit:
        session = unit.session
        proofs.check_head(session)
        verifier = NoteVerifier.from_vkey(ctx.signer.verifier_key)
        assert list(log_check.check(session, verifier, None)) == []
        logged = list(leaves(session))
        assert [leaf.seq for leaf in logged] == list(range(len(logged)))
        _check_requests(session, logged)
        _check_envelopes(session, logged)
        _check_statements(session, logged)
        _check_outbox(session, logged)
    ctx.signer.checkpoint(ctx.database)
    return len(logged)


def _last_state(logged: list[Leaf], key: str) -> dict[str, object]:
    """The state that the last event of each request (or of each envelope) names."""
    last: dict[str, object] = {}
    for leaf in logged:
        name = leaf.request if key == "request" else leaf.details.get("envelope")
        if name and "state" in leaf.details:
            last[str(name)] = leaf.details["state"]
    return last


def _check_requests(session: Session, logged: list[Leaf]) -> None:
    rows = session.scalars(select(RequestRow)).all()
    assert {row.id: row.state for row in rows} == _last_state(logged, "request")
    over = {row.id for row in rows if State(row.state) in FINAL | {State.ROTATION_DUE}}
    held = set(session.scalars(select(ResealedShareRow.request)))
    assert not held & over


def _check_envelopes(session: Session, logged: list[Leaf]) -> None:
    rows = session.scalars(select(EnvelopeRow)).all()
    assert {row.id: row.state for row in rows} == _last_state(logged, "envelope")


def _check_statements(session: Session, logged: list[Leaf]) -> None:
    rows = session.scalars(select(StatementRow).where(StatementRow.seq >= 0)).all()
    stored = {(row.seq, row.digest, row.raw) for row in rows}
    signed = {(x.seq, parse(x.statement).digest, x.statement) for x in logged if x.statement}
    assert stored == signed


def _check_outbox(session: Session, logged: list[Leaf]) -> None:
    told = sorted(leaf.seq for leaf in logged if ACTIONS[Action(leaf.action)].announced)
    assert sorted(session.scalars(select(OutboxRow.leaf))) == told
