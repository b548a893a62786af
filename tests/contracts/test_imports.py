"""Each import contract holds, and breaks when somebody does what it forbids."""

import sys
import tomllib
from pathlib import Path

import grimp
import pytest

from tests.contracts.tree import PACKAGES, ROOT, Tree, copy_of

# contract, the module that somebody edits, the line they add
FORBIDDEN = [
    ("layers", "service.domain.quorum", "import service.storage"),
    ("layers", "service.storage.extra", "import service.aws"),
    ("layers", "service.aws.extra", "import service.storage"),
    ("layers", "service.storage.extra", "import service.usecases"),
    ("layers", "service.usecases.extra", "import service.web"),
    ("layers", "service.storage.extra", "import service.wire"),
    ("layers", "service.usecases.extra", "import service.config"),
    ("layers", "service.web.extra", "import service.bootstrap"),
    ("layers", "service.web.extra", "import service.ops"),
    ("layers", "service.wire.extra", "import service.storage"),
    ("layers", "service.unlisted_room", ""),
    ("web-app", "service.web.api.extra", "import service.web.app"),
    ("web-app", "service.bootstrap", "import service.web.app"),
    ("web-api", "service.web.extra", "import service.web.api"),
    ("web-api", "service.ops.extra", "import service.web.api"),
    ("web-pages", "service.web.extra", "import service.web.pages"),
    ("pages-and-api", "service.web.pages.extra", "import service.web.api"),
    ("pages-and-api", "service.web.api.extra", "import service.web.pages"),
    ("aws-rooms", "service.aws.notices.extra", "import service.aws.objects"),
    ("aws-rooms", "service.aws.objects.extra", "import service.aws.notices"),
    ("layers", "service.domain.quorum", "import service.clock"),
    *(
        ("domain", "service.domain.quorum", f"import {name}")
        for name in ("flask", "sqlalchemy", "boto3", "os", "socket", "time", "random", "crypto")
    ),
    ("domain", "service.domain.quorum", "from crypto.encoding import sha256"),
    ("crypto", "crypto.encoding", "import service.domain"),
    ("unsealing", "service.usecases.extra", "import crypto.unseal"),
    ("unsealing", "service.ops.extra", "from crypto.sharing import combine"),
    ("unsealing", "crypto.envelope", "import crypto.sharing"),
    ("unsealing", "migrations.extra", "import crypto.unseal"),
    ("opening", "service.web.api.extra", "import crypto.opening"),
    ("opening", "service.ops.extra", "from crypto import unlock"),
    ("opening", "service.storage.extra", "import crypto.phrase"),
    ("opening", "crypto.identity", "import crypto.unlock"),
    ("shamir", "crypto.opening", "import shamir_mnemonic"),
    ("shamir", "service.client.extra", "from shamir_mnemonic import combine_mnemonics"),
    ("webauthn", "service.web.api.extra", "import webauthn"),
    ("webauthn", "service.usecases.extra", "from webauthn.helpers import parse_cbor"),
    ("client-is-alone", "service.ops.extra", "import service.client"),
    ("client-is-alone", "service.web.api.extra", "import service.client"),
    ("client-is-alone", "crypto.encoding", "import service.client"),
    ("client-server", "service.client.extra", "import service.storage"),
    ("client-server", "service.client.extra", "import service.config"),
    ("client-server", "service.wire.extra", "import service.usecases"),
    ("client-libraries", "service.client.extra", "import flask"),
    ("client-libraries", "service.client.extra", "import sqlalchemy.orm"),
    ("client-libraries", "service.client.extra", "import boto3"),
    ("client-libraries", "service.wire.extra", "import flask"),
]


def contracts() -> dict[str, str]:
    """The contracts of this project: id and name."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {
        contract["id"]: contract["name"]
        for contract in settings["tool"]["importlinter"]["contracts"]
    }


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return copy_of(ROOT, tmp_path / "tree")


def test_every_contract_holds(tree: Tree) -> None:
    kept, printed = tree.check()
    assert kept, printed


@pytest.mark.parametrize(("contract", "module", "line"), FORBIDDEN)
def test_a_forbidden_import_breaks_its_contract(
    tree: Tree, contract: str, module: str, line: str
) -> None:
    tree.write(module, line)
    kept, printed = tree.check(contract)
    assert not kept
    assert f"{contracts()[contract]} BROKEN" in printed


def test_every_contract_is_broken_by_some_row() -> None:
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
