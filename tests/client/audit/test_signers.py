"""A statement by someone whom the roster does not let sign it: the refusal says what differs."""

import pytest

from service.client.foundation.errors import ClientRefusal
from tests.cast import somebody
from tests.client.audit.exports import encoded, leaves, place, replayed
from tests.client.audit.test_statements import approval, request, resigned


def wrongly(index: int, by: str, **changes: object) -> str:
    """What the refusal says of a statement with other fields, signed by this person."""
    with pytest.raises(ClientRefusal) as caught:
        replayed(encoded(resigned(index, by, **changes)(leaves())))
    return caught.value.message.partition(": ")[2]


def test_a_refused_signer_is_told_by_what_differs() -> None:
    bob = somebody("bob").id
    assert wrongly(approval(), "ann", group="mfa") == (
        "the decision is for the mfa group, but the roster has ann in the password group"
    )
    assert wrongly(approval(), "bob") == (
        "the decision was not signed with the key that the roster has for ann"
    )
    assert wrongly(approval(), "gus", custodian=somebody("gus").id) == (
        "the decision names gus, who is not a custodian in the roster"
    )
    stranger = "00000000-0000-4000-8000-000000000000"
    assert wrongly(approval(), "ann", custodian=stranger) == (
        f"the decision names {stranger}, whom the roster does not name"
    )
    assert wrongly(request(), "bob", requester=bob) == (
        "the request names bob, who is not a requester in the roster"
    )
    assert wrongly(place("envelope:confirmed"), "ann", group="mfa") == (
        "the custody-receipt is for the mfa group, but the roster has ann in the password group"
    )
    assert wrongly(place("share:printed"), "bob") == (
        "the paper was not signed with the key that the roster has for ann"
    )
    assert wrongly(place("request:reviewed"), "ann", group="mfa") == (
        "the review is for the mfa group, but the roster has ann in the password group"
    )
    assert wrongly(place("envelope:sealed"), "ann") == (
        "the manifest was not signed with the key that the roster has for gus"
    )
