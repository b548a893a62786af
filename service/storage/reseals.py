"""Resealed shares: kept from an approval to the window's end, under a key outside the database."""

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from service.domain.people import GroupName
from service.domain.quorum import Decision
from service.storage.at_rest import AtRest
from service.storage.base import table_of
from service.storage.tables import ResealedShareRow

_TABLE = table_of(ResealedShareRow)
_INSERT = insert(_TABLE)
_OF_REQUEST = select(_TABLE).where(_TABLE.c.request == bindparam("request"))
_DELETE_ALL = delete(_TABLE).where(_TABLE.c.request == bindparam("request"))
_DELETE_ONE = _DELETE_ALL.where(_TABLE.c.custodian == bindparam("custodian"))


def _context(request: str, custodian: str) -> str:
    return f"resealed share {request} {custodian}"


def add(
    session: Session, at_rest: AtRest, *, request: str, decision: Decision, blob: bytes
) -> None:
    """Store what a custodian resealed for a request."""
    row = {
        "request": request,
        "custodian": decision.custodian,
        "group": decision.group.value,
        "decision": decision.digest,
        "blob": at_rest.encrypt(blob, context=_context(request, decision.custodian)),
    }
    session.connection().execute(_INSERT, row)


def of_request(
    session: Session, at_rest: AtRest, request: str
) -> list[tuple[GroupName, str, str, bytes]]:
    """Group, custodian, the decision's digest, and the share: the password group first."""
    rows = session.connection().execute(_OF_REQUEST, {"request": request}).all()
    order = list(GroupName)
    return sorted(
        (
            (
                GroupName(row.group),
                row.custodian,
                row.decision,
                at_rest.decrypt(row.blob, context=_context(request, row.custodian)),
            )
            for row in rows
        ),
        key=lambda entry: (order.index(entry[0]), entry[1]),
    )


def remove(session: Session, request: str, custodian: str) -> None:
    """Delete one custodian's: the approval was withdrawn."""
    session.connection().execute(_DELETE_ONE, {"request": request, "custodian": custodian})


def remove_all(session: Session, request: str) -> None:
    """Delete all of a request: its window is over, or it ended."""
    session.connection().execute(_DELETE_ALL, {"request": request})
