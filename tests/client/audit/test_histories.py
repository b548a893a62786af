"""Histories that never were: the replay refuses each at its leaf."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from crypto.leaf import Leaf
from service.client.foundation.errors import ClientRefusal
from tests.cast import somebody
from tests.client.audit.exports import Rewrite, encoded, leaves, place, replayed
from tests.client.audit.rewrites import (
    again,
    approvals_before,
    changed,
    moved,
    released,
    saying,
    without,
)


def one_approval_fewer(written: list[Leaf]) -> list[Leaf]:
    """The last approval of a drill is gone, and the one before says what it would have said."""
    drill = place("request:drill-over") - 1
    last = approvals_before(drill)[-1]
    return [leaf for leaf in written if leaf.seq != last]


def one_group_alone(written: list[Leaf]) -> list[Leaf]:
    """Nobody of the second group ever approved."""
    gone = {i for i in approvals_before(released()) if written[i].details["group"] == "mfa"}
    denials = {
        i
        for i in range(released())
        if written[i].action == "request:denied" and written[i].details["group"] == "mfa"
    }
    return [leaf for leaf in written if leaf.seq not in gone | denials]


def accepted() -> int:
    return place("roster:accepted")


def expired_early(written: list[Leaf]) -> list[Leaf]:
    index = place("request:expired")
    written[index] = dataclasses.replace(written[index], at=written[index - 1].at)
    return written


Case = tuple[str, Callable[[], Rewrite], str]


HISTORIES: Sequence[Case] = (
    ("an approval is left out before a release", lambda: one_approval_fewer, "no-quorum"),
    ("one group alone released", lambda: one_group_alone, "no-quorum"),
    (
        "the release stands before the last approval",
        lambda: moved(released(), approvals_before(released())[-1]),
        "no-quorum",
    ),
    ("a denial is left out", lambda: without(place("request:denied")), "already-decided"),
    (
        "an old approval is shown again after its denial",
        lambda: again(approvals_before(released())[0], approvals_before(released())[1]),
        "replayed",
    ),
    ("a release is not told to expose", lambda: without(released() + 1), "consequence-missing"),
    ("an exposure out of nothing", lambda: again(released() + 1, released() + 4), "uncaused"),
    ("a readiness out of nothing", lambda: again(place("envelope:ready"), 40), "uncaused"),
    ("a receipt is left out", lambda: without(place("envelope:confirmed", 3)), "details-differ"),
    ("an envelope is sealed twice", lambda: again(place("envelope:sealed"), 40), "wrong-version"),
    ("a seal is left out", lambda: without(place("envelope:sealed")), "wrong-envelope"),
    ("a roster is left out", lambda: without(place("roster:accepted")), "consequence-missing"),
    (
        "an account is not registered",
        lambda: without(place("account:registered")),
        "account-unknown",
    ),
    ("a person was never enrolled", lambda: without(place("identity:enrolled")), "wrong-actor"),
    ("a roster's last signature is left out", lambda: without(accepted() - 1), "uncaused"),
    ("a roster was never drafted", lambda: without(place("roster:drafted")), "uncaused"),
    (
        "a roster that is signed by all is not accepted, and the log ends",
        lambda: lambda written: written[: accepted()],
        "consequence-missing",
    ),
    ("the first event is left out", lambda: without(0), "no-beginning"),
    ("a person enrols twice", lambda: again(place("identity:enrolled"), 12), "wrong-state"),
    ("a request is left out", lambda: without(place("request:opened")), "request-unknown"),
    (
        "a request is opened twice",
        lambda: again(place("request:opened"), place("request:opened") + 1),
        "replayed",
    ),
    ("a request expires before its time", lambda: expired_early, "wrong-state"),
    (
        "an expiry is left out that a denial ended",
        lambda: without(place("request:ended-by-denial")),
        "consequence-missing",
    ),
    (
        "a fetch after the window",
        lambda: again(place("request:fetched"), place("request:closure") + 1),
        "wrong-state",
    ),
    (
        "a closure twice",
        lambda: again(place("request:closure"), place("request:closure") + 1),
        "replayed",
    ),
    (
        "a review out of turn",
        lambda: moved(place("request:reviewed"), place("request:closure") + 1),
        "wrong-state",
    ),
    (
        "a drill that is not over",
        lambda: without(place("request:drill-over")),
        "consequence-missing",
    ),
    (
        "a superseded envelope is not told",
        lambda: without(place("envelope:superseded")),
        "consequence-missing",
    ),
    (
        "a new roster cancels nothing",
        lambda: without(place("request:cancelled", -1)),
        "consequence-missing",
    ),
    (
        "a release by hand without its quorum",
        lambda: without(place("request:imported") + 1),
        "no-quorum",
    ),
    (
        "a release by hand exposes nothing",
        lambda: without(place("envelope:exposed", -1)),
        "consequence-missing",
    ),
    (
        "a clock's restart expires nothing",
        lambda: without(place("request:expired", -1)),
        "consequence-missing",
    ),
    ("a clock's restart is left out", lambda: without(place("clock:accepted")), "time-went-back"),
    (
        "a clock's restart names another event",
        lambda: saying(place("clock:accepted"), last_event="2026-01-01T00:00:00Z"),
        "details-differ",
    ),
    (
        "a leaf goes back in time",
        lambda: changed(70, at=leaves()[0].at - timedelta(seconds=1)),
        "time-went-back",
    ),
    (
        "a release says that it was pending",
        lambda: saying(released(), state="pending"),
        "details-differ",
    ),
    (
        "an approval says another group",
        lambda: saying(place("request:approved"), group="mfa"),
        "details-differ",
    ),
    (
        "a denial is told as an approval",
        lambda: changed(place("request:denied"), action="request:approved"),
        "details-differ",
    ),
    (
        "a release is told by somebody else",
        lambda: changed(released(), actor=somebody("eve").id),
        "wrong-actor",
    ),
    ("a release carries nothing", lambda: changed(released(), statement=b""), "statement-missing"),
    (
        "a release carries the request",
        lambda: changed(released(), statement=leaves()[place("request:opened")].statement),
        "statement-forged",
    ),
    (
        "a release carries another request's release",
        lambda: changed(released(), statement=leaves()[place("request:released", 1)].statement),
        "wrong-request",
    ),
    (
        "a review of the round before",
        lambda: again(place("request:reviewed"), place("request:reviewed", 2)),
        "replayed",
    ),
    (
        "an expiry told as the end of a window",
        lambda: changed(place("request:expired"), action="request:window-ended"),
        "wrong-state",
    ),
    ("an unknown act", lambda: changed(5, action="request:waved-through"), "unknown-action"),
    (
        "a cancellation by the service for no reason",
        lambda: changed(place("request:cancelled"), actor="service", statement=b""),
        "uncaused",
    ),
    (
        "the log starts in its middle",
        lambda: changed(place("account:registered"), action="log:started", details={}),
        "wrong-state",
    ),
)


@pytest.mark.parametrize(
    ("history", "code"),
    [(history, code) for _, history, code in HISTORIES],
    ids=[name.replace(" ", "-") for name, _, _ in HISTORIES],
)
def test_a_history_that_breaks_a_rule_is_refused(history: Callable[[], Rewrite], code: str) -> None:
    with pytest.raises(ClientRefusal) as caught:
        replayed(encoded(history()(leaves())))
    assert caught.value.code == code
    assert caught.value.message.startswith(("leaf ", "after the last leaf"))


def test_a_cancellation_by_the_service_for_no_reason_is_refused_at_its_own_leaf() -> None:
    index = place("request:cancelled")
    rewrite = changed(index, actor="service", statement=b"")
    with pytest.raises(ClientRefusal) as caught:
        replayed(encoded(rewrite(leaves())))
    assert caught.value.message.startswith(f"leaf {index} ")
