"""The tree that the architecture draws is the tree that is there."""

import re
import tomllib
from pathlib import Path

from tests.contracts.tree import ROOT, project_files

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
TREE = re.search(r"<!-- rooms:.*?-->\n```text\n(.*?)```", TEXT, re.DOTALL)
READING = re.search(r"## One approval in ten minutes\n(.*?)\*\*On Mia", TEXT, re.DOTALL)
# Folders that hold no code, and a cupboard of the room above it.
DATA = {"service/web/static", "service/web/static/css", "service/web/templates/parts"}
DATA |= {"service/web/templates"}


def drawn() -> list[str]:
    assert TREE is not None
    return [line.split(maxsplit=1)[0].rstrip("/") for line in TREE[1].splitlines()]


def rooms() -> set[str]:
    """Every folder of the product that holds modules of its own."""
    found = {
        path.parent.as_posix()
        for path in project_files(".py", ".js")
        if path.parts[0] in {"crypto", "service", "migrations"}
    }
    return found - {"service", "service/client", "service/client/audit", "service/browser"}


def test_every_room_is_drawn_once_and_every_drawn_room_is_there() -> None:
    named = drawn()
    assert len(named) == len(set(named))
    assert rooms() - set(named) == set()
    assert [name for name in named if not (ROOT / name).is_dir()] == []
    assert not set(named) & DATA


def test_every_room_of_the_client_s_contract_is_drawn() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = {one["id"]: one for one in settings["tool"]["importlinter"]["contracts"]}
    layers = contracts["client-rooms"]["layers"]
    assert " / ".join(layers) in re.sub(r"\s+", " ", TEXT)
    named = {part.strip() for layer in layers for part in layer.split("|")} - {"main"}
    assert {f"service/client/{name}" for name in named} <= set(drawn())


def test_an_approval_is_read_from_files_that_are_there_in_the_order_of_the_doors() -> None:
    assert READING is not None
    files = re.findall(r"`((?:service|crypto)/[\w/]+\.py)`", READING[1])
    assert len(files) == len(set(files)) >= 15
    assert [name for name in files if not (ROOT / name).is_file()] == []
    # From the socket to the commit: the client, the edge, the use case, the rules, the storage.
    first = [
        files.index(next(f for f in files if f.startswith(f"service/{room}/")))
        for room in ("client", "web", "usecases", "domain", "storage")
    ]
    assert first == sorted(first)


def test_the_decision_record_counts_the_contracts() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    record = (ROOT / "docs/adr/0001-rooms-and-import-contracts.md").read_text()
    count = len(settings["tool"]["importlinter"]["contracts"])
    assert re.findall(r"(\d+) contracts in `pyproject.toml`", record) == [str(count)]


def test_few_files_stand_at_the_top_of_the_client() -> None:
    top = [path for path in project_files(".py") if path.parent == Path("service/client")]
    assert len(top) <= 5
