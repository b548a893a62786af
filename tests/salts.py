"""Salts that a test can foretell: those of a key that its database is given."""

import hmac

from service.storage.database import Database
from service.storage.people_tables import SaltKeyRow
from tests.cast import email

_KEY = bytes(range(32))


def keep_salt_key(database: Database) -> None:
    """Put the key there before anyone asks for a salt."""
    with database.write() as session:
        session.add(SaltKeyRow(id=1, key=_KEY))


def salt_of(name: str = "ann") -> bytes:
    """The salt of someone's address."""
    return hmac.digest(_KEY, email(name).encode(), "sha256")[:16]
