"""The requester of a released request seals the password that follows.

Only the requester has a root session, so only they can change the password at AWS. Where the
roster's policy has ``requester_seals``, they seal the new one themselves, and need not hand it to a
sealer outside the product. It is judged when the manifest enters the log (protocol, "The requester
seals"). Until a sealer has replaced it, one person alone knows this password.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain import errors
from service.domain.credential import Envelope, EnvelopeState
from service.domain.people import Member
from service.domain.request import AWAITING_ROTATION, Request
from service.domain.roster import Roster

MOST = 3  # for one request: enough for a mistake or two, and no way to wear custodians down
REPLACE_WITHIN = timedelta(days=30)


def sealed_by_requester(envelope: Envelope, roster: Roster) -> bool:
    """Whether someone who is no sealer has sealed it; ``roster`` is the one that it names."""
    return envelope.sealer not in roster.sealers


def may_seal(roster: Roster, person: str) -> bool:
    """Whether someone who is no sealer may seal after a release of their own, by the roster."""
    return (
        roster.policy.requester_seals
        and person in roster.requesters
        and person not in roster.sealers
    )


def sealer_of(roster: Roster, person: str) -> Member | None:
    """Who may have sealed under a roster: a sealer, or such a requester."""
    may = person in roster.sealers or may_seal(roster, person)
    return roster.members[person] if may else None


def spent(in_force: Envelope | None, roster_of: Callable[[str], Roster]) -> bool:
    """Whether what follows has to be another password: someone alone knows, or may have seen, it.

    Else an envelope for a new roster could hold what its requester knows, and no one would be
    said to know it.
    """
    if in_force is None:
        return False
    exposed = in_force.state is EnvelopeState.EXPOSED
    return exposed or sealed_by_requester(in_force, roster_of(in_force.roster))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who knows the password in force, since they have sealed it, and by when that has to end.

    ``replaced``: a sealer has sealed a newer one, which waits for its confirmations.
    """

    person: str
    name: str
    replace_by: datetime
    overdue: bool
    replaced: bool


def known(
    in_force: Envelope,
    sealed_under: Roster,
    *,
    sealed_at: datetime,
    newest_by_sealer: bool,
    now: datetime,
) -> Known | None:
    """Who knows the password, or None: a sealer of its own roster has sealed it."""
    if not sealed_by_requester(in_force, sealed_under):
        return None
    replace_by = sealed_at + REPLACE_WITHIN
    return Known(
        person=in_force.sealer,
        name=sealed_under.members[in_force.sealer].name,
        replace_by=replace_by,
        overdue=now >= replace_by,
        replaced=newest_by_sealer,
    )


def check_follows(
    envelope: Envelope, *, roster: Roster, request: Request, asked_under: Roster, opened: Envelope
) -> None:
    """Refuse what is no successor by the statements alone; clients and auditors judge alike.

    ``roster`` is the one that the manifest names, ``request`` the signer's own request with the
    roster ``asked_under`` and the envelope ``opened`` that it names. That it was released, and
    before the manifest entered the log, is for the caller to know.

    Raises:
        NotSuccessorError: it is none.
    """
    if not may_seal(roster, envelope.sealer):
        raise errors.NotSuccessorError("the roster does not let a requester seal")
    if envelope.cause != "rotation":
        raise errors.NotSuccessorError("a requester seals a changed password and nothing else")
    if request.digest not in envelope.after_requests or request.drill:
        raise errors.NotSuccessorError("it does not name the release that it follows")
    if request.requester != envelope.sealer or request.requester not in asked_under.requesters:
        raise errors.NotSuccessorError("it follows the request of someone else")
    now, then = roster.members[envelope.sealer], asked_under.members[envelope.sealer]
    if not now.same_identity(then):
        raise errors.NotSuccessorError("its signer has other keys than when they asked")
    if {request.account, opened.account} != {envelope.account}:
        raise errors.NotSuccessorError("the request is of another account")
    if request.manifest != opened.digest or opened.version >= envelope.version:
        raise errors.NotSuccessorError("it does not follow the envelope that was opened")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the log knows when a requester seals.

    ``waiting`` are the account's requests that wait for a new password; ``newer`` its envelopes
    with a higher version than the one in force. ``roster_of`` returns a roster by its digest.
    """

    in_force: Envelope | None
    waiting: Sequence[Request]
    newer: Sequence[Envelope]
    roster_of: Callable[[str], Roster]


def check_successor(envelope: Envelope, *, roster: Roster, ground: Ground) -> list[Envelope]:
    """Refuse a requester's manifest by all rules; return the one that it ends, if any.

    Beside :func:`check_follows`, only who has the whole log can know that the request was made on
    the envelope in force, that every other release of it is named, that no sealer has sealed since,
    and that it is at most the third for that request.

    Raises:
        NotSuccessorError: a rule is broken.
    """
    request, opened = _own(envelope, ground)
    asked_under = ground.roster_of(request.roster)
    check_follows(envelope, roster=roster, request=request, asked_under=asked_under, opened=opened)
    unnamed = {r.digest for r in _released_on(ground, opened)} - set(envelope.after_requests)
    if unnamed:
        raise errors.NotSuccessorError("it does not name every release of the envelope in force")
    since = [one for one in ground.newer if one.seq > request.released_seq]
    if not all(sealed_by_requester(one, ground.roster_of(one.roster)) for one in since):
        raise errors.NotSuccessorError("a sealer has sealed since the release: seal no more")
    earlier = [one for one in since if _for_same(one, envelope, request)]
    if len(earlier) >= MOST:
        raise errors.NotSuccessorError(f"{MOST} were sealed after this request: ask a sealer")
    return [one for one in earlier if one.state is EnvelopeState.UNCONFIRMED]


def _own(envelope: Envelope, ground: Ground) -> tuple[Request, Envelope]:
    """The signer's newest released request on the envelope in force that the manifest names."""
    opened = ground.in_force
    if opened is None:
        raise errors.NotSuccessorError("no envelope is in force that it could follow")
    own = [
        request
        for request in _released_on(ground, opened)
        if request.requester == envelope.sealer
        and request.digest in envelope.after_requests
        and request.released_seq >= 0
    ]
    if not own:
        raise errors.NotSuccessorError(
            "it names no request of its signer that was released on the envelope in force"
        )
    return max(own, key=lambda request: request.released_seq), opened


def _released_on(ground: Ground, opened: Envelope) -> Iterable[Request]:
    return [
        request
        for request in ground.waiting
        if request.manifest == opened.digest
        and request.state in AWAITING_ROTATION
        and not request.drill
    ]


def _for_same(one: Envelope, envelope: Envelope, request: Request) -> bool:
    return one.sealer == envelope.sealer and request.digest in one.after_requests
