"""What an operator wants everyone to read."""

from service.wire.base import Shape


class Note(Shape):
    """The paragraphs of ``sign-in.txt``, plain text; none if there is no such file."""

    paragraphs: list[str]
