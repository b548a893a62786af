"""An organisation with a password in force, once for each module."""

from collections.abc import Iterator

import pytest

from tests.client.acting import in_force
from tests.client.conftest import Organisation


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with in_force(tmp_path_factory.mktemp("organisation")) as organisation:
        yield organisation
