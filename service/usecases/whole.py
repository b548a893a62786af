"""All that one view shows, read at one moment and proved by one checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.usecases import accounts, envelopes, history, people, requests, rosters
from service.usecases.accounts import Account
from service.usecases.context import Caller, Context
from service.usecases.proven import view
from service.wire.accounts import EnvelopeFacts, Rosters
from service.wire.log import Leaf, LogView
from service.wire.people import Person
from service.wire.requests import RequestSummary
from service.wire.whole import Case

LATEST = 10  # events of an account in one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """An account as its page shows it; see :class:`service.wire.whole.Whole`."""

    me: Person
    detail: Account
    rosters: Rosters
    envelopes: Sequence[EnvelopeFacts]
    unfinished: Sequence[RequestSummary]
    events: Sequence[Leaf]
    log: LogView | None


def case(ctx: Context, caller: Caller, request: str, *, seen: int | None = None) -> Case:
    """A request, its account's rosters and who asks.

    ``seen`` is the size of the checkpoint that the caller remembers; None asks for no proofs.

    Raises:
        NotFoundError: there is none, or request or account are not the caller's to see.
    """
    proves = seen is not None
    with ctx.at_one_moment(caller.at or ctx.clock()) as at, at.read() as unit:
        detail, of_request = requests.look(unit, caller, request, proves=proves)
        chain, of_rosters = rosters.look(unit, caller, detail.account, proves=proves)
        me = people.me(at, caller)
    proof = view(ctx, of_request | of_rosters, seen)
    shown = requests.with_evidence(ctx, detail, of_request, proof)
    return Case(me=me, detail=shown, rosters=chain, log=proof)


def overview(ctx: Context, caller: Caller, account: str, *, seen: int | None = None) -> Overview:
    """An account with its rosters, envelopes, open requests and newest events.

    ``seen`` is as in :func:`case`.

    Raises:
        NotFoundError: there is none, or it is not the caller's to see.
    """
    proves = seen is not None
    with ctx.at_one_moment(caller.at or ctx.clock()) as at, at.read() as unit:
        chain, of_rosters = rosters.look(unit, caller, account, proves=proves)
        sealed, of_envelopes = envelopes.look(unit, caller, account, proves=proves)
        unfinished = requests.unfinished(at, caller, account)
        detail = accounts.show(at, caller, account)
        events = history.events(at, caller, account=account, limit=LATEST).events
        me = people.me(at, caller)
    proof = view(ctx, of_rosters | of_envelopes, seen)
    return Overview(
        me=me,
        detail=detail,
        rosters=chain,
        envelopes=envelopes.with_evidence(ctx, sealed, of_envelopes, proof),
        unfinished=unfinished,
        events=events,
        log=proof,
    )
