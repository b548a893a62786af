"""Asking the service for rosters, requests and envelopes, and verifying them with ``trust``."""

import contextlib
from dataclasses import replace
from typing import TypeVar

from service.client.cli.checkpoints import alarm, seen_size, watch
from service.client.cli.foreign import without_foreign, without_foreign_receipts
from service.client.cli.invocation import Invocation
from service.client.cli.lines import say_lines
from service.client.cli.takingup import taken_up
from service.client.device import memory
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.chain import VerifiedChain, verify_chain
from service.client.trust.envelope import verify_manifest, verify_receipts
from service.client.trust.shown import ShownRequest, verify_shown
from service.client.trust.successor import check_head
from service.domain.credential import confirmed
from service.wire.accounts import EnvelopeFacts, Envelopes, Rosters
from service.wire.people import Person
from service.wire.successor import Successor
from service.wire.whole import Case

_Subject = Case | Rosters | Envelopes
_A = TypeVar("_A", Case, Rosters, Envelopes)


def see(run: Invocation, api: Api, path: str, shape: type[_A], *, blocks: bool = True) -> _A:
    """Fetch a subject with what proves it, and look at the log first.

    Unless it ``blocks``, an alarm is shown and the subject all the same: for those who only look,
    or say no.

    Raises:
        ClientRefusal: a code of ``checkpoints.check_log``; ``successor-unproven``.
    """
    size = seen_size(run, api)
    answer = api.get(path, shape, seen=size)
    for shown in _evidence(answer):
        check_head(shown, answer.log)
    if run.sight.alarmed and not blocks:
        return answer  # it was shown already
    try:
        watch(run, api, answer.log, asked_with=size)
    except ClientRefusal as refused:
        if refused.code == "log-key-changed" and taken_up(run, api, _account(answer, path)):
            return see(run, api, path, shape, blocks=blocks)
        if blocks:
            raise
        alarm(run, refused)
    return answer


def _account(answer: _Subject, path: str) -> str:
    return answer.detail.account if isinstance(answer, Case) else path.split("/")[2]


def _evidence(answer: _Subject) -> list[Successor | None]:
    """What an answer shows of envelopes that their requesters have sealed."""
    if isinstance(answer, Case):
        return [answer.detail.successor]
    return [one.successor for one in answer.envelopes] if isinstance(answer, Envelopes) else []


def fetch_chain(
    run: Invocation,
    api: Api,
    account: str,
    *,
    looking: bool = False,
    blocks: bool = True,
    anchor: str = "",
) -> VerifiedChain:
    """Fetch and verify an account's rosters, anchored in my own signature, and remember them.

    Operators and auditors have signed none: when they are only ``looking``, the chain is verified
    without an anchor, and a note says so. Only the service says that someone is one of them, so it
    waives nothing for an act that signs or seals.

    ``anchor`` is the fingerprint of keys with which I signed before, where it must be those.

    Raises:
        ClientRefusal: a code of ``trust.chain``, or ``roster-rewound``.
    """
    unanchored = looking and _outsider(api.get("/people/me", Person))
    path = f"/accounts/{account}/rosters"
    rosters = see(run, api, path, Rosters, blocks=blocks and not looking)
    return _verified(run, account, rosters, unanchored=unanchored, anchor=anchor)


def _verified(
    run: Invocation, account: str, rosters: Rosters, *, unanchored: bool, anchor: str
) -> VerifiedChain:
    me: str | None = anchor or run.config.fingerprint
    if unanchored:
        me = None
        run.terminal.note("You sign no rosters: that these people count is the service's word.")
    say_lines(run, account, rosters.lines)
    seen = memory.seen_roster(run.home, account)
    chain = verify_chain(rosters.chain, rosters.identities, account=account, me=me, remembered=seen)
    if me is not None:  # an unanchored chain must not make this device refuse the real one
        remember_chain(run, chain)
    return chain


def remember_chain(run: Invocation, chain: VerifiedChain) -> None:
    """Remember a verified chain's newest version; never less than before.

    Raises:
        ClientRefusal: ``roster-rewound``: another roster of this version was seen.
    """
    newest = chain.newest
    seen = memory.seen_roster(run.home, newest.account)
    if seen is None or seen[0] <= newest.version:
        memory.remember_roster(run.home, newest.account, newest.version, newest.digest)


def _outsider(me: Person) -> bool:
    return me.operator or me.auditor


def fetch_request(
    run: Invocation,
    api: Api,
    request: str,
    *,
    looking: bool = False,
    blocks: bool = True,
    anchor: str = "",
) -> ShownRequest:
    """Fetch a request with every statement on it and its rosters at one moment, and verify all.

    ``looking`` and ``anchor`` are as in :func:`fetch_chain`, ``blocks`` as in :func:`see`.

    Raises:
        ClientRefusal: a code of ``trust.chain``, ``trust.envelope`` or ``trust.request``.
    """
    had = len(run.sight.views)
    case = see(run, api, f"/requests/{request}/case", Case, blocks=blocks and not looking)
    views, detail = run.sight.views[had:], case.detail
    unanchored = looking and _outsider(case.me)
    chain = _verified(run, detail.account, case.rosters, unanchored=unanchored, anchor=anchor)
    return without_foreign(run, verify_shown(request, detail, chain), views)


def fetch_envelopes(
    run: Invocation, api: Api, chain: VerifiedChain, *, looking: bool = False
) -> list[EnvelopeFacts]:
    """Fetch an account's envelopes, newest first, and remember the newest that is verified ready.

    Nothing else of them is verified yet; one that is false is no reason to forget another.
    Receipts that name another log are left out.
    ``looking`` is as in :func:`fetch_chain`.

    Raises:
        ClientRefusal: a code of ``checkpoints.check_log``.
    """
    account = chain.newest.account
    had = len(run.sight.views)
    answer = see(run, api, f"/accounts/{account}/envelopes", Envelopes, blocks=not looking)
    found = []
    for facts in answer.envelopes:
        counted = facts
        with contextlib.suppress(ClientRefusal):
            counted = without_foreign_receipts(run, facts, chain, run.sight.views[had:])
            remember_if_ready(run, counted, chain)
        found.append(counted)
    return found


def remember_if_ready(run: Invocation, facts: EnvelopeFacts, chain: VerifiedChain) -> None:
    """Remember an envelope that threshold custodians of both groups have confirmed.

    Raises:
        ClientRefusal: a code of ``trust.envelope``.
    """
    envelope, _ = verify_manifest(facts.manifest, chain, facts.successor)
    receipts = verify_receipts(facts.receipts, envelope, chain)
    if confirmed(replace(envelope, receipts=receipts), chain.named(envelope.roster)):
        memory.remember_ready(run.home, envelope.account, envelope.version, envelope.digest)
