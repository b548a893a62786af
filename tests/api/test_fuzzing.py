"""schemathesis, from the service's own document: whatever is sent, nothing fails on our side.

An organisation is there with requests in several states, and generated ids are often replaced by
real ones, so that calls get past the first look-up.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from werkzeug.serving import BaseWSGIServer

from tests.api.conftest import token_of
from tests.api.fuzz.described import CHECKS, SCHEMA
from tests.cast import OTHER_ACCOUNT
from tests.usecases.world import World

PEOPLE = ("olga", "aud", "gus", "ann", "eve")
EXAMPLES = 3  # for each operation and kind of data


def _carries(operation: Mapping[str, Any]) -> bool:
    """Whether a call has anything: a token, a parameter or a body."""
    return any(operation.get(part) for part in ("security", "parameters", "requestBody"))


CASES = [
    pytest.param(path, method.upper(), mode, id=f"{operation['operationId']} {mode.value}")
    for path, operations in SCHEMA.raw_schema["paths"].items()
    for method, operation in operations.items()
    for mode in GenerationMode
    # where nothing is sent, nothing can be sent wrongly
    if mode is GenerationMode.POSITIVE or (path.startswith("/api/") and _carries(operation))
]


@pytest.fixture(scope="module")
def known(world: World) -> dict[str, list[str]]:
    """Ids that exist, by the name of the path parameter."""
    world.ready()
    world.register(OTHER_ACCOUNT)
    released, approved, pending = (world.ask() for _ in range(3))
    world.approve_all(released)
    world.release(released)
    world.approve_all(approved)
    world.approve("ann", pending)
    drafted = world.draft()
    return {
        "account": [world.account, OTHER_ACCOUNT],
        "request": [released, approved, pending],
        "envelope": [world.manifests["newest"].payload["envelope"]],
        "digest": [drafted.digest],
        "seq": ["0", "1", "40"],
    }


@pytest.fixture(scope="module")
def tokens(world: World, known: dict[str, list[str]]) -> list[str]:
    del known  # the people are there
    return [token_of(world, name) for name in PEOPLE]


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.mark.parametrize(("path", "method", "mode"), CASES)
def test_no_call_is_answered_with_our_fault(
    server: BaseWSGIServer,
    known: dict[str, list[str]],
    tokens: list[str],
    session: requests.Session,
    path: str,
    method: str,
    mode: GenerationMode,
) -> None:
    operation = SCHEMA[path][method]
    url = f"http://127.0.0.1:{server.server_port}"

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode), data=st.data())
    def call(case: Case[Any], data: st.DataObject) -> None:
        for name in case.path_parameters or {}:
            if name in known and data.draw(st.integers(0, 3)):
                case.path_parameters[name] = data.draw(st.sampled_from(known[name]))
        headers = {"Authorization": f"Bearer {data.draw(st.sampled_from(tokens))}"}
        response = case.call(base_url=url, session=session, headers=headers)
        case.validate_response(response, checks=CHECKS)

    call()
