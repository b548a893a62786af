"""What is known of another line of the same AWS account, and how everyone says it.

The names are those of its roster's payload, so that whoever has verified that roster says them by
themselves; when it was registered, who did that, and whether it can act is the service's word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.credential import Envelope
from service.domain.lines import number
from service.domain.people import GroupName
from service.domain.roster import Roster, common_custodians, needed
from service.domain.words import group, listing, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom a roster names: names of the custodians by group, of all others, and everyone's ids."""

    custodians: Mapping[GroupName, Sequence[str]]
    others: Sequence[str]
    people: frozenset[str]

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> "Named":
        """Read a roster's payload, whose form was checked."""
        names = {person["person"]: person["name"] for person in payload["people"]}
        groups = {name: payload["groups"][name.value]["custodians"] for name in GroupName}
        custodians = {person for members in groups.values() for person in members}
        return cls(
            custodians={name: [names[p] for p in members] for name, members in groups.items()},
            others=[name for person, name in names.items() if person not in custodians],
            people=frozenset(names),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Another line: since which day, who registered it, whom it names, and whether it can act.

    ``named`` is None while it has neither roster nor draft; ``signed``: its people have signed it,
    so it is no draft, which only an operator has written.
    """

    account: str
    since: str
    by: str
    named: Named | None
    signed: bool
    able: bool

    def older(self, account: str) -> bool:
        """Whether it was there before this line of the same account."""
        return number(self.account) < number(account)


def can_act(roster: Roster | None, sealed: Envelope | None, sealed_under: Roster | None) -> bool:
    """Whether enough custodians of both groups hold a share of the envelope in force that opens.

    ``roster`` is the newest one, ``sealed_under`` the one that the envelope names.
    """
    if roster is None or sealed is None or sealed_under is None:
        return False
    return all(
        sum((name, p) in sealed.receipts for p in common_custodians(sealed_under, roster, name))
        >= needed(roster, sealed_under, name)
        for name in GroupName
    )


def sentence(line: Beside) -> str:
    """Say what is known of another line, in full sentences on one line."""
    since = f"was registered on {line.since[:10]} by {one_line(line.by)}"
    able = "It can act today." if line.able else "It cannot act today."
    parts = (f"Line {line.account} of the same AWS account {since}.", *_people(line), able)
    return " ".join(parts)


def _people(line: Beside) -> list[str]:
    if line.named is None:
        return ["It names no one yet."]
    groups = [f"{group(name)}: {listing(who)}" for name, who in line.named.custodians.items()]
    if line.named.others:
        groups.append(f"others: {listing(line.named.others)}")
    what = "It names" if line.signed else "A draft that its people have not signed names"
    return [f"{what} {'; '.join(groups)}."]
