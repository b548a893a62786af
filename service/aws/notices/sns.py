"""Amazon SNS as a channel: one client, built once, that gives up in bounded time.

Three tries with 3 s to connect and 10 s to read each: a hanging endpoint costs a worker less than
a minute. There is no idempotency token for a standard topic, so a time-out after acceptance sends
twice; the event's id is in the body and in the attributes, for receivers to drop the second.
"""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from service.aws.notices.faults import fault_of
from service.domain.notices import Notice
from service.domain.topic import Topic

CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 3},
    connect_timeout=3,
    read_timeout=10,
    max_pool_connections=2,
)


class SnsChannel:
    """One topic. Credentials are found as everywhere with AWS: role, file or environment."""

    def __init__(self, topic: Topic, *, region: str = "", endpoint_url: str = "") -> None:
        self._arn = topic.arn
        self._client: Any = boto3.Session().client(
            "sns",
            region_name=region or topic.region,
            endpoint_url=endpoint_url or None,
            config=CONFIG,
        )

    def send(self, notice: Notice) -> None:
        """Publish.

        Raises:
            TransientFault, PermanentFault: by ``service.aws.notices.faults``.
        """
        try:
            self._client.publish(
                TopicArn=self._arn,
                Subject=notice.subject,
                Message=notice.body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in notice.attributes.items()
                },
            )
        except (BotoCoreError, ClientError) as error:
            raise fault_of(error) from None
