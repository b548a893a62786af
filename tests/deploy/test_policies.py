"""The IAM policies allow one thing each, on resources that they name, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

IAM = Path(__file__).resolve().parents[2] / "deploy" / "iam"
ALLOWED = {
    "guard.json": {"s3:GetObject", "s3:PutObject", "s3:ListBucket"},
    "log-copy.json": {"s3:PutObject", "s3:PutObjectRetention", "s3:GetObject", "s3:ListBucket"},
    "publish.json": {"sns:Publish"},
    "publish-encrypted-topic.json": {"sns:Publish", "kms:GenerateDataKey*", "kms:Decrypt"},
}


def statements(name: str) -> list[dict[str, Any]]:
    policy = json.loads((IAM / name).read_text())
    assert set(policy) == {"Version", "Statement"}
    assert policy["Version"] == "2012-10-17"
    found: list[dict[str, Any]] = policy["Statement"]
    return found


def actions(statement: dict[str, Any]) -> set[str]:
    named = statement["Action"]
    return {named} if isinstance(named, str) else set(named)


def test_every_policy_is_checked() -> None:
    assert {path.name for path in IAM.iterdir()} == set(ALLOWED)


@pytest.mark.parametrize("name", ALLOWED)
def test_a_policy_allows_exactly_what_its_use_needs(name: str) -> None:
    allowed = {action for statement in statements(name) for action in actions(statement)}
    assert allowed == ALLOWED[name]


@pytest.mark.parametrize("name", ALLOWED)
def test_a_policy_names_one_resource_of_one_account(name: str) -> None:
    for statement in statements(name):
        assert set(statement) <= {"Sid", "Effect", "Action", "Resource", "Condition"}
        assert statement["Effect"] == "Allow"
        _, _, service, region, account, resource = statement["Resource"].split(":", 5)
        assert service == actions(statement).pop().partition(":")[0]
        assert resource
        if service != "s3":  # names of buckets are the world's, and say neither
            assert region
            assert len(account) == 12
        of_a_whole_bucket = name == "log-copy.json" and service == "s3"
        assert "*" not in statement["Resource"].removesuffix("/*" if of_a_whole_bucket else "")


def test_only_the_guard_itself_is_looked_for() -> None:
    guard, bucket = statements("guard.json")
    name, _, key = guard["Resource"].removeprefix("arn:aws:s3:::").partition("/")
    assert bucket["Resource"] == f"arn:aws:s3:::{name}"
    assert bucket["Condition"] == {"StringEquals": {"s3:prefix": key}}


def test_the_key_serves_through_sns_alone() -> None:
    key = statements("publish-encrypted-topic.json")[1]
    region = key["Resource"].split(":")[3]
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": f"sns.{region}.amazonaws.com"}}
