"""Two lines of one account, told over real HTTP: a lost quorum, and an operator who means harm."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import httpx
import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from crypto.spoken import roster_words
from service.config import Settings
from service.domain.events import SERVICE, Action, Event
from service.usecases import invitations
from service.web.app import create_app
from tests.cast import ACCOUNT, email
from tests.client.acting import SECRET, approve, ask, revealed, seal
from tests.client.conftest import EVERYBODY, MFA, PASSWORD, Organisation, first_draft, running
from tests.client.devices import Device

LINE = f"{ACCOUNT}.2"
REASON = ("--task", "billing", "--reason", "the invoice run is stuck")
GO_ON = "--in-this-line"


class _Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@contextmanager
def organised(folder: Path) -> Iterator[Organisation]:
    """A password is in force in the first line; every call is made through a socket."""
    with running(folder) as made:
        server = make_server(
            "127.0.0.1", 0, lambda _, __: [], threaded=True, request_handler=_Silent
        )
        url = f"http://localhost:{server.server_port}"
        ctx = replace(made, url=url)
        server.app = create_app(ctx, Settings(url=url, bind=f"127.0.0.1:{server.server_port}"))
        thread = Thread(target=server.serve_forever)
        thread.start()
        with ctx.write() as unit:
            unit.record(Event(action=Action.LOG_STARTED, actor="ops:test", subject=SERVICE))
        olga = Device("Olga", folder / "olga", httpx.HTTPTransport())
        link = invitations.first_operator(ctx, actor="ops:test", email=olga.email, name="Olga")
        olga.enrol(link.url)
        people = {name: olga.invite(name) for name in EVERYBODY}
        olga.do("accounts", "add", ACCOUNT)
        told = Organisation(operator=olga, people=people, words_file=folder / "words.json")
        words(told)
        told.draft(*first_draft())
        told.sign(*EVERYBODY)
        seal(told)
        yield told
        server.shutdown()
        thread.join()
        server.server_close()


def words(people: Organisation) -> None:
    said = {name: " ".join(device.words) for name, device in people.people.items()}
    people.words_file.write_text(json.dumps(said))


def taken(people: Organisation, name: str) -> None:
    """A link in someone's name is taken on another device: new keys, that count nowhere."""
    elsewhere = people[name].home.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    device = Device(name, elsewhere / name, people[name].transport)
    device.enrol(people.operator.do("invite", people[name].email, name)["url"])


def found(people: Organisation, names: dict[str, str]) -> None:
    """Register a second line with others in some places; all sign, seal and confirm there."""
    words(people)
    people.operator.do("accounts", "add", LINE)
    instead = {**names, **{email(old): email(new) for old, new in names.items()}}
    options = [instead.get(one, one) for one in first_draft()]
    people.operator.do("roster", "draft", LINE, *options)
    everyone = [names.get(name, name) for name in EVERYBODY]
    for name in everyone:
        shown = people[name].do("roster", "show", LINE)
        call = ["--words-file", str(people.words_file)]
        spoken = " ".join(roster_words(shown["draft"]["digest"]))
        people[name].do("roster", "sign", LINE, *call, "--digest-words", spoken, GO_ON)
    assert people[everyone[0]].do("roster", "show", LINE)["draft"] is None


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Organisation]:
    with organised(tmp_path) as told:
        yield told


def test_a_lost_quorum_goes_on_in_a_second_line_and_the_first_keeps_its_sight(
    people: Organisation,
) -> None:
    theirs = ask(people)
    taken(people, "Bob")  # he has lost everything
    people.people["Cem"] = people.operator.invite("Cem")
    found(people, {"Bob": "Cem"})
    out = people["Gus"].do("seal", LINE, "--out-fd", "2", GO_ON)
    assert out["state"] in {"sealed", "unconfirmed"}
    for name in ("Ann", "Cem", *MFA):
        people[name].do("confirm", LINE)
    request = people["Gus"].do("request", LINE, *REASON, GO_ON)["id"]
    approve(people, request, "Ann", "Cem", *MFA)
    people["Gus"].do("release", request)
    assert revealed(people["Gus"], "reveal", request)
    # What was theirs is still there, and untouched by the release beside it.
    for name in ("Ann", *MFA, "Gus"):
        assert people[name].do("accounts", "show", ACCOUNT)["state"] == "ready"
        assert people[name].do("show", theirs)["state"] == "pending"
    assert "Cem" not in people["Ann"].do("roster", "show", ACCOUNT)["lines"][0]["registered_by"]
    assert people["Cem"].do("accounts")["accounts"][0]["account"] == LINE
    assert people["Cem"].refused("show", theirs) == "not-found"


def test_no_operator_keeps_an_approved_request_from_its_release(people: Organisation) -> None:
    request = ask(people)
    assert approve(people, request)["state"] == "approved"
    made_up = {name: f"{name}-twin" for name in (*PASSWORD, *MFA, "Gus")}
    for name in (*PASSWORD, *MFA):
        taken(people, name)
    for name in made_up.values():
        people.people[name] = people.operator.invite(name)
    found(people, made_up)
    assert people["Gus"].do("show", request)["state"] == "approved"
    people["Gus"].do("release", request)
    assert revealed(people["Gus"], "reveal", request) == SECRET
    assert people["Gus"].do("show", request)["state"] == "released"
    assert [one["account"] for one in people["Gus"].do("accounts")["accounts"]] == [ACCOUNT]
    assert people["Gus-twin"].refused("show", request) == "not-found"
