"""Both groups of a request side by side: who has done what, and who is to decide."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from service.domain.request import COLLECTING
from service.domain.words import GROUPS, group, one_line
from service.web.pages.life import Step
from service.wire.requests import GroupProgress, RequestDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class Custodian:
    """One person of a group. ``said`` is ``approve``, ``deny`` or nothing yet, at ``at``.

    ``new_keys``: they have other keys than the roster names, and cannot answer here.
    """

    name: str
    me: bool
    said: str
    at: str
    why: str
    new_keys: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One group: how many of those needed have approved, and its people as the roster has them."""

    group: str
    needed: int
    approved: int
    people: Sequence[Custodian]

    @property
    def met(self) -> bool:
        """Whether the group's threshold is reached."""
        return self.approved >= self.needed


def columns(
    detail: RequestDetail, known: Sequence[Step], me: str, lost: Collection[str]
) -> list[Column]:
    """The groups, password first; ``known`` are the request's steps, ``lost`` who has new keys."""
    last = {s.person: s for s in known if s.kind in {"approve", "deny"}}
    return [_column(group, last, detail.names, me, lost) for group in detail.groups]


def _column(
    group: GroupProgress,
    last: Mapping[str, Step],
    names: Mapping[str, str],
    me: str,
    lost: Collection[str],
) -> Column:
    counted, denied = set(group.approved), set(group.denied)
    people = []
    for person in [*group.approved, *group.denied, *group.waiting]:
        step = last.get(person)
        # An approval may be there and not count: its custodian holds no share of this envelope.
        kind = "approve" if person in counted else "deny" if person in denied else ""
        people.append(
            Custodian(
                name=one_line(names.get(person, person)),
                me=person == me,
                said=kind,
                at=step.at if step and kind else "",
                why=one_line(step.said) if step and kind == "deny" else "",
                new_keys=person in lost,
            )
        )
    return Column(
        group=group.group, needed=group.needed, approved=len(group.approved), people=people
    )


def waiting_for(detail: RequestDetail) -> str:
    """Whom a request that collects approvals waits for: ``the MFA group``; empty if none."""
    if detail.state not in COLLECTING:
        return ""
    short = [g.group for g in detail.groups if len(g.approved) < g.needed]
    return "both groups" if len(short) == len(GROUPS) else "".join(f"the {group(g)}" for g in short)


def my_group(detail: RequestDetail, me: str) -> str:
    """The group in which I am a custodian of this request, or nothing."""
    for each in detail.groups:
        if me in {*each.approved, *each.denied, *each.waiting}:
            return each.group
    return ""


def my_word(known: Sequence[Step], me: str) -> str:
    """What I said last: ``approve``, ``deny`` or nothing."""
    said = [s.kind for s in known if s.person == me and s.kind in {"approve", "deny"}]
    return said[-1] if said else ""


def reviewed(known: Sequence[Step], group: str) -> bool:
    """Whether someone of the group has looked, since the last time it was not changed."""
    reviews = [s for s in known if s.kind == "review"]
    again = max((s.leaf for s in reviews if not s.rotated), default=-1)
    return any(s.group == group and s.leaf > again for s in reviews)
