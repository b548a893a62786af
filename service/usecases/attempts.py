"""What a failed sign-in or enrolment leaves behind: a counter, and now and then one event.

The answer to a stranger, and the work done for it, are the same whether or not the service knows
whom they meant. The event says how many failures there were and, for the auditor, which people
they concerned; it never says what was typed. See ``service.domain.attempts`` for the limits, and
why they lock no one out.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from service.domain import errors
from service.domain.events import SERVICE, Action, Event
from service.storage import attempts
from service.usecases.context import Context, Unit

_LABEL = "bg1 counted attempts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Where strangers knock."""

    name: str
    failed: Action
    refusal: type[errors.Refusal]


SIGN_IN = Gate(name="sign-in", failed=Action.SESSION_FAILED, refusal=errors.SignInFailedError)
ENROLMENT = Gate(name="enrolment", failed=Action.ENROLMENT_FAILED, refusal=errors.BadLinkError)


def refuse(
    ctx: Context,
    gate: Gate,
    claimed: str,
    *,
    person: str,
    sentence: str = "",
    further: Sequence[Event] = (),
) -> NoReturn:
    """Count a failure and refuse; beyond the limit refuse only, without writing anything.

    ``claimed`` is the address, the passkey or the token's digest that was given, ``person`` whom it
    concerns, if known; ``sentence`` replaces the gate's own; ``further`` events are recorded if the
    failure is counted.

    Raises:
        RateLimitedError: there were too many failures.
        SignInFailedError, BadLinkError: otherwise, as the gate has it.
    """
    key = ctx.at_rest.derive(_LABEL)
    digest = hmac.digest(key, f"{gate.name} {claimed}".encode(), "sha256").hex()
    with ctx.read() as unit:
        limited = attempts.limited(unit.session, gate.name, digest, unit.now)
    if limited or not _counted(ctx, gate, digest, person, further):
        raise errors.RateLimitedError
    raise gate.refusal(sentence)


def _counted(ctx: Context, gate: Gate, digest: str, person: str, further: Sequence[Event]) -> bool:
    with ctx.write() as unit:
        done = attempts.count(unit.session, gate.name, digest, person=person, now=unit.now)
        unit.record(*(further if done else ()), *pending(unit, gate))
        return done


def pending(unit: Unit, gate: Gate) -> list[Event]:
    """The event that logs failures, if one is due: at most one in five minutes."""
    if not attempts.due(unit.session, gate.name, unit.now):
        return []
    report = attempts.take_report(unit.session, gate.name, unit.now)
    if report is None:
        return []
    return [
        Event(
            action=gate.failed,
            actor=SERVICE,
            subject=SERVICE,
            details={"count": report.count, "people": list(report.people)},
        )
    ]
