"""An organisation whose service goes away, and what was decided without it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.cast import ACCOUNT
from tests.client.acting import in_force
from tests.client.conftest import Organisation
from tests.client.devices import Device

REASON = ("--task", "billing", "--reason", "the service is gone too")


def silent(_request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there")


@dataclass
class Gone:
    """Everybody's device while the service does not answer, with a bundle on a common disk."""

    people: Organisation
    disk: Path

    @property
    def bundle(self) -> str:
        return str(self.disk / "account.bundle")

    def __getitem__(self, name: str) -> Device:
        device = self.people[name]
        return Device(device.name, device.home, httpx.MockTransport(silent), device.words)

    def file(self, name: str) -> str:
        return str(self.disk / name)

    def ask(self, name: str, *options: str) -> str:
        path = self.file(f"{name}.request")
        self["Gus"].do("offline", "request", self.bundle, *REASON, "--out", path, *options)
        return path

    def approve(self, asked: str, *names: str) -> list[str]:
        paths = []
        for name in names:
            path = f"{asked}.{name}"
            self[name].do("offline", "approve", self.bundle, asked, "--out", path)
            paths.append(path)
        return paths


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gone]:
    folder = tmp_path_factory.mktemp("gone")
    with in_force(folder) as people:
        disk = folder / "disk"
        disk.mkdir()
        people["Bob"].do("bundle", ACCOUNT, "--out", str(disk / "account.bundle"))
        yield Gone(people, disk)


@pytest.fixture(scope="module")
def asked(gone: Gone) -> str:
    return gone.ask("first")


@pytest.fixture(scope="module")
def decisions(gone: Gone, asked: str) -> list[str]:
    return gone.approve(asked, "Ann", "Bob", "Dea", "Eli")
