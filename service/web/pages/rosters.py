"""Who counts: read, drafted by operators, signed by those who are asked."""

from flask import Blueprint

from service.domain import errors
from service.domain.people import GroupName
from service.domain.roster import MAX_LIFETIME, MAX_WINDOW, Roster
from service.usecases import accounts, people, rosters
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.web.pages.durations import lifetimes, windows
from service.web.pages.standing import roster_of
from service.wire.people import Person

bp = Blueprint("pages_rosters", __name__)

_NOBODY: Values = {
    "name": "",
    "root_email": "",
    "type": "member",
    "password": (),
    "mfa": (),
    "password_threshold": 2,
    "mfa_threshold": 2,
    "requesters": (),
    "sealers": (),
    "request_lifetime": 4 * 3600,
    "release_window": 3600,
    "denials": "unreachable",
}


@bp.get("/accounts/<account:account>/roster")
@requires(Role.PERSON)
@page("roster")
def show(account: str) -> Values:
    """The roster in force, and the draft that waits for signatures."""
    detail = accounts.show(ctx(), caller(), account)
    draft = rosters.show(ctx(), caller(), account).draft
    waiting = {who for people_ in draft.missing.values() for who in people_} if draft else set()
    return {"detail": detail, "draft": draft, "mine": caller().person in waiting}


@bp.get("/accounts/<account:account>/draft")
@requires(Role.OPERATOR)
@page("roster_draft")
def draft(account: str) -> Values:
    """A form for a new version; what it leaves alone is as in the version in force."""
    detail = accounts.show(ctx(), caller(), account)
    if detail.retired_since:
        raise errors.LineRetiredError
    shown = rosters.show(ctx(), caller(), account)
    newest = roster_of(shown)
    old = _as_it_is(newest) if newest else _NOBODY
    everybody = people.everybody(ctx(), caller()).people
    named = [person for person in everybody if _nameable(person)]
    return {
        "detail": detail,
        "draft": shown.draft,
        "people": named,
        "outsiders": [person.name for person in everybody if not _nameable(person)],
        "old": old,
        "lifetimes": _with(lifetimes(MAX_LIFETIME), old["request_lifetime"]),
        "windows": _with(windows(MAX_WINDOW), old["release_window"]),
    }


def _nameable(person: Person) -> bool:
    return bool(person.fingerprint) and not person.operator and not person.auditor


def _as_it_is(roster: Roster) -> Values:
    password, mfa = (roster.groups[name] for name in GroupName)
    return {
        "name": roster.name,
        "root_email": roster.root_email,
        "type": roster.type,
        "password": password.custodians,
        "mfa": mfa.custodians,
        "password_threshold": password.threshold,
        "mfa_threshold": mfa.threshold,
        "requesters": roster.requesters,
        "sealers": roster.sealers,
        "request_lifetime": roster.policy.request_lifetime,
        "release_window": roster.policy.release_window,
        "denials": roster.policy.denials.value,
    }


def _with(choices: list[tuple[int, str]], now: object) -> list[tuple[int, str]]:
    """The choices with the one that is in force, whatever it is."""
    if isinstance(now, int) and now not in {seconds for seconds, _ in choices}:
        choices = sorted([*choices, lifetimes(now)[-1]])
    return choices
