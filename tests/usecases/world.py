"""An organisation on a real database: people with real keys, and what each of them can do.

Every method signs as that person's device would and calls the use case; what a test wants to be
wrong it passes as ``changes`` to the signed fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from crypto import envelope as formats
from crypto import statement as statements
from crypto.encoding import b64decode, b64encode, hex_digest
from crypto.identity import Identity
from crypto.opening import Content, SealedEnvelope, seal_envelope
from crypto.randomness import random_uuid
from crypto.recipient import RecipientKey
from crypto.seal import seal
from crypto.statement import Statement
from crypto.unseal import unseal
from service.clock import Clock
from service.domain.people import GroupName
from service.domain.person import Person
from service.storage import people as stored_people
from service.storage import statements as stored_statements
from service.storage.at_rest import AtRest
from service.storage.database import Database
from service.storage.signer import Signer
from service.usecases import (
    accounts,
    decisions,
    endings,
    envelopes,
    releases,
    requests,
    rosters,
)
from service.usecases.context import Caller, Context
from service.wire.accounts import NewAccount, NewEnvelope, RosterDraft, SealedShare
from service.wire.base import Done, Dsse
from service.wire.base import Statement as Body
from service.wire.requests import Decide, Released

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
PASSWORD = ("pia", "per", "pat")
MFA = ("mia", "max", "moa")
CUSTODIANS = (*PASSWORD, *MFA)
EVERYBODY = (*CUSTODIANS, "ria", "olga", "aud", "eve")
SECRET = Content(password="Tr0ub4dor&3-and-more", sign_in_email="root@corp.example", note="safe 3")


def wire(statement: Statement) -> Dsse:
    """A statement as it travels."""
    return Dsse.model_validate_json(statement.raw)


def body(statement: Statement) -> Body:
    """The body of an act that is a statement alone."""
    return Body(statement=wire(statement))


@dataclass(frozen=True)
class Somebody:
    """A person and their keys; the same for the whole run, since making keys proves nothing."""

    name: str
    id: str
    identity: Identity


@cache
def somebody(name: str) -> Somebody:
    """One person, made once per run."""
    return Somebody(name, random_uuid(), Identity.generate())


@dataclass
class World:
    """The people of one installation, and the newest of everything they have made."""

    ctx: Context
    clock: Any  # moved by hand in most worlds
    account: str = ACCOUNT
    sealed: dict[str, SealedEnvelope] = field(default_factory=dict)
    manifests: dict[str, Statement] = field(default_factory=dict)
    asked: dict[str, Statement] = field(default_factory=dict)
    recipients: dict[str, RecipientKey] = field(default_factory=dict)
    roster: Statement | None = None
    people: dict[str, Somebody] = field(default_factory=dict)

    def who(self, name: str) -> Somebody:
        """One person: of this world alone if it has its own, else the run's."""
        return self.people.get(name) or somebody(name)

    def id(self, name: str) -> str:
        """One person's id."""
        return self.who(name).id

    def caller(self, name: str) -> Caller:
        """The person, signed in a moment ago."""
        return Caller(
            person=self.id(name),
            operator=name == "olga",
            auditor=name == "aud",
            session=random_uuid(),
            fresh=True,
        )

    def sign(self, name: str, kind: str, **fields: Any) -> Statement:
        """A statement of this kind with these fields, signed by the person now."""
        return statements.sign(kind, fields, identity=self.who(name).identity, at=self.clock())

    # --- people, account, roster ---

    def enrol_everybody(self) -> None:
        """Put everybody and their keys into the database."""
        with self.ctx.write() as unit:
            for name in EVERYBODY:
                person = Person(
                    id=self.id(name),
                    email=f"{name}@corp.example",
                    name=name,
                    operator=name == "olga",
                    auditor=name == "aud",
                )
                stored_people.save(unit.session, person, unit.now)
                stored_people.add_identity(
                    unit.session,
                    person.id,
                    self.who(name).identity.public,
                    digest=hex_digest(name.encode()),
                    at=unit.now,
                )

    def register(self, account: str = ACCOUNT, topic: str = "") -> Done:
        """The operator registers an account."""
        return accounts.register(
            self.ctx, self.caller("olga"), NewAccount(account=account, sns_topic_arn=topic)
        )

    def roster_fields(self, **changes: Any) -> dict[str, Any]:
        """A good roster of two groups, 2 of 3 in both, following the newest one."""
        groups = {
            "password": {"threshold": 2, "custodians": [self.id(n) for n in PASSWORD]},
            "mfa": {"threshold": 2, "custodians": [self.id(n) for n in MFA]},
        }
        fields: dict[str, Any] = {
            "account": self.account,
            "version": self.roster.payload["version"] + 1 if self.roster else 1,
            "previous": self.roster.digest if self.roster else "0" * 64,
            "cause": "change" if self.roster else "first",
            "name": "payments",
            "root_email": "root@corp.example",
            "type": "standalone",
            "groups": groups,
            "requesters": [self.id("ria")],
            "sealers": [self.id("ria")],
            "policy": {
                "request_lifetime": 3600,
                "release_window": 900,
                "denials": "unreachable",
            },
        }
        fields |= changes
        fields.setdefault("people", self.listed(fields))
        return fields

    def listed(self, fields: Mapping[str, Any]) -> list[dict[str, str]]:
        """``people`` as it must be: exactly those who are named, by id."""
        named = {p for g in fields["groups"].values() for p in g["custodians"]}
        named |= {*fields["requesters"], *fields["sealers"]}
        known = {self.id(name): self.who(name) for name in EVERYBODY}
        return [
            {
                "person": person,
                "name": known[person].name,
                "encryption_key": b64encode(known[person].identity.public.encryption_key),
                "signing_key": b64encode(known[person].identity.public.signing_key),
            }
            for person in sorted(named)
        ]

    def draft(self, **changes: Any) -> Statement:
        """The operator drafts; returns the unsigned roster."""
        content = statements.payload_body("roster", self.roster_fields(**changes), self.clock())
        rosters.draft(
            self.ctx, self.caller("olga"), self.account, RosterDraft(payload=b64encode(content))
        )
        return statements.unsigned("roster", content)

    def sign_roster(self, name: str, drafted: Statement) -> Done:
        """One person signs the draft."""
        signed = statements.sign_body("roster", drafted.body, self.who(name).identity)
        done = rosters.sign(self.ctx, self.caller(name), self.account, drafted.digest, body(signed))
        if done.state == "accepted":
            self.roster = drafted
        return done

    def accept_roster(self, signers: Sequence[str] = (), **changes: Any) -> Statement:
        """Draft and sign by all who are asked."""
        drafted = self.draft(**changes)
        for name in signers or (*CUSTODIANS, "ria"):
            self.sign_roster(name, drafted)
        return drafted

    # --- envelope ---

    def seal_parts(self, content: Content = SECRET, **changes: Any) -> SealedEnvelope:
        """What a sealer's device makes under the newest roster."""
        if self.roster is None:
            raise RuntimeError("accept a roster first")
        last = self.manifests.get("newest")
        head: dict[str, Any] = {
            "envelope": random_uuid(),
            "version": last.payload["version"] + 1 if last else 1,
            "previous": last.digest if last else "0" * 64,
            "sealer": self.id("ria"),
            "cause": "rotation" if last else "initial",
            "after_requests": [],
        }
        return seal_envelope(content, roster=self.roster, head=head | changes, at=self.clock())

    def seal(self, content: Content = SECRET, **changes: Any) -> Done:
        """Seal and post."""
        parts = self.seal_parts(content, **changes)
        manifest = self.signed_manifest(parts)
        done = self.post_envelope(parts, manifest)
        self.manifests["newest"] = manifest
        self.manifests[done.id] = manifest
        self.sealed[manifest.digest] = parts
        return done

    def signed_manifest(self, parts: SealedEnvelope, name: str = "ria") -> Statement:
        """The manifest as its sealer signs it."""
        identity = self.who(name).identity
        return statements.sign("manifest", parts.manifest, identity=identity, at=parts.at)

    def post_envelope(self, parts: SealedEnvelope, manifest: Statement, name: str = "ria") -> Done:
        """Post an envelope."""
        shares = [
            SealedShare(
                group=GroupName(s.group).value,
                custodian=s.custodian,
                sealed_share=b64encode(s.sealed),
            )
            for s in parts.shares
        ]
        posted = NewEnvelope(
            statement=wire(manifest), content=b64encode(parts.content), sealed_shares=shares
        )
        return envelopes.seal(self.ctx, self.caller(name), posted)

    def group(self, name: str) -> str:
        """The group in which a custodian stands."""
        return "password" if name in PASSWORD else "mfa"

    def receipt(self, name: str, manifest: Statement | None = None, **changes: Any) -> Statement:
        """A custodian's receipt for the newest envelope."""
        fields = {
            "manifest": (manifest or self.manifests["newest"]).digest,
            "group": self.group(name),
            "custodian": self.id(name),
        }
        return self.sign(name, "custody-receipt", **(fields | changes))

    def confirm(self, *names: str) -> Done:
        """These custodians confirm the newest envelope."""
        return [
            envelopes.confirm(self.ctx, self.caller(name), body(self.receipt(name)))
            for name in names
        ][-1]

    def ready(self) -> "World":
        """Everything up to an envelope in force."""
        self.enrol_everybody()
        self.register()
        self.accept_roster()
        self.seal()
        self.confirm(*CUSTODIANS)
        return self

    # --- request ---

    def request_statement(self, name: str = "ria", **changes: Any) -> Statement:
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

    def ask(self, name: str = "ria", **changes: Any) -> str:
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
        return [self.approve(name, request) for name in ("pia", "per", "mia", "max")][-1]

    def word(self, kind: str, request: str, name: str = "ria", /, **fields: Any) -> Statement:
        """A requester's cancellation, release or closure."""
        return self.sign(
            name,
            kind,
            **({"request": self.asked[request].digest, "requester": self.id(name)} | fields),
        )

    def release(self, request: str, name: str = "ria") -> Released:
        """The requester releases."""
        statement = self.word("release", request, name)
        return releases.release(self.ctx, self.caller(name), request, body(statement))

    def cancel(self, request: str) -> Done:
        """The requester cancels."""
        statement = self.word("cancellation", request, reason="no longer needed")
        return endings.cancel(self.ctx, self.caller("ria"), request, body(statement))

    def close(self, request: str) -> Done:
        """The requester says what was done."""
        statement = self.word("closure", request, summary="fixed the invoice run")
        return endings.close(self.ctx, self.caller("ria"), request, body(statement))

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
        return requests.show(self.ctx, self.caller("ria"), request).state

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
