"""Statements as they travel."""

from crypto.statement import Statement
from service.wire.base import Dsse
from service.wire.base import Statement as Body


def wire(statement: Statement) -> Dsse:
    """A statement as it travels."""
    return Dsse.model_validate_json(statement.raw)


def body(statement: Statement) -> Body:
    """The body of an act that is a statement alone."""
    return Body(statement=wire(statement))
