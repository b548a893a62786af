"""Resealed shares: kept from an approval to the window's end, under a key outside the database."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.domain.people import GroupName
from service.domain.quorum import Decision
from service.storage.at_rest import AtRest
from service.storage.tables import ResealedShareRow


def _context(request: str, custodian: str) -> str:
    return f"resealed share {request} {custodian}"


def add(
    session: Session, at_rest: AtRest, *, request: str, decision: Decision, blob: bytes
) -> None:
    """Store what a custodian resealed for a request."""
    session.add(
        ResealedShareRow(
            request=request,
            custodian=decision.custodian,
            group=decision.group.value,
            decision=decision.digest,
            blob=at_rest.encrypt(blob, context=_context(request, decision.custodian)),
        )
    )


def of_request(
    session: Session, at_rest: AtRest, request: str
) -> list[tuple[GroupName, str, str, bytes]]:
    """Group, custodian, the decision's digest, and the share: the password group first."""
    rows = session.scalars(
        select(ResealedShareRow).where(ResealedShareRow.request == request)
    ).all()
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
    session.execute(
        delete(ResealedShareRow).where(
            ResealedShareRow.request == request, ResealedShareRow.custodian == custodian
        )
    )


def remove_all(session: Session, request: str) -> None:
    """Delete all of a request: its window is over, or it ended."""
    session.execute(delete(ResealedShareRow).where(ResealedShareRow.request == request))
