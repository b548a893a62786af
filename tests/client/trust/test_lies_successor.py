"""A requester's seal is believed with its evidence alone, and each lie about it is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import verify_chain
from service.client.trust.envelope import verify_manifest
from tests.cast import ACCOUNT
from tests.client.honest import brought, wire
from tests.client.successors import TOLD, Told, told


def believed(shown: Told) -> str:
    chain = verify_chain(
        [wire(one) for one in shown.chain],
        brought(*shown.chain),
        account=ACCOUNT,
        me=None,
        remembered=None,
    )
    try:
        verify_manifest(wire(shown.manifest), chain, shown.successor)
    except ClientRefusal as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    ("changes", "lie", "code"),
    [pytest.param(changes, lie, code, id=name) for name, changes, lie, code in TOLD],
)
def test_each_lie_about_a_requesters_seal_is_refused_by_name(
    changes: dict[str, Any], lie: Callable[[Told], Told] | None, code: str
) -> None:
    assert believed(told(changes, lie)) == code
