"""A requester who seals: only after a release of their own, and told what others will read."""

from service.client.cli.invocation import Invocation
from service.client.foundation.words.envelopes import YOU_SEAL
from service.client.link.api import Api
from service.domain.errors import NotInRosterError, NotSuccessorError
from service.domain.roster import Roster
from service.domain.successor import sealer_of
from service.wire.accounts import AccountDetail
from service.wire.requests import RequestList


def check_may_seal(roster: Roster, person: str) -> None:
    """Refuse who seals neither by their role nor after a release.

    Raises:
        NotInRosterError: they do not.
    """
    if sealer_of(roster, person) is None:
        raise NotInRosterError("the account's roster does not name you as a sealer")


def check_own_release(run: Invocation, api: Api, roster: Roster, detail: AccountDetail) -> None:
    """Demand a release of theirs from who is no sealer, before they think of a password.

    The service and every client hold it to the log afterwards.

    Raises:
        NotSuccessorError: none of theirs waits for a new password.
    """
    me = run.config.person
    if me in roster.sealers:
        return
    open_ = api.get("/requests", RequestList, account=detail.account, state="open").requests
    if not any(one.requester == me and one.digest in detail.rotating for one in open_):
        raise NotSuccessorError("no release of yours waits for a new password: a sealer seals")
    for line in YOU_SEAL:
        run.terminal.warn(line)
