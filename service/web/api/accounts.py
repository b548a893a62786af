"""Protected accounts."""

from http import HTTPStatus

from flask import Blueprint

from service.usecases import accounts, bundles, envelopes
from service.usecases import whole as whole_
from service.web.access import Role, requires
from service.web.act import act
from service.web.current import caller, ctx
from service.web.finding_words import detail
from service.web.seen import Proving
from service.wire.accounts import (
    AccountDetail,
    AccountList,
    Bundle,
    Channel,
    Envelopes,
    NewAccount,
)
from service.wire.base import Done
from service.wire.whole import Whole

bp = Blueprint("accounts", __name__)


@bp.get("/accounts")
@requires(Role.PERSON)
@act("account.list")
def listing() -> AccountList:
    """The accounts that I may see."""
    return accounts.listing(ctx(), caller())


@bp.post("/accounts")
@requires(Role.OPERATOR)
@act("account.register", status=HTTPStatus.CREATED)
def register(body: NewAccount) -> Done:
    """Register an account to protect."""
    return accounts.register(ctx(), caller(), body)


@bp.get("/accounts/<account:account>")
@requires(Role.PERSON)
@act("account.show")
def show(account: str) -> AccountDetail:
    """One account, with what is due and what is wrong."""
    return detail(accounts.show(ctx(), caller(), account))


@bp.get("/accounts/<account:account>/whole")
@requires(Role.PERSON)
@act("account.whole")
def whole(account: str, query: Proving) -> Whole:
    """The same with its rosters, envelopes, open requests and newest events, at one moment."""
    found = whole_.overview(ctx(), caller(), account, seen=query.seen)
    return Whole(
        me=found.me,
        detail=detail(found.detail),
        rosters=found.rosters,
        envelopes=list(found.envelopes),
        open=list(found.unfinished),
        events=list(found.events),
        log=found.log,
    )


@bp.put("/accounts/<account:account>/channel")
@requires(Role.OPERATOR)
@act("account.channel")
def set_channel(account: str, body: Channel) -> Done:
    """Set where the account's notices go."""
    return accounts.set_channel(ctx(), caller(), account, body)


@bp.get("/accounts/<account:account>/envelopes")
@requires(Role.PERSON)
@act("envelope.list")
def sealed(account: str, query: Proving) -> Envelopes:
    """The account's envelopes that still matter."""
    return envelopes.listing(ctx(), caller(), account, seen=query.seen)


@bp.get("/accounts/<account:account>/bundle")
@requires(Role.PERSON, fresh=True)
@act("bundle.fetch")
def bundle(account: str) -> Bundle:
    """All that a quorum needs when the service is gone."""
    return bundles.fetch(ctx(), caller(), account)
