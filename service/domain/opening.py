"""What may be asked: by whom, on which envelope, for how long, and how often at once."""

from collections.abc import Iterable

from service.domain import errors
from service.domain.credential import Envelope, EnvelopeState
from service.domain.request import Request
from service.domain.roster import Roster, check_not_retired

# One requester's open requests must not drown the real one, or make a roster too slow to accept.
MOST_OPEN = 5


def check_opening(
    request: Request,
    *,
    roster: Roster | None,
    in_force: Envelope | None,
    newest: Envelope | None,
    collecting: Iterable[Request] = (),
) -> None:
    """Refuse a request that the newest roster and envelopes do not permit.

    ``in_force`` is the envelope that is ready or exposed, ``newest`` the one with the highest
    version; the latter may be named while it is unconfirmed, since after a change at AWS it is the
    true one. ``collecting`` are the account's requests that wait for approvals: of one
    requester at most five.
    """
    if roster is None:
        raise errors.NoRosterError
    if request.account != roster.account:
        raise errors.WrongAccountError
    check_not_retired(roster)
    if request.roster != roster.digest:
        raise errors.StaleRosterError
    if request.requester not in roster.requesters:
        raise errors.NotInRosterError("the account's roster does not name you as a requester")
    if newest is None:
        raise errors.NoEnvelopeError
    nameable = {
        e.digest for e in (in_force, newest) if e and e.state is not EnvelopeState.SUPERSEDED
    }
    if request.manifest not in nameable:
        raise errors.WrongEnvelopeError
    _check_not_too_many(request, collecting)
    check_words_and_policy(request, roster)


def _check_not_too_many(request: Request, collecting: Iterable[Request]) -> None:
    theirs = [r for r in collecting if r.requester == request.requester]
    if sum(r.expires_at > request.entered_at for r in theirs) >= MOST_OPEN:
        raise errors.TooManyOpenError


def check_words_and_policy(request: Request, roster: Roster) -> None:
    """Refuse what a roster's policy or the catalogue's words do not permit.

    Raises:
        PolicyError, ReasonNeededError: a number is too large, or words are missing.
    """
    if request.lifetime > roster.policy.request_lifetime:
        raise errors.PolicyError("the roster's policy allows only a shorter lifetime")
    if request.window > roster.policy.release_window:
        raise errors.PolicyError("the roster's policy allows only a shorter window")
    if not request.reason.strip():
        raise errors.ReasonNeededError
    if request.task == "other" and not request.task_text.strip():
        raise errors.ReasonNeededError("describe the task in 'task_text'")
