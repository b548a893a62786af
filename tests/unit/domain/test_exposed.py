"""Each cause of an exposure has its own sentence."""

from collections.abc import Iterable

import pytest

from service.domain.exposed import APPROVED_ONLY, SENTENCES, Cause, Ended, cause_of
from service.domain.request import State
from tests.unit.domain.builders import group_of, roster

ROSTER = roster()
ENOUGH = ("ann", "bob", "dea", "eli")


def ended(state: State, people: Iterable[str] = ENOUGH, *, by_requester: bool = False) -> Ended:
    who = frozenset((group_of(person), person) for person in people)
    return Ended(state=state, approvers=who, by_requester=by_requester)


TAKEN_BACK = ended(State.CANCELLED, by_requester=True)
EXPIRED = ended(State.EXPIRED)


@pytest.mark.parametrize(
    ("why", "requests", "cause"),
    [
        ("released", [], Cause.RELEASED),
        ("released", [TAKEN_BACK], Cause.RELEASED),
        ("offline-release", [EXPIRED], Cause.OFFLINE),
        (APPROVED_ONLY, [TAKEN_BACK], Cause.TAKEN_BACK),
        (APPROVED_ONLY, [ended(State.CANCELLED)], Cause.OVERTAKEN),
        (APPROVED_ONLY, [EXPIRED], Cause.EXPIRED),
        (APPROVED_ONLY, [ended(State.DENIED)], Cause.DENIED),
        (APPROVED_ONLY, [EXPIRED, TAKEN_BACK], Cause.TAKEN_BACK),
        (APPROVED_ONLY, [TAKEN_BACK, EXPIRED], Cause.EXPIRED),
        (
            APPROVED_ONLY,
            [ended(State.EXPIRED, ("ann", "bob")), ended(State.DENIED, ("dea", "eli"))],
            Cause.TOGETHER,
        ),
        (APPROVED_ONLY, [], Cause.TOGETHER),
        ("", [TAKEN_BACK], Cause.UNKNOWN),
        ("taken-back", [TAKEN_BACK], Cause.UNKNOWN),  # no `why` that the log has
        ("of a later release", [], Cause.UNKNOWN),
    ],
)
def test_an_exposure_has_the_cause_that_it_had(
    why: str, requests: list[Ended], cause: Cause
) -> None:
    assert cause_of(why, requests, roster=ROSTER) is cause


def test_each_cause_has_a_sentence_of_its_own() -> None:
    assert set(SENTENCES) == set(Cause)
    assert len(set(SENTENCES.values())) == len(SENTENCES)


@pytest.mark.parametrize("cause", [Cause.TAKEN_BACK, Cause.EXPIRED, Cause.DENIED, Cause.TOGETHER])
def test_where_nothing_was_handed_over_no_one_is_said_to_have_seen_it(cause: Cause) -> None:
    assert "seen" not in SENTENCES[cause]
    assert "no one was handed" in SENTENCES[cause]
