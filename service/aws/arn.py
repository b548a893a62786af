"""Names of SNS topics, read strictly: in which partition, region and account one stands."""

import re
from dataclasses import dataclass
from typing import Self

_TOPIC = re.compile(
    r"arn:aws[a-z-]*:sns:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):[A-Za-z0-9_-]{1,256}",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A standard topic. FIFO topics are refused: they deliver to queues only, not to people."""

    arn: str
    region: str
    account: str

    @classmethod
    def parse(cls, arn: str) -> Self:
        """Read an ARN.

        Raises:
            ValueError: not the ARN of a standard topic.
        """
        match = _TOPIC.fullmatch(arn)
        if match is None:
            raise ValueError("not the ARN of a standard SNS topic")
        return cls(arn=arn, region=match["region"], account=match["account"])
