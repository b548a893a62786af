"""What a reader's own newest statement says of the log, and what is none of theirs."""

from dataclasses import replace
from typing import Any

import pytest

from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.statement import Statement, sign
from service.client.foundation.errors import ClientRefusal
from service.client.trust.heads import Head, own_head
from service.wire.base import Dsse
from tests.cast import identity_of, somebody
from tests.client.honest import START, wire

ANN = identity_of("ann")
HEAD: dict[str, Any] = {"log_size": 7, "log_root": "b" * 64}
NONE: dict[str, Any] = {"log_size": 0, "log_root": ""}


def signed(by: Identity = ANN, **fields: Any) -> Statement:
    told = {"request": "a" * 64, "requester": somebody("ann").id, **HEAD, **fields}
    return sign("release", told, identity=by, at=START)


def headless() -> Statement:
    keys = {
        "person": somebody("ann").id,
        "encryption_key": b64encode(ANN.public.encryption_key),
        "signing_key": b64encode(ANN.public.signing_key),
    }
    return sign("identity", keys, identity=ANN, at=START)


def test_ones_own_statement_gives_its_head() -> None:
    assert own_head(wire(signed()), ANN.public.signing_key) == Head(size=7, root="b" * 64)


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (signed(identity_of("bob")), "was not signed with the keys"),
        (signed(Identity.generate()), "was not signed with the keys"),
        (replace(signed(), signatures=signed(log_size=8).signatures), "was not signed"),
        (signed(**NONE), "says nothing of the log"),
        (headless(), "says nothing of the log"),
    ],
    ids=["another person's", "an older identity's", "changed", "without a head", "of no act"],
)
def test_anything_else_is_named_and_left(shown: Statement, why: str) -> None:
    assert why in refused(wire(shown))


def test_what_cannot_be_read_is_named_and_left() -> None:
    bent = wire(signed()).model_copy(update={"payload": "e30="})
    assert "cannot be read" in refused(bent)


def refused(shown: Dsse) -> str:
    with pytest.raises(ClientRefusal) as lie:
        own_head(shown, ANN.public.signing_key)
    assert lie.value.code == "own-statement-forged"
    return lie.value.message
