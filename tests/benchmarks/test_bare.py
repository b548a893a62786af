"""The bare side is bare, and as durable as ours: else a ratio says something else than it seems."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.ops import serve
from service.storage.database import Database
from service.storage.log_tables import audit_event
from tests.benchmarks.bare import inserts, server
from tests.benchmarks.bare.engine import engine_of

BARE = Path(server.__file__).parent
ROOT = BARE.parents[2]
# Prints what a file brings along from the project, itself and its like left out.
_BRINGS = """
import runpy, sys
from pathlib import Path
runpy.run_path(sys.argv[1], run_name="bare")
root, bare = Path(sys.argv[2]), Path(sys.argv[3])
for module in list(sys.modules.values()):
    file = Path(getattr(module, "__file__", None) or "/")
    inside = root in file.parents and ".venv" not in file.parts
    if inside and bare not in file.parents and file.name != "__init__.py":
        print(module.__name__)
    elif inside and file.name == "__init__.py" and module.__name__.split(".")[0] != "tests":
        print(module.__name__)
"""


def _brings(path: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _BRINGS, str(path), str(ROOT), str(BARE)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("name", sorted(path.name for path in BARE.glob("*.py")))
def test_the_bare_side_brings_nothing_of_ours(name: str) -> None:
    assert _brings(BARE / name) == set()


@pytest.mark.parametrize(
    ("line", "brought"),
    [
        ("import crypto.seal", "crypto.seal"),
        ("from service.storage.database import Database", "service.storage.database"),
        ("from tests.benchmarks import figures", "tests.benchmarks.figures"),
        ("def late():\n    pass\nimport service", "service"),
    ],
)
def test_an_import_of_ours_is_seen(line: str, brought: str, tmp_path: Path) -> None:
    broken = tmp_path / "primitives.py"
    broken.write_text((BARE / "primitives.py").read_text() + f"\n{line}\n")
    assert brought in _brings(broken)


def test_a_bare_page_loads_no_module_of_ours() -> None:
    script = (BARE / "acts.js").read_text()
    assert not re.search(r"\bimport\b", script)
    assert "/js/" not in script


def test_both_servers_have_as_many_threads() -> None:
    assert server.THREADS == serve.THREADS


def test_both_tables_have_the_same_columns_and_indexes() -> None:
    bare = inserts.EVENTS
    assert [(c.name, str(c.type), c.nullable) for c in bare.c] == [
        (c.name, str(c.type), c.nullable) for c in audit_event.c
    ]
    columns = [
        sorted([column.name for column in index.columns] for index in table.indexes)
        for table in (bare, audit_event)
    ]
    assert columns[0] == columns[1]


@pytest.fixture
def engines(database_url: str, state_dir: Path) -> Iterator[tuple[Engine, Engine]]:
    ours, bare = Database(database_url, state_dir), engine_of(database_url)
    yield ours.engine, bare
    ours.dispose()
    bare.dispose()


def _settings(engine: Engine) -> list[object]:
    names = (
        ["journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema"]
        if engine.dialect.name == "sqlite"
        else ["synchronous_commit", "lock_timeout", "idle_in_transaction_session_timeout"]
    )
    ask = "PRAGMA" if engine.dialect.name == "sqlite" else "SHOW"
    with engine.begin() as connection:
        said = [connection.exec_driver_sql(f"{ask} {name}").scalar_one() for name in names]
        return [*said, connection.get_isolation_level()]


def test_both_engines_commit_as_durably(engines: tuple[Engine, Engine]) -> None:
    ours, bare = engines
    assert _settings(bare) == _settings(ours)
