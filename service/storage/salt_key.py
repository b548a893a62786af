"""The key from which every address has its salt: made once, kept with the people it is for.

It lies in the database and not beside ``at-rest.key``: that key may be replaced, and then the salts
of strangers would move while those of people stand still. It protects nothing by itself.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto.randomness import random_bytes
from service.storage.people_tables import SaltKeyRow

_ONLY = 1
_LENGTH = 32


def read(session: Session) -> bytes | None:
    """The key, or None before it was made."""
    return session.scalar(select(SaltKeyRow.key))


def make(session: Session) -> None:
    """Make the key, unless someone else just has; two at once end in a conflict."""
    if read(session) is None:
        session.add(SaltKeyRow(id=_ONLY, key=random_bytes(_LENGTH)))
        session.flush()
