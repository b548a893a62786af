"""Deciding on a request: what a custodian's device verifies, shows, and signs."""

from dataclasses import replace

import click

from crypto.encoding import b64decode, b64encode
from service.client.cli.acting import stamp, submit, unlocked
from service.client.cli.before import prove_request
from service.client.cli.consent import ask_words, consent, request_context
from service.client.cli.earlier_shares import earlier_requests, remember_share
from service.client.cli.exposing import ending_of
from service.client.cli.fetching import fetch_request
from service.client.cli.finding import find_request
from service.client.cli.invocation import Invocation
from service.client.cli.options import command, request_argument
from service.client.cli.signing import posted
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.shares.opening import Holding
from service.client.shares.resealing import approve as make_approval
from service.client.shares.resealing import deny as make_denial
from service.client.trust import contexts
from service.client.trust.before import Act
from service.client.trust.envelope import verify_receipts
from service.client.trust.shown import ShownRequest
from service.domain import words
from service.domain.credential import takes_receipts
from service.domain.people import GroupName
from service.domain.roster import common_custodians
from service.wire.accounts import MyShare
from service.wire.base import Done
from service.wire.requests import Decide


@command("approve", signs=True)
@request_argument
def approve(run: Invocation, request_id: str) -> None:
    """Approve a request: open your share and seal it to that request only."""
    with run.api() as api:
        request_id = find_request(api, request_id)
        shown = fetch_request(run, api, request_id)
        holding = check_approvable(shown, run.config.person)
        confirmed = has_my_receipt(shown, holding)
        shown = prove_request(run, api, Act.APPROVE, shown)
        show_approval(run, api, shown, holding, confirmed=confirmed)
        run.terminal.confirm(
            "Take part in this drill?" if shown.about.request.drill else "Approve this request?"
        )
        me = unlocked(run, api, shown.chain.newest)
        share = api.get(f"/envelopes/{shown.envelope.id}/share", MyShare)
        sealed = b64decode(share.sealed_share)
        at = stamp(run, api, "decision")
        made = make_approval(shown.about, holding, sealed, me, at, confirmed=confirmed)
        body = Decide(
            statement=posted(run, made.statement),
            resealed_share=b64encode(made.resealed),
            receipt=None if made.receipt is None else posted(run, made.receipt),
        )
        if not shown.about.request.drill:
            # Before posting: a share that leaves unnoted is never counted.
            remember_share(run.home, shown.about.request)
        done = submit(run, api, f"/requests/{request_id}/decisions", body)
    run.terminal.answer(done, lambda: _say_approved(run, shown, done))


def check_approvable(shown: ShownRequest, me: str) -> Holding:
    """Return my place in the envelope, if I may approve this request at all.

    Raises:
        ClientRefusal: ``stale-roster``, ``self-approval``, ``not-in-roster``.
    """
    request, newest = shown.about.request, shown.chain.newest
    if request.roster != newest.working:
        raise ClientRefusal("stale-roster", "the request was made under an older roster")
    if request.requester == me:
        raise ClientRefusal("self-approval", "you cannot decide on your own request")
    group = newest.group_of(me)
    if group is None:
        raise ClientRefusal("not-in-roster", "the account's roster names you in neither group")
    sealed_for = shown.chain.named(shown.envelope.roster)
    if me not in common_custodians(newest, sealed_for, group):
        raise ClientRefusal("not-in-roster", "the envelope holds no share that you can open")
    return Holding(
        envelope=shown.envelope,
        manifest=shown.manifest.payload,
        roster=sealed_for,
        group=group,
        person=me,
    )


def has_my_receipt(shown: ShownRequest, holding: Holding) -> bool:
    """Whether I have signed a receipt for exactly this manifest; else I may sign it now.

    Raises:
        ClientRefusal: ``receipt-missing``: the envelope is superseded, or was sealed under an
            older roster, for which no receipt is signed any more; ``receipt-forged``.
    """
    receipts = verify_receipts(shown.detail.receipts, shown.envelope, shown.chain)
    if shown.detail.manifest_state != "superseded":
        if (holding.group, holding.person) in receipts:
            return True
        if takes_receipts(holding.roster, shown.chain.newest):
            return False
    raise ClientRefusal(
        "receipt-missing",
        "the request names an envelope that you have not confirmed and cannot confirm now",
        "ask the requester which envelope they mean, and the operator what happened to yours",
    )


def show_approval(
    run: Invocation, api: Api, shown: ShownRequest, holding: Holding, *, confirmed: bool
) -> None:
    """Show what was asked, what approving does, and where the same share went before."""
    context = replace(
        contexts.with_groups(request_context(run, api, shown), holding.roster),
        receipt=not confirmed,
        earlier=[] if shown.about.request.drill else earlier_requests(run, api, shown),
    )
    fields = {
        "request": shown.about.request.digest,
        "group": holding.group.value,
        "custodian": holding.person,
        "decision": "approve",
        "reason": "",
    }
    consent(run, "decision", fields, context)
    if not confirmed:
        run.sight.show("custody-receipt", holding.fields)  # its row is in the consent above


def _say_approved(run: Invocation, shown: ShownRequest, done: Done) -> None:
    if shown.about.request.drill:
        run.terminal.say("Your share opens. The drill goes on.")
    else:
        run.terminal.say("Approved: your share is sealed to this request.")
    requester = render.one_line(shown.chain.name_of(shown.about.request.requester))
    if done.state == "approved":
        run.terminal.say(f"Both groups have approved; {requester} can go on.")
    else:
        run.terminal.say(f"The request is {words.plain(done.state)}.")
    run.terminal.say(render.entry(done.leaf))


@command("deny", signs=True)
@request_argument
@click.option("--reason", default="", metavar="TEXT", help="Why; signed, in the log for good.")
def deny(run: Invocation, request_id: str, reason: str) -> None:
    """Deny a request. Possible after your own approval too, until the release."""
    with run.api() as api:
        request_id = find_request(api, request_id)
        shown = fetch_request(run, api, request_id, blocks=False)
        group = _group_of_mine(shown, run.config.person)
        shown = prove_request(run, api, Act.DENY, shown)
        context = replace(request_context(run, api, shown), ending=ending_of(api, shown))
        why = reason or ask_words(run, context, "Why not", option="--reason")
        fields = {
            "request": shown.about.request.digest,
            "group": group.value,
            "custodian": run.config.person,
            "decision": "deny",
            "reason": why,
            "resealed_share_digest": "",
        }
        consent(run, "decision", fields, context)
        me = unlocked(run, api)
        statement = make_denial(
            shown.about,
            group=group,
            person=run.config.person,
            reason=why,
            stamp=stamp(run, api, "decision"),
            me=me,
        )
        body = Decide(statement=posted(run, statement))
        done = submit(run, api, f"/requests/{request_id}/decisions", body)
    state = words.plain(done.state)
    run.terminal.answer(
        done,
        lambda: run.terminal.say(f"Denied. The request is {state}.\n{render.entry(done.leaf)}"),
    )


def _group_of_mine(shown: ShownRequest, me: str) -> GroupName:
    group = shown.about.roster.group_of(me)
    if group is None:
        raise ClientRefusal("not-in-roster", "the account's roster names you in neither group")
    return group
