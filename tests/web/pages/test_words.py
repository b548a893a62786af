"""Words for times, states and names."""

from datetime import UTC, datetime

import pytest

from service.domain.credential import EnvelopeState
from service.domain.events import Action
from service.domain.readiness import Act
from service.domain.request import State
from service.web.pages import times, words
from service.wire.home import Waiting
from service.wire.log import Leaf

NOW = datetime(2026, 11, 22, 14, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (13_260, "3 h 41 min"),
        (86_400, "1 d"),
        (86_400 + 120, "1 d"),
        (2 * 86_400 + 3 * 3600 + 240, "2 d 3 h"),
        (-90, "1 min"),
    ],
)
def test_a_length_of_time_has_two_units_at_most(seconds: int, said: str) -> None:
    assert times.span(seconds) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-22T14:21:05Z", "just now"),
        ("2026-11-22T14:21:00Z", "just now"),
        ("2026-11-22T14:21:10Z", "in a moment"),
        ("2026-11-22T14:02:05Z", "19 min ago"),
        ("2026-11-22T18:02:05Z", "in 3 h 41 min"),
        ("2026-05-03T14:21:05Z", "203 d ago"),
    ],
)
def test_a_time_is_said_from_now(at: str, said: str) -> None:
    assert times.moment(at, NOW) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-22T14:02:59Z", "14:02"),
        ("2026-05-03T09:05:00Z", "3 May, 09:05"),
        ("2025-05-03T09:05:00Z", "3 May 2025, 09:05"),
    ],
)
def test_a_time_of_day_has_its_day_where_that_is_not_obvious(at: str, said: str) -> None:
    assert times.clock(at, NOW) == said


def test_the_exact_time_says_that_it_is_utc() -> None:
    assert times.exact("2026-11-22T14:02:59Z") == "2026-11-22 14:02:59 UTC"
    assert times.day("2026-11-02T14:02:59Z") == "2 November 2026"


def test_every_state_has_words() -> None:
    for state in State:
        assert words.request_tag(state.value).words
        assert words.request_tag(state.value, drill=True).words
    for name in ("no-roster", "no-envelope", *EnvelopeState):
        assert words.account_tag(str(name)).words


def test_only_what_is_seen_is_red() -> None:
    red = {state for state in State if words.request_tag(state.value).tone == "bad"}
    assert red == {State.RELEASED, State.ROTATION_DUE}
    assert words.request_tag("released", drill=True).tone == "drill"


def test_everything_that_waits_has_a_page_and_a_name_for_its_link() -> None:
    assert len(Act) == 10
    for act in Act:
        thing = Waiting(
            what="", account="1" * 12, request="r", act=act.value, command="", due_at=""
        )
        ours = ("/requests/r", "/accounts/111111111111/")
        where = words.act_path(thing)
        assert where == "/operate" if act is Act.REGISTER else where.startswith(ours)
        assert words.act_button(act)


@pytest.mark.parametrize(
    ("number", "said"), [(0, "no things"), (1, "one thing"), (9, "nine things"), (12, "12 things")]
)
def test_small_numbers_are_words(number: int, said: str) -> None:
    assert words.count(number, "thing", "things") == said


def test_an_account_reads_as_aws_prints_it() -> None:
    assert words.spaced("111122223333") == "1111 2222 3333"
    assert words.spaced("111122223333.21") == "1111 2222 3333.21"


def test_actions_have_their_own_words() -> None:
    assert len(set(Action)) == len({action.value.replace(":", ": ") for action in Action})


def logged(action: Action, words: str, **details: str | int | bool) -> Leaf:
    """An event as the log gives it."""
    return Leaf(
        seq=1,
        at="2026-11-22T14:21:05Z",
        actor="kai",
        action=action,
        subject="1" * 12,
        request="",
        details=dict(details),
        sentence=words,
    )


def test_an_approval_says_how_far_its_group_is_and_a_denial_only_whose_it_is() -> None:
    given: dict[str, str | int] = {"group": "mfa", "counted": 2, "needed": 2}
    yes = logged(Action.REQUEST_APPROVED, "kai approved for the mfa group", **given)
    assert words.event(yes) == "kai approved for the MFA group, 2 of 2"
    third = logged(Action.REQUEST_APPROVED, "eve approved", counted=3, needed=2)
    assert words.event(third) == "eve approved, beyond the 2 needed"
    no = logged(Action.REQUEST_DENIED, "kai denied for the mfa group", **given)
    assert words.event(no) == "kai denied for the MFA group"
    old = logged(Action.REQUEST_APPROVED, "kai approved for the mfa group")
    assert words.event(old) == "kai approved for the MFA group"


def test_who_asks_says_of_which_account_and_a_drill_that_it_is_one() -> None:
    asked = logged(Action.REQUEST_OPENED, "omar asks to be root")
    assert words.event(asked) == "omar asks to be root"
    assert words.event(asked, "pay\nments") == "omar asks to be root of pay ments"
    drill = logged(Action.REQUEST_OPENED, "omar asks to be root", drill=True)
    assert words.event(drill, "payments") == "omar asks for a drill of payments"
