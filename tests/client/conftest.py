"""A real service for the client to talk to, and people who have enrolled with it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from crypto.spoken import roster_words
from service import clock as real_clock
from service.config import Settings
from service.domain.events import SERVICE, Action, Event
from service.storage.at_rest import AtRest
from service.storage.base import Base
from service.storage.database import Database
from service.storage.signer import Signer
from service.usecases import invitations
from service.usecases.context import Context
from service.web.app import create_app
from tests import cast
from tests.cast import ACCOUNT, email
from tests.client.devices import URL, Device
from tests.conftest import ORIGIN

PASSWORD = tuple(name.title() for name in cast.PASSWORD[:2])
MFA = tuple(name.title() for name in cast.MFA[:2])
EVERYBODY = (*PASSWORD, *MFA, "Gus")


@contextmanager
def running(folder: Path) -> Iterator[Context]:
    """A service on SQLite by the real clock, which the client has too."""
    state = folder / "state"
    state.mkdir(mode=0o700)
    database = Database(f"sqlite:///{state / 'breakglass.db'}", state)
    Base.metadata.create_all(database.engine)
    yield Context(
        database=database,
        clock=real_clock.now,
        signer=Signer.create(database, state, ORIGIN, real_clock.now),
        at_rest=AtRest.create(state / "at-rest.key"),
        url=URL,
        default_channel="file",
    )
    database.dispose()


def first_operator(ctx: Context, folder: Path) -> Device:
    """The first operator, enrolled and signed in."""
    app = create_app(ctx, Settings(url=URL))
    device = Device("Olga", folder / "olga", httpx.WSGITransport(app=app))
    with ctx.write() as unit:  # as setting up begins a log
        unit.record(Event(action=Action.LOG_STARTED, actor="ops:test", subject=SERVICE))
    made = invitations.first_operator(ctx, actor="ops:test", email=device.email, name="Olga")
    device.enrol(made.url)
    return device


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Context]:
    with running(tmp_path) as ctx:
        yield ctx


@pytest.fixture
def operator(service: Context, tmp_path: Path) -> Device:
    return first_operator(service, tmp_path)


@dataclass
class Organisation:
    """Two of two in both groups, and Gus who asks and seals. A first roster is drafted."""

    operator: Device
    people: dict[str, Device]
    words_file: Path

    def __getitem__(self, name: str) -> Device:
        return self.people[name]

    def draft(self, *options: str) -> str:
        """Draft a roster; returns its digest."""
        digest: str = self.operator.do("roster", "draft", ACCOUNT, *options)["id"]
        return digest

    def sign(self, *names: str) -> None:
        """Have people sign the draft, with everybody's words and the draft's from the call."""
        for name in names:
            self.people[name].do("roster", "sign", ACCOUNT, *self.call(name))

    def call(self, name: str) -> list[str]:
        """What the call tells a signer: options for ``roster sign``."""
        shown = self.people[name].do("roster", "show", ACCOUNT)
        words = " ".join(roster_words(shown["draft"]["digest"]))
        return ["--words-file", str(self.words_file), "--digest-words", words]


def first_draft() -> list[str]:
    """The options of the first roster."""
    options = ["--name", "Payer", "--root-email", "root@corp.example", "--type", "management"]
    for name in PASSWORD:
        options += ["--password", name]
    for name in MFA:
        options += ["--mfa", email(name)]
    return [
        *options,
        *("--password-threshold", "2", "--mfa-threshold", "2"),
        *("--requester", "Gus", "--sealer", "Gus"),
    ]


def organise(ctx: Context, folder: Path) -> Organisation:
    """Enrol everybody, register the account, draft the first roster."""
    operator = first_operator(ctx, folder)
    people = {name: operator.invite(name) for name in EVERYBODY}
    words_file = folder / "words.json"
    words_file.write_text(json.dumps({name: " ".join(d.words) for name, d in people.items()}))
    operator.do("accounts", "add", ACCOUNT)
    organisation = Organisation(operator=operator, people=people, words_file=words_file)
    organisation.draft(*first_draft())
    return organisation


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A first roster is drafted and nobody has signed: only for tests that change nothing."""
    folder = tmp_path_factory.mktemp("drafted")
    with running(folder) as ctx:
        yield organise(ctx, folder)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """The first roster is in force: for tests that change nothing, or that say so."""
    folder = tmp_path_factory.mktemp("signed")
    with running(folder) as ctx:
        organisation = organise(ctx, folder)
        organisation.sign(*EVERYBODY)
        yield organisation
