"""What checks the browser modules is locked as all else is: exact, hashed, from no named place."""

import json
from typing import Any

from tests.contracts.tree import ROOT

FOLDER = ROOT / "tests" / "js"


def packages() -> dict[str, Any]:
    lock = json.loads((FOLDER / "package-lock.json").read_text())
    return {path: entry for path, entry in lock["packages"].items() if path}


def test_every_package_has_one_version_and_a_strong_hash() -> None:
    assert len(packages()) > 1
    for path, entry in packages().items():
        assert entry["version"][0].isdecimal(), path
        assert entry["integrity"].startswith("sha512-"), path


def test_the_lock_names_no_place_to_fetch_from() -> None:
    assert [path for path, entry in packages().items() if "resolved" in entry] == []


def test_what_is_asked_for_is_what_is_locked() -> None:
    asked = json.loads((FOLDER / "package.json").read_text())["devDependencies"]
    locked = packages()
    assert asked == {name: locked[f"node_modules/{name}"]["version"] for name in asked}


def test_no_package_runs_a_script_when_it_is_installed() -> None:
    assert "ignore-scripts=true" in (FOLDER / ".npmrc").read_text().splitlines()
    makefile = (ROOT / "Makefile").read_text()
    assert makefile.count("npm-cli.js") == makefile.count("ci --ignore-scripts") == 1
