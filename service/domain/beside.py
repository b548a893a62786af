"""What is known of another line of the same AWS account, and how everyone says it.

The names are those of its roster's payload, so that whoever has verified that roster says them by
themselves; when it was registered, who did that, and whether it can act is the service's word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.lines import number
from service.domain.people import GroupName
from service.domain.words import group, listing, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom a roster names: names of the custodians by group, of all others, and everyone's ids.

    ``version`` is the roster's; ``retired``: it ends its line, once its people have signed it.
    """

    version: int
    custodians: Mapping[GroupName, Sequence[str]]
    others: Sequence[str]
    people: frozenset[str]
    retired: bool

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> "Named":
        """Read a roster's payload, whose form was checked."""
        names = {person["person"]: person["name"] for person in payload["people"]}
        groups = {name: payload["groups"][name.value]["custodians"] for name in GroupName}
        custodians = {person for members in groups.values() for person in members}
        return cls(
            version=payload["version"],
            retired=payload["retired"],
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

    @property
    def ended(self) -> bool:
        """Whether its people have retired it."""
        return self.signed and self.named is not None and self.named.retired

    @property
    def can_act(self) -> bool:
        """Whether it can act: a retired line cannot, whatever else is said of it."""
        return self.able and not self.ended

    def older(self, account: str) -> bool:
        """Whether it was there before this line of the same account."""
        return number(self.account) < number(account)


def sentence(line: Beside) -> str:
    """Say what is known of another line, in full sentences on one line."""
    since = f"was registered on {line.since[:10]} by {one_line(line.by)}"
    parts = (f"Line {line.account} of the same AWS account {since}.", *_people(line), _able(line))
    return " ".join(parts)


def _able(line: Beside) -> str:
    if line.ended:
        return "Its people have retired it."
    return "It can act today." if line.can_act else "It cannot act today."


def _people(line: Beside) -> list[str]:
    if line.named is None:
        return ["It names no one yet."]
    groups = [f"{group(name)}: {listing(who)}" for name, who in line.named.custodians.items()]
    if line.named.others:
        groups.append(f"others: {listing(line.named.others)}")
    what = "It names" if line.signed else "A draft that its people have not signed names"
    return [f"{what} {'; '.join(groups)}."]
