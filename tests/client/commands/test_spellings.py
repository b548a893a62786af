"""Accounts and requests as people type them: every command takes every spelling."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click
import pytest

from service.client.commands.table import COMMANDS
from service.client.foundation.errors import ClientRefusal
from service.client.link.connection import Connection
from service.client.main import cli
from tests.cast import ACCOUNT
from tests.client.acting import ask, in_force
from tests.client.conftest import Organisation
from tests.client.devices import URL, Device, Lying

OTHER = "999988887777"
NOWHERE = "/nowhere/file"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A password is in force, and Gus has asked for it."""
    with in_force(tmp_path_factory.mktemp("spellings")) as organisation:
        yield organisation


@pytest.fixture(scope="module")
def asked(people: Organisation) -> str:
    return ask(people)


def outcome(device: Device, *args: str) -> str:
    """What a command answers: the code of its refusal, or that it was done."""
    result = device.run(*args, *device.phrase_options(args))
    if result.exit_code == 1:
        assert isinstance(result.exception, SystemExit), result.exception
        first = [line for line in result.stderr.splitlines() if line.startswith("breakglass: ")]
        return first[0].rpartition("[")[2].removesuffix("]")
    return f"exit code {result.exit_code}"


# For each command with an account: who calls it, what else it needs, and how it ends for an account
# that is there; none of them changes anything.
ACCOUNTS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "accounts show": ("Ann", (), "exit code 0"),
    "accounts channel": ("Ann", ("arn:nonsense",), "malformed"),
    "roster show": ("Ann", (), "exit code 0"),
    "roster draft": ("Ann", ("--name", "x"), "not-allowed"),
    "roster sign": ("Ann", (), "no-draft"),
    "seal": ("Ann", ("--out-fd", "1"), "not-in-roster"),
    "confirm": ("Ann", (), "already-confirmed"),
    "paper": ("Gus", ("--out-fd", "1"), "not-in-roster"),
    "request": ("Ann", ("--task", "billing", "--reason", "x"), "not-in-roster"),
    "drill": ("Ann", ("--reason", "x"), "not-in-roster"),
    "list": ("Ann", (), "exit code 0"),
    "bundle": ("Ann", ("--out", NOWHERE), "file"),
}
ELSEWHERE = {"accounts add", "audit report"}  # one takes digits alone, one reads an export


def called(command: str, account: str, more: tuple[str, ...]) -> list[str]:
    option = ["--account"] if command == "list" else []
    return [*command.split(), *option, account, *more]


@pytest.mark.parametrize("command", ACCOUNTS)
@pytest.mark.parametrize(
    "spelling", [ACCOUNT, "1111-2222-3333", " 1111 2222 3333 ", "payer", " PAYER "]
)
def test_every_command_takes_every_spelling_of_an_account(
    people: Organisation, command: str, spelling: str
) -> None:
    who, more, expected = ACCOUNTS[command]
    assert outcome(people[who], *called(command, spelling, more)) == expected


@pytest.mark.parametrize("command", ACCOUNTS)
@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("nobody", "unknown-account"),
        ("../people/me", "unknown-account"),
        ("11112222333", "exit code 2"),
        (f"{ACCOUNT}.1", "exit code 2"),
        ("", "exit code 2"),
    ],
)
def test_what_is_no_account_is_refused_alike(
    people: Organisation, command: str, spelling: str, expected: str
) -> None:
    who, more, _ = ACCOUNTS[command]
    assert outcome(people[who], *called(command, spelling, more)) == expected


REQUESTS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "show": ("Ann", (), "exit code 0"),
    "approve": ("Gus", (), "self-approval"),
    "deny": ("Gus", ("--reason", "x"), "not-in-roster"),
    "cancel": ("Ann", ("--reason", "x"), "not-in-roster"),
    "close": ("Gus", ("--summary", "x"), "wrong-state"),
    "review": ("Ann", ("--rotated", "--note", "x"), "wrong-state"),
    "release": ("Gus", (), "no-quorum"),
    "reveal": ("Gus", (), "wrong-state"),
    "request --again": ("Ann", (), "not-in-roster"),
    "drill --release": ("Gus", (), "no-drill"),
}


def spellings(request: str) -> list[str]:
    return [
        request,
        request.upper(),
        f"{URL}/requests/{request}",
        f"https://break.example/requests/{request}/approve?x#y",
        request.replace("-", ""),
        request[:12],
        request[:4],
        f" {request[:8]}\n",
    ]


@pytest.mark.parametrize("command", REQUESTS)
def test_every_command_takes_every_spelling_of_a_request(
    people: Organisation, asked: str, command: str
) -> None:
    who, more, _ = REQUESTS[command]
    found = {outcome(people[who], *command.split(), s, *more) for s in spellings(asked)}
    assert found == {REQUESTS[command][2]}


@pytest.mark.parametrize("command", REQUESTS)
@pytest.mark.parametrize(
    ("spelling", "expected"),
    [("ffff", "unknown-request"), ("abc", "exit code 2"), ("../people", "exit code 2")],
)
def test_what_is_no_request_is_refused_alike(
    people: Organisation, asked: str, command: str, spelling: str, expected: str
) -> None:
    if asked.startswith(spelling):
        spelling = "eeee"
    who, more, _ = REQUESTS[command]
    assert outcome(people[who], *command.split(), spelling, *more) == expected


def arguments(command: click.Command, name: str) -> Iterator[tuple[str, click.Parameter]]:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from arguments(inner, f"{name} {inner.name}")
        return
    for parameter in command.params:
        yield name, parameter


def test_no_command_was_forgotten() -> None:
    context = click.Context(cli)
    found: list[tuple[str, click.Parameter]] = []
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        found += arguments(command, name)
    accounts = {name for name, p in found if p.type.name == "account"}
    assert accounts == ACCOUNTS.keys() | ELSEWHERE
    requests = {
        f"{name} {p.opts[0]}" if isinstance(p, click.Option) else name
        for name, p in found
        if p.type.name == "request"
    }
    assert requests == REQUESTS.keys()
    named = {name for name, p in found if p.human_readable_name in {"REQUEST", "ACCOUNT"}}
    assert named <= accounts | {name.partition(" --")[0] for name in requests}


def more_requests(*ids: str) -> Callable[[Any], Any]:
    def lie(answer: Any) -> Any:
        first = answer["requests"][0]
        return answer | {"requests": [*answer["requests"], *(first | {"id": i} for i in ids)]}

    return lie


def test_a_beginning_that_several_share_lists_them(people: Organisation, asked: str) -> None:
    twin = asked[:12] + "".join("1" if c != "-" else c for c in asked[12:])
    device = people["Ann"]
    lying = Device(
        device.name, device.home, Lying(device.transport, "/requests", more_requests(twin))
    )
    result = lying.run("show", asked[:6])
    assert result.exit_code == 1
    assert "[ambiguous-request]" in result.stderr
    for request in (asked, twin):
        assert f"{request}  {ACCOUNT}, Gus, pending" in result.stderr
    assert lying.run("show", asked).exit_code == 0


def accounts(*pairs: tuple[str, str]) -> Callable[[Any], Any]:
    def lie(answer: Any) -> Any:
        first = answer["accounts"][0]
        return {"accounts": [first | {"account": a, "name": n} for a, n in pairs]}

    return lie


@pytest.mark.parametrize(
    ("shown", "name", "code"),
    [
        (((ACCOUNT, "Payer"), (f"{ACCOUNT}.2", "Payer")), "payer", "ambiguous-account"),
        (((ACCOUNT, "Payer"), (OTHER, "Payer")), "payer", "ambiguous-account"),
        (((ACCOUNT, "Sandbox"),), "sandbox", "account-replaced"),
        (((ACCOUNT, "Payer"),), "sandbox", "unknown-account"),
        ((("../people", "Payer"),), "payer", "ambiguous-account"),
    ],
)
def test_a_name_means_one_account_whose_people_have_signed_it(
    people: Organisation, shown: tuple[tuple[str, str], ...], name: str, code: str
) -> None:
    device = people["Gus"]
    given = ("request", name, "--task", "billing", "--reason", "x")
    assert device.told(accounts(*shown), "/accounts", *given) == code


def test_several_lines_of_one_name_are_listed(people: Organisation) -> None:
    device = people["Ann"]
    lie = accounts((ACCOUNT, "Payer"), (f"{ACCOUNT}.2", "payer"))
    lying = Device(device.name, device.home, Lying(device.transport, "/accounts", lie))
    assert f"{ACCOUNT}, {ACCOUNT}.2" in lying.run("confirm", "payer").stderr


def test_a_new_account_is_given_by_its_digits(people: Organisation) -> None:
    operator = people.operator
    assert operator.run("accounts", "add", "payer").exit_code == 2
    operator.do("accounts", "add", "9999-8888-7777")
    assert outcome(operator, "accounts", "show", OTHER) == "exit code 0"


@pytest.mark.parametrize(
    "path", ["/accounts/../people", "/accounts/a b", "/accounts/", "/a?b", "/a#b", "/a%2fb"]
)
def test_no_name_leads_to_another_address(path: str) -> None:
    with Connection(URL) as connection, pytest.raises(ClientRefusal) as refused:
        connection.raw_get(path)
    assert refused.value.code == "malformed"
