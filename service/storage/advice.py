"""What an operator does about a refusal: said with it, and a row of the runbook made from it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

LEAVE_THE_GUARD = "Leave the guard as it is: an older one would hide missing entries"


class Kept(StrEnum):
    """What may be put back from a copy.

    The guard is not among it, and must never be: an older guard makes the signer believe that an
    older log is the newest, and missing entries go unnoticed.
    """

    DATABASE = "the database"
    LOG_KEY = "log.key"
    AT_REST_KEY = "at-rest.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do, what never to do, and where docs/operations.md says the rest.

    ``put_back`` is what ``do`` puts back from a copy, if anything. ``runbook`` is the anchor of a
    section, empty where the row of the runbook is all there is to say.
    """

    do: str
    never: str = ""
    put_back: Kept | None = None
    runbook: str = ""

    def __str__(self) -> str:
        return f"{self.do}. {self.never}" if self.never else self.do


class AdvisedError(Exception):
    """Base of refusals that an operator meets. ``says`` has a place for each fact of the case."""

    says: ClassVar[str]
    advice: ClassVar[Advice]

    def __init__(self, **facts: object) -> None:
        super().__init__(f"{self.says.format(**facts)}: {self.advice}")
