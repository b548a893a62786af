"""No module imports one that imports it, over others or not; late in a function counts as well."""

from pathlib import Path

import grimp
import pytest

from tests.contracts.circles import circle
from tests.contracts.tree import PACKAGES


def imported(graph: grimp.ImportGraph) -> dict[str, set[str]]:
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def test_there_is_no_circle() -> None:
    assert circle(imported(grimp.build_graph(*PACKAGES, cache_dir=None))) == ()


def test_a_circle_would_be_found() -> None:
    graph = grimp.build_graph("crypto", cache_dir=None)
    assert circle(imported(graph)) == ()
    graph.add_import(importer="crypto.errors", imported="crypto.opening")
    found = circle(imported(graph))
    assert found[0] == found[-1]
    assert {"crypto.errors", "crypto.opening"} <= set(found)


def test_a_function_that_imports_late_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "roundabout"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "first.py").write_text("from roundabout import second\n")
    (package / "second.py").write_text("def late():\n    from roundabout import first\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = circle(imported(grimp.build_graph("roundabout", cache_dir=None)))
    assert set(found) == {"roundabout.first", "roundabout.second"}
