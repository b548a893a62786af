"""A worker that is killed while an endpoint hangs: every notice arrives, under the same id."""

import os
import signal
from collections.abc import Iterator

import pytest

from service.config import Settings
from service.ops import lock
from service.ops.opening import opened
from service.storage import backlog
from tests.fakes.sns import ACCEPT, ACCEPT_AND_HANG, HANG, Behaviour, FakeSns, running_sns
from tests.notices.saved import checkpoints_in
from tests.ops.installation import Installation, eventually

TOPIC = "arn:aws:sns:eu-central-1:222222222222:breakglass"


@pytest.fixture
def sns() -> Iterator[FakeSns]:
    with running_sns() as fake:
        yield fake


@pytest.fixture
def told(installation: Installation, sns: FakeSns, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Set up with a topic; five notices wait."""
    installation.settings = {
        **installation.settings,
        "SNS_TOPIC_ARN": TOPIC,
        "SNS_ENDPOINT_URL": sns.url,
    }
    aws = {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
    for name, value in (installation.environment() | aws).items():
        monkeypatch.setenv(name, value)
    assert installation.run("init", "--email", "o@corp.example", "--name", "Olga").code == 0
    for name in ("a", "b", "c", "d"):
        assert installation.run("invite", f"{name}@corp.example", name).code == 0
    return installation


def unsent() -> int:
    with opened(Settings()) as ctx, ctx.database.read() as session:
        return sum(backlog.count(session).by_channel.values())


@pytest.mark.parametrize("behaviour", [HANG, ACCEPT_AND_HANG])
def test_after_a_kill_every_notice_arrives_under_its_one_id(
    told: Installation, sns: FakeSns, behaviour: Behaviour
) -> None:
    sns.behaviour = behaviour
    first = told.start("worker")
    assert sns.wait_for(lambda fake: fake.calls > 0)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert unsent() == 5
    taken_before = len(sns.published)
    sns.behaviour = ACCEPT
    told.start("worker")
    ids = [f"localhost/log/{leaf}" for leaf in range(1, 6)]
    assert eventually(lambda: {p.attributes["event_id"] for p in sns.published} == set(ids))
    assert eventually(lambda: unsent() == 0)
    assert len(sns.published) == 5 + taken_before
    for published in sns.published:
        assert published.topic == TOPIC
        assert len(checkpoints_in(published.message)) == 1


def test_the_server_answers_while_the_endpoint_hangs(told: Installation, sns: FakeSns) -> None:
    sns.behaviour = HANG
    told.serve()
    assert sns.wait_for(lambda fake: fake.calls > 0)
    assert told.answers()
    assert lock.is_held(told.state_dir / lock.WORKER)


def test_another_worker_takes_over_from_one_that_died(told: Installation, sns: FakeSns) -> None:
    sns.behaviour = HANG
    first = told.start("worker")
    assert sns.wait_for(lambda fake: fake.calls > 0)
    told.start("worker")  # waits
    sns.behaviour = ACCEPT
    os.killpg(first.pid, signal.SIGKILL)
    assert sns.wait_for(lambda fake: len(fake.published) >= 5)
