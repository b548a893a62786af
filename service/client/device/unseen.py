"""Entries of a log that this device acted on before enough witnesses had seen them.

They are kept in ``memory.json`` until witnesses have: an entry that no outsider ever sees may be in
a fork that was made for this device.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.client.device import memory
from service.client.device.home import Home
from service.domain.outsiders import Outsiders

MOST = 200  # for each service; more are not kept, and the oldest stay
KEPT_FOR = timedelta(days=90)
_SECTION = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """An entry: its leaf, whose request it is, and since when, by this device's clock."""

    leaf: int
    request: str
    since: datetime
    outsiders: Outsiders


def unseen(home: Home, server: str) -> list[Unseen]:
    """Return the entries of a service's log that witnesses have not seen yet, in their order."""
    found = memory.entries(home, _SECTION, f"{server} ")
    return sorted(
        (
            Unseen(
                leaf=entry["leaf"],
                request=entry["request"],
                since=datetime.fromtimestamp(entry["since"], UTC),
                outsiders=Outsiders(keys=tuple(entry["keys"]), wanted=entry["wanted"]),
            )
            for entry in found.values()
        ),
        key=lambda one: one.leaf,
    )


def remember_unseen(home: Home, server: str, one: Unseen) -> None:
    """Keep an entry, from the first time that it was acted on."""
    with home.locked():
        known = unseen(home, server)
        if len(known) >= MOST or one.leaf in {other.leaf for other in known}:
            return
        entry = {
            "leaf": one.leaf,
            "request": one.request,
            "since": int(one.since.timestamp()),
            "keys": list(one.outsiders.keys),
            "wanted": one.outsiders.wanted,
        }
        memory.keep_entry(home, _SECTION, _name(server, one.leaf), entry)


def forget_unseen(home: Home, server: str, leaves: Iterable[int]) -> None:
    """Forget entries that witnesses have seen, or that an accepted epoch gives up.

    The caller holds ``home.locked()``.
    """
    memory.drop_entries(home, _SECTION, {_name(server, leaf) for leaf in leaves})


def _name(server: str, leaf: int) -> str:
    return f"{server} {leaf}"
