"""Which requests the newest roster and envelopes permit."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from service.domain import errors
from service.domain.credential import Envelope, EnvelopeState
from service.domain.opening import check_opening
from service.domain.request import Request
from service.domain.roster import Roster
from tests.cast import POLICY
from tests.unit.domain.builders import (
    LIFETIME,
    START,
    WINDOW,
    envelope,
    next_envelope,
    request,
    roster,
)

IN_FORCE = envelope()
NEWER = next_envelope(IN_FORCE, state=EnvelopeState.UNCONFIRMED)


def opens(
    asked: Request,
    *,
    under: Roster | None = None,
    in_force: Envelope | None = IN_FORCE,
    newest: Envelope | None = IN_FORCE,
    collecting: Sequence[Request] = (),
) -> None:
    check_opening(
        asked, roster=under or roster(), in_force=in_force, newest=newest, collecting=collecting
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"drill": True, "task": "drill"}, ""),
        ({"account": "444455556666"}, "wrong-account"),
        ({"roster": "roster-0"}, "stale-roster"),
        ({"requester": "ann"}, "not-in-roster"),
        ({"requester": "sam"}, "not-in-roster"),
        ({"requester": "eve"}, "not-in-roster"),
        ({"manifest": "manifest-0"}, "wrong-envelope"),
        # the policy's bounds are themselves permitted
        ({"lifetime": LIFETIME, "window": WINDOW}, ""),
        ({"lifetime": LIFETIME + 1}, "policy"),
        ({"window": WINDOW + 1}, "policy"),
        ({"lifetime": 1, "window": 1}, ""),
        # words
        ({"reason": ""}, "reason-needed"),
        ({"reason": " \n "}, "reason-needed"),
        ({"task": "other", "task_text": "turn the lights on"}, ""),
        ({"task": "other", "task_text": ""}, "reason-needed"),
        ({"task": "other", "task_text": "  "}, "reason-needed"),
        ({"task": "billing", "task_text": ""}, ""),
    ],
)
def test_what_may_be_asked(changes: dict[str, Any], code: str) -> None:
    asked = request(**changes)
    if not code:
        opens(asked)
        return
    with pytest.raises(errors.Refusal) as refused:
        opens(asked)
    assert refused.value.code == code


def test_a_policy_says_which_of_its_bounds_was_passed() -> None:
    with pytest.raises(errors.PolicyError, match="lifetime"):
        opens(request(lifetime=LIFETIME + 1))
    with pytest.raises(errors.PolicyError, match="window"):
        opens(request(window=WINDOW + 1))


@pytest.mark.parametrize(
    ("manifest", "in_force", "newest", "permitted"),
    [
        ("manifest-1", IN_FORCE, IN_FORCE, True),
        ("manifest-1", IN_FORCE, NEWER, True),
        ("manifest-2", IN_FORCE, NEWER, True),
        ("manifest-2", None, NEWER, True),
        ("manifest-1", envelope(state=EnvelopeState.EXPOSED), NEWER, True),
        ("manifest-1", None, NEWER, False),
        ("manifest-1", None, envelope(state=EnvelopeState.SUPERSEDED), False),
        ("manifest-1", envelope(state=EnvelopeState.SUPERSEDED), NEWER, False),
        ("manifest-0", IN_FORCE, NEWER, False),
    ],
)
def test_an_envelope_in_force_or_the_newest_may_be_named(
    manifest: str, in_force: Envelope | None, newest: Envelope, permitted: bool
) -> None:
    asked = request(manifest=manifest)
    if permitted:
        opens(asked, in_force=in_force, newest=newest)
        return
    with pytest.raises(errors.WrongEnvelopeError):
        opens(asked, in_force=in_force, newest=newest)


def test_nothing_is_asked_before_a_roster_is_signed_and_something_is_sealed() -> None:
    with pytest.raises(errors.NoRosterError):
        check_opening(request(), roster=None, in_force=IN_FORCE, newest=IN_FORCE)
    with pytest.raises(errors.NoEnvelopeError):
        opens(request(), in_force=None, newest=None)


def test_the_policy_is_the_rosters_own() -> None:
    bounds = {"request_lifetime": 60, "release_window": 30, "denials": "first"}
    strict = roster(policy=POLICY | bounds)
    opens(request(lifetime=60, window=30), under=strict)
    for changes in ({"lifetime": 61, "window": 30}, {"lifetime": 60, "window": 31}):
        with pytest.raises(errors.PolicyError):
            opens(request(**changes), under=strict)


@pytest.mark.parametrize(
    ("others", "too_many"),
    [
        ([{}] * 4, False),
        ([{}] * 5, True),
        # those of somebody else, and those that time has ended, leave room
        ([*[{}] * 4, {"requester": "sam"}], False),
        ([*[{}] * 4, {"entered_at": START - timedelta(seconds=LIFETIME)}], False),
        ([*[{}] * 4, {"entered_at": START - timedelta(seconds=LIFETIME - 1)}], True),
    ],
)
def test_one_requester_has_five_requests_at_most(
    others: list[dict[str, Any]], too_many: bool
) -> None:
    collecting = [request(**changes) for changes in others]
    if too_many:
        with pytest.raises(errors.TooManyOpenError):
            opens(request(), collecting=collecting)
    else:
        opens(request(), collecting=collecting)
