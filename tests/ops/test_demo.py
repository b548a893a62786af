"""The demo as a person runs it: made once, and served again as it was left."""

import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import httpx
import pytest

from service.ops.stage import Player
from tests.ops.installation import Installation, ended, free_port


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(state_dir=tmp_path / "demo" / "state", port=free_port())
    yield installation
    installation.stop_all()


def served(demo: Installation) -> tuple[Popen[str], str]:
    """Run the demo until it says that it serves; returns also what it printed until then."""
    folder = demo.state_dir.parent
    process = demo.start("demo", "--folder", str(folder), "--port", str(demo.port))
    printed = ""
    assert process.stdout is not None
    for line in process.stdout:
        printed += line
        if line.startswith("Serving "):
            assert demo.answers()
            return process, printed
    raise AssertionError(printed + ended(process).err)


def stop(process: Popen[str], demo: Installation) -> None:
    process.send_signal(signal.SIGTERM)
    assert ended(process).code == 0
    assert not demo.answers()


def kept(folder: Path) -> dict[str, bytes]:
    """What a second run may not make anew: keys, phrases, and the list of people."""
    files = [*folder.glob("state/*.key"), *folder.glob("homes/*/phrase.txt")]
    return {str(path): path.read_bytes() for path in [*files, folder / "people.txt"]}


@pytest.mark.slow
def test_a_second_demo_serves_the_people_and_the_request_of_the_first(demo: Installation) -> None:
    folder = demo.state_dir.parent
    process, printed = served(demo)
    note = httpx.get(f"{demo.url}/api/v1/note").text
    assert "mia@example.test, custodian, MFA group" in note
    assert str(folder / "homes" / "mia" / "phrase.txt") in note
    stop(process, demo)
    people = folder / "people.txt"
    assert stat.S_IMODE(people.stat().st_mode) == 0o600
    assert people.read_text() in printed
    assert "a sealer knows the password that they sealed" in printed
    assert f"open {demo.url} and sign in" in printed
    for home in (folder / "homes").iterdir():
        phrase = (home / "phrase.txt").read_text().strip()
        assert f"    {home.name}@example.test\n    {phrase}\n" in printed
    before = kept(folder)
    assert len(before) == 2 + 9 + 1

    process, again = served(demo)
    assert "Making the organisation" not in again
    assert people.read_text() in again
    [request] = Player(name="mia", home=folder / "homes" / "mia").act("list")["requests"]
    assert f"The request {request['id']} waits" in again
    assert request["state"] == "pending"
    stop(process, demo)
    assert kept(folder) == before
