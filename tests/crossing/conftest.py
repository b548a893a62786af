"""One process of the browser modules for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.crossing.peer import Peer


@pytest.fixture(scope="session")
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()
