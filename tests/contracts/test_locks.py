"""The lock files name every dependency with its hashes, and no place to fetch it from."""

import re
import tomllib

import pytest

from tests.contracts.tree import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock", "deploy/requirements-build.lock"]
REQUIREMENT = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,-]+\])?==(?P<version>[^ ;]+)"
    r"(?P<marker> ; [^\\]+)?"
    r"(?: \\\n    --hash=sha256:[0-9a-f]{64})+$",
    re.MULTILINE,
)


def entries(lock: str) -> set[str]:
    return {match["name"] for match in REQUIREMENT.finditer((ROOT / lock).read_text())}


def normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name.group()).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_nothing_but_pinned_and_hashed_requirements(lock: str) -> None:
    assert REQUIREMENT.sub("", (ROOT / lock).read_text()).strip() == ""
    assert entries(lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_pycryptodome_stays_out(lock: str) -> None:
    # its package is called Crypto, which a file system that ignores case confuses with ours
    assert not entries(lock) & {"pycrypto", "pycryptodome", "pycryptodomex"}


def test_the_locks_hold_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime = {normal(name) for name in project["dependencies"]}
    extras = {normal(name) for name in project["optional-dependencies"]["dev"]} - {"breakglass"}
    assert runtime <= entries("requirements.lock")
    assert runtime | extras <= entries("requirements-dev.lock")


def test_both_locks_agree_on_versions() -> None:
    def versions(lock: str) -> set[tuple[str, str, str]]:
        text = (ROOT / lock).read_text()
        return {
            (match["name"], match["version"], match["marker"] or "")
            for match in REQUIREMENT.finditer(text)
        }

    runtime = {(name, version) for name, version, _ in versions("requirements.lock")}
    development = {(name, version) for name, version, _ in versions("requirements-dev.lock")}
    assert runtime <= development
