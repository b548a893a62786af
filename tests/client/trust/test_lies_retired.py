"""A retired line, shown by a service that would go on with it, is refused by name."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from crypto.recipient import RecipientKey
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import VerifiedChain, verify_chain
from service.client.trust.envelope import verify_manifest
from service.client.trust.request import verify_request_statement
from tests.cast import ACCOUNT
from tests.client.honest import (
    EVERYBODY,
    START,
    brought,
    first_envelope,
    first_roster,
    keys_of,
    request_by,
    roster_fields,
    seal_for,
    second_roster,
    signed_roster,
    wire,
)

RETIRED = second_roster(retired=True)


def chain_of(*chain: Statement) -> VerifiedChain:
    return verify_chain(
        [wire(v) for v in chain], brought(*chain), account=ACCOUNT, me=None, remembered=None
    )


def after(previous: Statement, **changes: Any) -> Statement:
    version = previous.payload["version"] + 1
    fields = roster_fields(version=version, previous=previous.digest, cause="change") | changes
    return signed_roster(fields, keys_of("ann", "bob", "dea"))


def smaller() -> Statement:
    fields = roster_fields(
        version=2, previous=first_roster().digest, cause="change", thresholds=(1, 1)
    )
    return signed_roster(fields | {"retired": True}, keys_of("ann", "bob", "dea"))


def first() -> Statement:
    return signed_roster(roster_fields() | {"retired": True}, keys_of(*EVERYBODY))


LIES: Sequence[tuple[str, Sequence[Statement]]] = (
    ("a version after the end", (first_roster(), RETIRED, after(RETIRED))),
    ("a second end", (first_roster(), RETIRED, after(RETIRED, retired=True))),
    ("an end with smaller groups", (first_roster(), smaller())),
    ("a first version that is the end", (first(),)),
)


@pytest.mark.parametrize("chain", [pytest.param(chain, id=what) for what, chain in LIES])
def test_a_chain_that_breaks_the_rules_of_an_end_is_refused(chain: Sequence[Statement]) -> None:
    with pytest.raises(ClientRefusal) as refused:
        chain_of(*chain)
    assert refused.value.code == "roster-chain"


def test_what_was_entered_before_is_read_as_before() -> None:
    chain = chain_of(first_roster(), RETIRED)
    assert chain.newest.retired
    assert chain.newest.working == first_roster().digest
    verify_manifest(wire(first_envelope().statement), chain)
    asked = request_by(RecipientKey.generate().public)
    verify_request_statement(wire(asked), START, chain)


def test_nothing_may_name_the_end() -> None:
    chain = chain_of(first_roster(), RETIRED)
    sealed = seal_for(RETIRED, at=START + timedelta(hours=2))
    with pytest.raises(ClientRefusal) as refused:
        verify_manifest(wire(sealed.statement), chain)
    assert refused.value.code == "line-retired"
    asked = request_by(RecipientKey.generate().public, roster=RETIRED)
    with pytest.raises(ClientRefusal) as refused:
        verify_request_statement(wire(asked), START, chain)
    assert refused.value.code == "line-retired"
