"""Releasing: signed, posted, and every digest and signature of the answer verified."""

from dataclasses import replace
from datetime import datetime

from crypto.encoding import b64decode, format_time
from crypto.errors import CryptoError
from crypto.leaf import parse_leaf
from crypto.note import NoteVerifier
from crypto.recipient import RecipientKey
from crypto.statement import Statement as Signed
from service.client.cli.acting import signed, unlocked
from service.client.cli.before import prove_request
from service.client.cli.checkpoints import check_log, newest_head
from service.client.cli.clock import say_clock
from service.client.cli.consent import consent, request_context
from service.client.cli.fetching import fetch_request, remember_chain
from service.client.cli.finding import find_own
from service.client.cli.invocation import Invocation
from service.client.cli.options import command, request_argument
from service.client.cli.redating import settle_own
from service.client.cli.signing import posted
from service.client.cli.sweeping import sweep
from service.client.device import memory, requestkeys
from service.client.device.keeping import (
    keep_released,
    note_releasing,
    own_statement,
    signed_as,
)
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.before import Act
from service.client.trust.chain import Remembered
from service.client.trust.log import verify_log_receipt
from service.client.trust.release import VerifiedRelease, verify_release
from service.client.trust.statements import raw
from service.domain import words
from service.domain.people import GroupName
from service.wire.base import Statement
from service.wire.requests import Released


@command("release", signs=True)
@request_argument
def release(run: Invocation, request_id: str) -> None:
    """Release the password for your request, and verify all that the service hands over."""
    request_id = find_own(run, request_id)
    mine = own_statement(run.home, request_id)
    if mine.payload["drill"]:
        raise ClientRefusal(
            "wrong-state", "this is a drill", f"breakglass drill --release {request_id}"
        )
    with run.api() as api:
        mine = prove_release(run, api, mine)
        run.terminal.confirm("Release now? It is announced, and the window starts")
        verified, _ = sign_release(run, api, mine)
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
        sweep(run, api, acting=request_id)  # after the answer: no one waits for it


def prove_release(run: Invocation, api: Api, mine: Signed) -> Signed:
    """Prove that the log has my request and the approvals that make its quorum, and show both.

    Returns the request as it was entered, which may be the one that was signed anew.

    Raises:
        ClientRefusal: ``not-my-request``, or a code of ``cli.before``.
    """
    # By the keys with which I made the request, also when I have enrolled again since.
    keyid = mine.signatures[0].keyid
    shown = fetch_request(run, api, mine.payload["request"], anchor=keyid)
    if shown.about.statement.raw != mine.raw:
        mine = settle_own(run, api, mine.payload["request"])
    shown = prove_request(run, api, Act.RELEASE, shown)
    fields = {"request": mine.digest, "requester": run.config.person}
    consent(run, "release", fields, request_context(run, api, shown))
    return mine


def sign_release(run: Invocation, api: Api, mine: Signed) -> tuple[VerifiedRelease, RecipientKey]:
    """Sign and post the release of a request made here; keep the verified answer.

    The request's key is unwrapped in the same unlocking, before anything is posted: without it a
    release would only expose the envelope.

    Raises:
        ClientRefusal: ``no-request-key``, ``request-key-locked``, the service's, or a code of
            ``trust.release`` or ``trust.log``.
    """
    request = mine.payload["request"]
    kept = requestkeys.load(run.home, request)
    me = unlocked(run, api)
    key = kept.open(me.root)
    fields = {"request": mine.digest, "requester": run.config.person}
    body = Statement(
        statement=posted(run, signed(run, me, "release", fields, newest_head(run, api)))
    )
    note_releasing(run.home, request)
    released = api.post(f"/requests/{request}/release", body, Released)
    return accept(run, api, mine, released), key


def accept(run: Invocation, api: Api, mine: Signed, released: Released) -> VerifiedRelease:
    """Verify what was handed out, together with the log's receipt, and keep it.

    Raises:
        ClientRefusal: a code of ``trust.release`` or ``trust.log``.
    """
    verified = verify_handed_out(run, mine, released)
    remember_chain(run, verified.chain)
    check_log(run, api)
    seen = memory.pinned_log(run.home, api.server)
    proved = _proved_at(seen, released, verified)
    if proved is None:
        entry = "did not show the release's entry" if released.receipt else "gave no receipt"
        run.terminal.warn(f"the log {entry}; tell the auditor")
    keep_released(run.home, released)
    verified = _counted_from(verified, proved)
    say_clock(run, api, leaf=proved)
    return verified


def verify_handed_out(run: Invocation, mine: Signed, released: Released) -> VerifiedRelease:
    """Verify a release against the request, key and roster memory of this device.

    Raises:
        ClientRefusal: ``no-request-key``, or a code of ``trust.release``.
    """
    return _verify(run, mine, released, memory.seen_roster(run.home, mine.payload["account"]))


def verify_kept(run: Invocation, mine: Signed, released: Released) -> VerifiedRelease:
    """Verify once more a release that this device verified and kept.

    A roster that came into force since is no reason to refuse it.

    Raises:
        ClientRefusal: as ``verify_handed_out``.
    """
    verified = _verify(run, mine, released, None)
    seen = memory.pinned_log(run.home, run.config.server)
    return _counted_from(verified, _proved_at(seen, released, verified))


def _verify(
    run: Invocation, mine: Signed, released: Released, remembered: Remembered | None
) -> VerifiedRelease:
    entered = raw(released.request.statement)
    return verify_release(
        released,
        mine=signed_as(run.home, mine.payload["request"], entered) or mine,
        recipient_key=requestkeys.load(run.home, mine.payload["request"]).public,
        # The keys with which I made the request, also when I have enrolled again since.
        me=mine.signatures[0].keyid,
        remembered=remembered,
    )


def _proved_at(
    seen: memory.SeenLog | None, released: Released, verified: VerifiedRelease
) -> datetime | None:
    """Return the time of the release's leaf, once that is proved to be in the log.

    None where the service shows no proof: an emergency goes on, with a warning. A wrong one is
    refused.
    """
    if not released.receipt or not released.entry or seen is None:
        return None
    try:
        leaf = b64decode(released.entry)
        verifier = NoteVerifier.from_vkey(seen.verifier_key)
    except CryptoError:
        return None
    expected = verified.expected_leaf
    verify_log_receipt(released.receipt, leaf, verifier=verifier, expected=expected)
    return parse_leaf(leaf).at


def _counted_from(verified: VerifiedRelease, proved: datetime | None) -> VerifiedRelease:
    """Let the window count from the proved leaf, whatever the service says beside it."""
    return verified if proved is None else replace(verified, released_at=proved)


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
