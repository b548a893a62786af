"""Whoever holds the log's key can sign any history; the replay refuses one that breaks a rule."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import pytest

from crypto import statement as statements
from crypto.leaf import Detail, Leaf
from crypto.statement import Signature
from service.client.audit.replay.replay import _CAUSED, _SIGNED, _UNSIGNED
from service.client.foundation.errors import ClientRefusal
from tests.cast import ACCOUNT, somebody
from tests.client.exports import Rewrite, encoded, leaves, place, replayed, story

NOT_TOLD = {
    "log:epoch-began",
    "log:started",
    "identity:replaced",
    "invitation:created",
    "role:withdrawn",
    "roster:restarted",
    "slot:added",
    "slot:replaced",
    "slot:removed",
}


def test_the_real_services_log_is_right_in_every_leaf() -> None:
    world = replayed(story())
    assert world.tally["leaves"] == len(story())
    assert world.tally["releases"] == 3
    assert world.tally["offline releases"] == 1
    assert world.tally["quorums"] == 5


def test_the_story_has_every_act_that_the_replay_knows() -> None:
    told = {leaf.action for leaf in leaves()}
    known = {action.value for action in (*_SIGNED, *_UNSIGNED, *_CAUSED)}
    assert known - told == NOT_TOLD


def test_a_request_that_is_over_is_forgotten() -> None:
    world = replayed(story())
    account = world.accounts[ACCOUNT]
    opened = {leaf.request for leaf in leaves() if leaf.action == "request:opened"}
    assert len(account.requests) < len(opened) / 2
    assert {r.state.value for r in account.requests.values()} == {
        "pending",
        "review_due",
        "rotation_due",
    }
    assert account.heard.keys() <= account.requests.keys()


# ---------------------------------------------------------------- histories that never were


def changed(index: int, **changes: object) -> Rewrite:
    def rewrite(written: list[Leaf]) -> list[Leaf]:
        written[index] = dataclasses.replace(written[index], **changes)  # type: ignore[arg-type]
        return written

    return rewrite


def saying(index: int, **details: Detail) -> Rewrite:
    said: Mapping[str, Detail] = {**leaves()[index].details, **details}
    return changed(index, details=said)


def without(*indexes: int) -> Rewrite:
    return lambda written: [leaf for leaf in written if leaf.seq not in indexes]


def moved(index: int, to: int) -> Rewrite:
    def rewrite(written: list[Leaf]) -> list[Leaf]:
        leaf = dataclasses.replace(written.pop(index), at=written[to].at)
        return [*written[:to], leaf, *written[to:]]

    return rewrite


def again(index: int, at: int) -> Rewrite:
    def rewrite(written: list[Leaf]) -> list[Leaf]:
        leaf = dataclasses.replace(written[index], at=written[at - 1].at)
        return [*written[:at], leaf, *written[at:]]

    return rewrite


def forged(index: int) -> Rewrite:
    """The statement's first signature is changed by one bit."""

    def rewrite(written: list[Leaf]) -> list[Leaf]:
        statement = statements.parse(written[index].statement)
        first = statement.signatures[0]
        bad = bytes([*first.sig[:50], first.sig[50] ^ 1, *first.sig[51:]])
        signatures = (Signature(keyid=first.keyid, sig=bad), *statement.signatures[1:])
        changed_ = dataclasses.replace(statement, signatures=signatures)
        written[index] = dataclasses.replace(written[index], statement=changed_.raw)
        return written

    return rewrite


def released() -> int:
    return place("request:released")


def approvals_before(index: int) -> list[int]:
    request = leaves()[index].request
    return [
        leaf.seq
        for leaf in leaves()[:index]
        if leaf.action == "request:approved" and leaf.request == request
    ]


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
    ("a roster is left out", lambda: without(place("roster:accepted")), "no-roster"),
    (
        "an account is not registered",
        lambda: without(place("account:registered")),
        "account-unknown",
    ),
    ("a person was never enrolled", lambda: without(place("identity:enrolled")), "people-mismatch"),
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
        lambda: changed(20, action="log:started", statement=b""),
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


SIGNED = sorted(action.value for action in _SIGNED if action.value not in NOT_TOLD)


@pytest.mark.parametrize("action", SIGNED)
def test_a_forged_signature_of_any_kind_is_refused_at_its_leaf(action: str) -> None:
    index = next(leaf.seq for leaf in leaves() if leaf.action == action and leaf.statement)
    with pytest.raises(ClientRefusal) as caught:
        replayed(encoded(forged(index)(leaves())))
    assert caught.value.message.startswith(f"leaf {index} ")


def test_the_first_roster_is_compared_with_the_auditors_notes() -> None:
    digest = str(leaves()[place("roster:accepted")].details["roster"])
    assert replayed(story(), **{ACCOUNT: digest}).anchors
    with pytest.raises(ClientRefusal) as caught:
        replayed(story(), **{ACCOUNT: "0" * 64})
    assert caught.value.code == "roster-anchor"


def test_a_tail_in_which_something_is_missing_is_refused() -> None:
    with pytest.raises(ClientRefusal) as caught:
        replayed(story()[: released() + 1])
    assert caught.value.code == "consequence-missing"
