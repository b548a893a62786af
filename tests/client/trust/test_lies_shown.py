"""A request that the service shows with other facts, or another envelope, than were signed."""

from functools import cache
from typing import Any

import pytest

from service.client.foundation.errors import ClientRefusal
from service.client.trust.shown import verify_shown
from service.wire.requests import RequestDetail
from tests.cast import ACCOUNT, OTHER_ACCOUNT, somebody
from tests.client import honest
from tests.client.honest import first_roster, wire
from tests.client.released import build_world, world
from tests.client.trust.test_lies_request import chain_of

Change = dict[str, Any]


def detail() -> dict[str, Any]:
    """What the service says of the honest world's request, as far as a client reads it."""
    told = world().released
    return {
        "id": told.id,
        "digest": world().request.digest,
        "account": ACCOUNT,
        "requester": somebody("gus").id,
        "drill": False,
        "request": told.request,
        "manifest": told.manifest,
        "decisions": told.decisions,
        "others": [told.release],
    }


@cache
def changes() -> dict[str, tuple[Change, str]]:
    """Each lie: what the detail has instead, and the code of the refusal."""
    asked, another = world().released.request, build_world()
    other = another.released
    signature = asked.statement.signatures[0]
    first = "A" if signature.sig[0] != "A" else "B"
    bent = signature.model_copy(update={"sig": first + signature.sig[1:]})
    flipped = asked.statement.model_copy(update={"signatures": [bent]})
    forged = asked.model_copy(update={"statement": flipped})
    elsewhere = {"id": other.id, "digest": another.request.digest, "request": other.request}
    replaced = wire(honest.seal_for(first_roster()).statement)
    return {
        "an honest detail": ({}, ""),
        "a flipped bit in a request": ({"request": forged}, "request-forged"),
        "another id beside it": ({"id": other.id}, "request-replaced"),
        "another digest beside it": ({"digest": "0" * 64}, "request-replaced"),
        "a drill beside it": ({"drill": True}, "request-replaced"),
        "another account beside it": ({"account": OTHER_ACCOUNT}, "request-replaced"),
        "another requester beside it": ({"requester": somebody("sam").id}, "request-replaced"),
        "another request": (elsewhere, "request-replaced"),
        "another statement": ({"request": other.request}, "request-replaced"),
        "no time of entry": (
            {"request": asked.model_copy(update={"at": "2026-02-30T00:00:00Z"})},
            "malformed-statement",
        ),
        "a request as a decision": ({"decisions": [asked]}, "malformed-statement"),
        "another envelope": ({"manifest": replaced}, "manifest-replaced"),
    }


@pytest.mark.parametrize("lie", changes())
def test_what_is_shown_around_a_request_is_what_was_signed(lie: str) -> None:
    change, code = changes()[lie]
    told = RequestDetail.model_construct(**(detail() | change))
    if not code:
        assert verify_shown(told.id, told, chain_of()).about.statement.raw == world().request.raw
        return
    with pytest.raises(ClientRefusal) as caught:
        verify_shown(world().released.id, told, chain_of())
    assert caught.value.code == code
