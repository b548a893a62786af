"""What waits in the outbox while the tables change goes out by its severity afterwards."""

from pathlib import Path

import pytest
from sqlalchemy import text

from service.domain.events import ACTIONS, Severity
from service.domain.turns import RANK
from service.storage.database import Database
from tests.migrations.test_migrations import to

# Of the actions that there were at revision 0004, as far as they are told.
SINCE: frozenset[str] = frozenset(
    {
        "line:announced",
        "line:registered",
        "offline:papers",
        "passkey:fell-back",
        "role:withdrawn",
        "session:all-ended",
    }
)
TOLD = [
    (a.value, about.severity) for a, about in ACTIONS.items() if about.announced and a not in SINCE
]


@pytest.fixture
def older(database_url: str, state_dir: Path) -> Database:
    database = Database(database_url, state_dir)
    to(database, "0003")
    return database


def test_a_notice_that_waits_gets_the_rank_of_its_action(older: Database) -> None:
    event = "INSERT INTO audit_event VALUES (:seq, 0, '', :action, '', '', :blob, :blob)"
    row = (
        "INSERT INTO outbox (leaf, channel, state, attempts, next_attempt_at, fault)"
        " VALUES (:seq, 'file', 'queued', 0, 0, '')"
    )
    with older.write() as session:
        for seq, (action, _) in enumerate(TOLD):
            session.execute(text(event), {"seq": seq, "action": action, "blob": b""})
            session.execute(text(row), {"seq": seq})
    to(older, "0004")
    with older.read() as session:
        ranks = session.scalars(text("SELECT rank FROM outbox ORDER BY leaf")).all()
    assert list(ranks) == [RANK[Severity(severity)] for _, severity in TOLD]
    older.dispose()
