"""The state that the log has led to so far: accounts, rosters, envelopes and open requests.

Memory grows with people, rosters and envelopes and with what is open, not with the log's length: a
request is forgotten once its state is final.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from crypto.identity import PublicKeys
from crypto.note import NoteVerifier
from crypto.statement import Statement
from service.client.audit.replay.claim import Claim, Replayed
from service.client.audit.replay.times import Gap
from service.client.audit.tree.given_up import GivenUp
from service.client.audit.tree.heads import Heads
from service.client.foundation.errors import ClientRefusal
from service.domain import credential
from service.domain.case import Case
from service.domain.credential import IN_FORCE, Envelope, exposed_by_union
from service.domain.events import Event
from service.domain.exposed import Cause
from service.domain.exposure import of_one_password, share_password
from service.domain.people import GroupName, IdentityKeys
from service.domain.quorum import Quorum
from service.domain.request import AWAITING_ROTATION, COLLECTING, FINAL, Request, State
from service.domain.roles import Role
from service.domain.roster import Roster
from service.domain.slots import Way

_UNRELEASED = frozenset({State.DENIED, State.CANCELLED, State.EXPIRED})


@dataclass(slots=True)
class AccountWorld:
    """One account. ``rosters`` are by digest, oldest first; ``envelopes`` by manifest digest.

    ``approvers``, by manifest: those whose shares reached the service for requests that ended
    without a release. ``heard``, by request: the digests of statements on it. ``known``, by
    manifest: ids, digests and recipient keys of requests, each used once. ``imported``: digests of
    offline requests, which may name a manifest superseded long ago. ``opened``: manifests whose
    password was, or could have been, seen. ``reported``, by manifest: digests of reports of papers.
    ``draft``: version and digest of the roster that was drafted last and is not in force.
    ``announced``, of a further line: the day of the last daily notice of it, by the line whose
    people were told. ``registered`` and ``retired`` are the leaves of its registration and of its
    end, which has -1 as long as its people have not ended it.
    """

    account: str
    registered_at: datetime
    registered: int
    retired: int = -1
    rosters: dict[str, Roster] = field(default_factory=dict)
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    approvers: dict[str, set[tuple[GroupName, str]]] = field(default_factory=dict)
    heard: dict[str, set[str]] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    reported: dict[str, set[str]] = field(default_factory=dict)
    draft: tuple[int, str] | None = None
    announced: dict[str, int] = field(default_factory=dict)

    @property
    def roster(self) -> Roster | None:
        """The newest roster."""
        return next(reversed(self.rosters.values()), None)

    @property
    def newest(self) -> Envelope | None:
        """The envelope with the highest version."""
        return next(reversed(self.envelopes.values()), None)

    @property
    def in_force(self) -> Envelope | None:
        """The envelope that is ready or exposed."""
        found = (e for e in reversed(self.envelopes.values()) if e.state in IN_FORCE)
        return next(found, None)

    def collecting(self) -> list[Request]:
        """Requests that are pending or approved."""
        return [r for r in self.requests.values() if r.state in COLLECTING]

    def timed(self) -> list[Request]:
        """Requests that time will end: those that collect approvals, or with an open window."""
        states = COLLECTING | {State.RELEASED}
        return [r for r in self.requests.values() if r.state in states]

    def rotating(self) -> list[Request]:
        """Requests that wait for a new password."""
        return [r for r in self.requests.values() if r.state in AWAITING_ROTATION and not r.drill]

    def case_of(self, request: Request) -> Case:
        """Join a request with the roster and envelope that it names."""
        envelope = self.envelopes[request.manifest]
        return Case(
            request=request,
            roster=self.rosters[request.roster],
            envelope=envelope,
            envelope_roster=self.rosters[envelope.roster],
        )

    def put(self, request: Request) -> list[Event]:
        """Store a request's new state; return the events that follow from its end."""
        if request.state not in FINAL:
            self.requests[request.id] = request
            return []
        self.requests.pop(request.id, None)
        self.heard.pop(request.id, None)
        if request.drill or request.state not in _UNRELEASED:
            return []
        people = self.approvers.setdefault(request.manifest, set())
        people |= {(d.group, d.custodian) for d in request.decisions if d.approves}
        envelope = self.envelopes[request.manifest]
        if not exposed_by_union(self.rosters[envelope.roster], people):
            return []
        return self.expose(request.manifest, why="approvals-without-release")

    def expose(self, manifest: str, *, why: str) -> list[Event]:
        """Mark an envelope as exposed; no events if it is exposed or superseded already."""
        after, events = credential.expose(self.envelopes[manifest], why=why)
        self.envelopes[manifest] = after
        self.opened.add(manifest)
        return events

    def expose_opened(self, manifest: str, *, why: str) -> list[Event]:
        """Expose what was opened without the service, and later envelopes of its password."""
        of_one = of_one_password(self.envelopes.values(), self.envelopes[manifest])
        said = {one.digest: why if one.digest == manifest else Cause.SAME.value for one in of_one}
        return [event for digest, of in said.items() for event in self.expose(digest, why=of)]

    def was_seen(self, ready: Envelope) -> bool:
        """Return whether the password of an envelope was opened before it became ready."""
        of_one = share_password(self.envelopes.values(), ready)
        return any(one.digest in self.opened for one in of_one)


class Recorder(Protocol):
    """Records the replay for a report: it gets every leaf that was found right, and no other.

    It does not get leaves that are only counted (``tree.plain``).
    """

    def leaf(self, world: "World", leaf: Replayed) -> None:
        """Record a leaf that the rules permit, after the world has taken it in."""
        ...

    def quorum(self, request: Request, quorum: Quorum) -> None:
        """Record the count at a release, before the leaf of the release itself."""
        ...


@dataclass(slots=True)
class World:
    """The whole log so far. ``due`` are events that follow from the last act and must come next.

    ``signing`` is the signature that completes a roster, whose acceptance must come next.

    ``anchors`` are the digests of first rosters from the auditor's own notes, by account; ``slots``
    the live key slots, by person; ``roles`` the roles that people have; ``signing_keys`` every key
    ever enrolled, by key id; ``identities`` all of them by digest, ``enrolled`` the digest of each
    person's newest; ``kinds`` how many statements there were of each kind. ``given_up`` is
    what was signed and is not in the log, because an older copy was restored; ``heads`` are those
    of the log that statements name.
    """

    anchors: Mapping[str, str] = field(default_factory=dict)
    accounts: dict[str, AccountWorld] = field(default_factory=dict)
    keys: dict[str, PublicKeys] = field(default_factory=dict)
    slots: dict[str, list[Way]] = field(default_factory=dict)
    roles: dict[str, frozenset[Role]] = field(default_factory=dict)
    signing_keys: dict[str, bytes] = field(default_factory=dict)
    identities: dict[str, IdentityKeys] = field(default_factory=dict)
    enrolled: dict[str, str] = field(default_factory=dict)

    recorder: Recorder | None = None
    last_at: datetime | None = None
    due: list[Event] = field(default_factory=list)
    importing: str = ""
    signing: Claim | None = None
    log_key: NoteVerifier | None = None
    given_up: GivenUp = field(default_factory=GivenUp)
    heads: Heads = field(init=False)
    tally: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def __post_init__(self) -> None:
        """A head that an epoch gives up is no fork, so both look at the same epochs."""
        self.heads = Heads(self.given_up)

    def met(self, request: Request, quorum: Quorum) -> None:
        """Count a quorum that was met."""
        self.tally["quorums"] += 1
        if self.recorder is not None:
            self.recorder.quorum(request, quorum)

    def in_a_roster(self, person: str) -> bool:
        """Return whether the newest roster of any account names the person."""
        newest = [account.roster for account in self.accounts.values()]
        return any(roster is not None and person in roster.members for roster in newest)

    def account_of(self, leaf: Claim) -> AccountWorld:
        """Return the account that a leaf is about.

        Raises:
            ClientRefusal: ``account-unknown``.
        """
        if leaf.subject not in self.accounts:
            raise ClientRefusal("account-unknown", "it is about an account that was not registered")
        leaf.proven.add("subject")
        return self.accounts[leaf.subject]

    def request_of(self, leaf: Claim) -> tuple[AccountWorld, Request]:
        """Return the open request that a leaf is about.

        Raises:
            ClientRefusal: ``account-unknown``, ``request-unknown``.
        """
        account = self.account_of(leaf)
        if leaf.request not in account.requests:
            raise ClientRefusal("request-unknown", "it is about a request that is not open")
        leaf.proven.add("request")
        return account, account.requests[leaf.request]

    def remark(self, leaf: Claim, text: str) -> None:
        """Add a remark: what an auditor should read though it is not wrong."""
        self.remarks.append(f"leaf {leaf.seq}: {text}")


def hear(account: AccountWorld, request: Request, statement: Statement) -> None:
    """Take a statement on this request once.

    Raises:
        ClientRefusal: ``replayed``.
    """
    heard = account.heard.setdefault(request.id, set())
    if statement.digest in heard:
        raise ClientRefusal("replayed", "this statement is in the log already")
    heard.add(statement.digest)
