"""The log's times beside those that people's devices put into their own statements.

The one is the service's word, the other a device's: neither is proof. That they are far apart is
worth a question, and nothing is refused for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crypto.encoding import format_time, parse_time
from crypto.leaf import Leaf
from crypto.statement import Statement
from service.client.audit.replay.unsigned import data
from service.client.foundation.render import duration

APART = timedelta(minutes=10)  # from here on it is a remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A leaf whose time and that of its statement (``signed_at``) are far apart."""

    seq: int
    action: str
    at: datetime
    signed_at: datetime

    @property
    def sentence(self) -> str:
        """What an auditor should ask about."""
        apart = abs(self.at - self.signed_at)
        which = "later" if self.at > self.signed_at else "earlier"
        return (
            f"leaf {self.seq} ({self.action}): the service's time is "
            f"{duration(int(apart.total_seconds()))} {which} than its signer's device said: "
            f"{format_time(self.at)} and {format_time(self.signed_at)}"
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return data(
            leaf=self.seq,
            action=self.action,
            at=self.at,
            signed_at=format_time(self.signed_at),
            apart=self.at - self.signed_at,
        )


def gap_of(leaf: Leaf, statement: Statement) -> Gap | None:
    """Return the gap if it is ten minutes or more.

    A roster is dated when it is drafted and accepted when the last person has signed: only a leaf
    before its statement counts.
    """
    signed_at = parse_time(statement.payload["at"])
    apart = signed_at - leaf.at
    if statement.kind != "roster":
        apart = abs(apart)
    if apart < APART:
        return None
    return Gap(seq=leaf.seq, action=leaf.action, at=leaf.at, signed_at=signed_at)
