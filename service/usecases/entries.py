"""One entry of the log, whole: in words, as it was hashed, and what is beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crypto.encoding import b64encode
from crypto.leaf import parse_leaf
from crypto.merkle import leaf_hash
from crypto.statement import parse
from service.domain import errors
from service.domain.events import Action
from service.domain.words import listing
from service.storage import log, people
from service.usecases.context import Caller, Context
from service.usecases.history import check_leaf, shown
from service.wire.log import Leaf

_CLAIMS = ("name", "place", "at", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """``data`` are the bytes that were hashed, ``hash`` is their leaf hash in base64.

    ``who`` is the actor's name, ``about`` the subject's if it is a person; or what the log calls
    them. ``claims`` is what the signer of a report of papers says, who is known by no name: texts,
    and under ``papers`` whose they were. ``before`` and ``after`` are the entries
    beside it that the caller may see, None where there is none.
    """

    leaf: Leaf
    who: str
    about: str
    data: str
    hash: str
    claims: Mapping[str, str]
    before: int | None
    after: int | None


def entry(ctx: Context, caller: Caller, seq: int) -> Entry:
    """Show one entry to a caller who may see it.

    Raises:
        NotFoundError: beyond the end, or not theirs to see.
    """
    with ctx.read() as unit:
        found = log.read_leaves(unit.session, seq, 2)
        if not found:
            raise errors.NotFoundError
        data = found[0]
        _check(unit.session, caller, data)
        leaf = parse_leaf(data)
        said = parse(leaf.statement).payload if leaf.action == Action.OFFLINE_PAPERS else {}
        keepers = [paper["custodian"] for paper in said.get("papers", ())]
        names = people.names(unit.session, {leaf.actor, leaf.subject, *keepers})
        before = log.read_leaves(unit.session, seq - 1, 1) if seq else []
        return Entry(
            leaf=shown(leaf, names),
            who=names.get(leaf.actor, leaf.actor),
            about=names.get(leaf.subject, leaf.subject),
            data=data.decode(),
            hash=b64encode(leaf_hash(data)),
            claims={name: said[name] for name in _CLAIMS if said.get(name)}
            | ({"papers": listing(names.get(one, one) for one in keepers)} if said else {}),
            before=seq - 1 if _sees(unit.session, caller, before) else None,
            after=seq + 1 if _sees(unit.session, caller, found[1:]) else None,
        )


def _sees(session: Session, caller: Caller, found: list[bytes]) -> bool:
    try:
        for data in found:
            _check(session, caller, data)
    except errors.NotFoundError:
        return False
    return bool(found)


def _check(session: Session, caller: Caller, data: bytes) -> None:
    if not caller.auditor and not caller.operator:
        check_leaf(session, caller, data)
