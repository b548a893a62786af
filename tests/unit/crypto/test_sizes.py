"""How long a statement may be."""

from dataclasses import replace
from typing import Any

import pytest

from crypto.errors import MalformedError
from crypto.identity import Identity
from crypto.statement import (
    ROSTER_LIMIT,
    SIZE_LIMIT,
    merge,
    parse,
    payload_body,
    sign,
    unsigned,
)
from tests.cast import identity_of, person_line, uuid_of
from tests.unit.crypto.test_statement import signed_by
from tests.vectors.examples import AT, digest_of, example_fields, roster_fields


def too_long(kind: str) -> dict[str, Any]:
    fields = roster_fields() if kind == "roster" else example_fields()[kind]
    if kind == "roster":
        for person in fields["people"]:
            person["name"] = "\U0001f511" * 1000
        fields["name"] = fields["root_email"] = "\U0001f511" * 1000
    else:
        fields["after_requests"] = sorted(digest_of(str(number)) for number in range(400))
    return fields


@pytest.mark.parametrize("kind", ["roster", "manifest"])
def test_a_statement_that_is_too_long_is_not_signed(kind: str, ann: Identity) -> None:
    with pytest.raises(MalformedError, match="length"):
        sign(kind, too_long(kind), identity=ann, at=AT)


def test_a_statement_that_is_too_long_is_not_parsed(ann: Identity) -> None:
    with pytest.raises(MalformedError, match="46 KiB"):
        parse(bytes(ROSTER_LIMIT + 1))
    body = payload_body("manifest", too_long("manifest"), AT)
    made = replace(unsigned("manifest", body), signatures=signed_by(ann, "manifest").signatures)
    assert SIZE_LIMIT < len(made.raw) < ROSTER_LIMIT
    with pytest.raises(MalformedError, match="32 KiB"):
        parse(made.raw)


def test_the_longest_statement_is_read_and_one_byte_more_is_not() -> None:
    assert SIZE_LIMIT == 32_768
    with pytest.raises(MalformedError, match="46 KiB"):
        parse(bytes(47_105))
    with pytest.raises(MalformedError) as caught:
        parse(bytes(47_104))
    assert "KiB" not in str(caught.value)


def test_a_roster_of_a_hundred_people_fits_with_everybodys_signature() -> None:
    names = [f"person number {number:03}" for number in range(100)]
    fields = example_fields()["roster"]
    fields["groups"]["password"]["custodians"] = [uuid_of(name) for name in names[:16]]
    fields["groups"]["mfa"]["custodians"] = [uuid_of(name) for name in names[16:32]]
    fields["requesters"] = sorted(uuid_of(name) for name in names[32:60])
    fields["sealers"] = sorted(uuid_of(name) for name in names[60:])
    fields["people"] = sorted(
        (person_line(name) for name in names), key=lambda person: person["person"]
    )
    signed = [sign("roster", fields, identity=identity_of(name), at=AT) for name in names]
    whole = merge(signed)
    assert parse(whole.raw) == whole
    assert SIZE_LIMIT < len(whole.raw) < ROSTER_LIMIT
