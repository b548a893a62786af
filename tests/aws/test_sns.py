"""SNS over real HTTP: against an emulator with a queue subscribed, and against one that fails."""

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from service.aws.notices import sns as module
from service.aws.notices.channel import PermanentFault, TransientFault
from service.aws.notices.sns import CONFIG, SnsChannel
from service.domain.topic import Topic
from tests.aws.notices import NOTICE, TOPIC
from tests.fakes.sns import ACCEPT_AND_HANG, DROP, HANG, FakeSns, refuse


@pytest.fixture
def emulator(aws: None) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


def client(kind: str, url: str) -> Any:
    return boto3.client(kind, region_name="eu-central-1", endpoint_url=url)


def test_a_subscribed_queue_gets_the_notice_with_its_attributes(emulator: str) -> None:
    sns, sqs = client("sns", emulator), client("sqs", emulator)
    arn = sns.create_topic(Name="breakglass")["TopicArn"]
    queue = sqs.create_queue(QueueName="people")["QueueUrl"]
    sns.subscribe(
        TopicArn=arn,
        Protocol="sqs",
        Endpoint="arn:aws:sqs:eu-central-1:123456789012:people",
        Attributes={"FilterPolicy": json.dumps({"severity": ["urgent"]})},
    )
    SnsChannel(Topic.parse(arn), endpoint_url=emulator).send(NOTICE)
    [message] = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    body = json.loads(message["Body"])
    assert (body["Subject"], body["Message"]) == (NOTICE.subject, NOTICE.body)
    assert {k: v["Value"] for k, v in body["MessageAttributes"].items()} == NOTICE.attributes


def test_a_topic_that_is_not_there_is_a_permanent_fault(emulator: str) -> None:
    with pytest.raises(PermanentFault) as fault:
        SnsChannel(Topic.parse(TOPIC), endpoint_url=emulator).send(NOTICE)
    assert fault.value.code == "NotFound"


@pytest.fixture
def channel(sns: FakeSns) -> SnsChannel:
    return SnsChannel(Topic.parse(TOPIC), endpoint_url=sns.url)


def test_what_the_endpoint_takes_is_what_was_sent(sns: FakeSns, channel: SnsChannel) -> None:
    channel.send(NOTICE)
    [taken] = sns.published
    assert (taken.topic, taken.subject, taken.message) == (TOPIC, NOTICE.subject, NOTICE.body)
    assert taken.attributes == NOTICE.attributes


def test_a_refusal_is_not_repeated_by_the_sdk(sns: FakeSns, channel: SnsChannel) -> None:
    sns.behaviour = refuse("AuthorizationError", 403)
    with pytest.raises(PermanentFault) as fault:
        channel.send(NOTICE)
    assert (fault.value.code, sns.calls) == ("AuthorizationError", 1)
    assert "anybody" not in str(fault.value)


def test_throttling_of_the_topics_key_is_transient_for_us(
    sns: FakeSns, channel: SnsChannel
) -> None:
    sns.behaviour = refuse("KMSThrottling", 400)
    with pytest.raises(TransientFault) as fault:
        channel.send(NOTICE)
    assert (fault.value.code, fault.value.alarm) == ("KMSThrottling", False)


def test_a_service_that_is_down_is_tried_three_times(sns: FakeSns, channel: SnsChannel) -> None:
    sns.behaviour = refuse("ServiceUnavailable", 503)
    with pytest.raises(TransientFault):
        channel.send(NOTICE)
    assert sns.calls == 3


def test_a_dropped_connection_is_transient(sns: FakeSns, channel: SnsChannel) -> None:
    sns.behaviour = DROP
    with pytest.raises(TransientFault) as fault:
        channel.send(NOTICE)
    assert not fault.value.alarm


def test_nobody_listening_is_transient(aws: None) -> None:
    with pytest.raises(TransientFault) as fault:
        SnsChannel(Topic.parse(TOPIC), endpoint_url="http://127.0.0.1:9").send(NOTICE)
    assert fault.value.code == "EndpointConnectionError"


def test_no_credentials_is_transient_with_an_alarm(
    sns: FakeSns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(TransientFault) as fault:
        SnsChannel(Topic.parse(TOPIC), endpoint_url=sns.url).send(NOTICE)
    assert (fault.value.code, fault.value.alarm) == ("NoCredentialsError", True)


def test_one_send_is_bounded_in_tries_and_in_time() -> None:
    assert CONFIG.retries == {"mode": "standard", "total_max_attempts": 3}
    assert (CONFIG.connect_timeout, CONFIG.read_timeout) == (3, 10)


@pytest.mark.parametrize("behaviour", [HANG, ACCEPT_AND_HANG])
def test_an_endpoint_that_hangs_is_given_up_after_three_tries(
    sns: FakeSns, monkeypatch: pytest.MonkeyPatch, behaviour: Any
) -> None:
    monkeypatch.setattr(module, "CONFIG", CONFIG.merge(Config(read_timeout=1)))
    sns.behaviour = behaviour
    started = time.monotonic()
    with pytest.raises(TransientFault) as fault:
        SnsChannel(Topic.parse(TOPIC), endpoint_url=sns.url).send(NOTICE)
    assert fault.value.code == "ReadTimeoutError"
    # Three tries of the patience above, and what the SDK waits in between: at most some seconds.
    assert 3 <= time.monotonic() - started < 3 + 20
    assert len(sns.published) == (3 if behaviour.takes else 0)
