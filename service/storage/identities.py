"""Identities that rosters name: their keys for the rules, their statements for who verifies."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from service.domain.people import Identities, IdentityKeys
from service.storage.base import table_of
from service.storage.people_tables import IdentityRow
from service.storage.tables import StatementRow

_IDENTITY, _STATEMENT = table_of(IdentityRow), table_of(StatementRow)
_DIGESTS: BindParameter[str] = bindparam("digests", expanding=True)
_KEYS = select(_IDENTITY).where(_IDENTITY.c.digest.in_(_DIGESTS))
_RAW = (
    select(_STATEMENT.c.raw)
    .where(_STATEMENT.c.digest.in_(_DIGESTS), _STATEMENT.c.kind == "identity")
    .order_by(_STATEMENT.c.seq)
)


def digests_of(payload: Mapping[str, Any]) -> frozenset[str]:
    """The digests of the identities that a roster's payload names."""
    return frozenset(entry["identity"] for entry in payload["people"])


def keys(session: Session, digests: Collection[str]) -> Identities:
    """What these identities say, of those that were ever enrolled; replaced ones too."""
    rows = session.connection().execute(_KEYS, {"digests": list(digests)})
    return {row["digest"]: IdentityKeys.from_payload(row) for row in map(dict, rows.mappings())}


def signed(session: Session, digests: Collection[str]) -> list[bytes]:
    """These identities as their owners signed them, in the order of the log."""
    rows = session.connection().execute(_RAW, {"digests": list(digests)})
    return [row.raw for row in rows]
