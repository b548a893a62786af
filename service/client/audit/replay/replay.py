"""Replaying the log: each leaf is an act that the rules allow, or follows from the act before it.

The first leaf that is neither ends the replay. Stable codes, beside those of the
rules and of ``trust``: ``unknown-action``, ``statement-missing``, ``statement-forged``,
``time-went-back``, ``consequence-missing``, ``uncaused``, ``account-unknown``,
``request-unknown``, ``replayed``, ``wrong-actor``, ``not-allowed``, ``details-differ``,
``roster-anchor``, ``no-beginning``, and those of ``claim``.
"""

from collections.abc import Callable, Mapping

from crypto import statement as statements
from crypto.encoding import format_time
from crypto.errors import CryptoError
from crypto.leaf import Leaf
from crypto.statement import Statement
from service.client.audit.replay import (
    drafts,
    envelopes,
    epochs,
    lines,
    offline,
    people,
    requests,
    roles,
    rosters,
)
from service.client.audit.replay.claim import Basis, Claim, demand_said, matches, settle
from service.client.audit.replay.times import gap_of
from service.client.audit.replay.world import World
from service.client.audit.tree.heads import NamedHead
from service.client.audit.tree.plain import Run
from service.client.foundation.errors import ClientRefusal
from service.domain.declared import DECLARED
from service.domain.errors import Refusal
from service.domain.events import ACTIONS, Action, Event
from service.domain.evidence import Rule

Signed = Callable[[World, Claim, Statement], list[Event]]
Unsigned = Callable[[World, Claim], list[Event]]

_SIGNED: Mapping[Action, Signed] = {
    Action.IDENTITY_ENROLLED: people.enrolled,
    Action.IDENTITY_REPLACED: people.enrolled,
    Action.SLOT_ADDED: people.slot_changed,
    Action.SLOT_REPLACED: people.slot_changed,
    Action.SLOT_REMOVED: people.slot_changed,
    Action.ROSTER_ACCEPTED: rosters.accepted,
    Action.ENVELOPE_SEALED: envelopes.sealed,
    Action.ENVELOPE_CONFIRMED: envelopes.confirmed,
    Action.SHARE_PRINTED: envelopes.printed,
    Action.REQUEST_OPENED: requests.opened,
    Action.REQUEST_APPROVED: requests.decided,
    Action.REQUEST_DENIED: requests.decided,
    Action.REQUEST_CANCELLED: requests.cancelled,
    Action.REQUEST_RELEASED: requests.released,
    Action.REQUEST_CLOSED: requests.closed,
    Action.REQUEST_REVIEWED: requests.reviewed,
    Action.REQUEST_IMPORTED: offline.imported,
    Action.OFFLINE_PAPERS: envelopes.opened_with_papers,
}


def _started(_world: World, leaf: Claim) -> list[Event]:
    if leaf.seq != 0:
        raise ClientRefusal("wrong-state", "a log starts only once")
    return []


_UNSIGNED: Mapping[Action, Unsigned] = {
    Action.LOG_STARTED: _started,
    Action.LOG_EPOCH_BEGAN: epochs.began,
    Action.CLOCK_ACCEPTED: rosters.clock_accepted,
    Action.INVITATION_CREATED: roles.invited,
    Action.ROLE_WITHDRAWN: roles.withdrawn,
    Action.ACCOUNT_REGISTERED: lines.registered,
    Action.LINE_ANNOUNCED: lines.announced,
    Action.ROSTER_DRAFTED: drafts.drafted,
    Action.ROSTER_SIGNED: drafts.signed,
    Action.BUNDLE_FETCHED: drafts.bundled,
    Action.REQUEST_EXPIRED: requests.timed,
    Action.REQUEST_WINDOW_ENDED: requests.timed,
    Action.REQUEST_FETCHED: requests.fetched,
}

# What happens only as a consequence of another act.
_CAUSED = frozenset(
    {
        Action.LINE_REGISTERED,
        Action.ENVELOPE_READY,
        Action.ENVELOPE_EXPOSED,
        Action.ENVELOPE_SUPERSEDED,
        Action.REQUEST_ENDED_BY_DENIAL,
        Action.REQUEST_ROTATED,
        Action.REQUEST_DRILL_OVER,
    }
)


def replay_run(world: World, run: Run) -> None:
    """Take in leaves that are only counted, and were compared with one another.

    Raises:
        ClientRefusal: as ``replay``, for the first of them: a consequence may be missing before it.
    """
    replay(world, run.first)
    world.last_at = run.until
    world.tally["leaves"] += run.count - 1


def replay(world: World, leaf: Leaf, statement: Statement | None = None) -> None:
    """Take in the next leaf, or refuse it by its number.

    ``statement`` is the leaf's own, if it has been parsed already.

    Raises:
        ClientRefusal: with the code of what is wrong; the message names the leaf.
    """
    claim = Claim.of(leaf)
    try:
        statement = _step(world, claim, statement)
        _name_head(world, leaf, statement)
        replayed = settle(claim, statement, _basis(claim, statement))
    except (ClientRefusal, Refusal) as refused:
        raise _at(leaf, refused.code, refused.message) from None
    except CryptoError as refused:
        raise _at(leaf, "statement-forged", str(refused)) from None
    world.last_at = leaf.at
    world.tally["leaves"] += 1
    if statement is not None:
        world.tally["statements"] += 1
        world.kinds[statement.kind] += 1
        # What is imported was signed while the service was down; so was a report of papers.
        late = world.importing or statement.kind == "papers"
        apart = None if late else gap_of(leaf, statement)
        world.gaps += [apart] if apart else []
    if world.recorder is not None:
        world.recorder.leaf(world, replayed)


def _name_head(world: World, leaf: Leaf, statement: Statement | None) -> None:
    if statement is None or "log_size" not in statement.payload:
        return
    said = statement.payload
    head = NamedHead(leaf=leaf.seq, signer=leaf.actor, size=said["log_size"], root=said["log_root"])
    world.heads.name(head, alone=bool(world.importing))


def finish(world: World) -> None:
    """Check that nothing is missing after the last leaf.

    Raises:
        ClientRefusal: ``consequence-missing``, ``no-quorum``.
    """
    world.due += offline.finish(world) if world.importing else []
    if world.signing is not None:
        raise ClientRefusal(
            "consequence-missing", "after the last leaf: the roster is not accepted"
        )
    if world.due:
        raise ClientRefusal(
            "consequence-missing", f"after the last leaf: {world.due[0].action.value} is missing"
        )
    lines.finish(world)


def _at(leaf: Leaf, code: str, message: str) -> ClientRefusal:
    return ClientRefusal(code, f"leaf {leaf.seq} ({leaf.action}): {message}")


def _basis(leaf: Claim, statement: Statement | None) -> Basis:
    if statement is not None:
        return Basis.SIGNED
    return Basis.FOLLOWS if DECLARED[Action(leaf.action)].entry.proven else Basis.UNSIGNED


def _step(world: World, leaf: Claim, parsed: Statement | None) -> Statement | None:
    action = _action(leaf)
    if world.last_at is None and action is not Action.LOG_STARTED:
        raise ClientRefusal("no-beginning", "the log does not begin with its first event")
    _check_time(world, leaf, action)
    roles.demand_role(world, leaf, action)
    statement = _statement(leaf, action, parsed)
    # Before what is due: an import's consequences follow its last statement, not its first.
    if statement is not None and offline.is_part(world, leaf):
        offline.take_part(world, leaf, statement)
        return statement
    if world.importing:
        world.due += offline.finish(world)
    if world.signing is not None and ACTIONS[action].statement != "roster":
        raise ClientRefusal("consequence-missing", "the acceptance of the roster should be here")
    if DECLARED[action].subject.rule is Rule.ACCOUNT:
        world.account_of(leaf)
    if world.due:
        _take_due(world, leaf)
    elif statement is not None:
        world.due = _SIGNED[action](world, leaf, statement)
    elif action in _UNSIGNED:
        world.due = _UNSIGNED[action](world, leaf)
    elif action in _CAUSED or ACTIONS[action].statement:
        raise ClientRefusal("uncaused", "no act before it leads to this")
    return statement


def _action(leaf: Claim) -> Action:
    try:
        return Action(leaf.action)
    except ValueError:
        raise ClientRefusal("unknown-action", "this client does not know this action") from None


def _check_time(world: World, leaf: Claim, action: Action) -> None:
    if world.last_at is None:
        return
    if action is Action.CLOCK_ACCEPTED:
        demand_said(leaf, last_event=format_time(world.last_at))
    elif leaf.at < world.last_at:
        raise ClientRefusal("time-went-back", "its time is earlier than that of the leaf before it")


def _statement(leaf: Claim, action: Action, parsed: Statement | None) -> Statement | None:
    """Return the leaf's statement, which must be of its action's kind."""
    kind = ACTIONS[action].statement
    if not leaf.statement:
        # The service cancels too, without a statement: then it must be a consequence.
        if kind and action is not Action.REQUEST_CANCELLED:
            raise ClientRefusal("statement-missing", f"it has no {kind}")
        return None
    statement = parsed or statements.parse(leaf.statement)
    if statement.kind != kind:
        raise ClientRefusal(
            "statement-forged", f"it has a {statement.kind}, which does not belong here"
        )
    return statement


def _take_due(world: World, leaf: Claim) -> None:
    for event in world.due:
        if matches(event, leaf) and leaf.at == world.last_at:  # one transaction, one time
            world.due.remove(event)
            return
    raise ClientRefusal("consequence-missing", f"{world.due[0].action.value} should be here")
