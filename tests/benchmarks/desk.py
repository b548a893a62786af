"""A person's device at which the client's own functions run whole, against prepared answers.

What the service would answer is bytes that a real one has made; they are parsed as the client
parses them. A real home folder is read and locked. Left out is what waits: for the network, for a
person, for a disk that flushes, and for the 600,000 rounds of a phrase.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import httpx

from crypto.encoding import b64decode, b64encode
from crypto.identity import Identity
from crypto.opening import Content
from crypto.passwords import generate
from crypto.recipient import RecipientKey
from crypto.statement import Statement
from service.client.cli.before import prove_envelope, prove_request
from service.client.cli.checkpoints import newest_head
from service.client.cli.fetching import fetch_chain, fetch_request
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.cli.signing import as_signed
from service.client.commands import seal as sealing
from service.client.commands.decisions import check_approvable, has_my_receipt, show_approval
from service.client.commands.release import verify_kept
from service.client.device import memory, requestkeys
from service.client.device.home import Config
from service.client.device.keeping import (
    keep_released,
    keep_statement,
    kept_released,
    own_statement,
)
from service.client.link.api import Api
from service.client.link.connection import Answer
from service.client.shares.combining import Revealed, open_release
from service.client.shares.resealing import approve
from service.client.trust.before import Act
from service.client.trust.chain import check_my_keys
from service.client.trust.heads import Stamp
from service.wire.accounts import MyShare
from service.wire.base import Done, Shape
from service.wire.log import LogView
from service.wire.requests import Decide, Released
from tests.cast import Somebody

SERVER = "http://localhost:8420"


class Answers(Api):
    """A service whose answers are there already; what is posted is written out and goes nowhere."""

    def __init__(self, answers: Mapping[str, Shape], done: Done) -> None:
        super().__init__(SERVER, "", transport=httpx.MockTransport(lambda _: httpx.Response(500)))
        self._answers = {path: one.model_dump_json().encode() for path, one in answers.items()}
        self._done = Answer(
            status=201, media_type="application/json", content=done.model_dump_json().encode()
        )

    def raw_get(self, path: str, **_query: str | int) -> bytes:
        """Return what was prepared."""
        return self._answers[path]

    def send(self, _method: str, _path: str, _body: bytes | None = None) -> Answer:
        """Take what was written out, and answer that it is done."""
        return self._done


class _Dark(Terminal):
    """A terminal that no one looks at: words are composed, and not drawn."""

    def note(self, text: str) -> None:
        """Leave it undrawn."""


class Desk:
    """One person's device; ``at`` is the time there."""

    def __init__(self, home: Path, who: Somebody, answers: Answers, at: datetime) -> None:
        self.run = Invocation(home=home, terminal=_Dark(interactive=False))
        self.run.set("yes", True)
        public = who.identity.public
        self.run.home.write_config(
            Config(server=SERVER, person=who.id, name=who.name, fingerprint=public.keyid)
        )
        self._me: Identity = who.identity
        self._answers = answers
        self._at = at

    def watches(self, log: LogView) -> None:
        """Remember the log as it is, as a device does that has looked at it before."""
        known = memory.SeenLog(verifier_key=log.verifier_key, checkpoint=log.checkpoint)
        memory.remember_log(self.run.home, SERVER, known)

    def seals(self, account: str) -> None:
        """Everything of ``breakglass seal`` between its last question and its answer."""
        run, api = self.run, self._answers
        chain = sealing.trusted_chain(run, api, account, None)
        content = Content(password=generate(), sign_in_email=chain.newest.root_email, note="safe 3")
        envelope, manifest = sealing.newest_envelope(run, api, chain) or (None, None)
        prove_envelope(run, api, Act.SEAL, chain, manifest)
        plan = sealing.Plan(
            chain=chain,
            content=content,
            previous=envelope,
            rotating=(),
            exposed=False,
            head=newest_head(run, api),
        )
        check_my_keys(chain.newest, run.config.person, self._me.public)
        sealing.show_plan(run, plan)
        api.post("/envelopes", sealing.sealed_body(run, plan, self._me), Done)

    def compares(self, account: str) -> None:
        """Remember that the roster was compared by voice, which happens once."""
        chain = fetch_chain(self.run, self._answers, account)
        memory.remember_compared(self.run.home, account, chain.newest.digest)

    def approves(self, request: str) -> None:
        """Everything of ``breakglass approve`` but the note that the share has left."""
        run, api = self.run, self._answers
        shown = fetch_request(run, api, request)
        holding = check_approvable(shown, run.config.person)
        confirmed = has_my_receipt(shown, holding)
        shown = prove_request(run, api, Act.APPROVE, shown)
        show_approval(run, api, shown, holding, confirmed=confirmed)
        check_my_keys(shown.chain.newest, run.config.person, self._me.public)
        share = api.get(f"/envelopes/{shown.envelope.id}/share", MyShare)
        sealed, head = b64decode(share.sealed_share), newest_head(run, api)
        stamp = Stamp(at=self._at, head=head)
        made = approve(shown.about, holding, sealed, self._me, stamp, confirmed=confirmed)
        body = Decide(statement=as_signed(made.statement), resealed_share=b64encode(made.resealed))
        api.post(f"/requests/{request}/decisions", body, Done)

    def keeps(self, asked: Statement, key: RecipientKey, released: Released) -> None:
        """Keep what a requester's device has of a request once it is released."""
        keep_statement(self.run.home, asked)
        person, root = self.run.config.person, self._me.root
        number = asked.payload["request"]
        requestkeys.keep(self.run.home, number, key, person=person, root=root, slots=[])
        keep_released(self.run.home, released)

    def reveals(self, request: str) -> Revealed:
        """Everything of ``breakglass reveal`` up to the password, from what the device kept."""
        run = self.run
        mine = own_statement(run.home, request)
        kept = kept_released(run.home, request)
        if kept is None:
            raise RuntimeError("nothing was kept")
        verified = verify_kept(run, mine, kept)
        key = requestkeys.load(run.home, request).open(self._me.root)
        return open_release(verified, key)
