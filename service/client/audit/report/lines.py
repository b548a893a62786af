"""The other lines of an AWS account, and how each ended, out of what the replay has taken in.

That a line was registered, where, and that all lines were told follows from its leaves; whom it
names, and that it is retired, its people have signed. Who registered it is the service's word, and
is not said here.
"""

from collections.abc import Iterator
from typing import Any

from service.client.audit.replay.unsigned import data
from service.client.audit.replay.world import AccountWorld, World
from service.client.foundation.render import listing
from service.domain.lines import number, same_account
from service.domain.people import GroupName
from service.domain.roster import Roster
from service.domain.words import group


def beside(world: World, account: str) -> list[AccountWorld]:
    """Return the other lines of the same AWS account, the first one first."""
    others = [
        one
        for one in world.accounts.values()
        if one.account != account and same_account(one.account, account)
    ]
    return sorted(others, key=lambda one: number(one.account))


def line_words(line: AccountWorld) -> str:
    """Say where a line was registered, whom its people named, and whether they ended it."""
    return "; ".join([f"{line.account}, registered in leaf {line.registered}", *_state(line)])


def end_words(line: AccountWorld) -> str:
    """Say that the people of a line have ended it; nothing if they have not."""
    return f"retired by its people in leaf {line.retired}" if line.retired >= 0 else ""


def _state(line: AccountWorld) -> Iterator[str]:
    if line.roster is None:
        yield "no one has signed a roster of it"
        return
    yield f"roster version {line.roster.version} names {_people(line.roster)}"
    if line.retired >= 0:
        yield end_words(line)


def _people(roster: Roster) -> str:
    groups = [f"{group(name)}: {listing(_names(roster, name))}" for name in GroupName]
    others = [m.name for p, m in roster.members.items() if p not in roster.custodians]
    return ", ".join([*groups, f"others: {listing(others)}"])


def _names(roster: Roster, name: GroupName) -> list[str]:
    return [roster.members[person].name for person in roster.groups[name].custodians]


def lines_json(world: World, account: str) -> list[dict[str, Any]]:
    """Return the other lines as plain data."""
    return [
        data(
            account=line.account,
            leaf=line.registered,
            registered_at=line.registered_at,
            roster_version=line.roster.version if line.roster else 0,
            custodians=_custodians(line.roster),
            retired=line.retired >= 0,
            retired_leaf=line.retired,
        )
        for line in beside(world, account)
    ]


def _custodians(roster: Roster | None) -> dict[str, list[str]]:
    return {name.value: _names(roster, name) for name in GroupName} if roster else {}
