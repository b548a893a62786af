"""From a channel's name, as outbox rows hold it, to the channel itself."""

from pathlib import Path

from service.aws.notices.channel import Channel, PermanentFault
from service.aws.notices.file_channel import FileChannel
from service.domain.topic import FILE_CHANNEL, MalformedTopicError, Topic

NOTICES = "notices.jsonl"


class Channels:
    """Builds each channel once. A name is ``file`` or the ARN of a topic."""

    def __init__(self, state_dir: Path, *, region: str = "", endpoint_url: str = "") -> None:
        self._state_dir = state_dir
        self._region = region
        self._endpoint_url = endpoint_url
        self._built: dict[str, Channel] = {}

    def of(self, name: str) -> Channel:
        """The channel of that name.

        Raises:
            PermanentFault: no channel has such a name.
        """
        if name not in self._built:
            self._built[name] = self._build(name)
        return self._built[name]

    def _build(self, name: str) -> Channel:
        if name == FILE_CHANNEL:
            return FileChannel(self._state_dir / NOTICES)
        try:
            topic = Topic.parse(name)
        except MalformedTopicError:
            raise PermanentFault("NoSuchChannel") from None
        # The SDK takes a third of a second to load, which most commands and tests never need.
        from service.aws.notices.sns import SnsChannel  # noqa: PLC0415

        return SnsChannel(topic, region=self._region, endpoint_url=self._endpoint_url)
