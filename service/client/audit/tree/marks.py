"""Checkpoints kept outside the service: in an auditor's notes and in saved e-mails.

An e-mail is prose with a checkpoint in it, perhaps quoted or wrapped in MIME. Only what the log's
own key has signed is a mark; everything else in it is ignored.
"""

import email
import email.policy
import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from service.client.foundation.errors import ClientRefusal

_TEXT_LINES = 3
_MOST_SIGNATURES = 16
_DASH = "\u2014 "


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
    found = list(marks_in(path.read_bytes().decode("utf-8", "replace"), verifier, str(path)))
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
    data = path.read_bytes()
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
            yield data.decode("utf-8", "replace")


def marks_in(text: str, verifier: NoteVerifier, source: str) -> Iterator[Mark]:
    """Yield each checkpoint in a text that this log's key has signed."""
    lines = [line.strip("\r ").removeprefix(">").strip() for line in text.split("\n")]
    for place, line in enumerate(lines):
        if line != verifier.name:
            continue
        note = _note_at(lines, place)
        try:
            yield Mark(checkpoint=open_checkpoint(note, verifier), source=source, note=note)
        except CryptoError:
            continue  # prose that happens to name the log, or a forgery: no evidence either way


def _note_at(lines: list[str], place: int) -> str:
    head = lines[place : place + _TEXT_LINES]
    signatures = []
    for line in lines[place + _TEXT_LINES + 1 :][:_MOST_SIGNATURES]:
        if not line.startswith(_DASH):
            break
        signatures.append(line)
    return "\n".join([*head, "", *signatures]) + "\n"
