"""Every operation works, in a world of its own, after whatever else was done there before.

Statements are signed by those whose acts they are. Then one thing about the call is changed:
nothing fails on our side, all answers are what the document says, and a refusal leaves nothing.
"""

import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from service.config import Settings
from service.web.act import acts
from service.web.app import create_app
from tests.api.fuzz import of_accounts, of_log, of_people, of_requests
from tests.api.fuzz.described import CHECKS, case_of
from tests.api.fuzz.spoiling import spoiled
from tests.api.fuzz.walk import MAKERS, Call, Walk
from tests.api.fuzz.worlds import Prepared, copied, prepare
from tests.usecases.people.acts import rows
from tests.web.calling import URL, Calls

MADE = (of_accounts, of_log, of_people, of_requests)  # each keeps its makers when it is read
BEFORE = (
    "account.channel",
    "account.register",
    "envelope.confirm",
    "envelope.report-papers",
    "envelope.seal",
    "identity.enrol",
    "request.cancel",
    "request.close",
    "request.decide",
    "request.import",
    "request.open",
    "request.release",
    "request.review",
    "roster.draft",
    "roster.sign",
    "session.end-all",
    "slot.change",
)
WALKS = int(os.environ.get("WALKS", "3"))  # for each operation; `make fuzz` takes more
SPOILED = 3  # in each walk
COUNTED = frozenset({"attempt", "session"})  # failures; when a session was last used
# A failure to sign in is an entry, and announced: that much is left behind.
ANNOUNCED = frozenset(
    {"identity.enrol", "session.freshen", "session.open", "session.open-with-passkey"}
)
ENTERED = frozenset({"audit_event", "audit_head", "audit_node", "outbox"})


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(tmp_path_factory.mktemp("prepared"))


class Client:
    """Sends what a walk composes to a service on its world."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        ctx = walk.world.ctx
        self.calls = Calls(create_app(ctx, Settings(url=URL)), ctx)

    def composed(self, operation: str) -> tuple[Call, Any]:
        """A good call, and its body as it travels."""
        self.walk.world.clock.advance(seconds=1)  # no two statements are the same
        call = MAKERS[operation](self.walk)
        return call, json.loads(call.body.model_dump_json()) if call.body else None

    def send(self, operation: str, call: Call, content: Any) -> TestResponse:
        """Send it, and hold the answer against the document."""
        case = case_of(operation, call.where)
        query = {name: str(value) for name, value in call.query.items()}
        answer = self.calls(
            case.method,
            case.formatted_path,
            token=call.token,
            body=content,
            headers={} if call.token else {"Origin": URL},
            query_string=query,
        )
        case.validate_response(answer, checks=CHECKS)
        return answer

    def step(self, operation: str) -> None:
        """Do it; it has to work."""
        call, content = self.composed(operation)
        answer = self.send(operation, call, content)
        assert answer.status_code in {200, 201, 204}, (operation, answer.text)
        call.kept(answer.json if answer.is_json else None)

    def spoil(self, operation: str) -> bool:
        """Change one thing about a good call; a refusal leaves nothing behind.

        Returns whether it was taken all the same: who knows what that has changed.
        """
        call, content = spoiled(self.walk, *self.composed(operation))
        database = self.walk.world.ctx.database
        without = COUNTED | (ENTERED if operation in ANNOUNCED else frozenset())
        before = rows(database, without=without)
        answer = self.send(operation, call, content)
        if answer.status_code >= 400:
            assert rows(database, without=without) == before, (call, content, answer.text)
        return answer.status_code < 400


def test_each_operation_has_a_maker() -> None:
    routes = acts(create_app(None, Settings()))  # type: ignore[arg-type] # no call is made
    assert set(MAKERS) == set(routes)
    assert {module.__name__.split(".")[-1] for module in MADE} >= {"of_log", "of_people"}


@pytest.mark.parametrize("operation", sorted(MAKERS))
def test_it_works_after_anything_else_and_refuses_what_is_changed(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory, operation: str
) -> None:
    @settings(
        max_examples=WALKS,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def walked(data: st.DataObject) -> None:
        walk = Walk(copied(prepared, tmp_path_factory.mktemp("walk") / "state"), data.draw)
        client = Client(walk)
        try:
            for before in data.draw(st.lists(st.sampled_from(BEFORE), max_size=3)):
                client.step(before)
                walk.later()
            client.step(operation)
            for _ in range(SPOILED):
                if client.spoil(operation):
                    break
        finally:
            walk.world.ctx.database.dispose()

    walked()
