"""Notices from a real service to real subscribers: SNS with queues, one for each topic."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from crypto.randomness import random_bytes
from crypto.statement import parse
from service.domain.events import ACTIONS, Action
from service.ops.organisation import ACCOUNT, OPERATOR, PASSWORD, REQUESTER
from service.ops.stage import Stage
from tests.fakes.sns import Published
from tests.notices.conftest import AWS
from tests.notices.expected import Log, leaves_of
from tests.notices.founded import Founded

REGION = "eu-central-1"

# Where the event of each act goes, in the order of the acts below.
BOTH, ACCOUNTS, DEFAULT = ("default", "account"), ("account",), ("default",)
STORY = (
    (Action.ACCOUNT_CHANNEL_SET, BOTH),
    (Action.INVITATION_CREATED, DEFAULT),
    (Action.REQUEST_DENIED, ACCOUNTS),
    (Action.REQUEST_RELEASED, ACCOUNTS),
    (Action.ENVELOPE_EXPOSED, ACCOUNTS),
    (Action.REQUEST_CLOSED, ACCOUNTS),
    (Action.REQUEST_OPENED, ACCOUNTS),
    (Action.REQUEST_CANCELLED, ACCOUNTS),
)
EXPECTED = [(action.value, where) for action, where in STORY if ACTIONS[action].announced]


class Queues:
    """Two topics of an emulated AWS, with a queue subscribed to each."""

    def __init__(self, url: str) -> None:
        self.url = url
        sns, self._sqs = self._client("sns"), self._client("sqs")
        self.topics: dict[str, str] = {}
        self._queues: dict[str, str] = {}
        self.arrived: dict[str, list[Published]] = {"default": [], "account": []}
        for name in self.arrived:
            self.topics[name] = sns.create_topic(Name=name)["TopicArn"]
            self._queues[name] = self._sqs.create_queue(QueueName=name)["QueueUrl"]
            arn = f"arn:aws:sqs:{REGION}:123456789012:{name}"
            sns.subscribe(TopicArn=self.topics[name], Protocol="sqs", Endpoint=arn)

    def _client(self, kind: str) -> Any:
        return boto3.client(
            kind,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=AWS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=AWS["AWS_SECRET_ACCESS_KEY"],
        )

    def receive(self) -> None:
        """Take what waits in the queues."""
        for name, queue in self._queues.items():
            got = self._sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
            for message in got.get("Messages", []):
                self.arrived[name].append(_published(json.loads(message["Body"])))
                self._sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    def receive_until(self, enough: Callable[[], bool], seconds: float = 30) -> bool:
        """Go on until there is enough; whether there is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.receive()
            if enough():
                return True
            time.sleep(0.1)
        return False


def _published(body: dict[str, Any]) -> Published:
    return Published(
        topic=body["TopicArn"],
        subject=body["Subject"],
        message=body["Message"],
        attributes={name: value["Value"] for name, value in body["MessageAttributes"].items()},
    )


@pytest.fixture
def queues() -> Iterator[Queues]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    yield Queues("http://{}:{}".format(*server.get_host_and_port()))
    server.stop()


def typed(what: str) -> str:
    """A text that somebody types, and that is nowhere else."""
    return f"{what} {random_bytes(12).hex()}"


def tell_the_story(stage: Stage, topics: dict[str, str], approved: Founded) -> list[str]:
    """Act as ``STORY`` says; returns all that was typed into these acts."""
    words = {
        what: typed(what)
        for what in ("denial", "summary", "task", "reason", "ticket", "cancellation")
    }
    olga, ria = stage.player(OPERATOR), stage.player(REQUESTER)
    olga.act("accounts", "channel", ACCOUNT, topics["account"])
    olga.act("invite", "zoe@example.test", "zoe")
    denied = stage.player(PASSWORD[2]).act(
        "deny", approved.request, "--reason", words["denial"], "--yes"
    )
    assert denied["state"] == "approved"  # the other two are still enough
    ria.act("release", approved.request, "--yes")
    ria.act("close", approved.request, "--summary", words["summary"], "--yes")
    asked = ria.act(
        *("request", ACCOUNT, "--task", "other", "--task-text", words["task"]),
        *("--reason", words["reason"], "--ticket", words["ticket"], "--yes"),
    )
    ria.act("cancel", asked["id"], "--reason", words["cancellation"], "--yes")
    return list(words.values())


def test_every_told_event_reaches_its_topic_and_none_says_what_was_typed(
    organisation: Founded, queues: Queues, tmp_path: Path
) -> None:
    settings = {
        **AWS,
        "BREAKGLASS_SNS_TOPIC_ARN": queues.topics["default"],
        "BREAKGLASS_SNS_ENDPOINT_URL": queues.url,
    }
    stage = organisation.copy(tmp_path / "stage", settings)
    since = len(Log(stage.state_dir).leaves)
    try:
        stage.start()
        words = tell_the_story(stage, queues.topics, organisation)
        told = Log(stage.state_dir).told(since)
        expected = {
            name: {
                seq
                for (seq, leaf), (action, where) in zip(told.items(), EXPECTED, strict=True)
                if leaf.action == action and name in where
            }
            for name in queues.arrived
        }
        assert [leaf.action for leaf in told.values()] == [action for action, _ in EXPECTED]
        assert queues.receive_until(
            lambda: all(leaves_of(queues.arrived[name]) >= expected[name] for name in expected)
        )
    finally:
        stage.stop()
    queues.receive()
    final = Log(stage.state_dir)
    assert final.told(since).keys() == told.keys()
    for name, arrived in queues.arrived.items():
        assert {final.check(published) for published in arrived} == expected[name]
        assert {published.topic for published in arrived} == {queues.topics[name]}
        for published in arrived:
            everything = f"{published.subject}\n{published.message}\n{published.attributes}"
            assert [text for text in words if text.split()[-1] in everything] == []
    signed = b"\n".join(parse(leaf.statement).body for leaf in final.leaves if leaf.statement)
    assert [text for text in words if text.encode() not in signed] == []
