"""Replaying the lines of an AWS account: by the service's own rules, and its daily notices.

Who registered a line is the service's word, like the registration itself; that all its lines were
told, and when the next may come, is not.
"""

from datetime import timedelta

from crypto.fields import is_account
from service.client.audit.replay.claim import Claim, demand_said
from service.client.audit.replay.world import AccountWorld, World
from service.client.foundation.errors import ClientRefusal
from service.domain.events import Event
from service.domain.lines import (
    ANNOUNCED_FOR,
    FIRST,
    Registered,
    check_next,
    day_due,
    lines_of,
    number,
    registered_beside,
    same_account,
)

DELAY = timedelta(days=1)  # a worker may have stood still on the last day


def registered(world: World, leaf: Claim) -> list[Event]:
    """Take an account or a further line of one, of which all its lines must be told next.

    Raises:
        ClientRefusal: ``wrong-field``: its subject is no account; ``replayed``.
        LineOrderError, LineTooSoonError: see ``domain.lines.check_next``.
    """
    if not is_account(leaf.subject):
        raise ClientRefusal("wrong-field", "its subject is not an account")
    if leaf.subject in world.accounts:
        raise ClientRefusal("replayed", "the account was registered before")
    beside = _beside(world, leaf.subject)
    check_next(leaf.subject, beside, leaf.at)
    world.accounts[leaf.subject] = AccountWorld(
        account=leaf.subject, registered_at=leaf.at, registered=leaf.seq
    )
    return registered_beside(leaf.subject, [line.account for line in beside], by=leaf.actor)


def announced(world: World, leaf: Claim) -> list[Event]:
    """Take a day's notice of a further line, each once and no sooner than its day.

    Raises:
        ClientRefusal: ``account-unknown``: there is no such line beside its subject; ``uncaused``:
            no notice was due.
    """
    line = world.accounts.get(str(leaf.details.get("line")))
    if (
        line is None
        or number(line.account) == FIRST
        or not same_account(line.account, leaf.subject)
    ):
        raise ClientRefusal("account-unknown", "it is about a line that was not registered")
    day = day_due(line.registered_at, line.announced.get(leaf.subject, 0), leaf.at)
    if not day:
        raise ClientRefusal("uncaused", "no notice of this line was due")
    demand_said(leaf, line=line.account, day=day)
    line.announced[leaf.subject] = day
    return []


def finish(world: World) -> None:
    """Remark on lines whose last notice is missing though the log goes on for longer."""
    for line in world.accounts.values():
        if number(line.account) == FIRST or world.last_at is None:
            continue
        if day_due(line.registered_at, 0, world.last_at - DELAY) < ANNOUNCED_FOR:
            continue
        unheard = [
            one.account
            for one in _beside(world, line.account)
            if line.announced.get(one.account, 0) < ANNOUNCED_FOR and one.at <= line.registered_at
        ]
        if unheard:
            world.remarks.append(
                f"line {line.account} was not announced for {ANNOUNCED_FOR} days to the people of: "
                f"{', '.join(unheard)}"
            )


def _beside(world: World, account: str) -> list[Registered]:
    known = (
        Registered(account=one.account, at=one.registered_at) for one in world.accounts.values()
    )
    return lines_of(account, known)
