"""``offline request`` and ``offline approve``: the way to a quorum by files."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from crypto.encoding import b64encode
from crypto.randomness import random_uuid
from service.client.cli.asking import check_policy, sign_request
from service.client.cli.consent import consent
from service.client.cli.earlier_shares import noted_requests, remember_share
from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.cli.signing import posted
from service.client.cli.sweeping import sweep_offline
from service.client.device.keeping import forget
from service.client.device.newfile import check_new
from service.client.device.requestkeys import KeptSlot
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.spans import parse_span
from service.client.foundation.words import requests as words
from service.client.foundation.words.envelopes import who_knows
from service.client.offline.files import read_shape, write_shape
from service.client.offline.identity import (
    bundle_context,
    check_service_gone,
    open_bundle,
    unlock_offline,
    who_am_i,
)
from service.client.shares.opening import Holding
from service.client.shares.resealing import approve as make_approval
from service.client.trust import contexts
from service.client.trust.bundle import BundledSeal, VerifiedBundle
from service.client.trust.envelope import check_custody_receipt
from service.client.trust.heads import NO_HEAD, Stamp
from service.client.trust.offline import resealed_of, verify_offline_request
from service.client.trust.release import verify_share
from service.client.trust.request import VerifiedRequest, verify_decision
from service.domain.people import GroupName
from service.domain.roster import check_not_retired, common_custodians
from service.domain.tasks import check_task
from service.wire.offline import OfflineDecision, OfflineRequest

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
bundle_argument = click.argument("bundle_file", metavar="BUNDLE", type=FILE)
request_argument = click.argument("request_file", metavar="REQUEST-FILE", type=FILE)
me_option = click.option("--me", default="", metavar="NAME", help="Your name in the roster.")


@command("request", signs=True)
@bundle_argument
@me_option
@click.option("--task", default="", metavar="CODE", help="As in 'breakglass request'.")
@click.option("--task-text", default="", metavar="TEXT", help="The task in words.")
@click.option(
    "--reason", default="", metavar="TEXT", help="Why; in the log for good, after the import."
)
@click.option("--ticket", default="", metavar="TEXT", help="Your ticket's number.")
@click.option(
    "--lifetime", default="", metavar="TIME", help="How long to collect approvals, such as 2h."
)
@click.option("--newest", is_flag=True, help="Use the newest envelope, even if unconfirmed.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it here.")
def request(
    run: Invocation,
    bundle_file: Path,
    out: Path | None,
    *,
    newest: bool,
    **given: Any,  # noqa: ANN401
) -> None:
    """Write a request to a file, for custodians of both groups."""
    check_service_gone(run)
    sweep_offline(run)
    bundle = open_bundle(run, bundle_file)
    me = who_am_i(run, bundle, given["me"])
    fields = _fields(run, bundle, me, given, newest=newest)
    number = random_uuid()
    path = out or Path(f"breakglass-{number[:8]}.request")
    check_new(path)
    context = bundle_context(run, bundle, bundle.chain.newest, bundle.sealed(fields["manifest"]))
    envelope = bundle.sealed(fields["manifest"]).envelope
    consent(run, "request", fields, contexts.with_asked(context, bundle.chain, envelope))
    identity = unlock_offline(run, bundle, me)
    own = bundle.slot_of(me)
    slot = KeptSlot(
        slot=own.slot, salt=own.salt, iterations=own.iterations, wrapped_root=own.wrapped_root
    )
    statement = sign_request(run, {**fields, "request": number}, identity, [slot], NO_HEAD)
    try:
        write_shape(
            path,
            OfflineRequest(format="breakglass-offline-request/1", request=posted(run, statement)),
        )
    except ClientRefusal:
        forget(run.home, number)  # no one will ever see the request that its key is for
        raise
    about, sealed = verify_offline_request(posted(run, statement), bundle, run.now())

    def human() -> None:
        for line in _lines(run, about, sealed, bundle):
            run.terminal.say(line)
        run.terminal.say(f"Give {path} and the bundle to custodians; each uses their own device:")
        sealed_for = bundle.chain.named(sealed.envelope.roster)
        for line in words.asked_lines(about.roster, sealed_for, bundle.chain.name_of, new_keys=()):
            run.terminal.say(line)

    run.terminal.answer({"request": number, "file": str(path)}, human)


def _lines(
    run: Invocation, about: VerifiedRequest, sealed: BundledSeal, bundle: VerifiedBundle
) -> list[str]:
    envelope = f"version {sealed.envelope.version}, {sealed.state} when the bundle was made"
    roster, name_of = bundle.chain.named(sealed.envelope.roster), bundle.chain.name_of
    if known := who_knows(sealed.envelope, roster, name_of):
        envelope += f", {known}"
    return words.request_lines(
        about.request, about.roster, name_of, envelope=envelope, now=run.now()
    )


def _fields(
    run: Invocation, bundle: VerifiedBundle, me: str, given: dict[str, str], *, newest: bool
) -> dict[str, Any]:
    roster = bundle.chain.newest
    check_not_retired(roster)
    sealed = choose(bundle, newest=newest)
    task = given["task"] or run.terminal.ask("Task", option="--task")
    check_task(task, drill=False)
    fields: dict[str, Any] = {
        "account": roster.account,
        "roster": roster.digest,
        "manifest": sealed.envelope.digest,
        "requester": me,
        "task": task,
        "task_text": given["task_text"],
        "reason": given["reason"] or run.terminal.ask("Why", option="--reason"),
        "ticket": given["ticket"],
        "lifetime": roster.policy.request_lifetime,
        "window": roster.policy.release_window,
        "drill": False,
        "offline": True,
    }
    if given["lifetime"]:
        fields["lifetime"] = parse_span(given["lifetime"])
    check_policy(roster, me, lifetime=fields["lifetime"], window=fields["window"])
    return fields


def choose(bundle: VerifiedBundle, *, newest: bool) -> BundledSeal:
    """Return the envelope that a request is for: the one in force, or the newest one.

    Raises:
        ClientRefusal: ``no-envelope``: all of them are superseded, or there is none.
    """
    living = [item for item in bundle.envelopes if item.state != "superseded"]
    in_force = [item for item in living if item.state != "unconfirmed"]
    if not living:
        raise ClientRefusal("no-envelope", "the bundle has no envelope that is in force")
    return living[0] if newest or not in_force else in_force[0]


@command("approve", signs=True)
@bundle_argument
@request_argument
@me_option
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it here.")
def approve(
    run: Invocation, bundle_file: Path, request_file: Path, me: str, out: Path | None
) -> None:
    """Approve a request from a file: open your share and seal it to that request only."""
    check_service_gone(run)
    bundle = open_bundle(run, bundle_file)
    person = who_am_i(run, bundle, me)
    asked = read_shape(request_file, OfflineRequest)
    about, sealed = verify_offline_request(asked.request, bundle, run.now())
    holding = check_approvable(about, sealed, bundle, person)
    name = render.one_line(bundle.chain.name_of(person)).replace("/", "-")
    path = out or Path(f"breakglass-{about.request.id[:8]}.{name}.decision")
    if _approved_before(path, about, person):
        _say_approved(run, about, bundle, path, again=True)
        return
    _show(run, bundle, about, sealed, holding)
    run.terminal.confirm("Approve this request?")
    identity = unlock_offline(run, bundle, person)
    run.sight.demand_shown("decision")
    stamp = Stamp(at=run.now(), head=NO_HEAD)
    made = make_approval(about, holding, sealed.shares[person], identity, stamp, confirmed=True)
    remember_share(run.home, about.request)  # before the file exists, so that none goes uncounted
    write_shape(
        path,
        OfflineDecision(
            format="breakglass-offline-decision/1",
            decision=posted(run, made.statement),
            resealed_share=b64encode(made.resealed),
        ),
    )
    _say_approved(run, about, bundle, path, again=False)


def _show(
    run: Invocation,
    bundle: VerifiedBundle,
    about: VerifiedRequest,
    sealed: BundledSeal,
    holding: Holding,
) -> None:
    context = bundle_context(run, bundle, about.roster, sealed)
    context = contexts.with_request(context, about, entered=False)
    context = replace(
        contexts.with_groups(context, holding.roster),
        earlier=noted_requests(run.home, about.request),
        warnings=_newer(sealed, bundle),
    )
    fields = {
        "request": about.request.digest,
        "group": holding.group.value,
        "custodian": holding.person,
        "decision": "approve",
        "reason": "",
    }
    consent(run, "decision", fields, context)


def _approved_before(path: Path, about: VerifiedRequest, person: str) -> bool:
    """Whether the file to be written holds my approval of this request already.

    Raises:
        ClientRefusal: ``file-exists``: it holds something else; ``file``: none can be written.
    """
    if not os.path.lexists(path):
        check_new(path)
        return False
    try:
        there = read_shape(path, OfflineDecision)
        at = about.request.entered_at
        decision = verify_decision(there.decision, about, seq=0, at=at)
        verify_share(resealed_of(there, decision), {decision.digest: decision}, drill=False)
    except ClientRefusal as refused:
        why = refused.message
    else:
        if decision.approves and decision.custodian == person:
            return True
        why = "it is another decision"
    raise ClientRefusal(
        "file-exists",
        f"{path} already exists: {why}",
        "nothing is overwritten: choose another name with --out",
    )


def _say_approved(
    run: Invocation, about: VerifiedRequest, bundle: VerifiedBundle, path: Path, *, again: bool
) -> None:
    requester = render.one_line(bundle.chain.name_of(about.request.requester))
    said = "You have approved this before." if again else "Approved."
    run.terminal.answer(
        {"request": about.request.id, "file": str(path)},
        lambda: run.terminal.say(f"{said} Give {path} to {requester}."),
    )


def check_approvable(
    about: VerifiedRequest, sealed: BundledSeal, bundle: VerifiedBundle, person: str
) -> Holding:
    """Return my place in the envelope if I may approve, by the same rules as the service's.

    Raises:
        ClientRefusal: ``self-approval``, ``not-in-roster``, ``receipt-missing``.
    """
    if about.request.requester == person:
        raise ClientRefusal("self-approval", "you cannot approve your own request")
    group: GroupName | None = about.roster.group_of(person)
    sealed_for = bundle.chain.named(sealed.envelope.roster)
    if group is None or person not in common_custodians(about.roster, sealed_for, group):
        raise ClientRefusal("not-in-roster", "the envelope has no share for you")
    check_custody_receipt(sealed.receipts, group, person)
    return Holding(
        envelope=sealed.envelope,
        manifest=sealed.manifest.payload,
        roster=sealed_for,
        group=group,
        person=person,
    )


def _newer(sealed: BundledSeal, bundle: VerifiedBundle) -> list[str]:
    newest = bundle.envelopes[0].envelope.version
    if newest == sealed.envelope.version:
        return []
    return [f"The request uses an older envelope: version {newest} is newer."]
