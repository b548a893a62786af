"""A draft by options or by a file, and the rules that it must keep."""

from pathlib import Path

import pytest

from tests.client.conftest import ACCOUNT, Organisation, first_draft


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--password", "Nobody"], "unknown-person"),
        (["--password", "Ann", "--password", "Eve"], "both-groups"),
        (["--requester", "Ann"], "requester-is-custodian"),
        (["--password-threshold", "3"], "threshold"),
        (["--password-threshold", "0"], "not-verified"),
        (["--lifetime", "90000"], "policy"),
        (["--sealer", "Olga"], "operator-in-roster"),
        (["--name", ""], "not-verified"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused(
    signed: Organisation, options: list[str], code: str
) -> None:
    assert signed.operator.refused("roster", "draft", ACCOUNT, *options) == code


TOML = """
name = "Payer"
root_email = "root@corp.example"
type = "management"
requesters = ["rita@corp.example"]
sealers = ["Rita"]
[groups.password]
threshold = 2
custodians = ["Ann", "bo@corp.example"]
[groups.mfa]
threshold = 1
custodians = ["Dee", "Eve"]
[policy]
denials = "first"
"""


def test_a_file_says_what_options_would(drafted: Organisation, tmp_path: Path) -> None:
    (tmp_path / "roster.toml").write_text(TOML)
    path = str(tmp_path / "roster.toml")
    told = drafted.operator.says("roster", "draft", ACCOUNT, path, "--mfa-threshold", "2")
    assert "MFA group        2 of 2: Dee and Eve" in told
    assert "the first denial ends a request" in told
    drafted.draft(*first_draft())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "incomplete-draft"),
        ("nonsense", "malformed-file"),
        ("threshold = 2", "malformed-file"),
        ("name = 2", "malformed-file"),
        ('groups = "x"', "malformed-file"),
        ("[groups.password]\nthreshold = true", "malformed-file"),
        ("[groups.third]\nthreshold = 2", "malformed-file"),
    ],
)
def test_a_damaged_draft_file_is_refused(
    drafted: Organisation, tmp_path: Path, text: str, code: str
) -> None:
    (tmp_path / "roster.toml").write_text(text)
    args = ("roster", "draft", ACCOUNT, str(tmp_path / "roster.toml"))
    assert drafted.operator.refused(*args) == code
