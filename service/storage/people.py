"""People and their keys: rows in, values out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, update
from sqlalchemy.orm import Session

from crypto.encoding import b64decode, b64encode
from crypto.enrolled import Enrolled
from crypto.identity import PublicKeys
from service.domain import errors
from service.domain.person import Person
from service.storage import rosters
from service.storage.base import table_of
from service.storage.people_tables import IdentityRow, PersonRow
from service.storage.query_cache import found_so_far

_PERSON, _IDENTITY = table_of(PersonRow), table_of(IdentityRow)
_BY_ID = select(_PERSON).where(_PERSON.c.id == bindparam("person"))
_NAMES = select(_PERSON.c.id, _PERSON.c.name).where(
    _PERSON.c.id.in_(bindparam("people", expanding=True))
)
_ENROLLED = select(_IDENTITY).where(
    _IDENTITY.c.replaced_at.is_(None), _IDENTITY.c.person.in_(bindparam("people", expanding=True))
)
_NEWEST = _ENROLLED.with_only_columns(_IDENTITY.c.person, _IDENTITY.c.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A person with their current identity, or none before they have enrolled."""

    person: Person
    enrolled: Enrolled | None


def as_person(row: PersonRow | Row[Any]) -> Person:
    """A row as the rules have it."""
    return Person(
        id=row.id, email=row.email, name=row.name, operator=row.operator, auditor=row.auditor
    )


def _enrolled(row: IdentityRow | Row[Any]) -> Enrolled:
    keys = PublicKeys(
        encryption_key=b64decode(row.encryption_key), signing_key=b64decode(row.signing_key)
    )
    return Enrolled(digest=row.digest, person=row.person, keys=keys)


def _current() -> Select[IdentityRow]:
    return select(IdentityRow).where(IdentityRow.replaced_at.is_(None))


def lock(session: Session, person: str) -> Person:
    """Take a person's row until the transaction ends. First in the order: person, then log.

    Raises:
        NotFoundError: there is no such person.
    """
    row = session.scalar(select(PersonRow).where(PersonRow.id == person).with_for_update())
    if row is None:
        raise errors.NotFoundError
    return as_person(row)


def lock_by_email(session: Session, email: str) -> Person | None:
    """Take the row of the person with this address, in its one spelling; else as :func:`lock`."""
    row = session.scalar(select(PersonRow).where(PersonRow.email == email).with_for_update())
    return as_person(row) if row else None


def lock_with_operators(session: Session, person: str) -> tuple[Person, frozenset[str]]:
    """Take the rows of a person and of all operators, in one order; the person, and who these are.

    Raises:
        NotFoundError: there is no such person.
    """
    rows = session.scalars(
        select(PersonRow)
        .where(PersonRow.operator | (PersonRow.id == person))
        .order_by(PersonRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    found = next((as_person(row) for row in rows if row.id == person), None)
    if found is None:
        raise errors.NotFoundError
    return found, frozenset(row.id for row in rows if row.operator)


def find(session: Session, person: str) -> Person | None:
    """One person as they are now, or None."""
    row = session.connection().execute(_BY_ID, {"person": person}).one_or_none()
    return None if row is None else as_person(row)


def get(session: Session, person: str) -> Registered:
    """One person.

    Raises:
        NotFoundError: there is no such person.
    """
    row = session.connection().execute(_BY_ID, {"person": person}).one_or_none()
    if row is None:
        raise errors.NotFoundError
    return Registered(person=as_person(row), enrolled=enrolled(session, [person]).get(person))


def everybody(session: Session) -> list[Registered]:
    """Everyone who was ever invited, sorted by name."""
    known = {row.person: _enrolled(row) for row in session.scalars(_current())}
    rows = session.scalars(select(PersonRow))
    found = [Registered(person=as_person(row), enrolled=known.get(row.id)) for row in rows]
    return sorted(found, key=lambda r: (r.person.name.casefold(), r.person.id))


def save(session: Session, person: Person, at: datetime) -> None:
    """Store a new person, or the name of one who has not enrolled yet, and anyone's roles."""
    row = session.get(PersonRow, person.id)
    if row is None:
        row = PersonRow(id=person.id, email=person.email, created_at=int(at.timestamp()))
        session.add(row)
    row.name, row.operator, row.auditor = person.name, person.operator, person.auditor
    session.flush()


def roles(session: Session) -> tuple[frozenset[str], frozenset[str]]:
    """The operators and the auditors, by id."""
    rows = session.scalars(select(PersonRow).where(PersonRow.operator | PersonRow.auditor)).all()
    return (
        frozenset(row.id for row in rows if row.operator),
        frozenset(row.id for row in rows if row.auditor),
    )


def names(session: Session, people: Collection[str]) -> dict[str, str]:
    """Names by id, of those who are known."""
    rows = session.connection().execute(_NAMES, {"people": list(people)})
    return {row.id: row.name for row in rows}


def in_a_roster(session: Session, person: str) -> bool:
    """Whether the newest roster of any account names the person."""
    return any(person in roster.members for roster in rosters.all_newest(session))


def enrolled(session: Session, people: Collection[str]) -> dict[str, Enrolled]:
    """The current identities by person, of those who have enrolled."""
    rows = session.connection().execute(_ENROLLED, {"people": list(people)})
    return {row.person: _enrolled(row) for row in rows}


def newest(session: Session, people: Collection[str]) -> dict[str, str]:
    """The digest of what each of these people enrolled last, for those who only compare."""
    known: dict[str, str] = found_so_far(session, "newest identities")
    asked = sorted(set(people) - known.keys())
    if asked:
        rows = session.connection().execute(_NEWEST, {"people": asked})
        known |= {row.person: row.digest for row in rows}
    return {person: known[person] for person in people if person in known}


def keys_of(session: Session, person: str) -> PublicKeys:
    """The person's current keys.

    Raises:
        NotFoundError: they have none yet.
    """
    row = session.scalar(_current().where(IdentityRow.person == person))
    if row is None:
        raise errors.NotFoundError
    return _enrolled(row).keys


def keys_taken(session: Session, keys: PublicKeys) -> bool:
    """Whether either key is, or ever was, anyone's."""
    texts = [b64encode(keys.encryption_key), b64encode(keys.signing_key)]
    query = select(IdentityRow.digest).where(
        IdentityRow.encryption_key.in_(texts) | IdentityRow.signing_key.in_(texts)
    )
    return session.scalar(query.limit(1)) is not None


def add_identity(
    session: Session, person: str, keys: PublicKeys, *, digest: str, at: datetime
) -> None:
    """Make these keys the person's current ones; ``digest`` is that of the identity statement."""
    now = int(at.timestamp())
    session.execute(
        update(IdentityRow)
        .where(IdentityRow.person == person, IdentityRow.replaced_at.is_(None))
        .values(replaced_at=now)
    )
    session.add(
        IdentityRow(
            digest=digest,
            person=person,
            encryption_key=b64encode(keys.encryption_key),
            signing_key=b64encode(keys.signing_key),
            fingerprint=keys.keyid,
            enrolled_at=now,
        )
    )
    session.flush()
