"""The ARN of an SNS topic: what it says, and where an account's notices must not go.

A channel is known by its name: ``file``, or the ARN of a topic. This is the only reader of such an
ARN, for the service, the channels and the client.
"""

import re
from dataclasses import dataclass
from typing import Self

from service.domain import errors
from service.domain.lines import aws_account

FILE_CHANNEL = "file"  # the channel of a service without a topic

# FIFO topics end in ".fifo" and do not fit: they deliver to queues only, not to people.
SHAPE = r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}"
_TOPIC = re.compile(SHAPE)


class MalformedTopicError(ValueError):
    """A text that is not the ARN of a standard SNS topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A standard SNS topic, by the parts of its ARN; ``account`` is the one that owns it."""

    arn: str
    partition: str
    region: str
    account: str
    name: str

    @classmethod
    def parse(cls, arn: str) -> Self:
        """Read an ARN.

        Raises:
            MalformedTopicError: not the ARN of a standard topic.
        """
        if _TOPIC.fullmatch(arn) is None:
            raise MalformedTopicError("not the ARN of a standard SNS topic")
        _, partition, _, region, account, name = arn.split(":")
        return cls(arn=arn, partition=partition, region=region, account=account, name=name)


def topic_of(channel: str) -> Topic | None:
    """The topic that a channel's name is; None for the file, and for no name at all.

    Raises:
        MalformedTopicError: the name is neither.
    """
    return None if channel in {"", FILE_CHANNEL} else Topic.parse(channel)


def check_topic(arn: str) -> str:
    """Return the ARN of a topic as it is, or the empty text where none is set.

    Raises:
        MalformedTopicError: it is neither.
    """
    if arn:
        Topic.parse(arn)
    return arn


def check_outside(account: str, channel: str) -> None:
    """Refuse a topic inside the very account that is protected: who takes it over silences it.

    Raises:
        CircularChannelError: the protected account owns the topic.
        MalformedTopicError: the channel is none.
    """
    topic = topic_of(channel)
    if topic is not None and topic.account == aws_account(account):
        raise errors.CircularChannelError
