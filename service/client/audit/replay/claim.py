"""A leaf under examination, and what the replay has proved of it.

Each check notes the fields that it proved. What is left at the end is unsigned if the action
declares it so, and refused otherwise: nothing that the replay has not proved passes for proven.
Codes: ``details-differ``, ``wrong-actor``, ``wrong-field``, ``undeclared``, ``unproven``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from crypto.leaf import Detail, Leaf
from crypto.statement import Statement
from service.client.audit.replay.unsigned import Shown, Unsigned, text_of, unsigned
from service.client.foundation.errors import ClientRefusal
from service.domain.declared import DECLARED, misfit, misplaced
from service.domain.events import Action, Event
from service.domain.evidence import Field, Rule

_FIELDS = ("actor", "subject", "request")
_CLAIMS: Mapping[str, tuple[str, ...]] = {"papers": ("name", "place", "at", "reason")}


class Basis(StrEnum):
    """Why an entry is believed: a signature, the act before it or the time, or nothing."""

    SIGNED = "signed"
    FOLLOWS = "follows"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Leaf):
    """A leaf and the names of its fields that were proved; a detail's has ``.`` before it."""

    proven: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, leaf: Leaf) -> "Claim":
        """Take up a leaf of which nothing is proved."""
        return cls(
            seq=leaf.seq,
            at=leaf.at,
            actor=leaf.actor,
            action=leaf.action,
            subject=leaf.subject,
            request=leaf.request,
            details=leaf.details,
            statement=leaf.statement,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A leaf that the rules permit, as reports get it.

    What nothing proves is ``Unsigned`` and can only be shown. ``said`` is the payload of its
    statement, whose signature verified; ``claimed`` what the signer of ``papers`` claims, who is
    known by no name, and ``keepers`` the ids of those whose papers they say they used. ``at`` is
    the service's clock; only the order is proven.
    """

    seq: int
    at: datetime
    action: Action
    basis: Basis
    actor: Shown
    subject: Shown
    request: str
    details: Mapping[str, Shown]
    said: Mapping[str, Any]
    claimed: Mapping[str, Unsigned]
    keepers: tuple[Unsigned, ...]
    kind: str = ""

    def proven(self, name: str) -> str:
        """Return a detail that was proved, or nothing if the entry does not have it.

        Raises:
            TypeError: it is declared unsigned; a report must not use it.
        """
        value = self.details.get(name, "")
        if isinstance(value, Unsigned):
            raise TypeError(f"{self.action}: {name} is unsigned")
        return value


def settle(claim: Claim, statement: Statement | None, basis: Basis) -> Replayed:
    """Hand over a leaf with what was proved of it; all else must be declared unsigned.

    Raises:
        ClientRefusal: ``undeclared``: a detail that the action does not have, in another form, or
            an unsigned one is missing; ``wrong-field``: a field contradicts a rule that needs
            nothing but the entry; ``unproven``: a field that the action declares as proven, and
            that nothing proves here.
    """
    action = Action(claim.action)
    declared = DECLARED[action]
    if wrong := misfit(action, claim.details):
        raise ClientRefusal("undeclared", wrong)
    if wrong := misplaced(action, actor=claim.actor, subject=claim.subject, request=claim.request):
        raise ClientRefusal("wrong-field", wrong)
    fields: Mapping[str, Field] = {name: getattr(declared, name) for name in _FIELDS}
    shown = {name: _field(claim, name, fields[name], getattr(claim, name)) for name in _FIELDS}
    return Replayed(
        seq=claim.seq,
        at=claim.at,
        action=action,
        basis=basis,
        actor=shown["actor"],
        # The actor's own person is no better proven than the actor.
        subject=shown["actor" if declared.subject.rule is Rule.ACTOR else "subject"],
        request=claim.request,
        details={
            name: _field(claim, f".{name}", declared.details[name], value)
            for name, value in claim.details.items()
        },
        said=statement.payload if statement and statement.kind not in _CLAIMS else {},
        claimed=_claimed(statement) if statement else {},
        keepers=_keepers(statement) if statement else (),
        kind=statement.kind if statement else "",
    )


def _claimed(statement: Statement) -> Mapping[str, Unsigned]:
    """Return the texts of a statement that its signature proves nothing of; empty ones are not."""
    claims = {name: statement.payload[name] for name in _CLAIMS.get(statement.kind, ())}
    return {name: unsigned(text) for name, text in claims.items() if text}


def _keepers(statement: Statement) -> tuple[Unsigned, ...]:
    return tuple(unsigned(paper["custodian"]) for paper in statement.payload.get("papers", ()))


def _field(claim: Claim, name: str, declared: Field, value: Detail) -> Shown:
    if not declared.proven:
        return unsigned(value)  # though it may fit the act before, of which nobody signed it either
    if name not in claim.proven and not declared.of_itself:
        raise ClientRefusal("unproven", f"nothing proves its {name.removeprefix('.')}")
    return text_of(value)


def demand_said(claim: Claim, **facts: object) -> None:
    """Check that a leaf's details say what the replay has found.

    Raises:
        ClientRefusal: ``details-differ``.
    """
    for name, value in facts.items():
        said = claim.details.get(name, "nothing")
        if type(said) is not type(value) or said != value:  # 1 == True in Python
            raise ClientRefusal(
                "details-differ", f"it says {name} is {said!r}, but it must be {value!r}"
            )
        claim.proven.add(f".{name}")


def demand_actor(claim: Claim, person: str) -> None:
    """Check that the leaf's actor is the person who signed.

    Raises:
        ClientRefusal: ``wrong-actor``.
    """
    if claim.actor != person:
        raise ClientRefusal("wrong-actor", "its actor is not the person who signed")
    claim.proven.add("actor")


def matches(event: Event, claim: Claim) -> bool:
    """Return whether a leaf is exactly this event, which proves all of it."""
    same = (
        claim.action,
        claim.actor,
        claim.subject,
        claim.request,
        claim.statement,
        dict(claim.details),
    ) == (
        event.action.value,
        event.actor,
        event.subject,
        event.request,
        event.statement,
        dict(event.details),
    )
    # True equals 1, but is not the same text in the leaf.
    alike = same and all(type(claim.details[k]) is type(v) for k, v in event.details.items())
    if alike:
        claim.proven.update((*_FIELDS, *(f".{name}" for name in event.details)))
    return alike
