"""A request that was refused because of its device's clock: signed anew, once a person says so.

It is the only statement that its device does not date. Id and recipient key stay, so at most one of
the two is entered; which one, only the log proves, and until then neither is deleted.
"""

from crypto import statement as statements
from crypto.identity import Identity
from crypto.statement import Statement
from service.client.cli.before import is_entered
from service.client.cli.clock import press_anew
from service.client.cli.fetching import fetch_request
from service.client.cli.invocation import Invocation
from service.client.device.keeping import (
    keep_redated,
    own_statement,
    redated,
    settle_redated,
    signed_as,
)
from service.client.foundation.errors import ApiRefusal, ClientRefusal
from service.client.link.api import Api
from service.client.trust.clocks import moment

_SET_BY_STATEMENT = frozenset({"kind", "suite", "at"})


def sign_anew(
    run: Invocation, api: Api, first: Statement, me: Identity, refused: ApiRefusal
) -> Statement:
    """Sign a request once more with the service's time, after a second press; keep it too.

    Raises:
        ApiRefusal: ``refused``, where the service says no time.
        ClientRefusal: ``not-confirmed``, ``needs-answer``.
    """
    if api.date is None:
        raise refused
    press_anew(  # the service dates every answer: what was read before may be another time
        run,
        f"this device's clock says {moment(run.now())}, and the service's says {moment(api.date)}: "
        "the request can only be signed anew, dated by the service's clock",
    )
    run.terminal.note(
        f"Signed anew, dated by the service's clock and not by this device's: {moment(api.date)}."
    )
    fields = {name: said for name, said in first.payload.items() if name not in _SET_BY_STATEMENT}
    anew = statements.sign("request", fields, identity=me, at=api.date)
    keep_redated(run.home, anew)
    return anew


def settle_own(run: Invocation, api: Api, request: str) -> Statement:
    """Return my request as the service shows it; keep that one alone once the log proves it.

    Raises:
        ClientRefusal: ``not-my-request``: the service shows a third; or as ``fetch_request``.
    """
    anchor = own_statement(run.home, request).signatures[0].keyid
    shown = fetch_request(run, api, request, anchor=anchor)
    entered = signed_as(run.home, request, shown.about.statement.raw)
    if entered is None:
        raise ClientRefusal("not-my-request", "this is not the request that this device signed")
    if redated(run.home, request) is not None and is_entered(run, api, shown):
        settle_redated(run.home, entered)
    return entered
