"""Releasing: signed, posted, and every digest and signature of the answer verified."""

import click

from crypto.encoding import b64decode, format_time
from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from crypto.statement import Statement as Signed
from service.client.cli.acting import signed, unlocked
from service.client.cli.before import prove_request
from service.client.cli.checkpoints import check_log, newest_head
from service.client.cli.fetching import fetch_request, remember_chain
from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.cli.signing import posted
from service.client.device import memory, requestkeys
from service.client.device.keeping import keep_released, own_statement, sweep
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.before import Act
from service.client.trust.log import verify_log_receipt
from service.client.trust.release import VerifiedRelease, verify_release
from service.domain import words
from service.domain.people import GroupName
from service.wire.base import Statement
from service.wire.requests import Released


@command("release", signs=True)
@click.argument("request_id", metavar="REQUEST")
def release(run: Invocation, request_id: str) -> None:
    """Release the password for your request, and verify all that the service hands over."""
    sweep(run.home, run.now())
    mine = own_statement(run.home, request_id)
    if mine.payload["drill"]:
        raise ClientRefusal(
            "wrong-state", "this is a drill", f"breakglass drill --release {request_id}"
        )
    with run.api() as api:
        prove_release(run, api, mine)
        run.terminal.confirm("Release now? It is announced, and the window starts")
        verified = sign_release(run, api, mine)
    run.terminal.answer(
        {
            "request": request_id,
            "state": "released",
            "leaf": verified.leaf,
            "receipt": verified.receipt,
            "window_ends_at": format_time(verified.window_ends_at),
            "counted": {g.value: sorted(verified.count.counted[g]) for g in GroupName},
        },
        lambda: _say(run, verified),
    )


def prove_release(run: Invocation, api: Api, mine: Signed) -> None:
    """Prove that the log has my request and the approvals that make its quorum.

    Raises:
        ClientRefusal: ``not-my-request``, or a code of ``cli.before``.
    """
    shown = fetch_request(run, api, mine.payload["request"])
    if shown.about.statement.raw != mine.raw:
        raise ClientRefusal("not-my-request", "this is not the request that this device signed")
    prove_request(run, api, Act.RELEASE, shown)


def sign_release(run: Invocation, api: Api, mine: Signed) -> VerifiedRelease:
    """Sign and post the release of a request made here; keep the verified answer if it is real.

    Raises:
        ClientRefusal: the service's, or a code of ``trust.release`` or ``trust.log``.
    """
    request = mine.payload["request"]
    requestkeys.load(run.home, request)  # without it a release would only expose the envelope
    fields = {"request": mine.digest, "requester": run.config.person}
    statement = signed(run, unlocked(run, api), "release", fields, newest_head(run, api))
    body = Statement(statement=posted(statement))
    released = api.post(f"/requests/{request}/release", body, Released)
    return accept(run, api, mine, released, keep=not mine.payload["drill"])


def accept(
    run: Invocation, api: Api, mine: Signed, released: Released, *, keep: bool
) -> VerifiedRelease:
    """Verify what was handed out, together with the log's receipt, and keep it on request.

    Raises:
        ClientRefusal: a code of ``trust.release`` or ``trust.log``.
    """
    verified = verify_handed_out(run, mine, released)
    remember_chain(run, verified.chain)
    check_log(run, api)
    _check_log_receipt(run, memory.seen_log(run.home, api.server), released, verified)
    if keep:
        keep_released(run.home, released)
    return verified


def verify_handed_out(run: Invocation, mine: Signed, released: Released) -> VerifiedRelease:
    """Verify a release against the request, key and roster memory of this device.

    Raises:
        ClientRefusal: ``no-request-key``, or a code of ``trust.release``.
    """
    key = requestkeys.load(run.home, mine.payload["request"])
    return verify_release(
        released,
        mine=mine,
        recipient_key=key.public,
        me=run.config.fingerprint,
        remembered=memory.seen_roster(run.home, mine.payload["account"]),
    )


def _check_log_receipt(
    run: Invocation, seen: memory.SeenLog | None, released: Released, verified: VerifiedRelease
) -> None:
    """A missing receipt is a warning, since an emergency goes on; a wrong one is a refusal."""
    if not released.receipt or seen is None:
        run.terminal.warn("the log gave no receipt for this release; tell the auditor")
        return
    verifier: NoteVerifier | None
    leaf = b""
    try:
        leaf = b64decode(released.entry)
        verifier = NoteVerifier.from_vkey(seen.verifier_key)
    except CryptoError:
        verifier = None
    if verifier is None or not leaf:
        run.terminal.warn("the log did not show the release's entry; tell the auditor")
        return
    verify_log_receipt(released.receipt, leaf, verifier=verifier, expected=verified.expected_leaf)


def _say(run: Invocation, verified: VerifiedRelease) -> None:
    say, request = run.terminal.say, verified.about.request
    say("Released. Every signature, digest and count is verified.")
    for group in GroupName:
        names = sorted(verified.chain.name_of(p) for p in verified.count.counted[group])
        say(
            f"  {words.group(group)}: {render.listing(names)} approved "
            f"({verified.count.needed[group]} needed)"
        )
    say(f"The window ends {render.moment(format_time(verified.window_ends_at), run.now())}.")
    say(render.entry(verified.leaf))
    say(f"Next: breakglass reveal {request.id} --show   (or --copy)")
