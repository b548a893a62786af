"""Enrolment links: an operator names a person; who counts is for rosters to say."""

from pydantic import ValidationError

from crypto.encoding import format_time
from crypto.errors import MalformedError
from crypto.randomness import random_uuid
from service.domain import errors, names
from service.domain.events import Action, Event
from service.domain.person import Person
from service.domain.sessions import INVITATION_LIFETIME
from service.domain.sessions import Invitation as Link
from service.storage import invitations, people
from service.usecases import tokens
from service.usecases.context import Caller, Context, Unit
from service.usecases.naming import address_of, name_of
from service.wire.people import Invitation, NewInvitation


def invite(ctx: Context, caller: Caller, body: NewInvitation) -> Invitation:
    """Issue a link for a new person, or for a known one to enrol again with new keys.

    It replaces the person's older links. Until they have enrolled, it also corrects their name and
    roles; afterwards it must repeat them, so that no link quietly makes anyone an operator.

    Raises:
        NotAllowedError: the caller is no operator.
        MalformedError: an address or a name that no one could compare (``naming``).
        TakenError: the address belongs to a person with another name or other roles; or someone
            else who has enrolled has the name in another spelling. The very same name is taken:
            a person may have changed their address.
    """
    if not caller.operator:
        raise errors.NotAllowedError
    return _invite(ctx, caller.person, body)


def first_operator(ctx: Context, *, actor: str, email: str, name: str) -> Invitation:
    """Issue a link for an operator from the server's shell; ``actor`` is ``ops:<unix user>``.

    Raises:
        MalformedError: what was typed is no e-mail address or no name.
        TakenError: as :func:`invite`.
    """
    try:
        body = NewInvitation(email=email, name=name, operator=True)
    except ValidationError:
        raise MalformedError(
            "an invitation needs an e-mail address and a name of 1 to 100 characters"
        ) from None
    return _invite(ctx, actor, body)


def _invite(ctx: Context, actor: str, body: NewInvitation) -> Invitation:
    email, name = address_of(body.email), name_of(body.name)
    token = tokens.new()
    with ctx.write() as unit:
        person, replaces = _invited(unit, email, name, body)
        link = Link(
            person=person.id, created_at=unit.now, expires_at=unit.now + INVITATION_LIFETIME
        )
        invitations.add(unit.session, link, digest=tokens.digest(token))
        [leaf] = unit.record(_event(actor, person, replaces=replaces))
    return Invitation(
        person=person.id,
        token=token,
        url=f"{ctx.url}/enroll#{token}",
        expires_at=format_time(link.expires_at),
        leaf=leaf,
    )


def _invited(unit: Unit, email: str, name: str, body: NewInvitation) -> tuple[Person, bool]:
    """The person, stored; and whether they have keys that an enrolment would replace."""
    known = people.lock_by_email(unit.session, email)
    person = Person(
        id=known.id if known else random_uuid(),
        email=email,
        name=name,
        operator=body.operator,
        auditor=body.auditor,
    )
    replaces = known is not None and bool(people.enrolled(unit.session, [known.id]))
    if replaces and person != known:
        raise errors.TakenError("this e-mail address belongs to a person with another name or role")
    if any(one != name and names.sound(one) == names.sound(name) for one in _others(unit, person)):
        raise errors.TakenError("someone else has this name in another spelling: choose one")
    people.save(unit.session, person, unit.now)
    return person, replaces


def _others(unit: Unit, person: Person) -> list[str]:
    """The names of everyone else who has enrolled."""
    known = people.everybody(unit.session)
    return [one.person.name for one in known if one.enrolled and one.person.id != person.id]


def _event(actor: str, person: Person, *, replaces: bool) -> Event:
    return Event(
        action=Action.INVITATION_CREATED,
        actor=actor,
        subject=person.id,
        details={
            "name": person.name,
            "operator": person.operator,
            "auditor": person.auditor,
            "replaces": replaces,
        },
    )
