"""An organisation on a real database: who is in it, its account, and the rosters they sign."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crypto import statement as statements
from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.randomness import random_bytes, random_uuid
from crypto.schema import HEADLESS
from crypto.secret import SecretBytes
from crypto.statement import Statement
from service.domain.person import Person
from service.domain.sessions import Invitation
from service.storage import invitations as stored_invitations
from service.storage import people as stored_people
from service.storage import statements as stored_statements
from service.usecases import accounts, rosters
from service.usecases.context import Caller, Context, Unit
from service.wire.accounts import NewAccount, RosterDraft
from service.wire.base import Done
from tests import cast
from tests.cast import (
    ACCOUNT,
    AUDITOR,
    CUSTODIANS,
    EVERYBODY,
    NO_HEAD,
    OPERATOR,
    Somebody,
    email,
    identity_statement,
    person_line,
    somebody,
)
from tests.usecases.bodies import body


@dataclass
class Organisation:
    """The people of one installation, their account and its newest roster."""

    ctx: Context
    clock: Any  # moved by hand in most worlds
    account: str = ACCOUNT
    roster: Statement | None = None
    anew: dict[str, Identity] = field(default_factory=dict)

    def who(self, name: str) -> Somebody:
        """One person, with the keys that they have now."""
        known = somebody(name)
        return replace(known, identity=self.anew.get(name, known.identity))

    def enrol_anew(self, name: str) -> None:
        """The person loses their keys; the operator sends a link, and they enrol others."""
        identity = Identity.from_root(SecretBytes(random_bytes(32)))
        self.anew[name] = identity
        link = Invitation(
            person=self.id(name), created_at=self.clock(), expires_at=self.clock(), used_at=None
        )
        digest = random_bytes(32).hex()
        with self.ctx.write() as unit:
            stored_invitations.add(unit.session, link, digest=digest)
            stored_invitations.use(unit.session, digest, unit.now)
            self._enrol(unit, name, identity_statement(name, identity), -random.randrange(10**6))

    def id(self, name: str) -> str:
        """One person's id."""
        return self.who(name).id

    def caller(self, name: str) -> Caller:
        """The person, signed in a moment ago."""
        return Caller(
            person=self.id(name),
            operator=name == OPERATOR,
            auditor=name == AUDITOR,
            session=random_uuid(),
            fresh=True,
        )

    def sign(self, name: str, kind: str, **fields: Any) -> Statement:
        """A statement of this kind with these fields, signed by the person now."""
        head = {} if kind in HEADLESS else NO_HEAD
        return statements.sign(
            kind, {**head, **fields}, identity=self.who(name).identity, at=self.clock()
        )

    def enrol_everybody(self, *, without_leaves: bool = True) -> None:
        """Put everyone and their keys into the database, and their identities unless logged."""
        with self.ctx.write() as unit:
            for number, name in enumerate(EVERYBODY, 1):
                person = Person(
                    id=self.id(name),
                    email=email(name),
                    name=name,
                    operator=name == OPERATOR,
                    auditor=name == AUDITOR,
                )
                stored_people.save(unit.session, person, unit.now)
                # no leaf: these worlds begin with people who are there
                self._enrol(unit, name, identity_statement(name), -number if without_leaves else 0)

    def _enrol(self, unit: Unit, name: str, statement: Statement, seq: int) -> None:
        stored_people.add_identity(
            unit.session,
            self.id(name),
            self.who(name).identity.public,
            digest=statement.digest,
            at=unit.now,
        )
        if seq:
            stored_statements.keep(
                unit.session, statement, about="", person=self.id(name), seq=seq, at=unit.now
            )

    def register(self, account: str = ACCOUNT, topic: str = "") -> Done:
        """The operator registers an account."""
        return accounts.register(
            self.ctx, self.caller("olga"), NewAccount(account=account, sns_topic_arn=topic)
        )

    def roster_fields(self, **changes: Any) -> dict[str, Any]:
        """A good roster of two groups, 2 of 3 in both, following the newest one."""
        key = self.ctx.signer.verifier_key
        fields = cast.roster_fields(account=self.account, log_key=key)
        if self.roster:
            fields["version"] = self.roster.payload["version"] + 1
            fields |= {"previous": self.roster.digest, "cause": "change"}
        fields |= changes
        if "people" not in changes:
            fields["people"] = self.listed(fields)
        return fields

    def listed(self, fields: Mapping[str, Any]) -> list[dict[str, str]]:
        """``people`` as it must be: exactly those who are named, by id."""
        named = {p for g in fields["groups"].values() for p in g["custodians"]}
        named |= {*fields["requesters"], *fields["sealers"]}
        known = {self.id(name): name for name in EVERYBODY}
        return [
            person_line(known[person], self.anew.get(known[person])) | {"name": known[person]}
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
        for name in signers or (*CUSTODIANS, "gus"):
            self.sign_roster(name, drafted)
        return drafted
