"""A requester's seal with its evidence, honest or with one lie in it, for both clients."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any

from crypto import statement as statements
from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.leaf import encode_leaf, parse_leaf
from crypto.note import NoteSigner
from crypto.randomness import random_bytes
from crypto.recipient import RecipientKey
from crypto.secret import SecretBytes
from crypto.statement import Statement
from service.wire.log import ProvenLeaf
from service.wire.successor import ProvenStatement, Successor
from tests import cast
from tests.cast import MFA, OTHER_ACCOUNT, PASSWORD, POLICY, person_line, somebody
from tests.client.honest import (
    ORIGIN,
    START,
    Sealed,
    decision_by,
    keys_of,
    request_by,
    seal_for,
    signed_roster,
    wire,
    word_by,
)
from tests.client.logs import Log

ASKS = ("gus", "hal")
APPROVE = ("ann", "bob", "dea", "eli")
SIGNER = NoteSigner(ORIGIN, SecretBytes(bytes(range(32))))
OTHER_KEYS = cast.identity_of("gus anew")


@dataclass(frozen=True)
class Told:
    """What a service shows: a chain, a manifest, and what goes with it."""

    chain: tuple[Statement, ...]
    manifest: Statement
    successor: Successor | None


@dataclass(kw_only=True)
class Story:
    """What happened; a lie changes one thing of it. Minutes are those of each entry."""

    lets: bool = True
    renewed: bool = False
    asks: str = "gus"
    offline: bool = False
    drill: bool = False
    cause: str = "rotation"
    names: bool = True
    approve: Sequence[str] = APPROVE
    released_by: str = "gus"
    order: Sequence[str] = ("request", "approvals", "release", "sealed")
    minutes: dict[str, int] = field(default_factory=dict)
    actions: dict[str, str] = field(default_factory=dict)
    account: str = cast.ACCOUNT
    elsewhere: str = ""
    opened: str = "opened"
    signer: NoteSigner = SIGNER

    def tell(self) -> Told:
        first = roster(lets=self.lets)
        chain = (first, renewed(first)) if self.renewed else (first,)
        keys = RecipientKey.generate()
        opened = {"opened": sealed_by("sam"), "another": seal_for(first, by="sam")}
        opened["forged"] = forged(opened["opened"])
        request = request_by(
            keys.public,
            roster=first,
            sealed=opened["opened"],
            by=self.asks,
            requester=somebody(self.asks).id,
            window=900,
            offline=self.offline,
            drill=self.drill,
            task="drill" if self.drill else "mfa-devices",
        )
        approvals = [decision(name, request) for name in self.approve]
        release = word_by(self.released_by, "release", request, requester=somebody(self.asks).id)
        mine = OTHER_KEYS if self.renewed else somebody("gus").identity
        sealed = seal_for(
            chain[-1],
            version=2,
            previous=opened["opened"].statement.digest,
            cause=self.cause,
            after=[request.digest] if self.names else [],
            by="gus",
        )
        manifest = statements.sign("manifest", sealed.parts.manifest, identity=mine, at=START)
        parts = {"request": [request], "approvals": approvals, "release": [release]}
        parts["sealed"] = [manifest]
        proven = self._prove(parts, request.payload["request"])

        def part(statement: Statement) -> ProvenStatement:
            return ProvenStatement(statement=wire(statement), leaf=proven[1][statement.digest])

        evidence = Successor(
            request=part(request),
            approvals=[part(one) for one in approvals],
            release=part(release),
            opened=wire(opened[self.opened].statement),
            sealed=proven[1][manifest.digest],
            checkpoint=proven[0],
        )
        return Told(chain, manifest, evidence)

    def _prove(
        self, parts: dict[str, list[Statement]], number: str
    ) -> tuple[str, dict[str, ProvenLeaf]]:
        log = Log(signer=self.signer)
        log.begin()
        actions = {
            "request": "request:imported" if self.offline else "request:opened",
            "approvals": "request:approved",
            "release": "request:released",
            "sealed": "envelope:sealed",
        } | self.actions
        places = {}
        for name in self.order:
            for statement in parts[name]:
                places[statement.digest] = log.append(
                    actions[name],
                    subject=self.account,
                    request=number if (name == "sealed") is (name == self.elsewhere) else "",
                    statement=statement.raw,
                    at=START + timedelta(minutes=self.minutes.get(name, 1)),
                )
        return log.checkpoint(), {digest: leaf(log, at) for digest, at in places.items()}


def leaf(log: Log, at: int) -> ProvenLeaf:
    bare = encode_leaf(replace(parse_leaf(log.leaves[at]), statement=b""))
    path = log.proofs().inclusion(at, len(log.leaves))
    return ProvenLeaf(seq=at, leaf=b64encode(bare), path=[b64encode(item) for item in path])


@cache
def roster(*, lets: bool = True) -> Statement:
    return signed_roster(fields(lets=lets), keys_of(*PASSWORD, *MFA[:2], *ASKS, "sam"))


def fields(*, lets: bool = True, keys: Identity | None = None, **changes: Any) -> dict[str, Any]:
    return cast.roster_fields(
        lambda name: person_line(name, keys if name == "gus" else None),
        mfa=MFA[:2],
        requesters=sorted(ASKS, key=lambda name: somebody(name).id),
        sealers=("sam",),
        policy=POLICY | {"requester_seals": lets},
        log_key=SIGNER.verifier.vkey,
        **changes,
    )


@cache
def renewed(first: Statement) -> Statement:
    """The next version, in which Gus has enrolled again."""
    again: dict[str, Any] = {"version": 2, "previous": first.digest, "cause": "change"}
    signers = [*keys_of("ann", "bob", "dea", "eli"), OTHER_KEYS]
    return signed_roster(fields(keys=OTHER_KEYS, **again), signers)


@cache
def sealed_by(name: str) -> Sealed:
    return seal_for(roster(), by=name)


def forged(sealed: Sealed) -> Sealed:
    """The same manifest with the signature of someone who may not seal."""
    ann = somebody("ann").identity
    statement = statements.sign("manifest", sealed.parts.manifest, identity=ann, at=START)
    return Sealed(statement, sealed.parts)


def decision(name: str, request: Statement) -> Statement:
    return decision_by(name, request, random_bytes(212))


def without_evidence(told: Told) -> Told:
    return replace(told, successor=None)


def edited(**changes: Any) -> Callable[[Told], Told]:
    """Change parts of the evidence itself."""

    def edit(told: Told) -> Told:
        assert told.successor is not None
        made = {name: change(told.successor) for name, change in changes.items()}
        return replace(told, successor=told.successor.model_copy(update=made))

    return edit


def swapped_leaf(shown: Successor) -> ProvenStatement:
    return shown.release.model_copy(update={"leaf": shown.request.leaf})


def no_path(shown: Successor) -> ProvenLeaf:
    return shown.sealed.model_copy(update={"path": shown.sealed.path[1:]})


# What is told, what is done to it then, and how it ends: empty where it is believed.
TOLD: list[tuple[str, dict[str, Any], Callable[[Told], Told] | None, str]] = [
    ("an honest requester", {}, None, ""),
    ("an honest import", {"offline": True}, None, ""),
    ("no evidence", {}, without_evidence, "successor-unproven"),
    ("a policy that does not let them", {"lets": False}, None, "manifest-forged"),
    ("other keys since they asked", {"renewed": True}, None, "manifest-forged"),
    ("another's request", {"asks": "hal", "released_by": "hal"}, None, "manifest-forged"),
    ("a drill", {"drill": True}, None, "manifest-forged"),
    ("no rotation", {"cause": "roster"}, None, "manifest-forged"),
    ("their request is not named", {"names": False}, None, "manifest-forged"),
    ("another envelope than was opened", {"opened": "another"}, None, "manifest-forged"),
    ("an envelope that no sealer signed", {"opened": "forged"}, None, "manifest-forged"),
    ("a release that another signed", {"released_by": "hal"}, None, "word-forged"),
    ("one approval too few", {"approve": APPROVE[:-1]}, None, "no-quorum"),
    (
        "an approval shown twice for two",
        {"approve": APPROVE[:-1]},
        edited(approvals=lambda shown: [*shown.approvals, shown.approvals[-1]]),
        "no-quorum",
    ),
    (
        "approvals after the release",
        {"order": ("request", "release", "approvals", "sealed")},
        None,
        "no-quorum",
    ),
    (
        "approvals when its time was over",
        {"minutes": {"approvals": 61, "release": 60, "sealed": 61}},
        None,
        "no-quorum",
    ),
    (
        "a release when its time was over",
        {"minutes": {"release": 61, "sealed": 61}},
        None,
        "successor-unproven",
    ),
    (
        "a release after the seal",
        {"order": ("request", "approvals", "sealed", "release")},
        None,
        "successor-unproven",
    ),
    (
        "an approval that was a denial",
        {"actions": {"approvals": "request:denied"}},
        None,
        "successor-unproven",
    ),
    (
        "an import that was none",
        {"actions": {"request": "request:imported"}},
        None,
        "successor-unproven",
    ),
    ("leaves of another account", {"account": OTHER_ACCOUNT}, None, "successor-unproven"),
    ("a release of another request", {"elsewhere": "release"}, None, "successor-unproven"),
    ("the leaf of another statement", {}, edited(release=swapped_leaf), "successor-unproven"),
    ("a path that leads nowhere", {}, edited(sealed=no_path), "successor-unproven"),
    (
        "a log of another key",
        {"signer": NoteSigner(ORIGIN, SecretBytes(bytes(32)))},
        None,
        "log-not-signed",
    ),
]


def told(changes: dict[str, Any], lie: Callable[[Told], Told] | None) -> Told:
    """One row of the table."""
    made = Story(**changes).tell()
    return lie(made) if lie else made
