"""The log as this device has seen it: it may grow, and nothing else.

Before an act it comes with what the act is about, and after it the client asks for it: the newest
checkpoint, and a proof that the one it remembers is its beginning. The log's key is pinned at first
sight, or given with ``--log-key``.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from crypto.epoch import Epoch
from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from service.client.cli import epochs
from service.client.cli.firstlook import say_first_look
from service.client.cli.invocation import Invocation
from service.client.cli.outsiders import look_for
from service.client.cli.takingup import taken_up_anywhere
from service.client.device import memory
from service.client.device.memory import SeenLog
from service.client.foundation.errors import ApiRefusal, ClientRefusal
from service.client.link.api import Api
from service.client.trust.entries import open_view
from service.client.trust.growth import (
    GONE,
    KEY_WAY_OUT,
    check_growth,
    check_log_receipt,
    explanation,
    open_signed,
    verified_epochs,
)
from service.client.trust.heads import NO_HEAD, Head, head_of
from service.client.trust.outsiders import seen_in
from service.wire.base import Done
from service.wire.log import CheckpointAnswer, LogView

_ACTED = "Your act was sent before this was noticed: say so when you ask about it."


def check_log(run: Invocation, api: Api, done: Done | None = None) -> None:
    """Demand that the log has only grown, and that the act's receipt is of this log.

    A service that cannot sign at the moment gets a warning, not a refusal: the act is done anyway.

    Raises:
        ClientRefusal: ``log-key-changed``, ``log-not-signed``, ``log-rewound``, ``log-forked``,
            ``log-receipt-forged``; ``log-epoch-began``: an older copy was restored, and no one has
            accepted it on this device.
    """
    if done is None:
        _watched_or_taken_up(run, api)
        return
    with acted(run):
        verifier = _watched_or_taken_up(run, api)
        if verifier is not None and done.receipt:
            check_log_receipt(done, verifier)


@contextmanager
def acted(run: Invocation) -> Iterator[None]:
    """Say with an alarm of the log that the act before it was sent."""
    try:
        yield
    except ClientRefusal as refused:
        if refused.code.startswith("log-"):
            run.terminal.warn(_ACTED)
        raise


def warn_of_log(run: Invocation, api: Api) -> None:
    """Say first, to someone who only looks, that the log is not the one that was seen."""
    try:
        check_log(run, api)
    except ClientRefusal as refused:
        alarm(run, refused)


def alarm(run: Invocation, refused: ClientRefusal) -> None:
    """Show what would be refused elsewhere; nothing of this log counts as verified any more."""
    run.sight.alarmed = True
    run.terminal.warn(f"{refused.message} [{refused.code}]. {refused.hint}")


def newest_head(run: Invocation, api: Api) -> Head:
    """Return the newest head of the log that this device has verified; none on a new device.

    After an alarm there is none: what the service shows is not what was verified. An act names it,
    so this is where one that was held against nothing stops.

    Raises:
        ClientRefusal: ``log-not-signed``: what this device keeps is damaged.
        RuntimeError: as :meth:`LogSight.demand`.
    """
    run.sight.demand()
    seen = memory.pinned_log(run.home, api.server)
    if seen is None or run.sight.alarmed:
        return NO_HEAD
    return head_of(seen.opened(_parsed_key(seen.verifier_key)))


def seen_size(run: Invocation, api: Api) -> int:
    """Return the size of what this device remembers of the log, 0 on a new device.

    Raises:
        ClientRefusal: ``home-damaged``, ``home-open``.
    """
    return _size_of(memory.seen_log(run.home, api.server))


def watch(run: Invocation, api: Api, shown: LogView | None, *, asked_with: int) -> None:
    """Demand that the log beside an answer continues the one remembered; keep what it proves.

    ``asked_with`` is the size that the answer was asked with. Where the service could not sign,
    nothing is proved, and nothing is refused here.

    Raises:
        ClientRefusal: a code of :func:`check_log`, or ``log-receipt-forged``.
    """
    if shown is None:
        return
    with run.home.locked():
        seen = memory.seen_log(run.home, api.server)
        if _size_of(seen) != asked_with:
            return  # another call on this device was faster: this answer proves nothing here
        verifier = _keep_grown(run, api, shown, seen)
        checkpoint = open_signed(shown.checkpoint, verifier)
        began = verified_epochs(shown.epochs, verifier, checkpoint)
        seen_outside = seen_in(shown, checkpoint, verifier)
        run.sight.views.append(open_view(shown, checkpoint, began, seen_outside))


def pinned_key(run: Invocation, api: Api) -> str:
    """Return the verifier key of the log that counts on this device, pinned now if need be.

    Raises:
        ClientRefusal: as :func:`check_log`; ``log-not-signed``: the service cannot show one now.
    """
    verifier = _watched(run, api)
    if verifier is None:
        raise ClientRefusal(
            "log-not-signed", "the service cannot show its log's key at the moment", "try again"
        )
    return verifier.vkey


def _watched_or_taken_up(run: Invocation, api: Api) -> NoteVerifier | None:
    """Do as :func:`_watched`; a new key counts once people whom this device knows accepted it."""
    try:
        return _watched(run, api)
    except ClientRefusal as refused:
        if refused.code != "log-key-changed" or not taken_up_anywhere(run, api):
            raise
    return _watched(run, api)


def _watched(run: Invocation, api: Api) -> NoteVerifier | None:
    """Demand growth, and return the log's key; None where the service could not sign."""
    with run.home.locked():
        seen = memory.seen_log(run.home, api.server)
        _pinned(run, seen)  # refuses before anything is asked
        try:
            answer = api.get("/checkpoint", CheckpointAnswer, seen=_size_of(seen))
        except ApiRefusal as refused:
            run.terminal.warn(f"the log could not be checked: {refused.message}")
            return None
        return _keep_grown(run, api, answer, seen)


def _keep_grown(
    run: Invocation,
    api: Api,
    answer: CheckpointAnswer,
    seen: SeenLog | None,
) -> NoteVerifier:
    """Demand growth and remember it, under the key that counts here; the caller holds the lock."""
    verifier = _pinned(run, seen) or _parsed_key(answer.verifier_key)
    if answer.verifier_key != verifier.vkey:
        raise _key_changed("the service shows another key for its log than before")
    began = _grown(run, api, answer, verifier, seen)
    if seen is None or not seen.verifier_key:
        say_first_look(run, verifier.vkey, seen)
    kept = SeenLog(verifier_key=verifier.vkey, checkpoint=answer.checkpoint)
    memory.remember_log(run.home, api.server, kept)
    newest = max((epoch.size for epoch in began), default=0)
    memory.remember_epochs(run.home, api.server, [epoch.note for epoch in began], newest)
    look_for(run, api, seen_in(answer, open_signed(answer.checkpoint, verifier), verifier))
    return verifier


def _grown(
    run: Invocation,
    api: Api,
    answer: CheckpointAnswer,
    verifier: NoteVerifier,
    seen: SeenLog | None,
) -> list[Epoch]:
    """Demand growth, or that a person accepts what was given up; return the log's epochs."""
    new = open_signed(answer.checkpoint, verifier)
    old = seen.opened(verifier) if seen else None
    began = verified_epochs(answer.epochs, verifier, new)
    known = memory.known_epochs(run.home, api.server)
    try:
        check_growth(answer.consistency, new, old)
        for epoch in began:
            if epoch.note not in known:
                run.terminal.warn(f"{epoch.sentence}. {epoch.by} says why: {epoch.why}")
    except ClientRefusal as refused:
        if seen is None or old is None or refused.code not in GONE:
            raise
        explained = explanation(began, known, old)
        if explained is None:
            raise
        epochs.accept(run, api.server, seen, old, explained)
    return began


def _pinned(run: Invocation, seen: SeenLog | None) -> NoteVerifier | None:
    """Return the key that counts here: the one remembered, which ``--log-key`` must equal."""
    if run.log_key and seen and seen.verifier_key not in ("", run.log_key):
        raise _key_changed("the key given is not the one that this device has pinned for the log")
    text = run.log_key or (seen.verifier_key if seen else "")
    return _parsed_key(text) if text else None


def _size_of(seen: SeenLog | None) -> int:
    return seen.size if seen else 0


def _parsed_key(text: str) -> NoteVerifier:
    try:
        return NoteVerifier.from_vkey(text)
    except CryptoError:
        raise ClientRefusal("malformed", "not the verifier key of a log") from None


def _key_changed(message: str) -> ClientRefusal:
    return ClientRefusal("log-key-changed", message, KEY_WAY_OUT)
