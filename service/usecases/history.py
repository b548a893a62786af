"""The log, for people and for those who check it."""

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy.orm import Session

from crypto.encoding import b64encode, format_time, parse_time
from crypto.fields import is_account
from crypto.leaf import Leaf as LoggedLeaf
from crypto.leaf import parse_leaf
from service.domain import errors
from service.domain.events import ACTIONS, Action, Event
from service.domain.outcomes import SHOWN_BY, Outcome
from service.storage import log, people, rosters
from service.storage.history import Filter, page
from service.usecases.checkpoints import checkpoint_size
from service.usecases.context import Caller, Context
from service.usecases.cosigned import newest_cosigned, receipt
from service.usecases.requests import MOST, PAGE
from service.usecases.visibility import check_sees, naming
from service.wire.log import Export, Leaf, Leaves, Proof, RawLeaves

# The same bytes say the same for ever, and the newest entries are read again and again. Only what
# the log holds gets in here.
_parsed = lru_cache(maxsize=512)(parse_leaf)
_SENTENCES: Mapping[str, str] = {action.value: ACTIONS[action].sentence for action in Action}

MOST_RAW = 1000
MOST_BYTES = 2_500_000  # of leaves in one answer, before base64


def events(  # noqa: PLR0913 - one argument a filter
    ctx: Context,
    caller: Caller,
    *,
    account: str = "",
    request: str = "",
    actor: str = "",
    action: str = "",
    outcome: str = "",
    since: str = "",
    until: str = "",
    before: int | None = None,
    limit: int = PAGE,
) -> Leaves:
    """Events that the caller may see, newest first, each with its sentence.

    ``since`` (included) and ``until`` (not included) are times or empty; ``outcome`` is one of
    :class:`Outcome` or empty. Operators and auditors see
    all; others what concerns their accounts and themselves.
    """
    actions = _actions(action, outcome)
    with ctx.read() as unit:
        wanted = Filter(
            subjects=subjects_of(unit.session, caller, account),
            request=request,
            actor=actor,
            actions=actions,
            before=before,
            since=_seconds(since),
            until=_seconds(until),
        )
        found = page(unit.session, wanted, limit=max(1, min(limit, MOST)))
        leaves = [_parsed(data) for data in found.leaves]
        names = people.names(unit.session, {leaf.actor for leaf in leaves})
    return Leaves(
        events=[shown(leaf, names) for leaf in leaves],
        next=-1 if found.next is None else found.next,
    )


def _actions(action: str, outcome: str) -> tuple[str, ...]:
    """The actions that fit both; where none does, one that is in no log."""
    if not outcome:
        return (action,) if action else ()
    of_outcome = tuple(found.value for found in SHOWN_BY[Outcome(outcome)])
    return tuple(found for found in of_outcome if action in {"", found}) or ("",)


def _seconds(at: str) -> int | None:
    return int(parse_time(at).timestamp()) if at else None


def choices(ctx: Context, caller: Caller) -> dict[str, str]:
    """The people whose acts the caller may look for: names by person, sorted by name.

    Operators and auditors may look for everyone, others for those whom their rosters name.
    """
    with ctx.read() as unit:
        if caller.operator or caller.auditor:
            found = {p.person.id: p.person.name for p in people.everybody(unit.session)}
        else:
            found = {
                person: member.name
                for current in rosters.every_current(unit.session).values()
                if current.newest is not None and caller.person in current.newest.members
                for person, member in current.newest.members.items()
            }
    return dict(sorted(found.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def subjects_of(session: Session, caller: Caller, account: str) -> tuple[str, ...] | None:
    """What the events are about that the caller may see; None for all.

    Raises:
        NotFoundError: the account is unknown, or not theirs to see.
    """
    if account:
        check_sees(session, caller, account)
        return (account,)
    if caller.operator or caller.auditor:
        return None
    return (caller.person, *naming(session, caller.person))


class _Details(dict[str, str]):
    """An older leaf may lack a detail that today's sentence names."""

    def __missing__(self, key: str) -> str:
        return "?"


def sentence(leaf: LoggedLeaf, names: dict[str, str]) -> str:
    """An event in words; an action that this version does not know is shown as it is."""
    if leaf.action not in _SENTENCES:
        return leaf.action
    details = _Details({name: str(value) for name, value in leaf.details.items()})
    details["who"] = names.get(leaf.actor, leaf.actor)
    return _SENTENCES[leaf.action].format_map(details)


def shown(leaf: LoggedLeaf, names: dict[str, str]) -> Leaf:
    """An event as people read it, with its sentence; ``names`` are people's, by id."""
    # Parsing the leaf has checked what the shape would check again.
    return Leaf.model_construct(
        seq=leaf.seq,
        at=format_time(leaf.at),
        actor=leaf.actor,
        action=leaf.action,
        subject=leaf.subject,
        request=leaf.request,
        details=dict(leaf.details),
        sentence=sentence(leaf, names),
    )


def export(ctx: Context, caller: Caller) -> Export:
    """Write down that the log is exported, and sign what the export covers.

    Raises:
        NotAllowedError: neither auditor nor operator.
        SignerError: the log cannot be signed; an export without a checkpoint proves nothing.
    """
    _check_watches(caller)
    with ctx.write() as unit:
        [leaf] = unit.record(
            Event(action=Action.EVENTS_EXPORTED, actor=caller.person, subject="service")
        )
    checkpoint = ctx.signer.checkpoint(ctx.database)
    return Export(
        checkpoint=checkpoint,
        cosigned=newest_cosigned(ctx),
        verifier_key=ctx.signer.verifier_key,
        size=checkpoint_size(checkpoint),
        leaf=leaf,
    )


def _check_watches(caller: Caller) -> None:
    if not caller.auditor and not caller.operator:
        raise errors.NotAllowedError


def leaves(ctx: Context, caller: Caller, *, start: int, count: int = MOST_RAW) -> RawLeaves:
    """Leaves as they were hashed, from ``start`` on; fewer than asked when they are long.

    Auditors and operators read any; others only single leaves of what they may see.

    Raises:
        NotFoundError: beyond the end, or not theirs.
    """
    with ctx.read() as unit:
        found = log.read_leaves(unit.session, start, max(1, min(count, MOST_RAW)))
        if not found:
            raise errors.NotFoundError
        if not caller.auditor and not caller.operator:
            found = found[:1]
            check_leaf(unit.session, caller, found[0])
    kept: list[str] = []
    size = 0
    for data in found:
        size += len(data)
        if kept and size > MOST_BYTES:
            break
        kept.append(b64encode(data))
    return RawLeaves(start=start, leaves=kept)


def check_leaf(session: Session, caller: Caller, data: bytes) -> None:
    """Refuse a leaf that does not concern the caller, except to operators and auditors.

    Raises:
        NotFoundError: neither about them, by them, nor about an account that they see.
    """
    leaf = parse_leaf(data)
    if caller.person in (leaf.actor, leaf.subject):
        return
    if not is_account(leaf.subject):
        raise errors.NotFoundError
    check_sees(session, caller, leaf.subject)


def proof(ctx: Context, caller: Caller, seq: int) -> Proof:
    """The receipt of one leaf: under the newest cosigned checkpoint, or else under the newest.

    Witnesses are asked after an act was answered, and the log grows on: the newest checkpoint is
    rarely a cosigned one. A leaf that no witness has seen yet gets a receipt without their lines.

    Raises:
        NotFoundError: no such leaf, or not the caller's to see.
    """
    leaves(ctx, caller, start=seq, count=1)
    return Proof(proof=receipt(ctx, seq) or ctx.signer.proof(ctx.database, seq))
