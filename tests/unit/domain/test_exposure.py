"""Which envelopes hold one password, and which report of papers is taken."""

import pytest

from service.domain import errors
from service.domain.credential import Envelope
from service.domain.exposure import MOST_REPORTS, check_report, of_one_password, share_password
from tests.unit.domain.builders import envelope, next_envelope

PLACES = [{"group": "password", "custodian": "ann"}, {"group": "mfa", "custodian": "dea"}]


def chain(*causes: str) -> list[Envelope]:
    found = [envelope()]
    for cause in causes:
        found.append(next_envelope(found[-1], cause=cause))
    return found


@pytest.mark.parametrize(
    ("causes", "opened", "versions"),
    [
        ((), 1, [1]),
        (("roster", "roster"), 1, [1, 2, 3]),
        (("roster", "rotation", "roster"), 1, [1, 2]),
        (("roster", "rotation", "roster"), 2, [2]),
        (("roster", "rotation", "roster"), 3, [3, 4]),
        (("rotation",), 1, [1]),
        (("rotation",), 2, [2]),
    ],
)
def test_what_is_opened_may_be_in_every_later_one_up_to_the_first_rotation(
    causes: tuple[str, ...], opened: int, versions: list[int]
) -> None:
    every = chain(*causes)
    found = of_one_password(reversed(every), every[opened - 1])
    assert [one.version for one in found] == versions


@pytest.mark.parametrize("causes", [(), ("roster", "rotation", "roster", "roster", "rotation")])
def test_looking_back_finds_exactly_those_that_looking_on_does(causes: tuple[str, ...]) -> None:
    every = chain(*causes)
    for ready in every:
        back = {one.version for one in share_password(every, ready)}
        assert back == {o.version for o in every if ready in of_one_password(every, o)}


def test_three_different_reports_are_taken_and_no_fourth() -> None:
    before: set[str] = set()
    for digest in ("a", "b", "c"):
        check_report(envelope(), PLACES, digest=digest, before=before)
        before.add(digest)
    assert len(before) == MOST_REPORTS
    with pytest.raises(errors.TooManyReportsError):
        check_report(envelope(), PLACES, digest="d", before=before)
    with pytest.raises(errors.ReplayedError):
        check_report(envelope(), PLACES, digest="b", before=before)


@pytest.mark.parametrize(
    "place", [{"group": "mfa", "custodian": "ann"}, {"group": "password", "custodian": "gus"}]
)
def test_a_paper_that_the_envelope_does_not_have_is_not_named(place: dict[str, str]) -> None:
    with pytest.raises(errors.WrongGroupError):
        check_report(envelope(), [*PLACES, place], digest="a", before=())
