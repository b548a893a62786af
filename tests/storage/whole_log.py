"""Events for tests of the log, and a check of a whole log against plain computations."""

from sqlalchemy import BigInteger, Column, MetaData, Table, insert, select
from sqlalchemy.orm import Session

from crypto import merkle
from crypto.leaf import Leaf, parse_leaf
from crypto.tiles import TILE_WIDTH
from service.domain.events import Action, Event
from service.storage import log, log_rows, proofs
from service.storage.database import Database
from service.storage.log_tables import audit_event, audit_node
from tests.conftest import HandClock

# Stands for every state that changes together with an event: one row for each event.
probe_tables = MetaData()
probe = Table("probe", probe_tables, Column("number", BigInteger, primary_key=True))


def an_event(number: int = 0, **fields: str) -> Event:
    return Event(
        action=Action.SESSION_OPENED,
        actor=fields.get("actor", "service"),
        subject=fields.get("subject", "123456789012"),
        request=fields.get("request", ""),
        details={"number": number},
    )


def change(session: Session, number: int) -> None:
    """Change a state; the caller appends its event."""
    session.connection().execute(insert(probe), [{"number": number}])


def probe_numbers(database: Database) -> list[int]:
    with database.read() as session:
        return sorted(session.connection().scalars(select(probe.c.number)))


def check_whole_log(database: Database) -> list[Leaf]:
    """Recompute everything that is stored from the leaves alone, and return them."""
    with database.read() as session:
        assert list(log_rows.newest(session, log.head(session).size)) == []
        head = proofs.check_head(session)
        leaves = log.read_leaves(session, 0, head.size + 1)
        nodes = session.connection().execute(select(audit_node)).all()
    parsed = [parse_leaf(leaf) for leaf in leaves]
    assert [leaf.seq for leaf in parsed] == list(range(head.size))
    assert head.last_at == (parsed[-1].at if parsed else None)
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    assert merkle.root(hashes) == head.frontier.root
    assert {(node.level, node.idx): node.hash for node in nodes} == _expected_nodes(hashes)
    return parsed


def _expected_nodes(hashes: list[bytes]) -> dict[tuple[int, int], bytes]:
    expected: dict[tuple[int, int], bytes] = {}
    level = 1
    while len(hashes) >= TILE_WIDTH:
        starts = range(0, len(hashes) - TILE_WIDTH + 1, TILE_WIDTH)
        hashes = [merkle.root(hashes[start : start + TILE_WIDTH]) for start in starts]
        expected |= {(level, index): node for index, node in enumerate(hashes)}
        level += 1
    return expected


def rows(database: Database) -> int:
    with database.read() as session:
        return len(session.connection().execute(select(audit_event.c.seq)).all())


def write(database: Database, clock: HandClock, count: int = 1, first: int = 0) -> list[int]:
    with database.write() as session:
        events = [an_event(number) for number in range(first, first + count)]
        return log.append(session, events, at=clock())
