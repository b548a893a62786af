"""The acts of the browser's modules, told as one story by Node against the real service."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from service.config import Settings
from service.usecases import epochs, invitations
from service.usecases.context import Context
from service.web.app import create_app
from tests.client.conftest import running
from tests.client.logkeys import rekeyed
from tests.ops.restored.restoring import put_file_back

HERE = Path(__file__).parent
NODE = Path(os.environ.get("BREAKGLASS_NODE", HERE.parents[1] / ".venv" / "bin" / "node"))


class _Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Context, str]]:
    """The application on a free port; a passkey's RP needs a name, so it is localhost."""
    with running(tmp_path) as made, serving(made) as ctx:
        yield ctx, ctx.url


@contextmanager
def serving(made: Context) -> Iterator[Context]:
    server = make_server("127.0.0.1", 0, lambda _, __: [], threaded=True, request_handler=_Silent)
    url = f"http://localhost:{server.server_port}"
    ctx = replace(made, url=url)
    server.app = create_app(ctx, Settings(url=url, bind=f"127.0.0.1:{server.server_port}"))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield ctx
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_story_from_enrolment_to_the_last_review(served: tuple[Context, str]) -> None:
    ctx, url = served
    link = invitations.first_operator(
        ctx, actor="ops:test", email="olga@corp.example", name="Olga"
    ).url
    told = subprocess.run(
        [NODE, HERE / "acts" / "story.js", url, link],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == {
        "passkeys": ["unlocks", "unlocks", "sign-in-only", "none"],
        "ways": [["passkey", False], ["phrase", True]],
        "roster": "accepted",
        "envelope": "ready",
        "drill": [["Ann", False], ["Bob", False], ["Dea", False], ["Eli", False]],
        "approved": "approved",
        "calls": [
            "GET checkpoint?seen=…",
            "GET envelopes/…/share",
            "GET people/me",
            "GET requests/…/case?seen=…",
            "GET slots",
            "POST requests/…/decisions",
            "POST sessions/fresh",
            "POST sessions/fresh/options",
        ],
        "closed": "rotation_due",
        "reviewed": "closed",
        "denied": "denied",
        "cancelled": "cancelled",
        "slots": ["phrase", "sign-in-only"],
        "paper": 33,
        "heads": [
            "cancellation",
            "closure",
            "custody-receipt",
            "decision",
            "manifest",
            "paper",
            "release",
            "request",
            "review",
        ],
        "hostile": 24,
        "older": ["pending", ["Version 4 waits for confirmations, 0 of 4."]],
    }


def test_a_requester_seals_after_their_release_and_everybody_reads_so(
    served: tuple[Context, str],
) -> None:
    ctx, url = served
    link = invitations.first_operator(
        ctx, actor="ops:test", email="olga@corp.example", name="Olga"
    ).url
    told = subprocess.run(
        [NODE, HERE / "acts" / "succeeding.js", url, link],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    knows = "Sealed by its requester: Gus knows this password."
    warned = "You are no sealer: everyone reads that you know this password, as long as it is in "
    assert json.loads(told.stdout) == {
        "first": [],
        "seals": [f"{warned}force. A sealer has to replace it within 30 days."],
        "confirms": [knows],
        "opens": [knows],
    }


def test_after_an_honest_restore_an_approval_works_again(
    served: tuple[Context, str], tmp_path: Path
) -> None:
    ctx, url = served
    link = invitations.first_operator(
        ctx, actor="ops:test", email="olga@corp.example", name="Olga"
    ).url
    state, copy = tmp_path / "state", tmp_path / "copy.db"
    node = subprocess.Popen(
        [NODE, HERE / "acts" / "restored.js", url, link],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert node.stdin is not None
    assert node.stdout is not None
    assert node.stdout.readline() == "copy\n"
    with closing(sqlite3.connect(state / "breakglass.db")) as now:
        now.execute("vacuum into ?", (str(copy),))
    node.stdin.write("\n")
    node.stdin.flush()
    assert node.stdout.readline() == "restore\n"
    ctx.database.dispose()
    put_file_back(state, copy)
    epochs.begin(ctx, "ops:nina", "the disk broke", "")
    told, _ = node.communicate("\n", timeout=120)
    assert node.returncode == 0
    assert json.loads(told) == [["pending", 0], ["pending", 1]]


def test_what_was_asked_before_the_end_of_a_line_goes_on_and_nothing_new_begins(
    served: tuple[Context, str],
) -> None:
    ctx, url = served
    link = invitations.first_operator(
        ctx, actor="ops:test", email="olga@corp.example", name="Olga"
    ).url
    told = subprocess.run(
        [NODE, HERE / "acts" / "retired.js", url, link],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == "approved"


def test_what_was_sealed_before_a_roster_that_only_renames_goes_on(
    served: tuple[Context, str],
) -> None:
    ctx, url = served
    link = invitations.first_operator(
        ctx, actor="ops:test", email="olga@corp.example", name="Olga"
    ).url
    told = subprocess.run(
        [NODE, HERE / "acts" / "renamed.js", url, link],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == "approved"


def test_a_lost_key_of_the_log_is_exchanged_by_a_roster_alone(
    served: tuple[Context, str], tmp_path: Path
) -> None:
    ctx, url = served
    link = invitations.first_operator(
        ctx, actor="ops:test", email="olga@corp.example", name="Olga"
    ).url
    node = subprocess.Popen(
        [NODE, HERE / "acts" / "lostKey.js", url, link],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert node.stdout is not None
    assert node.stdout.readline() == "rekey\n"
    with serving(rekeyed(ctx, tmp_path / "state")) as anew:
        told, _ = node.communicate(f"{anew.url}\n", timeout=120)
    assert node.returncode == 0
    assert json.loads(told) == {"moved": True}
