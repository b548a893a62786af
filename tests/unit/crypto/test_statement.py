from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.encoding import canonical, parse_canonical
from crypto.enrolled import read_identity
from crypto.errors import CryptoError, MalformedError, VerificationError
from crypto.identity import Identity
from crypto.schema import FIELDS, KINDS
from crypto.statement import (
    Statement,
    merge,
    parse,
    payload_body,
    sign,
    sign_body,
    unsigned,
    verified_ahead,
    verify,
    verify_signature_of,
)
from tests.cast import identity_of
from tests.unit.crypto.conftest import survivors
from tests.vectors.examples import AT, EVERYBODY, example_fields, roster

# What statements may hold: anything but C0 (except newline), C1, and direction controls.
TEXT = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"],
        exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        include_characters="\n",
    ),
    max_size=100,
)


def release_by(identity: Identity) -> Statement:
    return sign("release", example_fields()["release"], identity=identity, at=AT)


@pytest.mark.parametrize("kind", KINDS)
def test_a_statement_of_each_kind_is_signed_parsed_and_verified(kind: str, ann: Identity) -> None:
    statement = sign(kind, example_fields()[kind], identity=ann, at=AT)
    parsed = parse(statement.raw)
    assert parsed == statement
    assert parsed.payload == {
        **example_fields()[kind],
        "kind": kind,
        "suite": "bg1",
        "at": "2026-11-23T09:30:00Z",
    }
    verify(parsed, ann.public.signing_key)
    verify_signature_of(parsed, ann.public)


@given(TEXT, TEXT)
def test_free_text_round_trips(summary: str, reason: str) -> None:
    ann = identity_of("ann")
    fields = {**example_fields()["closure"], "summary": summary}
    assert parse(sign("closure", fields, identity=ann, at=AT).raw).payload["summary"] == summary
    fields = {**example_fields()["request"], "reason": reason}
    assert parse(sign("request", fields, identity=ann, at=AT).raw).payload["reason"] == reason


def test_no_mangled_statement_verifies(ann: Identity) -> None:
    statement = release_by(ann)

    def accept(raw: bytes) -> None:
        parsed = parse(raw)
        assert parsed.raw == raw
        verify(parsed, ann.public.signing_key)

    # Only keyid may change: it finds a key and proves nothing, and no digest depends on it.
    start = statement.raw.index(ann.public.keyid.encode())
    for raw in survivors(statement.raw, accept):
        assert raw[:start] == statement.raw[:start]
        assert raw[start + 64 :] == statement.raw[start + 64 :]
        assert parse(raw).digest == statement.digest


def test_no_mangled_roster_verifies_for_all_who_signed() -> None:
    def accept(raw: bytes) -> None:
        parsed = parse(raw)
        for name in EVERYBODY:
            verify_signature_of(parsed, identity_of(name).public)

    raw = roster().raw
    tail = raw.index(b'"payloadType"')
    assert survivors(raw[tail:], lambda part: accept(raw[:tail] + part)) == []


@given(st.binary(max_size=200))
def test_noise_is_malformed_and_nothing_worse(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse(raw)


def test_the_digest_is_that_of_the_payload_and_its_type_alone(ann: Identity, bob: Identity) -> None:
    assert release_by(ann).digest == release_by(bob).digest
    assert release_by(ann).raw != release_by(bob).raw
    moved = replace(release_by(ann), kind="closure")
    assert moved.digest != release_by(ann).digest


def test_a_later_time_is_another_statement(ann: Identity) -> None:
    later = sign(
        "release",
        example_fields()["release"],
        identity=ann,
        at=datetime(2026, 11, 23, 9, 30, 1, tzinfo=UTC),
    )
    assert later.digest != release_by(ann).digest


@pytest.mark.parametrize("at", [datetime(2026, 1, 1), datetime(2026, 1, 1, 0, 0, 0, 1, UTC)])  # noqa: DTZ001
def test_a_time_that_is_not_a_whole_second_of_utc_is_not_signed(
    at: datetime, ann: Identity
) -> None:
    with pytest.raises(ValueError, match="UTC"):
        sign("release", example_fields()["release"], identity=ann, at=at)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"kind": "closure", "note": ""}, id="surplus"),
        pytest.param({"request": "a" * 63}, id="malformed"),
        pytest.param({"requester": None}, id="null"),
    ],
)
def test_nobody_signs_what_nobody_would_parse(change: dict[str, Any], ann: Identity) -> None:
    with pytest.raises(MalformedError):
        sign("release", {**example_fields()["release"], **change}, identity=ann, at=AT)


def test_fields_cannot_say_another_kind_suite_or_time(ann: Identity) -> None:
    lies = {"kind": "closure", "suite": "bg0", "at": "2020-01-01T00:00:00Z"}
    statement = sign("release", {**example_fields()["release"], **lies}, identity=ann, at=AT)
    assert statement == release_by(ann)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", payload_body("closure", example_fields()["closure"], AT)]
)
def test_a_draft_is_parsed_before_it_is_signed(body: bytes, ann: Identity) -> None:
    with pytest.raises(MalformedError):
        sign_body("release", body, ann)


def test_a_draft_has_the_digest_it_will_have_when_signed(ann: Identity) -> None:
    signed = release_by(ann)
    draft = unsigned("release", signed.body)
    assert draft.digest == signed.digest
    with pytest.raises(VerificationError):
        verify(draft, ann.public.signing_key)
    with pytest.raises(MalformedError):
        parse(draft.raw)
    with pytest.raises(MalformedError):
        unsigned("closure", signed.body)


def test_merged_signatures_do_not_depend_on_who_signed_first(ann: Identity, bob: Identity) -> None:
    left, right = (
        sign("roster", example_fields()["roster"], identity=identity, at=AT)
        for identity in (ann, bob)
    )
    both = merge([left, right])
    assert merge([right, left, both]) == both == parse(both.raw)
    assert both.digest == left.digest
    assert [s.keyid for s in both.signatures] == sorted([ann.public.keyid, bob.public.keyid])


def test_only_signatures_of_one_roster_are_merged(ann: Identity, bob: Identity) -> None:
    first = sign("roster", example_fields()["roster"], identity=ann, at=AT)
    renamed = {**example_fields()["roster"], "name": "Staging"}
    for others in (
        [],
        [first, sign("roster", renamed, identity=bob, at=AT)],
        [release_by(ann), release_by(bob)],
        [first, release_by(bob)],
        [first, claiming(ann, sign("roster", example_fields()["roster"], identity=bob, at=AT))],
    ):
        with pytest.raises(MalformedError):
            merge(others)


def claiming(identity: Identity, statement: Statement) -> Statement:
    """Return the statement with a keyid that is not its signer's."""
    keyid = statement.signatures[0].keyid.encode()
    return parse(statement.raw.replace(keyid, identity.public.keyid.encode()))


def signed_by(identity: Identity, kind: str) -> Statement:
    return sign(kind, example_fields()[kind], identity=identity, at=AT)


def test_a_signature_does_not_move_to_another_kind(ann: Identity) -> None:
    receipt, paper = signed_by(ann, "custody-receipt"), signed_by(ann, "paper")
    moved = parse(paper.raw.replace(encoded(paper), encoded(receipt)))
    with pytest.raises(VerificationError):
        verify(moved, ann.public.signing_key)


def encoded(statement: Statement) -> bytes:
    """Return the signature as it stands in the raw statement."""
    return statement.raw.split(b'"sig":"')[1].split(b'"')[0]


@pytest.mark.parametrize("kind", KINDS)
def test_refusals_name_the_field_and_not_its_value(kind: str, ann: Identity) -> None:
    for field in FIELDS[kind]:
        spoiled = {**example_fields()[kind], field: "s3cret\x00"}
        with pytest.raises(CryptoError, match=field) as caught:
            sign(kind, spoiled, identity=ann, at=AT)
        assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("payload", [7, [], {}, "*", "YQ", "YR=="])
def test_a_payload_that_is_not_base64_is_refused_by_its_name(payload: Any, ann: Identity) -> None:
    envelope = {**parse_canonical(release_by(ann).raw), "payload": payload}
    with pytest.raises(MalformedError, match="payload"):
        parse(canonical(envelope))


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"identity"}))
def test_a_statement_of_another_kind_is_no_identity(kind: str, ann: Identity) -> None:
    other = sign(kind, example_fields()[kind], identity=ann, at=AT)
    with pytest.raises(MalformedError, match="not an identity"):
        read_identity(other)


# ---------------------------------------------------------------- verified ahead


def signed(kind: str, identity: Identity) -> Statement:
    return sign(kind, example_fields()[kind], identity=identity, at=AT)


def test_what_was_verified_ahead_is_believed_for_that_key_alone(
    ann: Identity, bob: Identity
) -> None:
    statement = signed("closure", ann)
    ahead = verified_ahead(statement, {ann.public.keyid: ann.public.signing_key})
    assert ahead == statement
    assert len(ahead.found_good) == 1
    verify(ahead, ann.public.signing_key)
    with pytest.raises(VerificationError):
        verify(ahead, bob.public.signing_key)


def test_nothing_is_remembered_that_was_not_good(ann: Identity, bob: Identity) -> None:
    statement = signed("closure", ann)
    for keys in ({}, {ann.public.keyid: bob.public.signing_key}, {ann.public.keyid: b""}):
        ahead = verified_ahead(statement, keys)
        assert ahead.found_good == frozenset()
        verify(ahead, ann.public.signing_key)


def test_what_was_found_good_says_nothing_of_other_bytes_or_signatures(ann: Identity) -> None:
    keys = {ann.public.keyid: ann.public.signing_key}
    good = verified_ahead(signed("closure", ann), keys)
    other = signed("review", ann)
    bad = replace(good.signatures[0], sig=bytes(64))
    for changed in (
        replace(good, body=other.body, payload=other.payload),
        replace(good, kind="review"),
        replace(good, signatures=(bad,)),
    ):
        assert changed.found_good == good.found_good
        with pytest.raises(VerificationError):
            verify(changed, ann.public.signing_key)


def test_each_signature_of_a_roster_is_verified_ahead_for_itself(
    ann: Identity, bob: Identity
) -> None:
    statement = merge([signed("roster", ann), signed("roster", bob)])
    ahead = verified_ahead(statement, {ann.public.keyid: ann.public.signing_key})
    assert len(ahead.found_good) == 1
    verify_signature_of(ahead, ann.public)
    verify_signature_of(ahead, bob.public)
