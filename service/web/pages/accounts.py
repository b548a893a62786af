"""Accounts: the list, and one at a glance."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Blueprint

from service.domain.readiness import Act
from service.domain.words import one_line
from service.usecases import accounts, history, home, requests, rosters
from service.usecases.accounts import Account
from service.web import finding_words
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.web.pages import roster as rosters_
from service.web.pages.request import heading
from service.web.pages.words import spaced

bp = Blueprint("pages_accounts", __name__)

_LATEST = 10


@bp.get("/accounts")
@requires(Role.PERSON)
@page("accounts")
def listing() -> Values:
    """The accounts that I may see."""
    return {"accounts": accounts.listing(ctx(), caller()).accounts}


@bp.get("/accounts/<account:account>")
@requires(Role.PERSON)
@page("account")
def show(account: str) -> Values:
    """One account: sealed, ready, exposed; its roster, what is open and what happened."""
    at, who = ctx(), caller()
    # What shows more comes first: the rest of this moment is in it.
    found = rosters.show(at, who, account)
    unfinished = requests.unfinished(at, who, account)
    detail = accounts.show(at, who, account)
    return {
        "detail": detail,
        "name": one_line(detail.name) or spaced(account),
        "roster": rosters_.roster_view(found, detail),
        "draft": found.draft is not None,
        "draft_waits": rosters_.draft_waits_for(found.draft),
        "red": [finding_words.shape(one) for one in detail.findings if one.urgent],
        "amber": [finding_words.shape(one) for one in detail.findings if not one.urgent],
        "requests": [(one, heading(one)) for one in unfinished],
        "events": history.events(at, who, account=account, limit=_LATEST).events,
        "next": steps(detail, home.acts_in(at, who, account)),
    }


@dataclass(frozen=True, slots=True)
class Step:
    """Something that this person may do in the account: its page, its name, and why now."""

    path: str
    words: str
    due: bool
    why: str = ""


def steps(detail: Account, waits: Collection[Act]) -> list[Step]:
    """What this person may do, what waits for them first."""
    roles, at = set(detail.roles), f"/accounts/{detail.account}"
    custodian = bool(roles & {"custodian:password", "custodian:mfa"})
    if detail.retired_since:
        roles -= {"sealer", "requester", "operator"}  # nothing new is taken in it
    found: list[Step] = []
    if Act.SIGN in waits:
        found.append(Step(f"{at}/roster", "Read and sign the roster", due=True,
                          why="A draft waits for your signature."))  # fmt: skip
    if Act.CONFIRM in waits:
        found.append(Step(f"{at}/confirm", "Confirm my share", due=True,
                          why="Nobody knows yet whether your share opens."))  # fmt: skip
    if "sealer" in roles:
        due = Act.SEAL in waits
        why = "Change the password at AWS first." if due and detail.newest else ""
        found.append(Step(f"{at}/seal", "Seal a password", due=due, why=why))
    if "requester" in roles and detail.in_force:
        found.append(Step(f"{at}/ask", "Ask to be root", due=False))
        found.append(Step(f"{at}/drill", "Ask for a drill", due=False))
    if custodian and detail.newest:
        found.append(Step(f"{at}/paper", "Print my share", due=False))
    if "operator" in roles:
        found.append(Step(f"{at}/draft", "Draft a roster", due=Act.DRAFT in waits))
    return sorted(found, key=lambda step: not step.due)
