"""What happened, and proof that nothing of it was changed."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Annotated, Literal

from flask import Blueprint
from pydantic import Field

from service.domain.case import AFTER_ALL
from service.usecases import checkpoints, cosigned, entries, history
from service.usecases import year as year_
from service.usecases.context import Caller, Context
from service.web import event_files, spreadsheet
from service.web.access import Role, requires
from service.web.act import act
from service.web.current import caller, ctx
from service.web.download import Download
from service.web.seen import Seen
from service.web.year_numbers import in_numbers
from service.wire.base import UUID, AnyAccountId, Shape
from service.wire.log import (
    CheckpointAnswer,
    Entry,
    Export,
    KeptCheckpoint,
    Leaf,
    Leaves,
    Proof,
    RawLeaves,
    Witnesses,
)
from service.wire.year import Choice, Choices, Year

bp = Blueprint("history", __name__)

_MOST = 200  # events in one answer
_MOST_LEAVES = 1000
_NONE = -1  # there is no entry beside it that the caller may see
_INDEX = Field(ge=0, le=AFTER_ALL)
_TIME = Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$")


class Narrowed(Shape):
    """Which events; whatever is empty does not narrow the list."""

    account: AnyAccountId = ""
    request: Annotated[str, Field(pattern=rf"^$|{UUID}")] = ""
    actor: Annotated[str, Field(pattern=r"^[A-Za-z0-9:._-]{0,64}$")] = ""
    action: Annotated[str, Field(pattern=r"^[a-z:-]{0,40}$")] = ""
    outcome: Literal["", "released", "denied", "expired", "cancelled", "closed", "drill"] = ""
    since: Annotated[str, _TIME] = ""
    until: Annotated[str, _TIME] = ""


class EventsWanted(Narrowed):
    """Which events, and before which leaf."""

    before: Annotated[int, _INDEX] = AFTER_ALL
    limit: Annotated[int, Field(ge=1, le=_MOST)] = 50


class FileWanted(Narrowed):
    """Which events, and in which form: a table for spreadsheets, or a JSON object a line."""

    form: Literal["csv", "jsonl"] = "csv"


class YearWanted(Shape):
    """Of which account, and what which person asked; whatever is empty does not narrow it."""

    account: AnyAccountId = ""
    actor: Annotated[str, Field(pattern=r"^[A-Za-z0-9:._-]{0,64}$")] = ""


class LeavesWanted(Shape):
    """Which leaves: ``count`` of them from ``start`` on."""

    start: Annotated[int, _INDEX] = 0
    count: Annotated[int, Field(ge=1, le=_MOST_LEAVES)] = _MOST_LEAVES


@bp.get("/events")
@requires(Role.PERSON)
@act("event.list")
def events(query: EventsWanted) -> Leaves:
    """Events of the accounts that I may see, newest first; auditors and operators see all."""
    return _read(ctx(), caller(), query, before=query.before, limit=query.limit)


@bp.get("/events/file")
@requires(Role.PERSON)
@act("event.download", files=(spreadsheet.MEDIA_TYPE, event_files.JSON_LINES))
def download(query: FileWanted) -> Download:
    """The same events as a file, all of them, newest first."""
    here, who = ctx(), caller()
    first = _read(here, who, query, before=AFTER_ALL, limit=_MOST)
    pages = _pages(here, who, query, first)
    if query.form == "csv":
        pieces, media_type = event_files.table(pages), spreadsheet.MEDIA_TYPE
    else:
        pieces, media_type = event_files.json_lines(pages), event_files.JSON_LINES
    return Download(f"breakglass-history.{query.form}", media_type, pieces)


def _pages(here: Context, who: Caller, query: Narrowed, found: Leaves) -> Iterator[Sequence[Leaf]]:
    """Page after page, each read when the last was sent: no transaction waits for a slow reader.

    What is appended meanwhile stands before the first page, so nothing comes twice.
    """
    yield found.events
    while found.next >= 0:
        found = _read(here, who, query, before=found.next, limit=_MOST)
        yield found.events


def _read(here: Context, who: Caller, query: Narrowed, *, before: int, limit: int) -> Leaves:
    return history.events(
        here,
        who,
        before=before,
        limit=limit,
        account=query.account,
        request=query.request,
        actor=query.actor,
        action=query.action,
        outcome=query.outcome,
        since=query.since,
        until=query.until,
    )


@bp.get("/events/<leaf:seq>")
@requires(Role.PERSON)
@act("event.show")
def show(seq: int) -> Entry:
    """One event whole, as it was hashed, and which are beside it."""
    found = entries.entry(ctx(), caller(), seq)
    return Entry(
        leaf=found.leaf,
        who=found.who,
        about=found.about,
        data=found.data,
        hash=found.hash,
        claims=dict(found.claims),
        before=_NONE if found.before is None else found.before,
        after=_NONE if found.after is None else found.after,
    )


@bp.get("/events/people")
@requires(Role.PERSON)
@act("event.people")
def choices() -> Choices:
    """The people whose acts I may look for."""
    found = history.choices(ctx(), caller())
    return Choices(people=[Choice(person=person, name=name) for person, name in found.items()])


@bp.get("/events/year")
@requires(Role.PERSON)
@act("event.year")
def year(query: YearWanted) -> Year:
    """Requests of the last 53 weeks in numbers; auditors and operators count all."""
    return in_numbers(year_.year(ctx(), caller(), account=query.account, person=query.actor))


@bp.get("/events/<leaf:seq>/proof")
@requires(Role.PERSON)
@act("event.proof")
def proof(seq: int) -> Proof:
    """Proof that an event stands in the log."""
    return history.proof(ctx(), caller(), seq)


@bp.post("/exports")
@requires(Role.PERSON)
@act("event.export", status=HTTPStatus.CREATED)
def export() -> Export:
    """Write down that I export the log."""
    return history.export(ctx(), caller())


@bp.get("/leaves")
@requires(Role.PERSON)
@act("leaf.list")
def leaves(query: LeavesWanted) -> RawLeaves:
    """Leaves as they were hashed, for an export."""
    return history.leaves(ctx(), caller(), start=query.start, count=query.count)


@bp.get("/checkpoint")
@requires(Role.PERSON)
@act("checkpoint.show")
def checkpoint(query: Seen) -> CheckpointAnswer:
    """The newest checkpoint, and proof that it continues the one I have seen."""
    return checkpoints.checkpoint(ctx(), seen=query.seen)


@bp.get("/checkpoint/kept")
@requires(Role.PERSON)
@act("checkpoint.kept")
def kept() -> KeptCheckpoint:
    """The newest checkpoint that is kept, and how it stands with each witness."""
    found = cosigned.log_head(ctx())
    return KeptCheckpoint(
        size=found.size,
        root=found.root,
        note=found.note,
        signed_at=found.signed_at,
        verifier_key=found.verifier_key,
        witnesses=list(found.witnesses),
    )


@bp.get("/witnesses")
@requires(Role.PERSON)
@act("witness.list")
def witnesses() -> Witnesses:
    """Who is asked to cosign the log, and what each has cosigned last."""
    return cosigned.standings(ctx())
