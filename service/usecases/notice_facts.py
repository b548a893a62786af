"""What a notice says besides its event: names and the account, from what custodians signed."""

from sqlalchemy.orm import Session

from crypto.fields import is_account
from crypto.leaf import Leaf, parse_leaf
from crypto.note import NoteVerifier
from crypto.statement import parse
from service.domain.events import SERVICE, Action
from service.domain.notices import NoticeFacts, is_machine, machine
from service.domain.roster import Roster
from service.domain.tasks import TASKS
from service.storage import epochs, log, people, rosters, statements


def notice_facts(session: Session, index: int, *, url: str, checkpoint: str) -> NoticeFacts:
    """Gather what may be announced of the event at a leaf index. Nothing that a requester typed.

    Raises:
        LogDamagedError, MalformedError: the log does not hold such an event.
    """
    [data] = log.read_leaves(session, index, 1)
    leaf = parse_leaf(data)
    account = leaf.subject if is_account(leaf.subject) else ""
    roster = _roster(session, account) if account else None
    return NoticeFacts(
        action=Action(leaf.action),
        leaf=leaf.seq,
        origin=NoteVerifier.from_vkey(log.head(session).verifier_key).name,
        at=leaf.at,
        who=_name(session, leaf.actor, roster),
        about="" if account or leaf.subject == SERVICE else _name(session, leaf.subject, roster),
        url=url,
        account=account,
        account_name=roster.name if roster else "",
        root_email=roster.root_email if roster else "",
        request=leaf.request,
        task=_task(session, leaf),
        digest=parse(leaf.statement).digest if leaf.statement else "",
        details=leaf.details,
        checkpoint=checkpoint,
        epoch=epochs.number_at(session, index),
        retires=_retires(session, account, leaf),
    )


def _retires(session: Session, account: str, leaf: Leaf) -> bool:
    """Whether the event is about a roster, drafted or signed, that ends its line."""
    found = rosters.current(session, account) if account else rosters.Current()
    known = (found.newest, found.draft.roster if found.draft else None)
    named = leaf.details.get("roster") if leaf.action.startswith("roster:") else None
    return any(one.retired and one.digest == named for one in known if one is not None)


def _roster(session: Session, account: str) -> Roster | None:
    """The newest signed roster; before there is one, the draft that asks for signatures."""
    found = rosters.current(session, account)
    if found.newest is not None:
        return found.newest
    return found.draft.roster if found.draft else None


def _name(session: Session, actor: str, roster: Roster | None) -> str:
    """A name as custodians have signed it, else as the person was invited, else the id."""
    if is_machine(actor):
        return machine(actor)
    if roster is not None and actor in roster.members:
        return roster.members[actor].name
    return people.names(session, [actor]).get(actor, actor)


def _task(session: Session, leaf: Leaf) -> str:
    """The catalogue's words for the task; what was typed beside it stays out."""
    if not leaf.request:
        return ""
    for received in statements.about(session, leaf.request):
        if received.statement.kind == "request":
            task = TASKS.get(received.statement.payload["task"])
            return task.title if task else ""
    return ""
