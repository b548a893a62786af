"""Amazon S3, as far as the log needs it: one client that gives up in bounded time, and its faults.

A fault is an ``OSError`` with one word, for operators and the log; the other side's own message,
which may say anything, is left behind.
"""

import re
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_WORD = re.compile(r"[A-Za-z0-9_.-]{1,80}")


class StoreFault(OSError):
    """The call failed, or it is not known whether it did. ``code`` names it."""

    def __init__(self, code: str) -> None:
        self.code = code if _WORD.fullmatch(code) else "Unreadable"
        super().__init__(0, f"the call to Amazon S3 failed ({self.code})")


def client(
    *, region: str, endpoint_url: str, connect: float, read: float, tries: int, connections: int = 2
) -> Any:  # noqa: ANN401  # boto3 makes its clients' classes when it runs
    """A client of its own; times are seconds. Credentials are found as everywhere with AWS.

    Raises:
        StoreFault: no region is known.
    """
    config = Config(
        retries={"mode": "standard", "total_max_attempts": tries},
        connect_timeout=connect,
        read_timeout=read,
        max_pool_connections=connections,
        # With an endpoint of one's own, buckets have no host names.
        s3={"addressing_style": "path" if endpoint_url else "auto"},
    )
    try:
        return boto3.Session().client(
            "s3", region_name=region or None, endpoint_url=endpoint_url or None, config=config
        )
    except BotoCoreError as error:
        raise StoreFault(type(error).__name__) from None


def code_of(error: BotoCoreError | ClientError) -> str:
    """The error's code, or its type where there was no answer."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return type(error).__name__
