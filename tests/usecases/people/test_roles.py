"""Operators take back roles, and end the sessions of others: at once, told, and never the last."""

import pytest

from service.domain import errors
from service.domain.notices import render
from service.storage import people as stored_people
from service.storage import sessions as stored
from service.usecases import history, invitations, people, roles, sessions
from service.usecases.context import Caller, Context
from service.usecases.notice_facts import notice_facts
from service.wire.people import NewInvitation, RoleWithdrawal
from tests.conftest import HandClock
from tests.usecases.people import acts
from tests.usecases.people.acts import Someone

OPERATOR, AUDITOR = RoleWithdrawal(role="operator"), RoleWithdrawal(role="auditor")


@pytest.fixture
def olga(ctx: Context) -> Someone:
    return acts.enrol(ctx, "Olga", operator=True)


@pytest.fixture
def otto(ctx: Context) -> Someone:
    return acts.enrol(ctx, "Otto", operator=True)


@pytest.fixture
def aud(ctx: Context) -> Someone:
    return acts.enrol(ctx, "Aud", auditor=True)


def person(ctx: Context, who: Someone) -> tuple[bool, bool]:
    with ctx.read() as unit:
        found = stored_people.get(unit.session, who.person).person
    return found.operator, found.auditor


@pytest.mark.act("role.withdraw")
def test_a_role_that_was_withdrawn_is_gone_at_once_and_so_are_the_sessions(
    ctx: Context, olga: Someone, aud: Someone
) -> None:
    first, second = (sessions.sign_in(ctx, acts.sign_in_body(aud)).token for _ in range(2))
    done = roles.withdraw(ctx, acts.caller(ctx, olga), aud.person, AUDITOR)
    assert (done.id, done.state) == (aud.person, "withdrawn")
    for token in (first, second):
        with pytest.raises(errors.NotSignedInError):
            sessions.authenticate(ctx, token)
    again = acts.caller(ctx, aud)
    assert (again.operator, again.auditor) == (False, False)
    with pytest.raises(errors.NotAllowedError):
        people.everybody(ctx, again)
    leaf = acts.leaves(ctx)[done.leaf]
    assert (leaf.action, leaf.actor, leaf.subject) == ("role:withdrawn", olga.person, aud.person)
    assert leaf.details == {"name": "Aud", "role": "auditor", "sessions": 2}


def test_everybody_is_told_urgently_and_in_words(ctx: Context, olga: Someone, aud: Someone) -> None:
    done = roles.withdraw(ctx, acts.caller(ctx, olga), aud.person, AUDITOR)
    with ctx.read() as unit:
        notice = render(notice_facts(unit.session, done.leaf, url=ctx.url, checkpoint=""))
    assert notice.severity.value == "urgent"
    said = "breakglass URGENT: Olga withdrew the role of Aud as auditor; their sessions ended"
    assert notice.subject == said


def test_the_last_operator_who_can_sign_in_keeps_the_role(ctx: Context, olga: Someone) -> None:
    acts.invite(ctx, "Otto", operator=True)  # and has not enrolled
    me = acts.caller(ctx, olga)
    before = acts.rows(ctx.database)
    with pytest.raises(errors.LastOperatorError):
        roles.withdraw(ctx, me, olga.person, OPERATOR)
    assert acts.rows(ctx.database) == before


def test_an_operator_may_step_down_while_another_is_left(
    ctx: Context, olga: Someone, otto: Someone
) -> None:
    me = acts.caller(ctx, olga)
    roles.withdraw(ctx, me, olga.person, OPERATOR)
    assert person(ctx, olga) == (False, False)
    for act in (
        lambda: roles.withdraw(ctx, me, otto.person, OPERATOR),
        lambda: invitations.invite(ctx, me, NewInvitation(email="x@corp.example", name="X")),
    ):  # as if these calls had been let in before
        with pytest.raises(errors.NotAllowedError):
            act()


def test_who_is_auditor_still_does_nothing_of_an_operator_s(ctx: Context, olga: Someone) -> None:
    both = acts.enrol(ctx, "Bo", operator=True, auditor=True)
    before = acts.caller(ctx, both)
    roles.withdraw(ctx, acts.caller(ctx, olga), both.person, OPERATOR)
    assert person(ctx, both) == (False, True)
    with pytest.raises(errors.NotAllowedError):  # as if this call had been let in before
        invitations.invite(ctx, before, NewInvitation(email="x@corp.example", name="X"))
    assert history.export(ctx, acts.caller(ctx, both)).size


def test_an_invitation_that_was_open_gives_the_role_no_more(ctx: Context, olga: Someone) -> None:
    link = acts.invite(ctx, "Otto", operator=True)
    roles.withdraw(ctx, acts.caller(ctx, olga), link.person, OPERATOR)
    otto = Someone(
        person=link.person, email="otto@corp.example", identity=olga.identity, phrase=olga.phrase
    )
    assert person(ctx, otto) == (False, False)


@pytest.mark.parametrize("role", [OPERATOR, AUDITOR])
def test_nobody_loses_a_role_that_they_do_not_have(
    ctx: Context, olga: Someone, ann: Someone, role: RoleWithdrawal
) -> None:
    with pytest.raises(errors.WrongStateError):
        roles.withdraw(ctx, acts.caller(ctx, olga), ann.person, role)


@pytest.mark.parametrize("who", ["ann", "aud"])
def test_only_operators_take_anything_back(
    ctx: Context, olga: Someone, ann: Someone, aud: Someone, who: str
) -> None:
    me = acts.caller(ctx, {"ann": ann, "aud": aud}[who])
    before = acts.rows(ctx.database)
    with pytest.raises(errors.NotAllowedError):
        roles.withdraw(ctx, me, olga.person, OPERATOR)
    with pytest.raises(errors.NotAllowedError):
        roles.end_sessions(ctx, me, olga.person)
    assert acts.rows(ctx.database) == before


def test_somebody_unknown_is_not_found(ctx: Context, olga: Someone) -> None:
    me = acts.caller(ctx, olga)
    with pytest.raises(errors.NotFoundError):
        roles.withdraw(ctx, me, "00000000-0000-4000-8000-00000000dead", OPERATOR)
    with pytest.raises(errors.NotFoundError):
        roles.end_sessions(ctx, me, "00000000-0000-4000-8000-00000000dead")


@pytest.mark.act("session.end-all")
def test_all_sessions_of_somebody_end_and_the_person_may_sign_in_again(
    ctx: Context, olga: Someone, ann: Someone
) -> None:
    tokens = [sessions.sign_in(ctx, acts.sign_in_body(ann)).token for _ in range(3)]
    done = roles.end_sessions(ctx, acts.caller(ctx, olga), ann.person)
    for token in tokens:
        with pytest.raises(errors.NotSignedInError):
            sessions.authenticate(ctx, token)
    leaf = acts.leaves(ctx)[done.leaf]
    assert (leaf.action, leaf.details) == ("session:all-ended", {"name": "Ann", "sessions": 3})
    assert acts.caller(ctx, ann).person == ann.person


def test_where_nobody_is_signed_in_nothing_ends_and_nothing_is_told(
    ctx: Context, olga: Someone, ann: Someone, clock: HandClock
) -> None:
    acts.caller(ctx, ann)
    clock.advance(hours=1)  # idle for too long: over already
    me = acts.caller(ctx, olga)
    before = acts.rows(ctx.database)
    with pytest.raises(errors.WrongStateError):
        roles.end_sessions(ctx, me, ann.person)
    assert acts.rows(ctx.database) == before


def test_a_session_of_somebody_else_stays(ctx: Context, olga: Someone, ann: Someone) -> None:
    acts.caller(ctx, ann)
    me = acts.caller(ctx, olga)
    roles.end_sessions(ctx, me, ann.person)
    with ctx.read() as unit:
        assert [s.id for s in stored.live(unit.session, olga.person, unit.now)] == [me.session]


def test_an_auditor_s_reading_after_the_withdrawal_is_not_written(
    ctx: Context, olga: Someone, aud: Someone
) -> None:
    before: Caller = acts.caller(ctx, aud)
    roles.withdraw(ctx, acts.caller(ctx, olga), aud.person, AUDITOR)
    with pytest.raises(errors.NotAllowedError):
        history.export(ctx, before)
    assert acts.actions(ctx)[-1] == "role:withdrawn"
