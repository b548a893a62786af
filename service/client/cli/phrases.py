"""A new recovery phrase: made here, shown once, typed back whole. It wraps the root.

For scripts it goes into a file that only its owner can read, and nothing is typed back.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from crypto.encoding import b64decode, b64encode, hex_digest
from crypto.errors import MalformedError
from crypto.identity import Identity
from crypto.keyslot import wrap_root
from crypto.phrase import ITERATIONS, PhraseKeys, check_phrase, generate_phrase
from crypto.randomness import random_uuid
from crypto.statement import sign
from service.client.cli.invocation import Invocation
from service.client.cli.session import stretch
from service.client.cli.signing import posted
from service.client.device.newfile import write_private
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.wire.people import PhraseSlot


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSlot:
    """A phrase slot to post, and the keys that its phrase gives."""

    slot: PhraseSlot
    keys: PhraseKeys


def new_phrase(run: Invocation, out: str | None) -> tuple[str, ...]:
    """Return a new phrase that its owner has, in a file or on paper.

    Raises:
        ClientRefusal: ``needs-answer`` without a terminal and without ``out``.
        ClientRefusal: ``phrase-file-exists``; ``file``: it could not be written.
    """
    words = generate_phrase()
    if out is None:
        _show(run, words)
        return words
    check_phrase_file(out)
    write_private(Path(out), (" ".join(words) + "\n").encode("ascii"))
    return words


def check_phrase_file(out: str | None) -> None:
    """Refuse early a file for the new phrase that is there already.

    Raises:
        ClientRefusal: ``phrase-file-exists``.
    """
    if out is not None and os.path.lexists(out):
        raise ClientRefusal(
            "phrase-file-exists",
            f"{out} already exists, and may hold a phrase that is in force",
            "if an earlier try broke off, sign in with that phrase: breakglass login "
            "--phrase-file FILE; else choose another name",
        )


def forget_phrase_file(out: str | None) -> None:
    """Remove the file of a phrase that certainly wraps nothing, so that another try can write it.

    Only after the service has refused: after any other failure the phrase may be in force.
    """
    if out is not None:
        Path(out).unlink(missing_ok=True)


def _show(run: Invocation, words: Sequence[str]) -> None:
    terminal = run.terminal
    if not (terminal.interactive and terminal.is_terminal(sys.stderr)):
        raise ClientRefusal(
            "needs-answer",
            "a new recovery phrase is shown only at a terminal",
            "give --phrase-out FILE",
        )
    terminal.note("Your recovery phrase. Write it on paper now; it is not shown again:")
    terminal.note(f"\n    {render.spoken(words)}\n")
    terminal.note("Anyone who has it can act as you. No one can restore it, not even the service.")
    while True:
        typed = terminal.ask("Type the whole phrase", option="--phrase-out")
        try:
            if check_phrase(typed) == tuple(words):
                break
            terminal.note("That is not the same phrase.")
        except MalformedError as slip:
            terminal.note(str(slip))
    if terminal.interactive:
        click.clear()


def slot_fields(person: str, action: str) -> dict[str, str]:
    """Return what is known of a new phrase slot before there is a phrase."""
    return {
        "person": person,
        "slot": random_uuid(),
        "action": action,
        "slot_kind": "phrase",
        "credential": "",
    }


def wrap(
    run: Invocation,
    identity: Identity,
    person: str,
    words: tuple[str, ...],
    *,
    salt: str,
    shown: Mapping[str, str],
) -> NewSlot:
    """Wrap the root under the phrase in a new slot and sign the ``slot`` statement for it.

    ``shown`` are its fields as they were shown (:func:`slot_fields`).

    ``salt`` (base64) is that of the person's address. Another of 16 bytes gains the service
    nothing: the phrase is new, and is guessed anew with each.

    Raises:
        MalformedError: it is no salt.
    """
    run.sight.demand_shown("slot", shown)
    slot = shown["slot"]
    keys = stretch(run, words, b64decode(salt), ITERATIONS)
    wrapped = wrap_root(keys.slot_key, identity.root, person, slot)
    further = {**shown, "wrapped_root_digest": hex_digest(wrapped)}
    statement = sign("slot", further, identity=identity, at=run.now())
    return NewSlot(
        slot=PhraseSlot(
            statement=posted(run, statement),
            wrapped_root=b64encode(wrapped),
            salt=salt,
            iterations=600_000,
            sign_in_digest=hex_digest(keys.sign_in_key.reveal()),
        ),
        keys=keys,
    )
