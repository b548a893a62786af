"""Where notices go, and how that goes."""

from service.wire.base import AccountId, Shape


class ChannelHealth(Shape):
    """One channel: ``file`` or the ARN of a topic.

    ``accounts`` are those whose notices go there; ``waiting`` counts notices that were not sent,
    the oldest of an event at ``oldest_at``; ``fault`` is empty while it takes them.
    """

    channel: str
    accounts: list[AccountId]
    waiting: int
    oldest_at: str
    fault: str


class Channels(Shape):
    """All channels by name; ``outside``: somebody outside is being told of everything."""

    outside: bool
    channels: list[ChannelHealth]
