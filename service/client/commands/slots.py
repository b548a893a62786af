"""My key slots, and a new recovery phrase in place of the old one."""

import click

from service.client.cli.acting import submit, unlocked
from service.client.cli.consent import consent, own_keys_context
from service.client.cli.invocation import Invocation
from service.client.cli.options import command, group
from service.client.cli.phrases import (
    check_phrase_file,
    new_phrase,
    slot_fields,
    wrap,
)
from service.client.cli.session import phrase_slot
from service.client.foundation import render
from service.client.foundation.errors import ApiRefusal
from service.wire.people import SlotChange, Slots

_KINDS = {
    "phrase": "recovery phrase",
    "passkey": "passkey",
    "sign-in-only": "passkey, for signing in only",
}


@command("list")
def list_(run: Invocation) -> None:
    """List your key slots."""
    with run.api() as api:
        mine = api.get("/slots", Slots)
    rows = [
        (_KINDS[slot.kind], render.moment(slot.created_at, run.now()), slot.slot)
        for slot in mine.slots
    ]
    run.terminal.answer(mine, lambda: run.terminal.table(("opens with", "created", "slot"), rows))


@command("replace", signs=True)
@click.option("--phrase-out", type=click.Path(), help="Write the new phrase to this new file.")
def replace(run: Invocation, phrase_out: str | None) -> None:
    """Replace your recovery phrase with a new one; the old one stops working.

    If someone has seen the old phrase, this is not enough: backups and bundles still have the old
    slot. Ask for a new enrolment link instead, which makes new keys.
    """
    check_phrase_file(phrase_out)
    with run.api() as api:
        fields = slot_fields(run.config.person, "replace")
        consent(run, "slot", fields, own_keys_context(run, run.config.person, run.config.name))
        me = unlocked(run, api)
        words = new_phrase(run, phrase_out)
        salt = phrase_slot(api).salt
        new = wrap(run, me, run.config.person, words, salt=salt, shown=fields).slot
        body = SlotChange(
            statement=new.statement,
            wrapped_root=new.wrapped_root,
            salt=new.salt,
            iterations=new.iterations,
            sign_in_digest=new.sign_in_digest,
        )
        try:
            done = submit(run, api, "/slots", body)
        except ApiRefusal:
            if phrase_out is not None:
                # That nothing was done is the service's word, and the file may be the only copy.
                run.terminal.warn(
                    f"keep {phrase_out} until you have signed in again, with the old phrase or "
                    "with the one in it"
                )
            raise
    run.terminal.answer(done, lambda: run.terminal.say("Your new recovery phrase is in force."))


slots = group(
    "slots",
    "Your key slots: ways to unlock your keys. Without a command: a list of them.",
    list_,
    replace,
    default=list_,
)
