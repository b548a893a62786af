"""The one reader of a topic's ARN."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import CircularChannelError
from service.domain.topic import (
    FILE_CHANNEL,
    MalformedTopicError,
    Topic,
    check_outside,
    check_topic,
    topic_of,
)

ACCOUNT = "111122223333"
TOPIC = "arn:aws:sns:eu-central-1:222222222222:alerts"
NO_TOPICS = [
    "arn:aws:sns:eu-central-1:222222222222:alerts.fifo",
    "arn:aws:sns:eu-central-1:22222222222:alerts",
    "arn:aws:sns:eu-central-1:٢٢٢٢٢٢٢٢٢٢٢٢:alerts",
    "arn:aws:sns::222222222222:alerts",
    "arn:aws:sqs:eu-central-1:222222222222:alerts",
    "arn:aws:sns:eu-central-1",
    "arn:",
    f"{TOPIC}:subscription",
    f" {TOPIC}",
    f"{TOPIC}\n",
    TOPIC + "x" * 300,
]


def test_a_topic_says_where_it_stands() -> None:
    arn = "arn:aws-cn:sns:cn-north-1:000000000001:A_b-9"
    assert Topic.parse(arn) == Topic(
        arn=arn, partition="aws-cn", region="cn-north-1", account="000000000001", name="A_b-9"
    )


@pytest.mark.parametrize("arn", ["", *NO_TOPICS])
def test_what_is_no_standard_topic_is_refused(arn: str) -> None:
    with pytest.raises(MalformedTopicError, match="not the ARN"):
        Topic.parse(arn)


@given(st.text(st.characters(codec="utf-8")), st.integers(0, len(TOPIC)))
def test_what_is_read_has_no_other_spelling(typed: str, place: int) -> None:
    arn = TOPIC[:place] + typed + TOPIC[place:]
    try:
        read = Topic.parse(arn)
    except MalformedTopicError:
        return
    parts = ("arn", read.partition, "sns", read.region, read.account, read.name)
    assert ":".join(parts) == read.arn == arn
    assert re.fullmatch("[!-~]+", arn)


def test_a_channel_is_the_file_or_a_topic() -> None:
    assert topic_of(FILE_CHANNEL) is None
    assert topic_of("") is None
    assert topic_of(TOPIC) == Topic.parse(TOPIC)
    with pytest.raises(MalformedTopicError):
        topic_of("arn:aws:sns:eu-central-1")


@pytest.mark.parametrize("arn", NO_TOPICS)
def test_a_topic_that_is_set_must_be_one(arn: str) -> None:
    assert (check_topic(""), check_topic(TOPIC)) == ("", TOPIC)
    with pytest.raises(MalformedTopicError):
        check_topic(arn)


def test_notices_never_go_through_the_account_itself() -> None:
    for channel in ("", FILE_CHANNEL, "arn:aws:sns:eu-west-1:444455556666:notices"):
        check_outside(ACCOUNT, channel)
    for line in (ACCOUNT, f"{ACCOUNT}.2"):
        with pytest.raises(CircularChannelError):
            check_outside(line, f"arn:aws:sns:eu-west-1:{ACCOUNT}:notices")
