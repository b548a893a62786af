"""A walk through the API: each step is a call that its maker composed, signed, and expects to work.

Makers are kept by the operation's name in the service's own document. Whatever a maker needs first
(an envelope in force, an approved request), it brings about through the use cases.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st

from crypto.encoding import check_text
from crypto.errors import MalformedError
from crypto.fields import person_name
from service.domain.credential import EnvelopeState
from service.domain.request import State
from service.storage import envelopes
from service.usecases import requests, sessions
from service.usecases.context import Caller
from service.wire.base import Shape
from tests.api.conftest import token_of
from tests.api.fuzz.worlds import Prepared
from tests.cast import CUSTODIANS
from tests.usecases.people import acts

_T = TypeVar("_T")


def _is_text(text: str) -> bool:
    try:
        check_text(text)
    except MalformedError:
        return False
    return True


def _is_name(text: str) -> bool:
    try:
        person_name(text)
    except MalformedError:
        return False
    return True


ANY_TEXT = st.text(max_size=1000).filter(_is_text)
SOME_TEXT = st.text(min_size=1, max_size=200).filter(_is_text).filter(lambda t: bool(t.strip()))
NAMES = st.text(
    st.characters(codec="utf-8", categories=["Ll", "Lu", "Nd"], max_codepoint=0x17F),
    min_size=1,
    max_size=40,
).filter(_is_name)


@dataclass(frozen=True, kw_only=True)
class Call:
    """What is sent; ``kept`` takes the answer, so that the world knows what was made."""

    token: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Shape | None = None
    kept: Callable[[Any], None] = lambda _: None


class Walk:
    """One world, and what is drawn for the step that is composed now."""

    def __init__(self, prepared: Prepared, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.prepared = prepared
        self.world = prepared.world
        self.draw = draw
        self._made = 0

    def new(self) -> int:
        """A number that no step of this walk had before."""
        self._made += 1
        return self._made

    def pick(self, *of: _T) -> _T:
        """One of these."""
        found: _T = self.draw(st.sampled_from(of))
        return found

    def text(self) -> str:
        """Free text, often empty or strange."""
        found: str = self.draw(ANY_TEXT)
        return found

    def some_text(self) -> str:
        """Free text that says something."""
        found: str = self.draw(SOME_TEXT)
        return found

    def name(self) -> str:
        """What a person or an account is called."""
        found: str = self.draw(NAMES)
        return found

    def shuffled(self, *of: _T) -> list[_T]:
        """All of these, in any order."""
        found: list[_T] = self.draw(st.permutations(of))
        return found

    def caller_of(self, token: str) -> Caller:
        """Who holds a session."""
        return sessions.authenticate(self.world.ctx, token)

    def number(self, least: int, most: int) -> int:
        """A whole number."""
        found: int = self.draw(st.integers(least, most))
        return found

    def token(self, *names: str) -> str:
        """A session of one of these people, opened now."""
        return token_of(self.world, self.pick(*names))

    def nell(self) -> str:
        """A session of Nell, opened now with her phrase."""
        return sessions.sign_in(self.world.ctx, acts.sign_in_body(self.prepared.nell)).token

    def later(self) -> None:
        """Some time passes: budgets are fresh, what collected has ended."""
        self.world.clock.advance(hours=25, minutes=self.number(0, 600))

    def in_force(self) -> str:
        """An envelope is in force, and all have confirmed it; returns its digest."""
        world = self.world
        due = [r for r in world.asked if self.state(r) is State.ROTATION_DUE]
        with world.ctx.read() as unit:
            newest = envelopes.by_manifest(unit.session, world.manifests["newest"].digest).envelope
        if due or newest.unconfirmed or newest.state is not EnvelopeState.READY:
            world.rotate(*due)
        return world.manifests["newest"].digest

    def state(self, request: str) -> State:
        """Where a request is."""
        world = self.world
        return State(requests.show(world.ctx, world.caller("aud"), request).state)

    def requested(self) -> str:
        """A request collects approvals."""
        self.in_force()
        return self.world.ask()

    def approved(self) -> str:
        """A request has its quorum."""
        request = self.requested()
        self.world.approve_all(request)
        return request

    def released(self) -> str:
        """A request was released a moment ago."""
        request = self.approved()
        self.world.release(request)
        return request

    def custodian(self) -> str:
        """Any of them."""
        return self.pick(*CUSTODIANS)


Maker = Callable[[Walk], Call]
MAKERS: dict[str, Maker] = {}


def makes(operation: str) -> Callable[[Maker], Maker]:
    """Keep the maker of an operation."""

    def kept(maker: Maker) -> Maker:
        if operation in MAKERS:
            raise RuntimeError(f"{operation} has two makers")
        MAKERS[operation] = maker
        return maker

    return kept
