"""The API as its people use it, and the same calls again with one thing changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.config import Settings
from service.web.act import Route, acts
from service.web.app import create_app
from tests.api.acts import API, Story
from tests.api.changing import LEAVES, changed, places
from tests.api.story import tell
from tests.usecases.people.acts import rows
from tests.usecases.world import World
from tests.web.calling import code_of


@pytest.fixture(scope="module")
def story(world: World) -> Story:
    return tell(world)


def routes() -> dict[str, Route]:
    return acts(create_app(None, Settings()))  # type: ignore[arg-type] # no call is made


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.act(n)) for n in routes()])
def test_the_act_was_done_over_http(story: Story, name: str) -> None:
    assert name in story.done


# What may be repeated; and where a failure is counted, as it must be.
REPEATABLE = ("/channel", "/sessions/parameters", "/invitations", "/sessions/passkey/options")
COUNTED = ("/sessions", "/identities", "/enrolments/look", "/enrolments/passkey-options")


def test_nothing_can_be_sent_twice_and_a_refusal_leaves_nothing(story: Story) -> None:
    before = rows(story.world.ctx.database)
    for method, path, token, content in story.sent:
        if not path.endswith((*REPEATABLE, *COUNTED)):
            assert code_of(story.calls(method, path, token=token, body=content)), path
    assert rows(story.world.ctx.database) == before


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_no_changed_act_is_our_fault(story: Story, data: st.DataObject) -> None:
    method, path, token, content = data.draw(st.sampled_from(story.sent))
    place = data.draw(st.sampled_from(places(content)))
    value = data.draw(st.sampled_from(LEAVES) | st.text(max_size=10))
    sent = changed(content, place, value)
    answer = story.calls(method, path, token=token, body=sent)
    assert answer.status_code < 500, (path, place, value)


def test_the_stranger_learns_nothing(story: Story) -> None:
    token = story.token("eve")
    for method, path, _, content in story.sent:
        if "/accounts/" in path or "/requests/" in path or "/envelopes" in path:
            answer = story.calls(method, path, token=token, body=content)
            assert answer.status_code in {403, 404, 409, 422}, path
    for path in (
        f"/accounts/{story.world.account}",
        f"/accounts/{story.world.account}/rosters",
        f"/requests/{next(iter(story.world.asked))}",
    ):
        assert code_of(story.calls("GET", API + path, token=token)) == "not-found"
