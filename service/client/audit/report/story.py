"""What happened, request by request, recorded during the replay.

Memory grows with requests and acts on accounts, never with sign-ins; a verification without
timelines records no story.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.client.audit.replay.claim import Basis, Replayed
from service.client.audit.replay.unsigned import Shown, Unsigned, sentence
from service.client.audit.replay.world import World
from service.client.foundation.render import listing
from service.domain.events import Action
from service.domain.people import GroupName
from service.domain.quorum import Quorum
from service.domain.request import Request

_BEGINS = frozenset({Action.REQUEST_OPENED, Action.REQUEST_IMPORTED})
_DECIDES = frozenset({Action.REQUEST_APPROVED, Action.REQUEST_DENIED})

# The texts of a statement that people typed, by what they are called in a report.
_TYPED: Mapping[str, Mapping[str, str]] = {
    "request": {"task_text": "task", "reason": "reason", "ticket": "ticket"},
    "decision": {"reason": "reason"},
    "cancellation": {"reason": "reason"},
    "closure": {"summary": "summary"},
    "review": {"note": "note"},
}
# What the signer of a report of papers says of themselves.
_CLAIMED: Mapping[str, str] = {"name": "by", "place": "at", "at": "on", "reason": "because"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act in words. ``typed`` are the texts that its signer typed, by label."""

    seq: int
    at: datetime
    action: Action
    basis: Basis
    who: Shown
    sentence: Shown
    state: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def dated(self) -> Shown:
        """The sentence after its day, which is the service's clock's."""
        day = f"{self.at:%Y-%m-%d}: "
        said = self.sentence
        return said.after(day) if isinstance(said, Unsigned) else f"{day}{said}"

    @property
    def signed(self) -> bool:
        """Whether it carries a statement."""
        return self.basis is Basis.SIGNED

    @property
    def proven(self) -> bool:
        """Whether anything but the service's word says that it happened."""
        return self.basis is not Basis.UNSIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One group's part of a quorum as the verifier counted it: how many it needs, and who."""

    group: str
    needed: int
    names: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class RequestStory:
    """One request from its first leaf to its last so far.

    ``asked`` are the custodians who could have answered, with their names; ``quorum_at`` is when
    both groups had enough for the first time, and ``counted`` the count at the release.
    """

    id: str
    account: str
    account_name: str
    requester: str
    task: str
    drill: bool
    offline: bool
    opened_at: datetime
    asked: Mapping[str, str]
    entries: list[Entry] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    quorum_at: datetime | None = None
    counted: tuple[Counted, ...] = ()
    state: str = ""

    def first(self, *actions: Action) -> Entry | None:
        """Return the first entry of one of these actions."""
        return next((e for e in self.entries if e.action in actions), None)

    def all_of(self, *actions: Action) -> list[Entry]:
        """Return every entry of these actions."""
        return [entry for entry in self.entries if entry.action in actions]

    @property
    def typed(self) -> Mapping[str, str]:
        """What the requester typed."""
        return self.entries[0].typed

    @property
    def release(self) -> Entry | None:
        """The leaf of the release; for an offline request without one, that of the import."""
        if self.offline:
            return self.first(Action.REQUEST_RELEASED) or self.first(Action.REQUEST_IMPORTED)
        return self.first(Action.REQUEST_RELEASED)


class Story:
    """A recorder for reports.

    ``requests``, by id, are in the order of the log; ``accounts`` has entries about an account but
    no request; ``service`` those about the log and its clock.
    """

    def __init__(self) -> None:
        self.requests: dict[str, RequestStory] = {}
        self.accounts: dict[str, list[Entry]] = {}
        self.service: list[Entry] = []
        self.names: dict[Shown, Shown] = {}

    def leaf(self, world: World, leaf: Replayed) -> None:
        """Record a leaf that the rules permit."""
        self._learn_names(leaf)
        entry = self._entry(leaf)
        if leaf.action in _BEGINS:
            self.requests[leaf.request] = self._begin(world, leaf)
        if leaf.request in self.requests:
            self._continue(self.requests[leaf.request], leaf, entry)
        elif isinstance(leaf.subject, str) and leaf.subject in world.accounts:
            self.accounts.setdefault(leaf.subject, []).append(entry)
        elif leaf.action.startswith(("clock:", "log:")):
            self.service.append(entry)

    def quorum(self, request: Request, quorum: Quorum) -> None:
        """Record the count at a release."""
        counted = tuple(
            Counted(
                group=group.value,
                needed=quorum.needed[group],
                names=tuple(sorted(str(self.name_of(p)) for p in quorum.counted[group])),
            )
            for group in GroupName
        )
        if request.id in self.requests:
            self.requests[request.id].counted = counted

    def name_of(self, person: Shown) -> Shown:
        """Return a person's name from the newest roster, else their id.

        For someone who is named without proof: else from their invitation, and as unsigned.
        """
        return self.names.get(person, person)

    def _learn_names(self, leaf: Replayed) -> None:
        if leaf.action is Action.INVITATION_CREATED:
            self.names.setdefault(leaf.subject, leaf.details["name"])
        if leaf.kind == "roster":
            for person in leaf.said["people"]:
                self.names[person["person"]] = person["name"]
                self.names[Unsigned(person["person"])] = Unsigned(person["name"])

    def _begin(self, world: World, leaf: Replayed) -> RequestStory:
        payload, account = leaf.said, leaf.said["account"]
        roster = world.accounts[account].rosters[payload["roster"]]
        custodians = (m for m in roster.custodians if m != payload["requester"])
        return RequestStory(
            id=leaf.request,
            account=account,
            account_name=roster.name,
            requester=str(self.name_of(payload["requester"])),
            task=payload["task"],
            drill=payload["drill"],
            offline=payload["offline"],
            opened_at=leaf.at,
            asked={person: roster.members[person].name for person in custodians},
        )

    def _continue(self, story: RequestStory, leaf: Replayed, entry: Entry) -> None:
        story.entries.append(entry)
        story.state = entry.state
        if entry.state == "approved" and story.quorum_at is None:
            story.quorum_at = leaf.at
        if leaf.action in _DECIDES:
            story.answered.add(leaf.said["custodian"])

    def _claims(self, leaf: Replayed) -> str:
        """Say what an opener claims of themselves, every word of it marked as unsigned."""
        claimed = [f"{_CLAIMED[name]} {text}" for name, text in leaf.claimed.items()]
        if leaf.keepers:
            names = listing(str(self.name_of(keeper)) for keeper in leaf.keepers)
            return "".join(f"; {what}" for what in (*claimed, f"papers of {names}"))
        return ""

    def _entry(self, leaf: Replayed) -> Entry:
        who = self.name_of(leaf.actor)
        said = sentence(leaf.action, who, leaf.details, entry=leaf.basis is not Basis.UNSIGNED)
        wanted = _TYPED.get(leaf.kind, {})
        return Entry(
            seq=leaf.seq,
            at=leaf.at,
            action=leaf.action,
            basis=leaf.basis,
            who=who,
            sentence=f"{said}{claims}" if (claims := self._claims(leaf)) else said,
            state=leaf.proven("state") if leaf.request else "",
            typed={called: leaf.said[name] for name, called in wanted.items() if leaf.said[name]},
        )
