"""A bucket with Object Lock: what is put there once stays as it is for the retention time.

In compliance mode no one can shorten that, not even the account's root user. A name that is taken
is read and compared; it is never written over.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from service.aws.objects.s3 import StoreFault, client, code_of

_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
_TYPE = "application/octet-stream"


class S3Archive:
    """The bucket. Gives up on a call after three tries of at most 13 seconds each.

    Raises:
        StoreFault: no region is known.
    """

    def __init__(
        self,
        bucket: str,
        *,
        retention: timedelta,
        clock: Callable[[], datetime],
        region: str = "",
        endpoint_url: str = "",
        patience: float = 10.0,
        tries: int = 3,
    ) -> None:
        self.name = f"s3://{bucket}"
        self._bucket = bucket
        self._retention = retention
        self._clock = clock
        self._client: Any = client(
            region=region,
            endpoint_url=endpoint_url,
            connect=min(3.0, patience),
            read=patience,
            tries=tries,
        )

    def get(self, name: str) -> bytes | None:
        """What is under a name, or None.

        Raises:
            StoreFault: the outcome is unknown.
        """
        try:
            data: bytes = self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            if code_of(error) == "NoSuchKey":
                return None
            raise StoreFault(code_of(error)) from None
        return data

    def put_once(self, name: str, data: bytes) -> bool:
        """Write under a new name and lock it; False if exactly this is there already.

        Raises:
            StoreFault: it was not written, or something else is there (``Different``).
        """
        until = self._clock() + self._retention
        locked = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
        try:
            self._put(name, data, IfNoneMatch="*", **locked)
        except (BotoCoreError, ClientError) as error:
            if code_of(error) not in _TAKEN:
                raise StoreFault(code_of(error)) from None
        else:
            return True
        if self.get(name) != data:
            raise StoreFault("Different")
        return False

    def put(self, name: str, data: bytes) -> None:
        """Write under a name that may be taken; older versions stay in the bucket.

        Raises:
            StoreFault: it is not known whether it was written.
        """
        try:
            self._put(name, data)
        except (BotoCoreError, ClientError) as error:
            raise StoreFault(code_of(error)) from None

    def _put(self, name: str, data: bytes, **more: Any) -> None:  # noqa: ANN401  # boto3's own
        self._client.put_object(
            Bucket=self._bucket,
            Key=name,
            Body=data,
            ContentType=_TYPE,
            ChecksumAlgorithm="SHA256",
            **more,
        )
