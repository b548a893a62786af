"""A person who can be named: invited by an operator, inert until a roster names their keys."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who they are to the service. An enrolment fixes name and roles.

    ``email`` is as ``names.address`` gives it.
    """

    id: str
    email: str
    name: str
    operator: bool
    auditor: bool
