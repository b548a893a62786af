"""Replaying rosters: the chain of versions, and the requests that a new one cancels."""

from crypto.statement import Statement
from service.client.audit.replay import drafts
from service.client.audit.replay.claim import Claim, demand_said
from service.client.audit.replay.unsigned import unsigned
from service.client.audit.replay.world import AccountWorld, World
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import verify_version
from service.domain.case import cancel, restart_clock, settle
from service.domain.events import Action, Event
from service.domain.roster import (
    Roster,
    check_not_stranding,
)
from service.domain.signers import (
    new_members,
)


def accepted(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take a new version; requests that still collect approvals are cancelled.

    One that retires the line cancels none.
    """
    account = world.account_of(leaf)
    roster, _ = verify_version(statement, account.roster, world.identities, account=account.account)
    _check_anchor(world, roster)
    _check_enrolled(world, roster, account.roster)
    sealed = account.in_force
    if sealed is not None:
        check_not_stranding(roster, account.rosters[sealed.roster], sealed.receipts)
    demand_said(leaf, version=roster.version, roster=roster.digest, state="accepted")
    drafts.accepted(account, leaf, statement, world.signing)
    world.signing = None
    account.rosters[roster.digest] = roster
    if roster.retired:
        account.retired = leaf.seq
        world.remark(leaf, f"the people of {account.account} retired this line of the account")
        return []
    return end_collecting(account, leaf, why="roster-changed")


def _check_anchor(world: World, roster: Roster) -> None:
    noted = world.anchors.get(roster.account)
    if roster.version == 1 and noted is not None and noted != roster.digest:
        raise ClientRefusal(
            "roster-anchor", f"the first roster of {roster.account} is not the one in your notes"
        )


def _check_enrolled(world: World, roster: Roster, previous: Roster | None) -> None:
    for person in new_members(roster, previous):
        member = roster.members[person]
        if world.enrolled.get(person) != member.identity:
            raise ClientRefusal(
                "people-mismatch", f"{member.name} has other keys in it than they enrolled"
            )


def end_collecting(
    account: AccountWorld, leaf: Claim, *, why: str, but: str = "", on: str = ""
) -> list[Event]:
    """End every request that collects approvals, except on the manifest ``but``, or all on ``on``.

    One whose time is over expires; the others are cancelled with ``why``.
    """
    due: list[Event] = []
    for request in account.collecting():
        if request.manifest == but or on not in {"", request.manifest}:
            continue
        after, events = settle(account.case_of(request), leaf.at)
        if not events:
            after, events = cancel(request, why=why)
        due += [*events, *account.put(after)]
    return due


def clock_accepted(world: World, leaf: Claim) -> list[Event]:
    """Take an accepted clock: open requests expire, and every release window ends."""
    world.remark(leaf, f"{unsigned(leaf.actor)} accepted a clock that was behind the log")
    return everything_ends(world, leaf)


def everything_ends(world: World, leaf: Claim) -> list[Event]:
    """Expire what collects and end every window, as the service does in one transaction.

    Raises:
        ClientRefusal: ``details-differ``: the leaf says another number of requests that expire.
    """
    due: list[Event] = []
    for account in world.accounts.values():
        for request in account.timed():
            after, events = restart_clock(request)
            due += [*events, *account.put(after)]
    demand_said(leaf, expired=sum(event.action is Action.REQUEST_EXPIRED for event in due))
    return due
