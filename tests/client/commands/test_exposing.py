"""Before a request is taken back or denied, its requester or custodian hears what that costs."""

from tests.cast import ACCOUNT
from tests.client.acting import approve, ask, seal
from tests.client.conftest import Organisation

COST = "counts as exposed"
ALONE = "have approved this request"
TOGETHER = "as the service lists them"


def told(people: Organisation, name: str, command: str, request: str) -> str:
    device = people[name]
    options = device.phrase_options((command,))
    done = device.run(command, request, "--reason", "over", *options)
    assert done.exit_code == 0, done.stderr
    return " ".join(done.stderr.split())


def state(people: Organisation) -> str:
    shown: str = people["Gus"].do("accounts", "show", ACCOUNT)["state"]
    return shown


def taken_back(people: Organisation, *approvers: str, drill: bool = False) -> str:
    number = people["Gus"].do("drill", ACCOUNT, "--reason", "a try")["id"] if drill else ask(people)
    if approvers:
        approve(people, number, *approvers)
    return told(people, "Gus", "cancel", number)


def test_what_it_costs_is_said_before_a_request_is_ended(people: Organisation) -> None:
    for approvers in ((), ("Ann",), ("Bob",)):
        assert COST not in taken_back(people, *approvers)
    assert COST not in taken_back(people, "Ann", "Bob", "Dea", "Eli", drill=True)
    assert state(people) == "ready"
    words = taken_back(people, "Dea", "Eli")  # with what Ann and Bob handed over before
    assert TOGETHER in words
    assert COST in words
    assert state(people) == "exposed"

    seal(people)
    number = ask(people)
    approve(people, number)
    words = told(people, "Ann", "deny", number)
    assert ALONE in words
    assert COST in words
    assert "No one is handed the password" in words
    assert state(people) == "exposed"


def test_the_findings_say_how_it_was_exposed(people: Organisation) -> None:
    seal(people)
    number = ask(people)
    approve(people, number)
    assert ALONE in told(people, "Gus", "cancel", number)
    [exposed] = [
        one["message"]
        for one in people["Gus"].do("accounts", "show", ACCOUNT)["findings"]
        if one["code"] == "exposed"
    ]
    assert exposed.startswith("enough of both groups had approved a request that was taken back")


def signed(people: Organisation, name: str) -> str:
    device = people[name]
    command = ("roster", "sign", ACCOUNT)
    done = device.run(*command, *people.call(name), "--yes", *device.phrase_options(command))
    assert done.exit_code == 0, done.stderr
    return " ".join(done.stderr.split())


def test_a_roster_that_ends_open_requests_says_so_before_it_is_signed(
    people: Organisation,
) -> None:
    """Nothing with no request, a line with one, and the cost once enough have approved."""
    seal(people)
    people.draft("--lifetime", "7200")
    assert "comes into force now" not in signed(people, "Ann")
    number = ask(people)
    said = signed(people, "Bob")
    assert "one request that is open, as the service lists them, ends without a release" in said
    assert COST not in said
    people["Gus"].do("drill", ACCOUNT, "--reason", "a try")
    approve(people, number)
    said = signed(people, "Dea")
    assert "2 requests that are open, as the service lists them, end without a release" in said
    assert COST in said
    assert signed(people, "Eli").count(COST) == 1
    assert state(people) == "exposed"
    [exposed] = [
        one["message"]
        for one in people["Gus"].do("accounts", "show", ACCOUNT)["findings"]
        if one["code"] == "exposed"
    ]
    assert exposed.startswith(
        "enough of both groups had approved a request that a new roster ended"
    )
