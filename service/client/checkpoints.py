"""The log's head as this device saw it: it may grow, and nothing else.

After an act the client asks for the newest checkpoint and for a proof that the one it remembers is
its beginning. The log's key is pinned at first sight, or given with ``--log-key``.
"""

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.encoding import b64decode
from crypto.epoch import Epoch
from crypto.errors import CryptoError
from crypto.merkle import verify_consistency
from crypto.note import NoteVerifier
from crypto.proof import parse_receipt
from service.client import epochs, memory
from service.client.api import Api
from service.client.errors import ApiRefusal, ClientRefusal
from service.client.invocation import Invocation
from service.client.memory import SeenLog
from service.wire.base import Done
from service.wire.log import CheckpointAnswer

_GONE = frozenset({"log-rewound", "log-forked"})
_ACTED = "What you did just now had been sent before this was noticed: say so when you ask."
_ALARM = "keep this device as it is, and tell the auditor and the other custodians"


def check_log(run: Invocation, api: Api, done: Done | None = None) -> None:
    """Demand that the log has only grown, and that the act's receipt is of this log.

    A service that cannot sign at the moment is a remark: an act is not undone by it.

    Raises:
        ClientRefusal: ``log-key-changed``, ``log-not-signed``, ``log-rewound``, ``log-forked``,
            ``log-receipt-forged``; ``log-epoch-began``: an older copy was put back, and nobody here
            has accepted it.
    """
    try:
        verifier = _watched(run, api)
        if verifier is not None and done is not None and done.receipt:
            check_receipt(done, verifier)
    except ClientRefusal as refused:
        if done is not None and refused.code.startswith("log-"):
            run.terminal.warn(_ACTED)
        raise


def _watched(run: Invocation, api: Api) -> NoteVerifier | None:
    """Demand growth, and return the log's key; None where the service could not sign."""
    with run.home.locked():
        seen = memory.seen_log(run.home, api.server)
        verifier = _pinned(run, seen)
        old = _opened(seen.checkpoint, verifier) if seen and verifier else None
        try:
            answer = api.get("/checkpoint", CheckpointAnswer, seen=old.size if old else 0)
        except ApiRefusal as refused:
            run.terminal.warn(f"the log could not be checked: {refused.message}")
            return None
        if verifier is None:
            verifier = _parsed_key(answer.verifier_key)
            run.terminal.note(f"This device now trusts the log's key {verifier.vkey}")
        elif answer.verifier_key != verifier.vkey:
            raise _key_changed("the service shows another key for its log than before")
        began = _grown(run, api, answer, verifier, seen)
        kept = SeenLog(verifier_key=verifier.vkey, checkpoint=answer.checkpoint)
        memory.remember_log(run.home, api.server, kept)
        memory.remember_epochs(run.home, api.server, [epoch.note for epoch in began])
    return verifier


def _grown(
    run: Invocation,
    api: Api,
    answer: CheckpointAnswer,
    verifier: NoteVerifier,
    seen: SeenLog | None,
) -> list[Epoch]:
    """Demand growth, or a person's word for what was given up; returns the epochs of the log."""
    new = _opened(answer.checkpoint, verifier)
    old = _opened(seen.checkpoint, verifier) if seen else None
    began = epochs.epochs_of(answer, verifier, new)
    known = memory.known_epochs(run.home, api.server)
    try:
        check_growth(answer, verifier, old)
        for epoch in began:
            if epoch.note not in known:
                run.terminal.warn(f"{epoch.sentence}. {epoch.by} says why: {epoch.why}")
    except ClientRefusal as refused:
        if seen is None or old is None or refused.code not in _GONE:
            raise
        explained = epochs.explanation(began, known, old)
        if explained is None:
            raise
        epochs.accept(run, api.server, seen, old, explained)
    return began


def check_growth(
    answer: CheckpointAnswer, verifier: NoteVerifier, old: Checkpoint | None
) -> Checkpoint:
    """Return the answer's checkpoint if this log signed it and ``old`` is its beginning.

    Raises:
        ClientRefusal: ``log-not-signed``; ``log-rewound``: shorter than ``old``; ``log-forked``:
            no continuation of it.
    """
    new = _opened(answer.checkpoint, verifier)
    if old is None or old.size == 0:
        return new
    if new.size < old.size:
        message = f"the log had {old.size} entries and now shows {new.size}"
        raise ClientRefusal("log-rewound", message, _ALARM)
    try:
        proof = [b64decode(item) for item in answer.consistency]
        verify_consistency(old.size, new.size, old.root, new.root, proof)
    except CryptoError:
        raise ClientRefusal(
            "log-forked", "the log does not continue the one that this device has seen", _ALARM
        ) from None
    return new


def check_receipt(done: Done, verifier: NoteVerifier) -> None:
    """Check that a receipt is signed by this log and names the act's own leaf.

    Raises:
        ClientRefusal: ``log-receipt-forged``.
    """
    try:
        receipt = parse_receipt(done.receipt)
        checkpoint = open_checkpoint(receipt.checkpoint, verifier)
    except CryptoError as refused:
        raise ClientRefusal("log-receipt-forged", f"the act's receipt: {refused}", _ALARM) from None
    if receipt.index != done.leaf or checkpoint.size <= done.leaf:
        raise ClientRefusal(
            "log-receipt-forged", "the act's receipt is for another entry of the log", _ALARM
        )


def _pinned(run: Invocation, seen: SeenLog | None) -> NoteVerifier | None:
    """Return the key that counts here: the one remembered, which ``--log-key`` must equal."""
    if run.log_key and seen and run.log_key != seen.verifier_key:
        raise _key_changed("the key given is not the one that this device has pinned for the log")
    text = run.log_key or (seen.verifier_key if seen else "")
    return _parsed_key(text) if text else None


def _parsed_key(text: str) -> NoteVerifier:
    try:
        return NoteVerifier.from_vkey(text)
    except CryptoError:
        raise ClientRefusal("malformed", "that is no verifier key of a log") from None


def _opened(note: str, verifier: NoteVerifier) -> Checkpoint:
    try:
        return open_checkpoint(note, verifier)
    except CryptoError as refused:
        raise ClientRefusal("log-not-signed", f"the log's checkpoint: {refused}", _ALARM) from None


def _key_changed(message: str) -> ClientRefusal:
    return ClientRefusal("log-key-changed", message, _ALARM)
