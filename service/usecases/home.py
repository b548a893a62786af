"""What waits for me, most urgent first."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crypto.encoding import format_time
from service.domain.case import AFTER_ALL
from service.domain.credential import Envelope, EnvelopeState
from service.domain.quorum import last_words
from service.domain.request import COLLECTING, Request, State
from service.domain.roster import Roster
from service.domain.topic import topic_of
from service.storage import accounts, envelopes, people, requests, rosters
from service.usecases import people as people_
from service.usecases.accounts import drilled, findings
from service.usecases.context import Caller, Context, Unit
from service.usecases.loading import as_of_now
from service.usecases.rosters import missing_signers
from service.usecases.seeing import visible
from service.wire.people import Home, Waiting

OPEN = COLLECTING | {State.RELEASED, State.ROTATION_DUE, State.REVIEW_DUE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One account as it concerns one person."""

    account: str
    person: str
    roster: Roster | None
    draft: rosters.Draft | None
    newest: Envelope | None
    in_force: Envelope | None
    open: tuple[Request, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What waits for somebody, and what is wrong in the accounts that they see."""

    waiting: list[Waiting]
    warnings: list[str]


def home(ctx: Context, caller: Caller) -> Home:
    """What waits for the caller in every account, and what is wrong there."""
    with ctx.read() as unit:
        due = _due(ctx, unit, caller)
        me = people_.shape(people.get(unit.session, caller.person))
    return Home(person=me, waiting=due.waiting, warnings=due.warnings)


def due(ctx: Context, caller: Caller) -> Due:
    """The same, for who knows already who the caller is."""
    with ctx.read() as unit:
        return _due(ctx, unit, caller)


def _due(ctx: Context, unit: Unit, caller: Caller) -> Due:
    waiting: list[Waiting] = []
    warnings: list[str] = []
    lately = drilled(unit.session, unit.now)
    channels = {row.id: row.sns_topic_arn for row in accounts.everything(unit.session)}
    for situation in _situations(unit, caller):
        waiting += _waiting(unit.session, situation, caller)
        topic = channels[situation.account]
        warnings += _warnings(unit.session, ctx, topic, situation, lately)
    return Due(waiting=waiting, warnings=warnings)


def _situations(unit: Unit, caller: Caller) -> Iterator[Situation]:
    """Every account that the caller sees, in as many queries as one would take."""
    seen = visible(unit.session, caller)
    current, none = rosters.every_current(unit.session), rosters.Current()
    open_ = _open(unit, seen, [c.newest for c in current.values() if c.newest])
    sealed = envelopes.current_of(unit.session, seen)
    for account in seen:
        counts = current.get(account, none)
        yield Situation(
            account=account,
            person=caller.person,
            roster=counts.newest,
            draft=counts.draft,
            newest=sealed[account].newest,
            in_force=sealed[account].in_force,
            open=tuple(open_[account]),
        )


def _open(
    unit: Unit, seen: Collection[str], known: Collection[Roster]
) -> Mapping[str, Sequence[Request]]:
    """What is not finished yet in each account, oldest first; time may have finished some."""
    found = defaultdict[str, list[Request]](list)
    for request in as_of_now(unit, requests.of_accounts(unit.session, seen, OPEN), known):
        if request.state in OPEN:
            found[request.account].append(request)
    return found


def _warnings(
    session: Session, ctx: Context, own: str, situation: Situation, lately: frozenset[str]
) -> list[str]:
    found = findings(
        session,
        situation.roster,
        situation.in_force,
        situation.newest,
        topic=topic_of(own or ctx.default_channel),
        drilled=lately,
    )
    return [f"{situation.account}: {finding.message}" for finding in found]


def _waiting(session: Session, situation: Situation, caller: Caller) -> list[Waiting]:
    found: list[Waiting] = []
    for request in situation.open:
        found += _of_request(situation, request)
    found += _of_envelope(situation)
    draft = situation.draft
    if draft is not None and caller.person in missing_signers(session, draft):
        words = f"roster version {draft.roster.version} waits for your signature"
        found.append(_thing(situation, words, "roster.sign", f"roster sign {situation.account}"))
    if caller.operator and situation.roster is None and draft is None:
        found.append(
            _thing(
                situation,
                "no roster yet; draft one",
                "roster.draft",
                f"roster draft {situation.account}",
            )
        )
    return found


def _thing(
    situation: Situation, what: str, act: str, command: str, *, request: Request | None = None
) -> Waiting:
    due = ""
    if request is not None and request.state in COLLECTING:
        due = format_time(request.expires_at)
    if request is not None and request.state is State.RELEASED and request.window_ends_at:
        due = format_time(request.window_ends_at)
    name = situation.roster.name if situation.roster else situation.account
    return Waiting(
        what=f"{name}: {what}",
        account=situation.account,
        request=request.id if request else "",
        act=act,
        command=f"breakglass {command}",
        due_at=due,
    )


def _of_request(situation: Situation, request: Request) -> Iterator[Waiting]:
    """What this person is to do about one request in its present state."""
    mine = request.requester == situation.person
    roster = situation.roster
    group = roster.group_of(situation.person) if roster else None
    kind = "drill" if request.drill else "request"
    if request.state in COLLECTING and group is not None and not _decided(request, situation):
        asks = roster.members[request.requester].name if roster else ""
        what = f"{asks} asks to be root" if not request.drill else f"{asks} asks for a drill"
        yield _thing(situation, what, "request.decide", f"approve {request.id}", request=request)
    if mine and request.state is State.APPROVED:
        what = f"your {kind} is approved"
        yield _thing(situation, what, "request.release", f"release {request.id}", request=request)
    if mine and request.state is State.RELEASED:
        what = "the window is open; reveal, and close when the work is done"
        yield _thing(situation, what, "request.fetch", f"reveal {request.id}", request=request)
    if mine and request.state is State.ROTATION_DUE and not request.summarised:
        what = "say what was done"
        yield _thing(situation, what, "request.close", f"close {request.id}", request=request)
    if _is_sealer(situation) and request.state is State.ROTATION_DUE:
        what = "the password was seen; change it at AWS and seal it anew"
        yield _thing(situation, what, "envelope.seal", f"seal {situation.account}", request=request)
    if group is not None and request.state is State.REVIEW_DUE and group not in request.reviewed:
        what = f"the {group.value} group is to review a release"
        yield _thing(situation, what, "request.review", f"review {request.id}", request=request)


def _decided(request: Request, situation: Situation) -> bool:
    return situation.person in last_words(request.decisions, until_seq=AFTER_ALL)


def _is_sealer(situation: Situation) -> bool:
    return situation.roster is not None and situation.person in situation.roster.sealers


def _of_envelope(situation: Situation) -> Iterator[Waiting]:
    roster, newest = situation.roster, situation.newest
    if roster is not None and newest is None and _is_sealer(situation):
        yield _thing(
            situation, "nothing is sealed yet", "envelope.seal", f"seal {situation.account}"
        )
    if roster is None or newest is None or newest.roster != roster.digest:
        return
    share = newest.share_of(situation.person)
    if share is None or (share.group, share.custodian) in newest.receipts:
        return
    if newest.state is not EnvelopeState.SUPERSEDED:
        what = f"confirm that your share of envelope version {newest.version} opens"
        yield _thing(situation, what, "envelope.confirm", f"confirm {situation.account}")
