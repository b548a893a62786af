"""From a signed statement to what is posted."""

from crypto.statement import Statement
from service.wire.base import Dsse


def posted(statement: Statement) -> Dsse:
    """Return a statement as the API takes it: exactly the texts that were signed."""
    return Dsse.model_validate_json(statement.raw)
