"""The last resort: a bundle and papers, on a machine that has nothing else."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from service.client.device import memory
from service.client.device.home import Home
from tests.cast import ACCOUNT
from tests.client.acting import SECRET, in_force, revealed
from tests.client.conftest import MFA, PASSWORD, Organisation
from tests.client.devices import URL, Device
from tests.client.offline.conftest import silent
from tests.client.offline.papers import SAID, printed, saved, words_of

QUORUM = (*PASSWORD, *MFA)
# A memory stick, and no network.
NOTHING_ELSE = """
import os, socket

def refuse(*args, **more):
    raise PermissionError(1, "Operation not permitted")

for name in ("link", "symlink", "chmod", "fchmod", "chown", "fchown"):
    setattr(os, name, refuse)
socket.socket.connect = refuse
from service.client.main import main
main()
"""


@dataclass
class Kept:
    """What lies in safes, and the people whose service it was."""

    people: Organisation
    bundle: bytes
    pages: dict[str, str]

    def on(self, stick: Path, *names: str) -> list[str]:
        """A stick with the bundle and some people's pages; the arguments that name them."""
        bundle = stick / "account.bundle"
        bundle.write_bytes(self.bundle)
        pages = saved(stick, [self.pages[name] for name in names])
        return ["offline", "papers", str(bundle), *pages]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("papers")
    with in_force(folder) as people:
        path = folder / "account.bundle"
        people["Gus"].do("bundle", ACCOUNT, "--out", str(path))
        pages = {name: printed(people[name]) for name in QUORUM}
        yield Kept(people, path.read_bytes(), pages)


@pytest.fixture
def nobody(tmp_path: Path) -> Device:
    """A machine on which no one ever used the program, without a network."""
    return Device("Rob", tmp_path / "empty", httpx.MockTransport(silent))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_a_password_opens_from_a_stick_in_an_empty_home_and_its_report_enters_the_log(
    kept: Kept, stick: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    out, into = os.pipe()
    command = [*kept.on(stick, *QUORUM), *SAID, "--yes", "--out-fd", str(into)]
    done = subprocess.run(
        [sys.executable, "-c", NOTHING_ELSE, *command],
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        cwd=stick,
        pass_fds=(into,),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(into)
    with os.fdopen(out) as file:
        opened = file.read()
    assert done.returncode == 0, done.stderr
    assert opened == SECRET
    assert SECRET not in done.stdout + done.stderr
    assert list(home.iterdir()) == []
    [report] = stick.glob("*.papers")
    transport = kept.people.operator.transport
    stranger = Device("Rob", tmp_path / "empty", transport)
    said = stranger.says("offline", "import", str(report), "--server", URL)
    assert "The envelope is exposed; its password must be changed at AWS." in said
    assert not stranger.home.exists()
    listed = kept.people["Ann"].says("accounts", "show", ACCOUNT)
    assert "exposed" in listed
    assert stranger.refused("offline", "import", str(report), "--server", URL) == "replayed"


def typed_rows(kept: Kept, *names: str, row: int = 4) -> str:
    lines = []
    for name in names:
        words = words_of(kept.pages[name])
        rows = [words[start : start + row] for start in range(0, len(words), row)]
        lines += [" ".join(f"{n}. {word.upper()}," for n, word in enumerate(r, 1)) for r in rows]
    return "\n".join(lines) + "\n"


def test_papers_are_typed_row_by_row_and_each_is_named_at_once(
    kept: Kept, nobody: Device, stick: Path
) -> None:
    command = kept.on(stick)
    typed = typed_rows(kept, "Dea", "Ann", "Bob", "Eli")
    done = nobody.run(
        *command, "--report", str(stick / "report"), "--show", typed=f"{typed}Rob\nall is gone\ny\n"
    )
    assert done.exit_code == 0, done.output
    said = done.output
    places = [said.index(f"This is the paper of {n}, ") for n in ("Dea", "Ann", "Bob", "Eli")]
    assert places == sorted(places)
    assert "paper of Dea, MFA group, of version 1." in said
    assert said.index("nothing on this machine knows") > said.index("The words of a paper")
    assert said.index("nothing on this machine knows") < places[0]
    assert said.index("Bundle of Payer") < places[0]
    assert SECRET in said
    report = json.loads((stick / "report").read_text())
    assert report["format"] == "breakglass-offline-papers/1"


def test_a_slip_in_a_row_costs_that_row_alone(kept: Kept, nobody: Device, stick: Path) -> None:
    typed = typed_rows(kept, *QUORUM)
    first, rest = typed.split("\n", 1)
    wrong = f"academik acid acne acquire\n{first}\n{rest}"
    done = nobody.run(*kept.on(stick), *SAID, "--report", str(stick / "r"), typed=f"{wrong}y\n")
    assert done.exit_code == 0, done.output
    assert "word 1 is not in the list in this row: type the row again" in done.output


def test_one_wrong_word_is_no_paper_and_the_next_try_is(
    kept: Kept, nobody: Device, stick: Path
) -> None:
    words = words_of(kept.pages["Ann"])
    wrong = " ".join(["academic" if words[7] != "academic" else "acid", *words[1:]])
    typed = f"{wrong}\n{typed_rows(kept, *QUORUM)}y\n"
    done = nobody.run(*kept.on(stick), *SAID, "--report", str(stick / "r"), typed=typed)
    assert done.exit_code == 0, done.output
    assert done.output.index("these 33 words are no share") < done.output.index("Bundle of")


def test_the_same_command_goes_on_with_its_report(kept: Kept, nobody: Device, stick: Path) -> None:
    command = [*kept.on(stick, *QUORUM), *SAID, "--yes", "--report", str(stick / "report")]
    hidden = nobody.says(*command)
    assert "add --show" in hidden
    first = (stick / "report").read_bytes()
    assert revealed(nobody, *command) == SECRET
    assert (stick / "report").read_bytes() == first


def test_another_file_in_the_report_s_place_is_not_touched(
    kept: Kept, nobody: Device, stick: Path
) -> None:
    (stick / "report").write_text("mine")
    command = [*kept.on(stick, *QUORUM), *SAID, "--yes", "--report", str(stick / "report")]
    assert nobody.refused(*command) == "file-exists"
    assert (stick / "report").read_text() == "mine"


def test_a_report_that_is_not_this_envelope_s_is_not_gone_on_with(
    kept: Kept, nobody: Device, stick: Path
) -> None:
    path = stick / "report"
    command = [*kept.on(stick, *QUORUM), *SAID, "--yes", "--report", str(path)]
    nobody.do(*command)
    report = json.loads(path.read_text())
    sig = report["report"]["signatures"][0]["sig"]
    report["report"]["signatures"][0]["sig"] = sig[5:85][::-1] + sig[80:]
    path.write_text(json.dumps(report))
    assert nobody.refused(*command) == "file-exists"


def test_where_no_report_can_be_written_nothing_is_opened(
    kept: Kept, nobody: Device, stick: Path
) -> None:
    command = [*kept.on(stick, *QUORUM), *SAID, "--report", str(stick / "gone" / "report")]
    done = nobody.run(*command, "--show", typed="y\n")
    assert "[file]" in done.stderr
    assert SECRET not in done.output


def test_a_device_that_remembers_a_newer_roster_says_so_and_goes_on(
    kept: Kept, nobody: Device, stick: Path
) -> None:
    memory.remember_roster(Home(nobody.home), ACCOUNT, 7, "0" * 64)
    command = [*kept.on(stick, *QUORUM), *SAID, "--yes", "--report", str(stick / "report")]
    said = nobody.says(*command)
    assert "an older bundle, or another than this account's" in said
    assert "nothing on this machine knows the account's people" in said


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("Ann",), "not-enough-shares"),
        (("Ann", "Bob"), "not-enough-shares"),
        (("Ann", "Bob", "Dea"), "not-enough-shares"),
        (("Ann", "Ann", "Dea", "Eli"), "not-enough-shares"),
    ],
)
def test_too_few_papers_open_nothing_and_leave_no_report(
    kept: Kept, nobody: Device, stick: Path, names: tuple[str, ...], code: str
) -> None:
    command = [*kept.on(stick, *names), *SAID, "--yes", "--report", str(stick / "report")]
    assert nobody.refused(*command) == code
    assert not (stick / "report").exists()


def test_a_wrong_paper_beside_enough_good_ones_is_left_out(
    kept: Kept, nobody: Device, stick: Path
) -> None:
    bad = stick / "bad"
    bad.write_text(" ".join(words_of(kept.pages["Ann"])[::-1]))
    command = [*kept.on(stick, *QUORUM), "--paper", str(bad), *SAID, "--yes"]
    said = nobody.says(*command, "--report", str(stick / "report"))
    assert f"{bad} is left out: these 33 words are no share" in said


def test_nothing_of_a_bundle_is_said_before_a_paper_fits(
    kept: Kept, nobody: Device, stick: Path
) -> None:
    bad = stick / "bad"
    bad.write_text(" ".join(words_of(kept.pages["Ann"])[::-1]))
    done = nobody.run(*kept.on(stick), "--paper", str(bad), "--yes")
    assert "[paper-unknown]" in done.stderr
    assert "Payer" not in done.output


def test_a_device_that_knows_the_account_says_nothing_of_an_anchor(kept: Kept, stick: Path) -> None:
    ann = kept.people["Ann"]
    device = Device("Ann", ann.home, httpx.MockTransport(silent))
    command = [*kept.on(stick, *QUORUM), *SAID, "--yes", "--report", str(stick / "report")]
    assert "nothing on this machine knows" not in device.says(*command)


def test_a_report_needs_an_address_and_takes_no_other_file(
    kept: Kept, nobody: Device, stick: Path
) -> None:
    command = [*kept.on(stick, *QUORUM), *SAID, "--yes", "--report", str(stick / "report")]
    nobody.do(*command)
    assert nobody.refused("offline", "import", str(stick / "report")) == "needs-answer"
    assert nobody.refused("offline", "import", str(stick / "account.bundle")) == "malformed-file"


@pytest.mark.parametrize("count", [0, 32, 34])
def test_another_number_of_words_in_a_file_is_no_paper(
    kept: Kept, nobody: Device, stick: Path, count: int
) -> None:
    (stick / "paper").write_text(" ".join((words_of(kept.pages["Ann"]) * 2)[:count]))
    command = [*kept.on(stick), "--paper", str(stick / "paper"), *SAID, "--yes"]
    assert nobody.refused(*command) == "malformed-paper"
