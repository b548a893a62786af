"""Its own people end a line: drafted, signed, and what each command then does and refuses."""

from collections.abc import Iterator

import pytest

from tests.cast import ACCOUNT
from tests.client.acting import SECRET, approve, ask, in_force, revealed
from tests.client.conftest import MFA, PASSWORD, Organisation

DRAFT = ("roster", "draft", ACCOUNT, "--retire")
REASON = ("--task", "billing", "--reason", "the invoice run is stuck")


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A password is in force."""
    with in_force(tmp_path_factory.mktemp("line")) as people:
        yield people


@pytest.mark.parametrize("options", [("--name", "Another"), ("--mfa-threshold", "1")])
def test_an_end_changes_nothing_else(line: Organisation, options: tuple[str, ...]) -> None:
    said = line.operator.run(*DRAFT, *options)
    assert said.exit_code == 2
    assert "changes nothing else" in said.stderr
    assert line.operator.do("roster", "show", ACCOUNT)["draft"] is None


def test_a_line_ends_and_what_was_asked_before_goes_on(line: Organisation) -> None:
    released, pending = ask(line), ask(line)
    approve(line, pending, *PASSWORD)
    approve(line, released)
    line["Gus"].do("release", released)
    assert revealed(line["Gus"], "reveal", released) == SECRET
    line["Gus"].do("close", released, "--summary", "mended it")
    said = line.operator.says(*DRAFT)
    assert "1 released request(s) wait for a new password" in said
    assert "ENDS THIS LINE OF THE ACCOUNT" in said
    line.sign(*PASSWORD, *MFA)
    shown = line["Ann"].says("roster", "show", ACCOUNT)
    assert "no request or password is taken in this line any more" in shown
    assert "retired since 20" in line["Ann"].says("accounts")
    shown = line["Ann"].says("accounts", "show", ACCOUNT)
    assert "retired since 20" in shown
    assert "due  " not in shown
    approve(line, pending, *MFA)
    line["Gus"].do("release", pending)
    assert revealed(line["Gus"], "reveal", pending) == SECRET
    done = line["Gus"].do("close", pending, "--summary", "mended it")
    assert done["state"] == "rotation_due"
    nothing_new(line)


def nothing_new(line: Organisation) -> None:
    """Each is refused on the device: nothing is posted."""

    def refused(*args: str) -> str:
        return line["Gus"].told(lambda shown: shown, f"/accounts/{ACCOUNT}/rosters", *args)

    assert refused("request", ACCOUNT, *REASON) == "line-retired"
    assert refused("drill", ACCOUNT, "--reason", "a drill") == "line-retired"
    assert refused("seal", ACCOUNT, "--out-fd", "1") == "line-retired"
    for options in ((), ("--retire",), ("--name", "Another")):
        code = line.operator.refused("roster", "draft", ACCOUNT, *options)
        assert code == "line-retired"
