"""What an organisation seals, and what its custodians confirm."""

from dataclasses import dataclass, field
from typing import Any

from crypto import statement as statements
from crypto.derived import OpeningKey, derive
from crypto.encoding import b64encode
from crypto.envelope import context, custody_info
from crypto.identity import Identity
from crypto.opening import Content, SealedEnvelope, seal_envelope
from crypto.randomness import random_uuid
from crypto.sharing import combine
from crypto.statement import Statement
from crypto.unseal import unseal
from service.domain.people import GroupName
from service.usecases import envelopes
from service.wire.accounts import NewEnvelope, SealedShare
from service.wire.base import Done
from tests.cast import (
    CUSTODIANS,
    EVERYBODY,
    NO_HEAD,
    PASSWORD,
    identity_statement,
    somebody,
)
from tests.usecases.bodies import body, wire
from tests.usecases.organisation import Organisation

SECRET = Content(password="Tr0ub4dor&3-and-more", sign_in_email="root@corp.example", note="safe 3")


@dataclass
class Custody(Organisation):
    """An organisation, and every envelope it has sealed: the newest too by that name."""

    sealed: dict[str, SealedEnvelope] = field(default_factory=dict)
    manifests: dict[str, Statement] = field(default_factory=dict)

    def seal_parts(self, content: Content = SECRET, **changes: Any) -> SealedEnvelope:
        """What a sealer's device makes under the newest roster."""
        if self.roster is None:
            raise RuntimeError("accept a roster first")
        last = self.manifests.get("newest")
        head: dict[str, Any] = {
            "envelope": random_uuid(),
            "version": last.payload["version"] + 1 if last else 1,
            "previous": last.digest if last else "0" * 64,
            "sealer": self.id("gus"),
            "cause": "rotation" if last else "initial",
            "after_requests": [],
            **NO_HEAD,
        }
        keys = {self.id(name): self.named(name).public.encryption_key for name in EVERYBODY}
        return seal_envelope(
            content, roster=self.roster, keys=keys, head=head | changes, at=self.clock()
        )

    def seal(self, content: Content = SECRET, *, by: str = "gus", **changes: Any) -> Done:
        """Seal and post."""
        parts = self.seal_parts(content, **({"sealer": self.id(by)} | changes))
        manifest = self.signed_manifest(parts, by)
        done = self.post_envelope(parts, manifest, by)
        self.manifests["newest"] = manifest
        self.manifests[done.id] = manifest
        self.sealed[manifest.digest] = parts
        return done

    def named(self, name: str) -> Identity:
        """The keys with which the newest roster names a person, who may have others by now."""
        people = self.roster.payload["people"] if self.roster else []
        digests = {line["identity"] for line in people}
        first = somebody(name).identity
        known = identity_statement(name, first).digest in digests
        return first if known else self.who(name).identity

    def signed_manifest(self, parts: SealedEnvelope, name: str = "gus") -> Statement:
        """The manifest as its sealer signs it."""
        identity = self.who(name).identity
        return statements.sign("manifest", parts.manifest, identity=identity, at=parts.at)

    def post_envelope(self, parts: SealedEnvelope, manifest: Statement, name: str = "gus") -> Done:
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

    def opening_key(self, manifest: Statement) -> OpeningKey:
        """The key of anyone who has combined enough shares of an envelope."""
        bound = context(manifest.payload)
        names = {self.id(name): name for name in CUSTODIANS}
        words = [
            unseal(
                self.who(names[share.custodian]).identity.encryption_private,
                custody_info(bound, share.group, share.custodian),
                share.sealed,
            )
            for share in self.sealed[manifest.digest].shares
        ]
        return derive(combine(text.reveal().decode() for text in words)).opening

    def papers(self, manifest: Statement | None = None, /, **changes: Any) -> Statement:
        """The report of someone who has opened the newest envelope with papers."""
        opened = manifest or self.manifests["newest"]
        used = [("password", "ann"), ("password", "bob"), ("mfa", "dea"), ("mfa", "eli")]
        fields = {
            "manifest": opened.digest,
            "papers": [{"group": group, "custodian": self.id(name)} for group, name in used],
            "name": "Rob",
            "place": "the vault",
            "reason": "the service and all keys are gone",
        }
        key = self.opening_key(opened)
        return statements.sign("papers", fields | changes, identity=key, at=self.clock())

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
