"""Credentials that open nothing, and an endpoint of our own."""

from collections.abc import Iterator

import pytest

from tests.fakes.sns import FakeSns, running_sns


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up credentials; nothing of the developer's own is read."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sns(aws: None) -> Iterator[FakeSns]:
    with running_sns() as fake:
        yield fake
