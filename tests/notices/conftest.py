"""An organisation to copy, and credentials that open nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.sns import FakeSns, running_sns
from tests.notices.founded import Founded, founded

TOPIC = "arn:aws:sns:eu-central-1:222222222222:breakglass"
AWS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "made-up",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}


@pytest.fixture(scope="session")
def organisation(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Founded:
    """Founded once, also when several processes run the tests."""
    base = tmp_path_factory.getbasetemp()
    shared: Path = base if worker_id == "master" else base.parent
    return founded(shared)


@pytest.fixture
def sns() -> Iterator[FakeSns]:
    with running_sns() as fake:
        yield fake
