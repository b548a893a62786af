"""A person who can be named: invited by an operator, inert until a roster names their keys."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who they are to the service; ``email`` is casefolded. An enrolment fixes name and roles."""

    id: str
    email: str
    name: str
    operator: bool
    auditor: bool
