"""A service that takes a statement of another log, and hides where that stands."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.client.acting import approve, ask, in_force
from tests.client.commands.test_before_signing import lied_to
from tests.client.commands.test_foreign_heads import ELSEWHERE, NOT_THIS, sees
from tests.client.conftest import MFA, PASSWORD, Organisation

Answers = dict[str, Callable[[Any], Any]]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with in_force(tmp_path_factory.mktemp("hidden")) as organisation:
        yield organisation


@pytest.fixture(autouse=True)
def takes_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes what it should refuse."""
    monkeypatch.setattr("service.usecases.context.check_head_of", lambda *_: None)


def said_later(number: str) -> Answers:
    """The request, and all that is said of it, stand where no checkpoint reaches."""

    def later(entered: Any) -> Any:
        return {**entered, "leaf": 2_000_000 + entered["leaf"]}

    def lie(answer: Any) -> Any:
        decisions = [later(one) for one in answer["decisions"]]
        return {**answer, "request": later(answer["request"]), "decisions": decisions}

    return {f"/requests/{number}": lie}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_a_request_of_another_log_is_not_approved_wherever_it_is_said_to_stand(
    people: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    with monkeypatch.context() as patch:
        sees(patch, ELSEWHERE[what])
        number = ask(people)
    ann, telling = lied_to(people["Ann"], said_later(number))
    assert ann.refused("approve", number, "--heard") == "log-forked"
    assert telling.posted == []
    ann, _ = lied_to(people["Ann"], said_later(number))
    said = ann.run("deny", number, "--reason", "no", *ann.phrase_options(("deny",)))
    assert f"the request of Gus {NOT_THIS}" in said.stderr
    assert people["Gus"].do("show", number)["state"] == "denied"


@pytest.mark.parametrize("what", ELSEWHERE)
def test_an_approval_of_another_log_is_not_counted_wherever_it_is_said_to_stand(
    people: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    number = ask(people)
    with monkeypatch.context() as patch:
        sees(patch, ELSEWHERE[what])
        people["Ann"].do("approve", number)
    approve(people, number, PASSWORD[1], *MFA)
    gus, telling = lied_to(people["Gus"], said_later(number))
    said = gus.run("release", number, *gus.phrase_options(("release",)))
    assert "these approvals name another log: Ann" in said.stderr
    assert telling.posted == []
    people["Gus"].do("cancel", number, "--reason", "over")
