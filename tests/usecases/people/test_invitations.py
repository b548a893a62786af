import pytest
from sqlalchemy import select

from crypto.errors import MalformedError
from service.domain import errors
from service.storage.database import Database
from service.storage.tables import OutboxRow
from service.usecases import enrolment, invitations, people
from service.usecases.context import Caller, Context
from service.wire.people import InvitationToken, NewInvitation
from tests.conftest import HandClock
from tests.usecases.people import acts


def look(ctx: Context, token: str) -> str:
    return enrolment.look(ctx, InvitationToken(token=token)).person


@pytest.mark.act("invitation.look")
def test_a_link_names_the_invited_person_until_it_expires(ctx: Context, clock: HandClock) -> None:
    link = acts.invite(ctx, "Ann", operator=True)
    assert link.url == f"http://localhost:8420/enroll#{link.token}"
    assert link.expires_at == "2026-11-24T09:00:00Z"
    invitee = enrolment.look(ctx, InvitationToken(token=link.token))
    assert (invitee.person, invitee.name, invitee.email) == (link.person, "Ann", "ann@corp.example")
    assert (invitee.operator, invitee.auditor, invitee.replaces) == (True, False, False)
    clock.advance(hours=24, seconds=-1)
    assert look(ctx, link.token) == link.person
    clock.advance(seconds=1)
    with pytest.raises(errors.BadLinkError):
        look(ctx, link.token)


@pytest.mark.act("invitation.create")
def test_an_invitation_is_logged_and_told_without_its_token(
    ctx: Context, database: Database
) -> None:
    link = acts.invite(ctx, "Ann", auditor=True)
    [leaf] = acts.leaves(ctx)[link.leaf :]
    assert (leaf.action, leaf.actor) == ("invitation:created", acts.OPERATOR.person)
    assert leaf.subject == link.person
    assert leaf.details == {"name": "Ann", "operator": False, "auditor": True, "replaces": False}
    with ctx.read() as unit:
        told = unit.session.scalars(select(OutboxRow.leaf)).all()
    assert told == [link.leaf]
    assert link.token not in repr(acts.rows(database))


def test_a_newer_link_replaces_the_older_one(ctx: Context) -> None:
    old, new = acts.invite(ctx), acts.invite(ctx)
    assert old.person == new.person
    assert look(ctx, new.token) == new.person
    with pytest.raises(errors.BadLinkError):
        look(ctx, old.token)


def test_until_they_enrol_a_new_link_corrects_name_and_roles(ctx: Context) -> None:
    acts.invite(ctx, "Ann", operator=True)
    body = NewInvitation(email="ANN@corp.EXAMPLE", name="Anna", auditor=True)
    link = invitations.invite(ctx, acts.OPERATOR, body)
    [person] = people.everybody(ctx, acts.OPERATOR).people
    assert (person.person, person.name, person.email) == (link.person, "Anna", "ann@corp.example")
    assert (person.operator, person.auditor, person.fingerprint) == (False, True, "")


def test_a_known_person_is_invited_to_enrol_anew(ctx: Context) -> None:
    ann = acts.enrol(ctx, "Ann")
    link = acts.invite(ctx, "Ann")
    assert link.person == ann.person
    assert enrolment.look(ctx, InvitationToken(token=link.token)).replaces
    assert acts.leaves(ctx)[link.leaf].details["replaces"] is True


@pytest.mark.parametrize(
    "spelling",
    [" zoe\u0308@corp.example", "ZOE\u0308@Corp.Example ", "ZO\u00cb@corp.example\n"],
)
def test_one_mailbox_is_one_person(ctx: Context, spelling: str) -> None:
    zoe = invitations.invite(
        ctx, acts.OPERATOR, NewInvitation(email="zo\u00eb@corp.example", name="Zoe")
    )
    body = NewInvitation(email=spelling, name="Zoe\u0308")
    assert invitations.invite(ctx, acts.OPERATOR, body).person == zoe.person
    [person] = people.everybody(ctx, acts.OPERATOR).people
    assert (person.email, person.name) == ("zo\u00eb@corp.example", "Zo\u00eb")


def test_whose_address_has_changed_is_invited_under_the_same_name(ctx: Context) -> None:
    ann = acts.enrol(ctx, "Ann")
    body = NewInvitation(email="ann@new.example", name="Ann")
    assert invitations.invite(ctx, acts.OPERATOR, body).person != ann.person


def test_the_servers_shell_invites_an_operator(ctx: Context) -> None:
    link = invitations.first_operator(ctx, actor="ops:root", email="Olga@corp.example", name="Olga")
    assert enrolment.look(ctx, InvitationToken(token=link.token)).operator
    assert acts.leaves(ctx)[link.leaf].actor == "ops:root"


NOBODY = Caller(person=acts.OPERATOR.person, operator=False, auditor=True, session="", fresh=True)


@pytest.mark.parametrize(
    ("who", "body", "refusal"),
    [
        (NOBODY, NewInvitation(email="b@corp.example", name="Bob"), errors.NotAllowedError),
        (acts.OPERATOR, NewInvitation(email="ann@corp.example", name="Bob"), errors.TakenError),
        (
            acts.OPERATOR,
            NewInvitation(email="ann@corp.example", name="Ann", operator=True),
            errors.TakenError,
        ),
        (acts.OPERATOR, NewInvitation(email="b@corp.example", name="B\nob"), MalformedError),
        (acts.OPERATOR, NewInvitation(email="b@corp.example", name=" Bob"), MalformedError),
        (acts.OPERATOR, NewInvitation(email="b@corp.example", name="B  ob"), MalformedError),
        (acts.OPERATOR, NewInvitation(email="b@corp.example", name="Bo\u200bb"), MalformedError),
        (acts.OPERATOR, NewInvitation(email="b@corp.example", name="\u0958" * 60), MalformedError),
        (acts.OPERATOR, NewInvitation(email="b\u200b@corp.example", name="Bob"), MalformedError),
        (acts.OPERATOR, NewInvitation(email="b@corp.example", name="ann"), errors.TakenError),
        (acts.OPERATOR, NewInvitation(email="b@corp.example", name="\uff21nn"), errors.TakenError),
        (acts.OPERATOR, NewInvitation(email="b@corp.example", name="Bo\u202eb"), MalformedError),
        (acts.OPERATOR, NewInvitation(email="b\x00@corp.example", name="Bob"), MalformedError),
        (acts.OPERATOR, NewInvitation(email="ß" * 200 + "@x", name="Bob"), MalformedError),
    ],
)
def test_what_is_no_invitation_leaves_nothing(
    ctx: Context,
    database: Database,
    who: Caller,
    body: NewInvitation,
    refusal: type[Exception],
) -> None:
    acts.enrol(ctx, "Ann")
    before = acts.rows(database)
    with pytest.raises(refusal):
        invitations.invite(ctx, who, body)
    assert acts.rows(database) == before


@pytest.mark.parametrize(("email", "name"), [("nobody", "Olga"), ("o@corp.example", "")])
def test_the_shell_is_told_what_it_mistyped(
    ctx: Context, database: Database, email: str, name: str
) -> None:
    before = acts.rows(database)
    with pytest.raises(MalformedError):
        invitations.first_operator(ctx, actor="ops:root", email=email, name=name)
    assert acts.rows(database) == before


@pytest.mark.act("person.list")
def test_only_operators_and_auditors_see_everybody(ctx: Context) -> None:
    bob, ann = acts.enrol(ctx, "bob"), acts.enrol(ctx, "Ann", auditor=True)
    seen = people.everybody(ctx, acts.caller(ctx, ann)).people
    assert [p.name for p in seen] == ["Ann", "bob"]
    assert seen[1].fingerprint == bob.identity.public.keyid
    with pytest.raises(errors.NotAllowedError):
        people.everybody(ctx, acts.caller(ctx, bob))


@pytest.mark.act("person.me")
def test_i_am_whom_my_keys_say(ctx: Context) -> None:
    ann = acts.enrol(ctx, "Ann")
    me = people.me(ctx, acts.caller(ctx, ann))
    assert (me.person, me.name) == (ann.person, "Ann")
    assert me.fingerprint == ann.identity.public.keyid
