"""My key slots, and a new recovery phrase in place of the old one."""

import click

from service.client.cli.acting import submit, unlocked
from service.client.cli.invocation import Invocation
from service.client.cli.options import command, group
from service.client.cli.phrases import new_phrase, wrap
from service.client.foundation import render
from service.wire.people import SlotChange, Slots

_KINDS = {
    "phrase": "recovery phrase",
    "passkey": "passkey",
    "sign-in-only": "passkey, for signing in only",
}


@command("list")
def list_(run: Invocation) -> None:
    """List my key slots."""
    with run.api() as api:
        mine = api.get("/slots", Slots)
    rows = [
        (_KINDS[slot.kind], render.moment(slot.created_at, run.now()), slot.slot)
        for slot in mine.slots
    ]
    run.terminal.answer(mine, lambda: run.terminal.table(("opens with", "made", "slot"), rows))


@command("replace", signs=True)
@click.option("--phrase-out", type=click.Path(), help="Write the new phrase to this new file.")
def replace(run: Invocation, phrase_out: str | None) -> None:
    """Replace my recovery phrase by a new one; the old one stops working.

    If somebody has seen the old phrase, this is not enough: copies of the old slot are kept in
    backups and bundles. Ask for a new enrolment link instead, which makes new keys.
    """
    with run.api() as api:
        me = unlocked(run, api)
        words = new_phrase(run, phrase_out)
        new = wrap(run, me, run.config.person, words, action="replace").slot
        body = SlotChange(
            statement=new.statement,
            wrapped_root=new.wrapped_root,
            salt=new.salt,
            iterations=new.iterations,
            sign_in_digest=new.sign_in_digest,
        )
        done = submit(run, api, "/slots", body)
    run.terminal.answer(done, lambda: run.terminal.say("The new phrase is in force."))


slots = group(
    "slots",
    "My key slots: ways to unlock my keys. Without a command: a list of them.",
    list_,
    replace,
    default=list_,
)
