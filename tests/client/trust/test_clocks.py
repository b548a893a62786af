"""What is known of a device's clock: what is proved, and what is the service's word."""

from datetime import timedelta

import pytest

from service.client.trust.clocks import Clocks
from tests.client.honest import START

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("service", "leaf", "shown", "pressed", "said"),
    [
        (None, None, False, False, ""),
        (0, None, False, False, ""),
        (1.9, None, False, False, ""),
        (2, None, True, False, "2 minutes behind the service's clock, which says 2026-11-02 09:02"),
        (-2, None, True, False, "is 2 minutes ahead of the service's clock"),
        (9.9, None, True, False, "9 minutes 54 seconds behind"),
        (10, None, True, True, "10 minutes behind"),
        (-10, None, True, True, "10 minutes ahead"),
        (57600, None, True, True, "40 days behind"),
        (None, 10, True, True, "is 10 minutes behind the log's newest entry"),
        (None, -10, False, False, ""),  # an old leaf says nothing about a clock
        (-10, 10, True, True, "10 minutes behind the log's newest entry"),
        (12, 10, True, True, "12 minutes behind the service's clock"),
        (0, -600, False, False, ""),
        (-12, -600, True, True, "12 minutes ahead of the service's clock"),
    ],
)  # fmt: skip
def test_both_clocks_are_named_from_two_minutes_on_and_asked_about_from_ten(
    service: float | None, leaf: float | None, shown: bool, pressed: bool, said: str
) -> None:
    def moment(minutes: float | None) -> object:
        return None if minutes is None else START + minutes * MINUTE

    clocks = Clocks(own=START, service=moment(service), leaf=moment(leaf))  # type: ignore[arg-type]
    assert (clocks.differ, clocks.differ_much) == (shown, pressed)
    assert said in clocks.sentence
    assert bool(clocks.sentence) is shown
    if shown:
        assert "this device's clock says 2026-11-02 09:00:00 UTC" in clocks.sentence
