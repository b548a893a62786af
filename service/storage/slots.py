"""Key slots: rows in, domain values out."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from crypto.encoding import b64decode
from service.domain.slots import KEPT_AFTER_REMOVAL, Slot, SlotKind, phrase_of
from service.storage.people_tables import PasskeyRow, PersonRow, SlotRow


def _of(person: str) -> Select[SlotRow, str | None]:
    return (
        select(SlotRow, PasskeyRow.credential)
        .outerjoin(PasskeyRow, PasskeyRow.slot == SlotRow.id)
        .where(SlotRow.person == person, SlotRow.removed_at.is_(None))
    )


def _slot(row: SlotRow, credential: str | None = None) -> Slot:
    return Slot(
        credential=b64decode(credential or ""),
        id=row.id,
        person=row.person,
        kind=SlotKind(row.kind),
        wrapped_root=row.wrapped_root,
        salt=row.salt,
        iterations=row.iterations,
        sign_in_digest=row.sign_in_digest,
        statement=row.statement,
        created_at=datetime.fromtimestamp(row.created_at, tz=UTC),
    )


def live(session: Session, person: str) -> list[Slot]:
    """The person's slots that were not removed, oldest first."""
    rows = session.execute(_of(person).order_by(SlotRow.created_at, SlotRow.id))
    return [_slot(row, credential) for row, credential in rows]


def phrase(session: Session, person: str) -> Slot | None:
    """The person's live phrase slot."""
    return phrase_of(live(session, person))


def phrase_of_email(session: Session, email: str) -> Slot | None:
    """The live phrase slot of the person with this address in its one spelling."""
    row = session.scalar(
        select(SlotRow)
        .join(PersonRow, PersonRow.id == SlotRow.person)
        .where(
            PersonRow.email == email,
            SlotRow.kind == SlotKind.PHRASE.value,
            SlotRow.removed_at.is_(None),
        )
    )
    return _slot(row) if row else None


def taken(session: Session, slot: str) -> bool:
    """Whether the id is, or was within 30 days, a slot's."""
    return session.get(SlotRow, slot) is not None


def add(session: Session, slot: Slot) -> None:
    """Store a new slot."""
    session.add(
        SlotRow(
            id=slot.id,
            person=slot.person,
            kind=slot.kind.value,
            wrapped_root=slot.wrapped_root,
            salt=slot.salt,
            iterations=slot.iterations,
            sign_in_digest=slot.sign_in_digest,
            statement=slot.statement,
            created_at=int(slot.created_at.timestamp()),
        )
    )
    session.flush()


def remove(session: Session, slots: Collection[str], at: datetime) -> None:
    """Take slots out of use; their rows are kept for 30 days."""
    session.execute(
        update(SlotRow)
        .where(SlotRow.id.in_(slots), SlotRow.removed_at.is_(None))
        .values(removed_at=int(at.timestamp()))
    )


def forget(session: Session, now: datetime) -> None:
    """Delete the slots that were removed 30 days ago or earlier, with their passkeys."""
    until = int((now - KEPT_AFTER_REMOVAL).timestamp())
    gone = select(SlotRow.id).where(SlotRow.removed_at <= until)
    session.execute(delete(PasskeyRow).where(PasskeyRow.slot.in_(gone)))
    session.execute(delete(SlotRow).where(SlotRow.removed_at <= until))
