"""One small object in S3, replaced only by a caller who knows what it was (conditional writes)."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from service.aws.objects.s3 import StoreFault, client, code_of

# Someone else wrote first, or is writing now: 412 or 409; 404 where If-Match is asked of
# an object that is gone.
_MOVED = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"})
_LIMIT = 10_000  # bytes that are read of it


class S3Object:
    """The object; every act waits for it, so it gives up after a few seconds and never repeats.

    Raises:
        StoreFault: no region is known.
    """

    def __init__(
        self, bucket: str, key: str, *, region: str = "", endpoint_url: str = "", wait: float = 2.0
    ) -> None:
        self.name = f"s3://{bucket}/{key}"
        self._place = {"Bucket": bucket, "Key": key}
        self._client: Any = client(
            region=region, endpoint_url=endpoint_url, connect=wait, read=wait, tries=1
        )

    def get(self) -> tuple[bytes, str] | None:
        """What it holds, with the tag of exactly that; None if there is no such object.

        Raises:
            StoreFault: the outcome is unknown.
        """
        try:
            answer = self._client.get_object(**self._place)
            return answer["Body"].read(_LIMIT), str(answer["ETag"])
        except (BotoCoreError, ClientError) as error:
            if code_of(error) == "NoSuchKey":
                return None
            raise StoreFault(code_of(error)) from None

    def put(self, data: bytes, tag: str | None) -> str | None:
        """Replace what has this tag, or make what is not there (None); returns the new tag.

        None says that it was not replaced: it holds something else by now.

        Raises:
            StoreFault: it is not known whether it was replaced.
        """
        condition = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        try:
            answer = self._client.put_object(
                **self._place, **condition, Body=data, ContentType="text/plain; charset=utf-8"
            )
        except (BotoCoreError, ClientError) as error:
            if code_of(error) in _MOVED:
                return None
            raise StoreFault(code_of(error)) from None
        return str(answer["ETag"])
