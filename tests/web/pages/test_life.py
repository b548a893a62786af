"""A request's life as steps, as two groups, and as one line."""

import re
from xml.etree import ElementTree as ET

from service.usecases import clock as clocks
from service.usecases import requests, settling
from service.web.pages import life, progress
from service.wire.requests import RequestDetail
from tests.conftest import HandClock
from tests.usecases.world import World
from tests.web.pages.conftest import Visit


def detail(world: World, request: str) -> RequestDetail:
    return requests.show(world.ctx, world.caller("gus"), request)


def drawn(world: World, request: str, clock: HandClock) -> life.Line:
    found = detail(world, request)
    return life.line(found, life.steps(found), clock())


def columns(world: World, request: str, me: str) -> list[progress.Column]:
    found = detail(world, request)
    return progress.columns(found, life.steps(found), me, ())


def told(world: World, request: str) -> list[str]:
    found = detail(world, request)
    return [life.in_words(step, found.names) for step in life.steps(found)]


def test_all_that_happened_in_words(world: World, asked: str, clock: HandClock) -> None:
    clock.advance(minutes=1)
    world.approve_all(asked)
    clock.advance(minutes=1)
    world.release(asked)
    clock.advance(minutes=1)
    world.close(asked)
    clock.advance(minutes=1)
    world.rotate(asked)
    clock.advance(minutes=1)
    world.review("ann", asked)
    clock.advance(minutes=1)
    world.review("dea", asked, rotated=False)
    assert told(world, asked) == [
        "gus asked",
        "ann approved for the password group",
        "bob approved for the password group",
        "dea approved for the MFA group",
        "eli approved for the MFA group",
        "gus was handed the shares",
        "gus says the work is done: “fixed the invoice run”",
        "ann reviewed for the password group: “looked at CloudTrail”",
        (
            "dea reviewed for the MFA group, and found that the password was NOT changed: "
            "“looked at CloudTrail”"
        ),
    ]


def test_denials_say_why(world: World, asked: str) -> None:
    world.deny("ann", asked, "not tonight")
    world.deny("bob", asked, "nor by me")
    assert told(world, asked)[1:] == [
        "ann denied for the password group: “not tonight”",
        "bob denied for the password group: “nor by me”",
    ]


def test_what_time_does_is_told_too(world: World, asked: str, clock: HandClock) -> None:
    clock.advance(hours=2)
    assert told(world, asked) == ["gus asked", "it expired"]
    other = world.ask()
    world.approve_all(other)
    world.release(other)
    clock.advance(minutes=15)
    assert told(world, other)[-1] == "the window closed"


EARLY = "the log began a new epoch, or the operator accepted another clock"


def test_what_ended_early_is_drawn_where_it_ended(
    world: World, asked: str, clock: HandClock
) -> None:
    world.approve("ann", asked)
    clock.advance(minutes=-30)
    clocks.accept(world.ctx, "ops:test")
    clock.advance(days=3)
    assert told(world, asked) == [
        "gus asked",
        "ann approved for the password group",
        f"it expired early: {EARLY}",
    ]
    assert drawn(world, asked, clock).label.endswith("Ended 08:30 UTC.")


def test_a_window_that_ended_early_comes_before_what_was_done_later(
    world: World, asked: str, clock: HandClock
) -> None:
    world.approve_all(asked)
    world.release(asked)
    clock.advance(minutes=-30)
    clocks.accept(world.ctx, "ops:test")
    clock.advance(minutes=1)
    world.close(asked)
    assert told(world, asked)[-3:] == [
        "gus was handed the shares",
        f"the window closed early: {EARLY}",
        "gus says the work is done: “fixed the invoice run”",
    ]


def test_what_time_ended_is_drawn_when_it_was_due_once_the_log_has_it(
    world: World, asked: str, clock: HandClock
) -> None:
    clock.advance(days=3)
    before = drawn(world, asked, clock)
    settling.settle_due(world.ctx)
    assert detail(world, asked).timed_out is not None
    assert drawn(world, asked, clock) == before


def test_a_withdrawal_says_why(world: World, asked: str) -> None:
    world.cancel(asked)
    assert told(world, asked)[-1] == "gus withdrew the request: “no longer needed”"


def test_the_line_runs_from_the_question_to_its_end(
    world: World, asked: str, clock: HandClock
) -> None:
    clock.advance(minutes=15)
    world.approve("ann", asked)
    clock.advance(minutes=15)
    line = drawn(world, asked, clock)
    assert [dot.x for dot in line.dots] == ["2.00%", "26.00%"]
    assert [dot.tone for dot in line.dots] == ["plain", "ok"]
    assert (line.now, line.ends) == ("50.00%", "expires")
    assert line.label == (
        "09:00 gus asked, 09:15 ann approved for the password group. Expires 10:00 UTC."
    )


def test_a_finished_life_ends_with_its_last_step(
    world: World, asked: str, clock: HandClock
) -> None:
    clock.advance(minutes=10)
    world.cancel(asked)
    clock.advance(days=3)
    line = drawn(world, asked, clock)
    assert (line.dots[-1].x, line.now, line.ends) == ("98.00%", "98.00%", "ended")


def test_a_life_that_ends_at_once_can_be_drawn(world: World, asked: str, clock: HandClock) -> None:
    world.cancel(asked)
    line = drawn(world, asked, clock)
    assert {dot.x for dot in line.dots} == {"2.00%"}


def test_the_drawing_is_well_formed_and_has_no_styles(
    world: World, visit: Visit, asked: str
) -> None:
    world.approve("ann", asked)
    page = visit("bob", f"/requests/{asked}").text
    [drawing] = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    root = ET.fromstring(drawing)
    assert root.get("role") == "img"
    assert "ann approved" in str(root.get("aria-label"))
    assert len(root.findall("circle")) == 3
    assert "style" not in drawing


def test_groups_stand_side_by_side(world: World, asked: str) -> None:
    world.approve("ann", asked)
    world.deny("dea", asked, "why now?")
    password, mfa = columns(world, asked, world.id("ann"))
    assert (password.approved, password.needed, password.met) == (1, 2, False)
    assert [(p.name, p.me, p.said) for p in password.people] == [
        ("ann", True, "approve"),
        ("bob", False, ""),
        ("cem", False, ""),
    ]
    assert next((p.name, p.said, p.why) for p in mfa.people) == ("dea", "deny", "why now?")


def test_whom_it_waits_for(world: World, asked: str) -> None:
    assert progress.waiting_for(detail(world, asked)) == "both groups"
    world.approve("ann", asked)
    world.approve("bob", asked)
    assert progress.waiting_for(detail(world, asked)) == "the MFA group"
    world.approve("dea", asked)
    world.approve("eli", asked)
    assert progress.waiting_for(detail(world, asked)) == ""


def test_a_last_word_is_the_one_that_is_shown(world: World, asked: str, clock: HandClock) -> None:
    world.deny("ann", asked, "not yet")
    clock.advance(minutes=1)
    world.approve("ann", asked)
    known = life.steps(detail(world, asked))
    assert progress.my_word(known, world.id("ann")) == "approve"
    [ann] = [p for p in columns(world, asked, "")[0].people if p.name == "ann"]
    assert (ann.said, ann.why, ann.at[11:16]) == ("approve", "", "09:01")
