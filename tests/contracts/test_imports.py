"""Each import contract holds, and breaks when somebody does what it forbids."""

import sys
import tomllib
from pathlib import Path

import grimp
import pytest

from tests.contracts.forbidden import FORBIDDEN, UNLISTED
from tests.contracts.tree import PACKAGES, ROOT, Tree, copy_of


def contracts() -> dict[str, str]:
    """The contracts of this project: id and name."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {
        contract["id"]: contract["name"]
        for contract in settings["tool"]["importlinter"]["contracts"]
    }


def imported(line: str) -> str:
    """The module that an import names, as import-linter does: libraries by their top name."""
    words = line.split()
    module = words[1]
    if words[0] == "from" and module in PACKAGES:
        module += f".{words[3]}"
    return module if module.split(".")[0] in PACKAGES else module.split(".")[0]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return copy_of(ROOT, tmp_path / "tree")


def test_every_contract_holds(tree: Tree) -> None:
    kept, printed = tree.check()
    assert kept, printed


@pytest.mark.parametrize("contract", contracts())
def test_each_forbidden_import_breaks_its_contract(tree: Tree, contract: str) -> None:
    rows = [(module, line) for of, module, line in FORBIDDEN if of == contract]
    assert rows
    for module, line in rows:
        tree.write(module, line)
    kept, printed = tree.check(contract)
    assert not kept
    assert f"{contracts()[contract]} BROKEN" in printed
    # Each by itself: import-linter names every edge that it refuses.
    named = printed.replace("\n", " ")
    assert [row for row in rows if f"{row[0]} -> {imported(row[1])} (l." not in named] == []


@pytest.mark.parametrize(("contract", "module"), UNLISTED)
def test_a_room_in_no_layer_breaks_its_contract(tree: Tree, contract: str, module: str) -> None:
    tree.write(module, "")
    kept, printed = tree.check(contract)
    assert not kept
    assert f"{contracts()[contract]} BROKEN" in printed


def test_no_broken_row_is_of_another_contract() -> None:
    assert {contract for contract, _, _ in FORBIDDEN} == set(contracts())


def test_cryptography_imports_three_things_only() -> None:
    graph = grimp.build_graph("crypto", include_external_packages=True, cache_dir=None)
    outside = {
        imported
        for module in graph.modules
        if not graph.is_module_squashed(module)
        for imported in graph.find_modules_directly_imported_by(module)
        if not imported.startswith("crypto")
    }
    assert outside - sys.stdlib_module_names - {"cryptography", "shamir_mnemonic"} == set()


def test_the_package_of_cryptography_hands_nothing_on() -> None:
    assert (ROOT / "crypto" / "__init__.py").read_text().count("import") == 0


def test_every_package_of_the_project_is_under_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["tool"]["importlinter"]["root_packages"] == list(PACKAGES)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {"tests"} == set(PACKAGES)
