"""What operators take back: a person's role, and all open sessions of a person."""

from service.domain import errors
from service.domain.events import Action, Event
from service.domain.person import Person
from service.domain.roles import Role, check_withdrawal, without
from service.storage import people, sessions
from service.usecases.context import Caller, Context
from service.wire.base import Done
from service.wire.people import RoleWithdrawal


def withdraw(ctx: Context, caller: Caller, person: str, body: RoleWithdrawal) -> Done:
    """Take back a role; the person's sessions end at once. Announced as urgent.

    Everyone a roster names stays named, with their keys. The caller may withdraw their own role.

    Raises:
        NotAllowedError: the caller is no operator, or not any more.
        NotFoundError: there is no such person.
        WrongStateError: the person does not have the role.
        LastOperatorError: no operator would be left who can sign in.
    """
    if not caller.operator:
        raise errors.NotAllowedError
    role = Role(body.role)
    with ctx.write() as unit:
        found, operators = people.lock_with_operators(unit.session, person)
        if caller.person not in operators:  # another operator took it back first
            raise errors.NotAllowedError
        holders = operators if role is Role.OPERATOR else {person} if found.auditor else set()
        enrolled = people.enrolled(unit.session, operators)
        check_withdrawal(role, person, holders=holders, enrolled=enrolled)
        people.save(unit.session, without(found, role), unit.now)
        ended = sessions.end_all(unit.session, person, unit.now)
        [leaf] = unit.record(
            _event(Action.ROLE_WITHDRAWN, caller, found, role=role.value, sessions=ended)
        )
    return Done(id=person, state="withdrawn", leaf=leaf)


def end_sessions(ctx: Context, caller: Caller, person: str) -> Done:
    """End all sessions of a person; announced.

    Raises:
        NotAllowedError: the caller is no operator.
        NotFoundError: there is no such person.
        WrongStateError: the person has no session; so this cannot be announced again and again.
    """
    if not caller.operator:
        raise errors.NotAllowedError
    with ctx.write() as unit:
        found = people.lock(unit.session, person)
        ended = sessions.end_all(unit.session, person, unit.now)
        if not ended:
            raise errors.WrongStateError("this person has no open session")
        [leaf] = unit.record(_event(Action.SESSIONS_ENDED, caller, found, sessions=ended))
    return Done(id=person, state="ended", leaf=leaf)


def _event(action: Action, caller: Caller, person: Person, **details: str | int) -> Event:
    return Event(
        action=action,
        actor=caller.person,
        subject=person.id,
        details={"name": person.name, **details},
    )
