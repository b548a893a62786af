"""``breakglass offline``: the same release by files, while the service is down.

Each step first tries the service and warns if it answers. Nothing is sealed to a key alone: a
share leaves only for a signed request that this device has verified.
"""

from collections.abc import Sequence
from pathlib import Path

import click

from crypto.encoding import format_time, parse_time
from crypto.recipient import RecipientKey
from crypto.statement import Statement
from service.client.cli.acting import signed, submit, unlocked
from service.client.cli.before import prove
from service.client.cli.checkpoints import newest_head
from service.client.cli.clock import press
from service.client.cli.consent import consent, reader
from service.client.cli.fetching import fetch_chain
from service.client.cli.invocation import Invocation
from service.client.cli.options import command, group
from service.client.cli.outlet import Outlet, outlet_options
from service.client.cli.signing import posted
from service.client.cli.sweeping import sweep
from service.client.commands.reveal import hand_out
from service.client.device import requestkeys
from service.client.device.keeping import note_releasing, own_statement
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.offline import case as cases
from service.client.offline.asking import (
    FILE,
    approve,
    bundle_argument,
    request,
    request_argument,
)
from service.client.offline.files import read_case_or_report, read_shape
from service.client.offline.identity import (
    bundle_context,
    check_service_gone,
    open_bundle,
    unlock_offline,
)
from service.client.offline.papers import papers
from service.client.offline.report import hand_in, server_option
from service.client.shares.combining import open_release
from service.client.trust import contexts
from service.client.trust.before import Act, Subject
from service.client.trust.bundle import VerifiedBundle
from service.client.trust.heads import NO_HEAD
from service.client.trust.offline import (
    out_of_time,
    verify_offline_decisions,
    verify_offline_release,
    verify_offline_request,
)
from service.client.trust.release import count_quorum
from service.client.trust.request import VerifiedRequest, verify_request_statement
from service.client.trust.statements import read
from service.domain.quorum import Decision
from service.wire.offline import OfflineDecision, OfflinePapers, OfflineRequest
from service.wire.requests import OfflineImport


@command("open", signs=True)
@bundle_argument
@request_argument
@click.argument("decision_files", metavar="DECISION-FILE...", nargs=-1, required=True, type=FILE)
@outlet_options
@click.option(
    "--case", type=click.Path(path_type=Path), metavar="FILE", help="Keep the whole case here."
)
def open_(  # noqa: PLR0913 - click's options
    run: Invocation,
    bundle_file: Path,
    request_file: Path,
    decision_files: Sequence[Path],
    *,
    case: Path | None,
    show: bool,
    copy: bool,
    out_fd: int | None,
) -> None:
    """Count the decisions, combine their shares, and open the password."""
    outlet = Outlet(show=show, copy=copy, out_fd=out_fd)
    outlet.check(run)
    check_service_gone(run)
    bundle = open_bundle(run, bundle_file)
    asked = read_shape(request_file, OfflineRequest)
    about, sealed = verify_offline_request(asked.request, bundle, None)
    if said := out_of_time(about, run.now()):
        press(run, said)
    if own_statement(run.home, about.request.id).raw != about.statement.raw:
        raise ClientRefusal("not-my-request", "this is not the request that this device signed")
    given = [read_shape(path, OfflineDecision) for path in decision_files]
    counted = _check_quorum(about, bundle, given)
    path = case or Path(f"breakglass-{about.request.id[:8]}.case")
    before = cases.earlier(path, about)
    wrapped = requestkeys.load(run.home, about.request.id)
    release, key = _release(run, bundle, about, counted, before, wrapped)
    verified = verify_offline_release(about, sealed, bundle, given, release)
    cases.keep(path, before, asked.request, given, release)
    revealed = open_release(verified, key)
    hand_out(run, outlet, bundle.chain, sealed.envelope, revealed)
    run.terminal.answer(
        {
            "request": about.request.id,
            "case": str(path),
            "opened_with": list(revealed.used),
            "wrong": list(revealed.bad),
            "window_ends_at": format_time(verified.window_ends_at),
        },
        lambda: _say_next(run, path, shown=outlet.given),
    )


def _check_quorum(
    about: VerifiedRequest, bundle: VerifiedBundle, given: Sequence[OfflineDecision]
) -> Sequence[Decision]:
    """Count the decisions before asking for the phrase; return them, verified."""
    decisions = verify_offline_decisions(given, about, bundle)
    sealed = bundle.sealed(about.request.manifest)
    count_quorum(bundle.chain, about, sealed.envelope, decisions, until_seq=len(decisions))
    return decisions


def _release(
    run: Invocation,
    bundle: VerifiedBundle,
    about: VerifiedRequest,
    decisions: Sequence[Decision],
    before: OfflineImport | None,
    wrapped: requestkeys.KeptKey,
) -> tuple[Statement, RecipientKey]:
    """Sign the release, or take the one that an earlier try has signed; unwrap the key."""
    requester = about.request.requester
    fields = {"request": about.request.digest, "requester": requester}
    if before is None:
        sealed = bundle.sealed(about.request.manifest)
        context = bundle_context(run, bundle, about.roster, sealed)
        context = contexts.with_request(context, about, entered=False, decisions=decisions)
        consent(run, "release", fields, context)
        run.terminal.confirm("Open it now? After this the password must be changed")
    else:
        run.terminal.note("You have released this before; it goes on with the same case.")
    me = unlock_offline(run, bundle, requester)
    key = wrapped.open(me.root)
    note_releasing(run.home, about.request.id)
    if before is not None:
        return cases.released_before(before), key
    return signed(run, me, "release", fields, NO_HEAD), key


def _say_next(run: Invocation, path: Path, *, shown: bool) -> None:
    if not shown:
        run.terminal.note("The password is hidden; add --show, --copy or --out-fd N to get it.")
    run.terminal.note("Change the password at AWS when you are done. When the service is back:")
    run.terminal.note(f"  breakglass offline import {render.one_line(str(path))}")


@command("import", signs=True)
@click.argument("file", metavar="FILE", type=FILE)
@click.option("--summary", default="", metavar="TEXT", help="What was done; in the log for good.")
@server_option
def import_(run: Invocation, file: Path, summary: str, server: str | None) -> None:
    """Hand in a case, or a report of papers, which needs no login; --summary closes the request."""
    given = read_case_or_report(file)
    if isinstance(given, OfflinePapers):
        hand_in(run, given, server)
        return
    case = given.case
    asked = read(case.request, "request")
    number, account = asked.payload["request"], asked.payload["account"]
    with run.api() as api:
        chain = fetch_chain(run, api, account)
        if summary:
            # The request enters with this case, so only the log itself is held against the chain.
            watched = chain.newest.log_key
            prove(run, api, Subject(act=Act.CLOSE, account=account, log_key=watched))
            fields = {
                "request": asked.digest,
                "requester": run.config.person,
                "summary": summary,
            }
            about = verify_request_statement(case.request, parse_time(asked.payload["at"]), chain)
            context = contexts.of_account(chain, about.roster, reader(run, account))
            context = contexts.with_request(context, about, entered=False)
            consent(run, "closure", fields, context)
            closure = signed(run, unlocked(run, api), "closure", fields, newest_head(run, api))
            case = case.model_copy(update={"closure": posted(run, closure)})
        done = submit(run, api, "/requests/offline", case)
        sweep(run, api)
    run.terminal.answer(
        done,
        lambda: run.terminal.say(
            f"Imported; request {number} is {done.state.replace('_', ' ')}.\n"
            f"Change the password at AWS, then: breakglass seal {account}"
        ),
    )


offline = group(
    "offline",
    "Request, approve and open by files while the service is down.",
    request,
    approve,
    open_,
    papers,
    import_,
)
