"""Whatever people try, in whatever order: what the service accepts is a log that verifies."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crypto.errors import CryptoError
from service.domain.errors import Refusal
from service.usecases.settling import settle_due
from tests.cast import ACCOUNT, CUSTODIANS
from tests.client.audit.exports import replayed
from tests.client.audit.story import a_world, begin, leaves_of
from tests.usecases.world import World

# What is tried: a person's name, and which of the requests so far.
Try = Callable[[World, str, str], object]
TRIES: Mapping[str, Try] = {
    "ask": lambda w, _who, _on: w.ask(),
    "drill": lambda w, _who, _on: w.ask(drill=True),
    "approve": lambda w, who, on: w.approve(who, on),
    "approve all": lambda w, _who, on: w.approve_all(on),
    "deny": lambda w, who, on: w.deny(who, on),
    "release": lambda w, _who, on: w.release(on),
    "cancel": lambda w, _who, on: w.cancel(on),
    "close": lambda w, _who, on: w.close(on),
    "seal": lambda w, _who, _on: w.seal(),
    "confirm": lambda w, who, _on: w.confirm(who),
    "rotate": lambda w, _who, on: w.rotate(on),
    "review": lambda w, who, on: w.review(who, on),
    "not rotated": lambda w, who, on: w.review(who, on, rotated=False),
    "new roster": lambda w, _who, _on: w.accept_roster(("ann", "bob", "dea", "eli"), name="other"),
    "five minutes": lambda w, _who, _on: w.clock.advance(minutes=5),
    "two hours": lambda w, _who, _on: w.clock.advance(hours=2),
    "settle": lambda w, _who, _on: settle_due(w.ctx),
}

LIKELY = ("ask", "approve all", "release", "rotate", "close", "review", "approve")
acts = st.lists(
    st.tuples(
        st.sampled_from(LIKELY) | st.sampled_from(sorted(TRIES)),
        st.sampled_from(CUSTODIANS),
        st.integers(0, 3),
    ),
    min_size=8,
    max_size=30,
)


def attempt(world: World, what: str, who: str, which: int) -> bool:
    asked = list(world.asked)
    on = asked[-1 - which % len(asked)] if asked else "none"
    try:
        TRIES[what](world, who, on)
    except (Refusal, CryptoError, KeyError):  # a key that a helper lacks: nothing to act on
        return False
    return True


def played(world: World, tries: Sequence[tuple[str, str, int]]) -> int:
    begin(world)
    return sum(attempt(world, *one) for one in tries)


@given(tries=acts)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # to shrink a world takes minutes
)
def test_any_order_of_acts_leaves_a_log_that_verifies(
    tries: Sequence[tuple[str, str, int]],
) -> None:
    with TemporaryDirectory() as folder, a_world(Path(folder)) as world:
        played(world, tries)
        settle_due(world.ctx)  # reads say what time has done also before the log does
        account = replayed(leaves_of(world)).accounts[ACCOUNT]
        open_ = {r.id: r.state.value for r in account.requests.values()}
        told = {number: world.state(number) for number in open_}
        over = {number: world.state(number) for number in world.asked if number not in open_}
    assert open_ == told
    assert set(over.values()) <= {"closed", "denied", "cancelled", "expired", ""}


def test_the_acts_do_happen() -> None:
    """Else the property above would hold of nothing."""
    tries = [(what, "ann", 0) for what in ("ask", "approve all", "release", "rotate", "close")]
    with TemporaryDirectory() as folder, a_world(Path(folder)) as world:
        assert played(world, tries) == len(tries)
        assert replayed(leaves_of(world)).tally["releases"] == 1
