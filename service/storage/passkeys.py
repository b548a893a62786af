"""Passkeys: rows in, domain values out. A row goes when its slot's row goes."""

from sqlalchemy import Select, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from crypto.encoding import b64decode, b64encode
from service.domain.passkeys import Passkey
from service.domain.slots import SlotKind
from service.storage.people_tables import PasskeyRow, SlotRow


def _all() -> Select[PasskeyRow, SlotRow]:
    return select(PasskeyRow, SlotRow).join(SlotRow, SlotRow.id == PasskeyRow.slot)


def _passkey(row: PasskeyRow, slot: SlotRow) -> Passkey:
    return Passkey(
        slot=row.slot,
        person=slot.person,
        kind=SlotKind(slot.kind),
        credential=b64decode(row.credential),
        public_key=row.public_key,
        sign_count=row.sign_count,
        transports=tuple(row.transports.split()),
        live=slot.removed_at is None,
    )


def by_credential(session: Session, credential: bytes) -> Passkey | None:
    """The passkey with this id as it now is, also one whose slot was removed."""
    query = _all().where(PasskeyRow.credential == b64encode(credential))
    found = session.execute(query.execution_options(populate_existing=True)).one_or_none()
    return _passkey(*found) if found else None


def of_person(session: Session, person: str) -> list[Passkey]:
    """The person's live passkeys, oldest first."""
    query = _all().where(SlotRow.person == person, SlotRow.removed_at.is_(None))
    rows = session.execute(query.order_by(SlotRow.created_at, SlotRow.id))
    return [_passkey(row, slot) for row, slot in rows]


def add(session: Session, passkey: Passkey) -> None:
    """Store a new passkey; its slot is stored already."""
    session.add(
        PasskeyRow(
            slot=passkey.slot,
            credential=b64encode(passkey.credential),
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
            transports=" ".join(passkey.transports),
        )
    )
    session.flush()


def advance(session: Session, passkey: Passkey, sign_count: int) -> bool:
    """Write down the counter of an answer; says whether no other answer came in between."""
    done = session.execute(
        update(PasskeyRow)
        .where(PasskeyRow.slot == passkey.slot, PasskeyRow.sign_count == passkey.sign_count)
        .values(sign_count=sign_count)
    )
    return isinstance(done, CursorResult) and done.rowcount > 0
