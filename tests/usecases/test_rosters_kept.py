"""Rosters that were read once are kept for the whole process, and several threads share them."""

from typing import Any

import pytest

from service.storage import rosters
from tests.usecases.world import World


class Emptied(dict[str, Any]):
    """Another thread empties it right after this one has asked whether something is in it."""

    def __contains__(self, key: object) -> bool:
        known = super().__contains__(key)
        self.clear()
        return known


def newest(world: World) -> str:
    with world.ctx.read() as unit:
        found = rosters.newest(unit.session, world.account)
    assert found is not None
    return found.digest


def test_what_another_thread_lets_go_of_is_read_again(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = newest(ready)
    kept = Emptied(rosters._READ)  # noqa: SLF001
    monkeypatch.setattr(rosters, "_READ", kept)
    assert expected in dict(kept)
    assert newest(ready) == expected


def test_no_more_are_kept_than_the_most(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rosters, "_READ", {})
    monkeypatch.setattr(rosters, "_MOST_READ", 1)
    ready.draft(name="payments, renamed")
    accepted = newest(ready)
    assert len(rosters._READ) <= 2  # noqa: SLF001 - those of one read, which are the newest and its draft
    ready.draft(name="payments, renamed again")
    assert newest(ready) == accepted
    assert len(rosters._READ) <= 2  # noqa: SLF001
