"""From a signed statement to what is posted: the last door, which compares it with the consent."""

from crypto.statement import Statement
from service.client.cli.invocation import Invocation
from service.wire.base import Dsse


def posted(run: Invocation, statement: Statement) -> Dsse:
    """Return a statement as the API takes it: exactly the texts that were signed.

    Raises:
        RuntimeError: as :meth:`LogSight.demand_shown`.
    """
    run.sight.demand_shown(statement.kind, statement.payload)
    return as_signed(statement)


def as_signed(statement: Statement) -> Dsse:
    """Return a statement that an earlier call has signed, and shown."""
    return Dsse.model_validate_json(statement.raw)
