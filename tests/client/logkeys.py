"""A service whose log's key is lost: the tree goes on, and another key signs it."""

from dataclasses import replace
from pathlib import Path

import httpx
from sqlalchemy import delete, update

from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.note import NoteSigner
from service.config import Settings
from service.storage import log
from service.storage.log_tables import audit_checkpoint, audit_head
from service.storage.signer import GUARD_FILE, KEY_FILE, Signer
from service.usecases.context import Context
from service.web.app import create_app
from tests.client.conftest import Organisation
from tests.client.devices import URL
from tests.conftest import ORIGIN


def rekeyed(ctx: Context, state: Path) -> Context:
    """Sign the same log with another key from now on; what the old one signed is gone."""
    key = NoteSigner.generate(ORIGIN)
    (state / KEY_FILE).write_bytes(key.private_key.reveal())
    with ctx.database.write() as session:
        head = log.head(session)
        row = {"verifier_key": key.verifier.vkey}
        session.connection().execute(update(audit_head).values(row))
        session.connection().execute(delete(audit_checkpoint))
    signed = Checkpoint(origin=ORIGIN, size=head.size, root=head.frontier.root)
    (state / GUARD_FILE).write_text(sign_checkpoint(signed, key))
    return replace(ctx, signer=Signer.load(state, ORIGIN, ctx.clock))


def serve(ctx: Context, people: Organisation) -> None:
    """Let everybody's device talk to this service."""
    transport = httpx.WSGITransport(app=create_app(ctx, Settings(url=URL)))
    for device in (people.operator, *people.people.values()):
        device.transport = transport
