"""An organisation on a real database: the cast, and what each of them can do.

Every method signs as that person's device would and calls the use case; what a test wants to be
wrong it passes as ``changes`` to the signed fields.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crypto import envelope as formats
from crypto.encoding import b64decode, b64encode, hex_digest
from crypto.randomness import random_uuid
from crypto.recipient import RecipientKey
from crypto.seal import seal
from crypto.statement import Statement
from crypto.unseal import unseal
from service.clock import Clock
from service.storage import statements as stored_statements
from service.storage.at_rest import AtRest
from service.storage.database import Database
from service.storage.signer import Signer
from service.usecases import decisions, endings, releases, requests
from service.usecases.context import Context
from service.wire.base import Done
from service.wire.requests import Decide, Released
from tests.cast import CUSTODIANS
from tests.usecases.bodies import body, wire
from tests.usecases.custody import Custody


@dataclass
class World(Custody):
    """The people of one installation, and the newest of everything they have made."""

    asked: dict[str, Statement] = field(default_factory=dict)
    recipients: dict[str, RecipientKey] = field(default_factory=dict)

    def ready(self) -> "World":
        """Everything up to an envelope in force."""
        self.enrol_everybody()
        self.register()
        self.accept_roster()
        self.seal()
        self.confirm(*CUSTODIANS)
        return self

    def request_statement(self, name: str = "gus", **changes: Any) -> Statement:
        """A request on the newest envelope; its recipient key is kept under its id."""
        recipient = RecipientKey.generate()
        fields = {
            "request": random_uuid(),
            "account": self.account,
            "roster": self.roster.digest if self.roster else "0" * 64,
            "manifest": self.manifests["newest"].digest,
            "requester": self.id(name),
            "recipient_key": b64encode(recipient.public),
            "task": "billing",
            "task_text": "",
            "reason": "the invoice run is stuck",
            "ticket": "OPS-1",
            "lifetime": 3600,
            "window": 900,
            "drill": False,
            "offline": False,
        }
        if changes.get("drill"):
            fields["task"] = "drill"
        statement = self.sign(name, "request", **(fields | changes))
        self.recipients[statement.payload["request"]] = recipient
        return statement

    def ask(self, name: str = "gus", **changes: Any) -> str:
        """Open a request; returns its id."""
        statement = self.request_statement(name, **changes)
        done = requests.open_request(self.ctx, self.caller(name), body(statement))
        self.asked[done.id] = statement
        return done.id

    def reseal(self, name: str, request: str) -> bytes:
        """What a custodian's device hands over for a request."""
        asked = self.asked[request]
        manifest = next(m for m in self.manifests.values() if m.digest == asked.payload["manifest"])
        context = formats.context(manifest.payload)
        place = (asked.digest, context, self.group(name), self.id(name))
        recipient = b64decode(asked.payload["recipient_key"])
        if asked.payload["drill"]:
            plain = formats.drill_plaintext(asked.digest)
            return seal(recipient, formats.drill_info(*place), plain)
        mine = next(s for s in self.sealed[manifest.digest].shares if s.custodian == self.id(name))
        info = formats.custody_info(context, self.group(name), self.id(name))
        mnemonic = unseal(self.who(name).identity.encryption_private, info, mine.sealed)
        return seal(recipient, formats.release_info(*place), mnemonic.reveal())

    def decision(self, name: str, request: str, *, share: bytes = b"", **changes: Any) -> Statement:
        """A custodian's decision; an approval unless ``changes`` say otherwise."""
        fields = {
            "request": self.asked[request].digest,
            "group": self.group(name),
            "custodian": self.id(name),
            "decision": "approve",
            "reason": "",
            "resealed_share_digest": hex_digest(share) if share else "",
        }
        return self.sign(name, "decision", **(fields | changes))

    def approve(self, name: str, request: str, **changes: Any) -> Done:
        """One custodian approves."""
        share = self.reseal(name, request)
        posted = Decide(
            statement=wire(self.decision(name, request, share=share, **changes)),
            resealed_share=b64encode(share),
        )
        return decisions.decide(self.ctx, self.caller(name), request, posted)

    def deny(self, name: str, request: str, reason: str = "not now") -> Done:
        """One custodian denies."""
        denial = self.decision(name, request, decision="deny", reason=reason)
        return decisions.decide(
            self.ctx, self.caller(name), request, Decide(statement=wire(denial))
        )

    def approve_all(self, request: str) -> Done:
        """Two of each group approve."""
        return [self.approve(name, request) for name in ("ann", "bob", "dea", "eli")][-1]

    def word(self, kind: str, request: str, name: str = "gus", /, **fields: Any) -> Statement:
        """A requester's cancellation, release or closure."""
        return self.sign(
            name,
            kind,
            **({"request": self.asked[request].digest, "requester": self.id(name)} | fields),
        )

    def release(self, request: str, name: str = "gus") -> Released:
        """The requester releases."""
        statement = self.word("release", request, name)
        return releases.release(self.ctx, self.caller(name), request, body(statement))

    def cancel(self, request: str) -> Done:
        """The requester cancels."""
        statement = self.word("cancellation", request, reason="no longer needed")
        return endings.cancel(self.ctx, self.caller("gus"), request, body(statement))

    def close(self, request: str) -> Done:
        """The requester says what was done."""
        statement = self.word("closure", request, summary="fixed the invoice run")
        return endings.close(self.ctx, self.caller("gus"), request, body(statement))

    def rotate(self, *requests_: str) -> Done:
        """Seal a new password after these requests and confirm it."""
        after = sorted(self.asked[r].digest for r in requests_)
        self.seal(after_requests=after)
        return self.confirm(*CUSTODIANS)

    def review(self, name: str, request: str, *, rotated: bool = True, **changes: Any) -> Done:
        """A custodian reviews."""
        fields = {
            "request": self.asked[request].digest,
            "group": self.group(name),
            "reviewer": self.id(name),
            "rotated": rotated,
            "note": "looked at CloudTrail",
        }
        statement = self.sign(name, "review", **(fields | changes))
        return endings.review(self.ctx, self.caller(name), request, body(statement))

    def state(self, request: str) -> str:
        """A request's state as a read computes it now."""
        return requests.show(self.ctx, self.caller("gus"), request).state

    def actions(self) -> list[str]:
        """Every action in the log, oldest first."""
        from service.usecases.history import events  # noqa: PLC0415 - only for looking

        found = events(self.ctx, self.caller("aud"), limit=200).events
        return [leaf.action for leaf in reversed(found)]


def make_world(
    database: Database, signer: Signer, state_dir: Path, clock: Clock, channel: str = "file"
) -> World:
    """A world on this database, with nobody in it."""
    path = state_dir / "at-rest.key"
    at_rest = AtRest.load(path) if path.exists() else AtRest.create(path)
    ctx = Context(
        database=database,
        clock=clock,
        signer=signer,
        at_rest=at_rest,
        url="http://localhost:8420",
        default_channel=channel,
    )
    return World(ctx=ctx, clock=clock)


def entered(world: World, digest: str) -> datetime:
    """When the log received a statement."""
    with world.ctx.read() as unit:
        return stored_statements.get(unit.session, digest).at
