"""Enrolment links: an operator names a person; who counts is for rosters to say."""

from pydantic import ValidationError

from crypto.encoding import check_text, format_time
from crypto.errors import MalformedError
from crypto.randomness import random_uuid
from service.domain import errors
from service.domain.events import Action, Event
from service.domain.person import Person
from service.domain.sessions import INVITATION_LIFETIME
from service.domain.sessions import Invitation as Link
from service.storage import invitations, people
from service.usecases import tokens
from service.usecases.addresses import casefolded
from service.usecases.context import Caller, Context, Unit
from service.wire.people import Invitation, NewInvitation


def invite(ctx: Context, caller: Caller, body: NewInvitation) -> Invitation:
    """Issue a link for a new person, or for a known one to enrol again with new keys.

    It replaces the person's older links. Until they have enrolled, it also corrects their name and
    roles; afterwards it must repeat them, so that no link quietly makes anyone an operator.

    Raises:
        NotAllowedError: the caller is no operator.
        MalformedError: an address or a name with refused characters.
        TakenError: the address belongs to a person with another name or other roles.
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
    email, name = casefolded(body.email), _one_line(body.name)
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


def _one_line(name: str) -> str:
    if name != " ".join(check_text(name).split()):
        raise MalformedError("a name must be one line with single spaces between its words")
    return name


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
    people.save(unit.session, person, unit.now)
    return person, replaces


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
