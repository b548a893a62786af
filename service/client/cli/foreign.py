"""Naming whose statements are of another log than this device has verified, and not counting them.

Only what was verified names anyone: a service can add a statement, but sign none.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crypto import statement as statements
from crypto.statement import Statement
from service.client.cli.invocation import Invocation
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import VerifiedChain
from service.client.trust.entries import View
from service.client.trust.envelope import verify_manifest, verify_receipts
from service.client.trust.foreign import is_foreign, is_foreign_where_proved
from service.client.trust.growth import ALARM
from service.client.trust.shown import ShownRequest
from service.client.trust.statements import raw, read
from service.domain.credential import Envelope
from service.wire.accounts import EnvelopeFacts
from service.wire.base import Dsse

_SIGNERS = ("custodian", "reviewer", "requester")
_DECISIONS = {"approve": "approval", "deny": "denial"}


def without_foreign(run: Invocation, shown: ShownRequest, views: Sequence[View]) -> ShownRequest:
    """Name whose statements on a request are of another log; their approvals are not counted.

    ``views`` is what came with this very answer.
    """
    found = [one for one, place in _said_on(shown) if is_foreign(one, views, place)]
    with contextlib.suppress(ClientRefusal):  # a forged receipt is refused where it is counted
        mine = _foreign(shown.detail.receipts, shown.envelope, shown.chain, views)
        for statement in mine.values():
            _name(run, shown.chain, statement)
    for statement in found:
        _name(run, shown.chain, statement)
    return replace(shown, foreign=frozenset(statement.digest for statement in found))


def without_proved_foreign(run: Invocation, shown: ShownRequest) -> ShownRequest:
    """Do the same for what any answer of this call proves, wherever the service says it stands.

    Else it could hide a head: by a place that no checkpoint reaches, or by proving the entry beside
    an answer in which no head is looked for.
    """
    request, views = shown.about.request, run.sight.views
    found = [
        one
        for one, _ in _said_on(shown)
        if one.digest not in shown.foreign
        and is_foreign_where_proved(one, views, request.account, request.id)
    ]
    for statement in found:
        _name(run, shown.chain, statement)
    more = frozenset(statement.digest for statement in found)
    return replace(shown, foreign=shown.foreign | more)


def check_asked_here(shown: ShownRequest) -> None:
    """Refuse to approve what was asked by a device that was shown another log.

    Raises:
        ClientRefusal: ``log-forked``.
    """
    if shown.about.statement.digest in shown.foreign:
        who = shown.chain.name_of(shown.about.request.requester)
        raise ClientRefusal(
            "log-forked",
            f"the request of {who} names a log that is not this one",
            f"{ALARM}; have {who} ask again from another device",
        )


def without_foreign_receipts(
    run: Invocation, facts: EnvelopeFacts, chain: VerifiedChain, views: Sequence[View]
) -> EnvelopeFacts:
    """Name whose custody receipts are of another log, and leave those out.

    Raises:
        ClientRefusal: a code of ``trust.envelope``.
    """
    envelope, _ = verify_manifest(facts.manifest, chain, facts.successor)
    found = _foreign(facts.receipts, envelope, chain, views)
    for statement in found.values():
        _name(run, chain, statement, then=": it is not counted")
    kept = [dsse for dsse in facts.receipts if raw(dsse) not in found]
    return facts.model_copy(update={"receipts": kept})


def _said_on(shown: ShownRequest) -> Iterator[tuple[Statement, int]]:
    """The request and all that is said of it, verified before, each with its place."""
    detail = shown.detail
    for entered in [detail.request, *detail.decisions, *detail.others]:
        yield statements.parse(raw(entered.statement)), entered.leaf


def _foreign(
    receipts: Sequence[Dsse], envelope: Envelope, chain: VerifiedChain, views: Sequence[View]
) -> Mapping[bytes, Statement]:
    verify_receipts(receipts, envelope, chain)  # a forged one would name someone who signed nothing
    found = [read(dsse, "custody-receipt") for dsse in receipts]
    return {statement.raw: statement for statement in found if is_foreign(statement, views)}


def _name(run: Invocation, chain: VerifiedChain, statement: Statement, then: str = "") -> None:
    said = statement.payload
    what = _DECISIONS.get(said.get("decision", ""), statement.kind.replace("-", " "))
    who = render.one_line(chain.name_of(next(said[one] for one in _SIGNERS if one in said)))
    then = ": it is not counted" if what == "approval" else then
    run.terminal.warn(
        f"the {what} of {who} names a log that is not this one{then}. Tell the auditor, and {who}, "
        "whose device was shown another log [log-forked]"
    )
