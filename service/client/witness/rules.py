"""What a witness answers (C2SP tlog-witness): it cosigns a log that only grows, nothing else.

Checking, remembering and answering are one step under one lock: of two submissions at once, the
second is checked against what the first one left. A checkpoint is remembered on disk before its
cosignature leaves.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from crypto.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from crypto.encoding import hex_digest
from crypto.errors import CryptoError, MalformedError, VerificationError
from crypto.merkle import verify_consistency
from crypto.note import NoteVerifier, parse_note, signature_line
from crypto.submission import SIZE_TYPE, Submission, parse_submission
from service.client.foundation.errors import ClientRefusal
from service.client.witness.memory import Kept, WitnessMemory

PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer. ``log_line`` is for the witness's own operator."""

    status: HTTPStatus
    body: str
    content_type: str = PLAIN
    log_line: str = ""


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Witness:
    """Cosigns the logs whose keys it has, and no other."""

    def __init__(
        self, memory: WitnessMemory, logs: Sequence[NoteVerifier], now: Callable[[], datetime]
    ) -> None:
        """Read every remembered checkpoint, so that a damaged one stops the start.

        Raises:
            ClientRefusal: ``witness-damaged``; ``malformed``: two keys for one log.
        """
        self._memory = memory
        self._now = now
        self._turn = threading.Lock()
        self._logs = {log.name: log for log in logs}
        if len(self._logs) != len(logs):
            raise ClientRefusal(
                "malformed", "two keys for one log: give --log once for each origin"
            )
        self._newest = {log.name: memory.newest(log) for log in logs}

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer a submission: 200 with a cosignature, or one of the specification's refusals.

        Raises:
            OSError: the checkpoint could not be written; nothing was cosigned.
        """
        try:
            submission = parse_submission(body)
            log, checkpoint = self._opened(submission)
            with self._turn:
                return self._answer(submission, log, checkpoint)
        except MalformedError as error:
            return _refusal(HTTPStatus.BAD_REQUEST, str(error))
        except _RefusedError as refused:
            return _refusal(refused.status, str(refused))

    def newest(self, origin_hash: str) -> str:
        """Return the newest cosigned checkpoint, by SHA-256 (hex) of its origin; empty if none."""
        for name, kept in self._newest.items():
            if kept is not None and hex_digest(name.encode()) == origin_hash:
                return kept.note
        return ""

    def _opened(self, submission: Submission) -> tuple[NoteVerifier, Checkpoint]:
        text, _ = parse_note(submission.note)
        log = self._logs.get(parse_checkpoint(text).origin)
        if log is None:
            raise _RefusedError(HTTPStatus.NOT_FOUND, "this witness does not know this log")
        try:
            checkpoint = open_checkpoint(submission.note, log)
        except VerificationError as error:
            raise _RefusedError(HTTPStatus.FORBIDDEN, str(error)) from None
        if submission.old > checkpoint.size:
            raise MalformedError("the old size is larger than the new checkpoint's")
        return log, checkpoint

    def _answer(self, submission: Submission, log: NoteVerifier, checkpoint: Checkpoint) -> Answer:
        kept = self._newest[log.name]
        known = kept.checkpoint.size if kept else 0
        said = f"{log.name}: {checkpoint.size} entries"
        if submission.old != known:
            return Answer(
                status=HTTPStatus.CONFLICT,
                body=f"{known}\n",
                content_type=SIZE_TYPE,
                log_line=f"{said} submitted after {submission.old}; cosigned last: {known}",
            )
        if kept is not None:
            self._check_growth(submission, kept, checkpoint)
        elif submission.proof:
            raise _RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, "a first checkpoint has no proof")
        return self._cosign(submission.note, log, checkpoint, kept)

    def _check_growth(self, submission: Submission, kept: Kept, checkpoint: Checkpoint) -> None:
        old, new = kept.checkpoint, checkpoint
        if old.size == new.size and old.root != new.root:
            self._memory.keep_evidence(kept, submission.note)
        try:
            if old.size:
                verify_consistency(old.size, new.size, old.root, new.root, submission.proof)
            elif submission.proof:
                raise VerificationError("after an empty log no proof is needed")
        except CryptoError as error:
            why = f"{new.origin} does not continue what this witness cosigned: {error}"
            raise _RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, why) from None

    def _cosign(
        self, note: str, log: NoteVerifier, checkpoint: Checkpoint, kept: Kept | None
    ) -> Answer:
        """Remember the checkpoint, then return the cosignature.

        A crash between the two loses a cosignature but breaks no promise. The time never goes back
        either: at an earlier time this tree was not the largest seen.
        """
        at = max(int(self._now().timestamp()), kept.at if kept else 0)
        line = self._memory.key.cosign(checkpoint, at)
        fresh = Kept(checkpoint=checkpoint, at=at, note=_signed_by(note, log) + line)
        self._memory.keep(fresh)
        self._newest[log.name] = fresh
        said = f"{log.name}: {checkpoint.size} entries cosigned"
        return Answer(status=HTTPStatus.OK, body=line, log_line=said)


def _signed_by(note: str, log: NoteVerifier) -> str:
    """Return the note with the log's own signature only."""
    text, signatures = parse_note(note)
    own = next(one for one in signatures if one.is_by(log))
    return f"{text}\n{signature_line(log, own.data)}"


def _refusal(status: HTTPStatus, why: str) -> Answer:
    return Answer(status=status, body=f"{why}\n", log_line=f"refused ({status.value}): {why}")
