"""No command gets past this door: online, nothing is signed that was held against no log."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from service.client.cli.invocation import LogSight
from tests.cast import ACCOUNT
from tests.client.acting import approve, ask, in_force
from tests.client.conftest import Organisation
from tests.client.devices import Device

REASON = ("--reason", "now")


@contextmanager
def forgotten() -> Iterator[None]:
    """As if every command had forgotten to prove what it signs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LogSight, "held", property(lambda _: False, lambda _, held: None))
        yield


def stopped(device: Device, *act: str) -> None:
    with forgotten():
        result = device.run(*act, *device.phrase_options(act))
    assert isinstance(result.exception, RuntimeError), result.output
    assert "nothing was held against the log" in str(result.exception)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with in_force(tmp_path_factory.mktemp("demand")) as organisation:
        yield organisation


def test_no_act_is_signed_that_was_not_held_against_the_log(people: Organisation) -> None:
    gus, ann = people["Gus"], people["Ann"]
    stopped(gus, "request", ACCOUNT, "--task", "billing", *REASON)
    number = ask(people)
    stopped(ann, "approve", number)
    stopped(ann, "deny", number, *REASON)
    stopped(gus, "cancel", number, *REASON)
    approve(people, number)
    stopped(gus, "release", number)
    gus.do("release", number)
    stopped(gus, "close", number, "--summary", "done")
    gus.do("close", number, "--summary", "done")
    stopped(ann, "review", number, "--rotated", "--note", "seen")
    stopped(gus, "seal", ACCOUNT, "--out-fd", "1")
    gus.do("seal", ACCOUNT, "--out-fd", "1")
    stopped(ann, "confirm", ACCOUNT)
    stopped(gus, "drill", ACCOUNT, *REASON)
    people.operator.do("roster", "draft", ACCOUNT, "--name", "payments, renamed")
    stopped(ann, "roster", "sign", ACCOUNT)
