"""Invitations, identities, people, and what waits for them."""

from http import HTTPStatus

from flask import Blueprint

from service.usecases import (
    accounts,
    channels,
    enrolment,
    home,
    invitations,
    passkeys,
    people,
    roles,
    slots,
)
from service.web import duty_words, finding_words
from service.web.access import Role, requires
from service.web.act import act
from service.web.current import caller, ctx, one_moment
from service.wire.base import Done
from service.wire.home import Home
from service.wire.passkeys import NewPasskeyOptions, Nothing
from service.wire.people import (
    Enrolment,
    Invitation,
    InvitationToken,
    Invitee,
    NewInvitation,
    People,
    Person,
    RoleWithdrawal,
    SlotChange,
    Slots,
)

bp = Blueprint("people", __name__)


@bp.post("/invitations")
@requires(Role.OPERATOR)
@act("invitation.create", status=HTTPStatus.CREATED)
def invite(body: NewInvitation) -> Invitation:
    """Invite somebody; the link's token stands in this answer and nowhere else."""
    return invitations.invite(ctx(), caller(), body)


@bp.post("/enrolments/look")
@requires(Role.PUBLIC)
@act("invitation.look")
def look(body: InvitationToken) -> Invitee:
    """Whom an enrolment link is for."""
    return enrolment.look(ctx(), body)


@bp.post("/enrolments/passkey-options")
@requires(Role.PUBLIC)
@act("invitation.passkey-options")
def passkey_options_of_link(body: InvitationToken) -> NewPasskeyOptions:
    """What a passkey is made with by whoever follows an enrolment link."""
    return enrolment.passkey_options(ctx(), body)


@bp.post("/identities")
@requires(Role.PUBLIC)
@act("identity.enrol", status=HTTPStatus.CREATED)
def enrol(body: Enrolment) -> Done:
    """Enrol with a link: the person's keys and their first key slots."""
    return enrolment.enrol(ctx(), body)


@bp.get("/home")
@requires(Role.PERSON)
@act("home.show")
def show_home() -> Home:
    """What waits for me."""
    with one_moment():
        at, who = ctx(), caller()
        person, due = home.home(at, who)
        return Home(
            person=person,
            outside=channels.outside(at),
            waiting=[duty_words.shape(duty) for duty in due.duties],
            findings=finding_words.of_accounts(due.findings),
            accounts=accounts.listing(at, who).accounts,
        )


@bp.get("/people/me")
@requires(Role.PERSON)
@act("person.me")
def me() -> Person:
    """Who I am here."""
    return people.me(ctx(), caller())


@bp.get("/people")
@requires(Role.OPERATOR, Role.AUDITOR)
@act("person.list")
def everybody() -> People:
    """Everybody with their keys, as a roster is drafted from them."""
    return people.everybody(ctx(), caller())


@bp.post("/people/<id:person>/withdrawn-roles")
@requires(Role.OPERATOR, fresh=True)
@act("role.withdraw", status=HTTPStatus.CREATED)
def withdraw_role(person: str, body: RoleWithdrawal) -> Done:
    """Take back somebody's role; their sessions end."""
    return roles.withdraw(ctx(), caller(), person, body)


@bp.post("/people/<id:person>/ended-sessions")
@requires(Role.OPERATOR, fresh=True)
@act("session.end-all", status=HTTPStatus.CREATED)
def end_sessions(person: str, body: Nothing) -> Done:  # noqa: ARG001 - it says nothing
    """End all sessions of somebody."""
    return roles.end_sessions(ctx(), caller(), person)


@bp.get("/slots")
@requires(Role.PERSON)
@act("slot.list")
def my_slots() -> Slots:
    """My key slots, wrapped as they are."""
    return slots.mine(ctx(), caller())


@bp.post("/slots/passkey-options")
@requires(Role.PERSON, fresh=True)
@act("slot.passkey-options")
def passkey_options(body: Nothing) -> NewPasskeyOptions:  # noqa: ARG001 - it says nothing
    """What another passkey of mine is made with."""
    return passkeys.options(ctx(), caller())


@bp.post("/slots")
@requires(Role.PERSON, fresh=True)
@act("slot.change", status=HTTPStatus.CREATED)
def change_slot(body: SlotChange) -> Done:
    """Add, replace or remove a key slot, as the signed statement says."""
    return slots.change(ctx(), caller(), body)
