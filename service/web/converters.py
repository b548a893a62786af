"""Parts of a path. What does not have the form of an id is the path of nothing: 404."""

from collections.abc import Mapping

from flask import Flask
from werkzeug.routing import BaseConverter

from crypto.fields import ACCOUNT


class Account(BaseConverter):
    """An account's id: twelve digits, or a further line of it."""

    regex = ACCOUNT


class Uuid(BaseConverter):
    """UUIDv4 as lower-case text; it stays text."""

    regex = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


class Digest(BaseConverter):
    """SHA-256 in lower-case hexadecimal."""

    regex = "[0-9a-f]{64}"


class Folder(BaseConverter):
    """The digest in the name of the folder of static files."""

    regex = "[0-9a-f]{16}"


class Leaf(BaseConverter):
    """A leaf index in its one spelling."""

    regex = "(?:0|[1-9][0-9]{0,14})"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)


CONVERTERS: Mapping[str, type[BaseConverter]] = {
    "account": Account,
    "id": Uuid,
    "digest": Digest,
    "folder": Folder,
    "leaf": Leaf,
}


def register(app: Flask) -> None:
    """Make the converters known, and let every path mean itself: nothing is redirected."""
    app.url_map.converters.update(CONVERTERS)
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
