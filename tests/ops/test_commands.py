"""How commands leave: one sentence, an exit code, never a traceback or a secret."""

from pathlib import Path

import pytest

from service.ops.failures import explain
from tests.ops.installation import Installation

COMMANDS = [
    ["serve"],
    ["worker"],
    ["migrate"],
    ["invite", "a@b.example", "A"],
    ["clock", "accept", "--yes"],
    ["outbox", "list"],
    ["outbox", "retry"],
]


@pytest.fixture
def database_url(state_dir: Path) -> str:
    """SQLite: what is said here does not depend on the database."""
    return f"sqlite:///{state_dir / 'breakglass.db'}"


@pytest.mark.parametrize("command", COMMANDS)
def test_before_init_every_command_says_to_run_it(
    installation: Installation, command: list[str]
) -> None:
    done = installation.run(*command)
    assert done.code == 1
    assert done.out == ""
    [line] = done.err.splitlines()
    assert "breakglass-ops init" in line
    assert not list(installation.state_dir.iterdir())


@pytest.mark.parametrize("arguments", [["nope"], ["invite"], ["serve", "--workers", "x"]])
def test_wrong_usage_is_exit_code_2(installation: Installation, arguments: list[str]) -> None:
    assert installation.run(*arguments).code == 2


def test_help_needs_no_installation(installation: Installation) -> None:
    done = installation.run("--help")
    assert done.code == 0
    assert "status" in done.out


SECRET_URL = "postgresql://service:CANARY@127.0.0.1:9/breakglass"  # nobody listens


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BREAKGLASS_STATE_DIRR", "CANARY", "unknown settings: BREAKGLASS_STATE_DIRR"),
        ("BREAKGLASS_URL", "CANARY", "BREAKGLASS_URL: must be an origin"),
        ("BREAKGLASS_SNS_TOPIC_ARN", "CANARY", "BREAKGLASS_SNS_TOPIC_ARN: "),
        ("BREAKGLASS_DATABASE_URL", "mysql://x:CANARY@y/z", "BREAKGLASS_DATABASE_URL: "),
        ("BREAKGLASS_DATABASE_URL", "CANARY", "DATABASE_URL"),
        ("BREAKGLASS_DATABASE_URL", SECRET_URL, "the database failed"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_and_its_value_is_not(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    done = installation.run("invite", "a@b.example", "A")
    assert done.code == 1
    assert said in done.err
    assert "CANARY" not in done.err + done.out
    assert "Traceback" not in done.err


@pytest.mark.parametrize("bind", ["8420", "localhost", "127.0.0.1:0", "a@b:1", "[::1", "h:1/x"])
def test_an_address_to_bind_to_needs_a_host_and_a_port(
    ready: Installation, monkeypatch: pytest.MonkeyPatch, bind: str
) -> None:
    monkeypatch.setenv("BREAKGLASS_BIND", bind)
    done = ready.run("serve")
    assert (done.code, "BREAKGLASS_BIND must be an address and a port" in done.err) == (1, True)


def test_an_unexpected_fault_is_named_by_its_type_alone() -> None:
    assert (
        explain(ZeroDivisionError("CANARY")) == "an unexpected fault (builtins.ZeroDivisionError)"
    )
    assert explain(FileNotFoundError(2, "No such file", "x")) == "No such file: x"
    assert explain(OSError(5, "Input/output error")) == "Input/output error"


def test_sqlite_takes_one_worker(ready: Installation) -> None:
    done = ready.run("serve", "--workers", "2")
    assert (done.code, "SQLite allows one process" in done.err) == (1, True)


def test_the_outbox_can_be_listed_and_tried(ready: Installation) -> None:
    assert ready.run("outbox", "list").out == "No notice is parked.\n"
    assert ready.run("outbox", "retry").out == "0 notices will be tried again now.\n"
