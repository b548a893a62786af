"""Checkpoints kept outside the service: in an auditor's notes and in saved e-mails.

An e-mail is prose with a checkpoint in it, perhaps quoted or wrapped in MIME. Only what the log's
own key has signed is a mark; everything else in it is ignored.
"""

import contextlib
import email
import email.policy
import mailbox
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from itertools import takewhile
from pathlib import Path

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.errors import CryptoError, MalformedError
from crypto.note import NoteVerifier, parse_note, parse_signatures
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.givenfile import read_given, text_of

_TEXT_LINES = 3
_MOST_SIGNATURES = 16
_MOST_LINES = 100  # of one checkpoint, folded
_DASH = "\u2014"
_QUOTED = "> \t"
_FILE_LIMIT = 10_000_000  # bytes
_MAIL_LIMIT = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A signed checkpoint and where it was found; the log must have had this root at this size.

    ``note`` is the whole signed note, other signatures included.
    """

    checkpoint: Checkpoint
    source: str
    note: str = ""


def mark_of_file(path: Path, verifier: NoteVerifier) -> Mark:
    """Return the largest checkpoint in a file.

    Raises:
        ClientRefusal: ``not-a-checkpoint``: it has none that this log's key has signed.
    """
    found = list(marks_in(_decoded(read_given(path, _FILE_LIMIT)), verifier, str(path)))
    if not found:
        raise ClientRefusal(
            "not-a-checkpoint", f"{path} has no checkpoint that the log's key has signed"
        )
    return max(found, key=lambda mark: mark.checkpoint.size)


def mark_of_note(note: str, verifier: NoteVerifier, source: str) -> Mark:
    """Read a note that is nothing but a checkpoint.

    Raises:
        ClientRefusal: ``log-not-signed``.
    """
    try:
        return Mark(checkpoint=open_checkpoint(note, verifier), source=source, note=note)
    except CryptoError as refused:
        raise ClientRefusal("log-not-signed", f"{source}: {refused}") from None


def marks_of_mail(path: Path, verifier: NoteVerifier) -> list[Mark]:
    """Return every checkpoint in a saved e-mail or mbox.

    Raises:
        ClientRefusal: ``not-a-checkpoint``: it has none.
    """
    found = [
        mark
        for message in _messages(path)
        for text in _texts(message)
        for mark in marks_in(text, verifier, str(path))
    ]
    if not found:
        raise ClientRefusal(
            "not-a-checkpoint", f"{path} has no checkpoint that the log's key has signed"
        )
    return found


def _messages(path: Path) -> Iterator[Message]:
    data = read_given(path, _MAIL_LIMIT)
    if data.startswith(b"From "):
        box = mailbox.mbox(path, create=False)
        try:
            yield from box
        finally:
            box.close()
    else:
        yield email.message_from_bytes(data, policy=email.policy.default)


def _texts(message: Message) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_maintype() != "text":
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            yield _decoded(data, part.get_content_charset("utf-8"))


def _decoded(data: bytes, charset: str = "utf-8") -> str:
    """Return text in which ASCII and dashes are right; what cannot be read is no evidence."""
    with contextlib.suppress(ValueError):
        return text_of(data)
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def marks_in(text: str, verifier: NoteVerifier, source: str) -> Iterator[Mark]:
    """Yield each checkpoint in a text that this log's key has signed."""
    lines = [line.strip().lstrip(_QUOTED) for line in text.split("\n")]
    for place, line in enumerate(lines):
        if line != verifier.name:
            continue
        rest = lines[place : place + _MOST_LINES]
        for note in (_note(rest, _whole(rest)), _note(rest, _plain(rest))):
            # What does not verify is prose that happens to name the log, or a forgery: no evidence
            # either way.
            with contextlib.suppress(CryptoError):
                yield Mark(checkpoint=open_checkpoint(note, verifier), source=source, note=note)
                break


def unfolded(note: str) -> str:
    """Return a checkpoint with each signature on one line again; no signature is verified."""
    try:
        parse_note(note)
    except MalformedError:
        lines = [line.strip() for line in note.split("\n")]
        return _note(lines, _whole(lines))
    return note


def _note(lines: Sequence[str], signatures: Sequence[str]) -> str:
    return "\n".join([*lines[:_TEXT_LINES], "", *signatures[:_MOST_SIGNATURES]]) + "\n"


def _plain(lines: Sequence[str]) -> list[str]:
    return list(takewhile(lambda line: line.startswith(f"{_DASH} "), lines[_TEXT_LINES + 1 :]))


def _whole(lines: Sequence[str]) -> list[str]:
    """Put signature lines together that were folded: a dash, a name, and base64 to its end."""
    found: list[list[str]] = []
    for line in lines[_TEXT_LINES + 1 :]:
        if line.startswith(_DASH):
            found.append(line.removeprefix(_DASH).split())
        elif line and found and not _ended(found[-1]):
            found[-1] += line.split()
        else:
            break
    whole = [f"{_DASH} {name} {''.join(rest)}\n" for name, *rest in filter(None, found)]
    return [line.rstrip() for line in whole if _is_signature(line)]


def _is_signature(line: str) -> bool:
    try:
        parse_signatures(line)
    except MalformedError:
        return False
    return True


def _ended(words: Sequence[str]) -> bool:
    """Whether a signature is complete: those of logs and witnesses end with a filling sign."""
    return len(words) > 1 and words[-1].endswith("=")
