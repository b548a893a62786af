"""A year of requests in numbers, and the people whose acts may be looked for."""

from service.wire.base import Id, Shape, Time


class Choice(Shape):
    """Someone whose acts I may look for."""

    person: Id
    name: str


class Choices(Shape):
    """Sorted by name."""

    people: list[Choice]


class Week(Shape):
    """How many requests were asked in a week, and how many ended in which way.

    ``begin`` is its Monday. ``unchanged``: released, and the password not changed yet.
    """

    begin: Time
    asked: int
    unchanged: int
    changed: int
    drill: int
    denied: int
    lapsed: int


class Waits(Shape):
    """How long it took until enough had approved, in seconds: ``count`` times it came to that."""

    count: int
    median: int
    worst: int


class Answers(Shape):
    """How many requests a custodian decided of those that were asked in their accounts."""

    person: Id
    name: str
    asked: int
    decided: int


class Year(Shape):
    """The last 53 weeks, oldest first; ``waits`` and ``answers`` of one account or one person.

    ``since`` is when the oldest request was asked that ``waits`` and ``answers`` count, and null
    where all of the year was counted. The service counts: an export lets anyone count again.
    """

    today: Time
    since: Time | None
    weeks: list[Week]
    waits: Waits | None
    answers: list[Answers]
