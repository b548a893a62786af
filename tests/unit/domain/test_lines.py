"""The lines of one AWS account."""

import pytest

from crypto.fields import is_account
from service.domain.lines import aws_account
from tests.cast import ACCOUNT

LINES = [ACCOUNT, f"{ACCOUNT}.2", f"{ACCOUNT}.10", f"{ACCOUNT}.999"]
NO_ACCOUNTS = [
    "",
    "service",
    ACCOUNT[1:],
    f"{ACCOUNT}1",
    f"{ACCOUNT}.",
    f"{ACCOUNT}.0",
    f"{ACCOUNT}.1",
    f"{ACCOUNT}.02",
    f"{ACCOUNT}.1000",
    f"{ACCOUNT}.2.2",
    f"{ACCOUNT}.2\n",
    f" {ACCOUNT}",
    f"{ACCOUNT},2",
    "١١١١٢٢٢٢٣٣٣٣",
    f"{ACCOUNT}.٢",
]


@pytest.mark.parametrize("line", LINES)
def test_every_line_is_an_account_and_the_same_one_to_aws(line: str) -> None:
    assert is_account(line)
    assert aws_account(line) == ACCOUNT


@pytest.mark.parametrize("text", NO_ACCOUNTS)
def test_nothing_else_is_an_account(text: str) -> None:
    assert not is_account(text)
