"""Query cache for one read snapshot, whose answers cannot change."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

KEPT = "found so far"  # where a session that cannot write keeps what it has read

_Answer = TypeVar("_Answer")


def found_so_far(session: Session, question: str) -> dict[Any, Any]:
    """What was found so far, to be added to; forgotten at once where something may be written.

    Callers must not change the values.
    """
    kept: dict[str, dict[Any, Any]] | None = session.info.get(KEPT)
    return {} if kept is None else kept.setdefault(question, {})


def cached(session: Session, question: str, ask: Callable[[], _Answer]) -> _Answer:
    """What ``ask`` finds: asked once of a snapshot, and each time where one may write."""
    found = found_so_far(session, question)
    if not found:
        found[None] = ask()
    answer: _Answer = found[None]
    return answer
