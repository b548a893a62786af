import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from crypto.errors import MalformedError
from crypto.phrase import generate_phrase
from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.commands.table import COMMANDS
from service.client.foundation.errors import ClientRefusal
from service.client.main import cli
from service.domain.errors import ExpiredError
from service.wire.people import EmailOnly

HEAVY = {"httpx", "pydantic", "cryptography", "rich", "shamir_mnemonic", "ssl", "platformdirs"}


def program(*args: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a person would, in a process of its own and without a terminal."""
    code = "from service.client.main import main; main()"
    env = {**os.environ, "BREAKGLASS_HOME": str(home), **environment}
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_loads_nothing_heavy() -> None:
    code = """
import sys
from service.client.main import cli
cli(["--help"], standalone_mode=False)
print(" ".join(sorted(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert not loaded & HEAVY
    assert [name for name in COMMANDS if f"\n  {name} " not in done.stdout] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there(name: str) -> None:
    found = pkgutil.resolve_name(COMMANDS[name].place)
    assert isinstance(found, click.Command)
    assert found.name == name
    module = COMMANDS[name].place.partition(":")[0]
    assert module.startswith("service.client.")
    assert importlib.import_module(module).__doc__


def leaves(found: click.Command) -> list[click.Command]:
    if isinstance(found, click.Group):
        return [leaf for inner in found.commands.values() for leaf in leaves(inner)]
    return [found]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_answers_in_json(name: str) -> None:
    for leaf in leaves(pkgutil.resolve_name(COMMANDS[name].place)):
        assert leaf.help, leaf.name
        options = {option for parameter in leaf.params for option in parameter.opts}
        assert "--json" in options, leaf.name


def test_a_new_device_is_told_what_to_do_in_two_lines(tmp_path: Path) -> None:
    done = program(home=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert first.startswith("breakglass: ")
    assert first.endswith("[not-set-up]")
    assert "breakglass enroll" in second


def test_an_unknown_command_is_wrong_usage(tmp_path: Path) -> None:
    assert program("destroy", home=tmp_path).returncode == 2


def test_a_script_without_an_answer_does_not_hang(tmp_path: Path) -> None:
    done = program("enroll", home=tmp_path)
    assert done.returncode == 1
    assert "[needs-answer]" in done.stderr


def test_a_service_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    done = program(
        *("login", "--server", "http://localhost:1", "--email", "a@b"),
        home=tmp_path,
        BREAKGLASS_PHRASE_FILE=str(phrase(tmp_path)),
    )
    assert done.returncode == 1
    assert "[unreachable]" in done.stderr
    assert "Traceback" not in done.stderr


def phrase(folder: Path) -> Path:
    path = folder / "phrase"
    path.write_text(" ".join(generate_phrase()))
    path.chmod(0o600)
    return path


def refusing(error: Exception) -> click.Command:
    @command("fail")
    def fail(run: Invocation) -> None:
        """Fail."""
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ClientRefusal("roster-chain", "no\x1b[2J", "do this"), "roster-chain"),
        (ExpiredError(), "expired"),
        (MalformedError("not base64"), "not-verified"),
        (FileNotFoundError(2, "No such file", "x"), "file"),
        (PermissionError(13, "Permission denied", "x"), "file"),
    ],
)
def test_every_kind_of_refusal_is_one_line_with_a_code(
    error: Exception, code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(type(cli), "get_command", lambda *_: refusing(error))
    result = CliRunner().invoke(cli, ["fail"], obj=Invocation(home=tmp_path))
    assert result.exit_code == 1
    assert result.stdout == ""
    line = result.stderr.splitlines()[0]
    assert line.startswith("breakglass: ")
    assert line.endswith(f"[{code}]")
    assert "\x1b" not in result.stderr


def test_what_no_shape_takes_is_refused_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    @command("fail")
    def fail(run: Invocation) -> None:
        """Fail."""
        EmailOnly(email="no address secret")

    monkeypatch.setattr(type(cli), "get_command", lambda *_: fail)
    result = CliRunner().invoke(cli, ["fail"], obj=Invocation(home=tmp_path))
    assert result.stderr == "breakglass: not valid: email [malformed]\n"


def test_a_defect_is_not_dressed_up_as_a_refusal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(type(cli), "get_command", lambda *_: refusing(ValueError("bug")))
    result = CliRunner().invoke(cli, ["fail"], obj=Invocation(home=tmp_path))
    assert isinstance(result.exception, ValueError)


def test_a_path_is_at_most_an_accounts_name(tmp_path: Path) -> None:
    args = ["accounts", "show", "../people/me"]
    result = CliRunner().invoke(cli, args, obj=Invocation(home=tmp_path))
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 1  # names are looked up, and no one is signed in here


@pytest.mark.parametrize("account", ["1", "11112222333x", "1111222233334"])
def test_an_account_is_twelve_digits(account: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["accounts", "show", account], obj=Invocation(home=tmp_path))
    assert result.exit_code == 2
