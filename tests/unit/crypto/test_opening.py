import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import envelope
from crypto.derived import derive
from crypto.encoding import b64encode, hex_digest
from crypto.errors import CryptoError, MalformedError, NotEnoughSharesError, VerificationError
from crypto.opening import (
    Content,
    SealedEnvelope,
    check_every_share,
    open_content,
    open_envelope,
    seal_envelope,
)
from crypto.secret import SecretBytes
from crypto.sharing import combine, read_share, split
from crypto.statement import Statement, parse, sign
from crypto.suite import encrypt_blob
from crypto.unseal import unseal
from tests.cast import REQUESTER, identity_of, uuid_of
from tests.hostile import MIXED, OTHER_MEMBER, ROWS, Row, as_splitter
from tests.unit.crypto.conftest import survivors
from tests.vectors.examples import AT, EVERYBODY, envelope_head, roster, roster_fields

CONTENT = Content(password="correct-Horse-7", sign_in_email="root@example.com", note="Zo\u00eb")
CONTEXT = bytes(range(32))
KEY = SecretBytes(bytes(32))
NAMES = {uuid_of(name): name for name in EVERYBODY}
KEYS = {uuid_of(name): identity_of(name).public.encryption_key for name in EVERYBODY}


def sealed_with(**changes: Any) -> SealedEnvelope:
    """Seal with everything in order but for the changes."""
    good: dict[str, Any] = {"roster": roster(), "keys": KEYS, "head": envelope_head(), "at": AT}
    return seal_envelope(CONTENT, **(good | changes))


def sealed_for(thresholds: tuple[int, int]) -> SealedEnvelope:
    return sealed_with(roster=roster(thresholds))


def opened_shares(sealed: SealedEnvelope, context: bytes) -> dict[str, list[str]]:
    """Let every custodian open their share and check it; return the mnemonics by group."""
    mnemonics: dict[str, list[str]] = {"password": [], "mfa": []}
    for share, published in zip(sealed.shares, sealed.manifest["shares"], strict=True):
        private = identity_of(NAMES[share.custodian]).encryption_private
        info = envelope.custody_info(context, share.group, share.custodian)
        mnemonic = read_share(unseal(private, info, share.sealed)).mnemonic
        envelope.check_commitment(
            published["commitment"],
            context=context,
            group=share.group,
            person=share.custodian,
            mnemonic=mnemonic,
        )
        assert published["sealed_share_digest"] == hex_digest(share.sealed)
        envelope.check_sealed_share_length(len(share.sealed))
        mnemonics[share.group].append(mnemonic)
    return mnemonics


@pytest.mark.parametrize("thresholds", [(2, 2), (1, 3), (3, 1), (1, 1)])
def test_every_quorum_opens_what_was_sealed(thresholds: tuple[int, int]) -> None:
    sealed = sealed_for(thresholds)
    manifest = sign("manifest", sealed.manifest, identity=identity_of(REQUESTER), at=sealed.at)
    context = envelope.context(parse(manifest.raw).payload)
    groups = opened_shares(sealed, context)
    envelope.check_content_length(len(sealed.content))
    assert manifest.payload["content_digest"] == hex_digest(sealed.content)
    for left in itertools.combinations(groups["password"], thresholds[0]):
        for right in itertools.combinations(groups["mfa"], thresholds[1]):
            opened = open_envelope(combine([*left, *right]), sealed.content, manifest.payload)
            assert opened.content == CONTENT
            assert opened.keys_fit


def test_a_manifest_signed_with_another_time_opens_nothing() -> None:
    sealed = sealed_for((2, 2))
    later = AT.replace(second=1)
    manifest = sign("manifest", sealed.manifest, identity=identity_of(REQUESTER), at=later)
    with pytest.raises(VerificationError):
        opened_shares(sealed, envelope.context(manifest.payload))


def test_shares_stand_in_the_order_of_groups_and_of_the_roster() -> None:
    groups = roster().payload["groups"]
    assert [(share.group, share.custodian) for share in sealed_for((2, 2)).shares] == [
        (group, person) for group in ("password", "mfa") for person in groups[group]["custodians"]
    ]


def test_no_two_envelopes_have_a_share_or_a_content_in_common() -> None:
    left, right = sealed_for((1, 1)), sealed_for((1, 1))
    assert left.content != right.content
    commitments = {share.commitment for share in (*left.shares, *right.shares)}
    assert len(commitments) == 12  # also where several custodians hold the same mnemonic


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"version": 0}, id="version zero"),
        pytest.param({"cause": "whim"}, id="unknown cause"),
        pytest.param({"surplus": ""}, id="surplus field"),
        pytest.param({"sealer": None}, id="null"),
        pytest.param({"after_requests": ["b" * 64, "a" * 64]}, id="unsorted"),
    ],
)
def test_nothing_is_sealed_under_a_head_that_nobody_would_parse(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        seal_envelope(
            CONTENT, roster=roster(), keys=KEYS, head={**envelope_head(), **change}, at=AT
        )


def roster_with(**changes: object) -> Statement:
    fields = {**roster_fields(), **changes}
    return sign("roster", fields, identity=identity_of("ann"), at=AT)


def test_nothing_is_sealed_to_a_custodian_without_keys() -> None:
    keys = {person: key for person, key in KEYS.items() if person != uuid_of("eli")}
    with pytest.raises(MalformedError, match="no key"):
        sealed_with(keys=keys)


def test_nothing_is_sealed_under_a_threshold_that_nobody_could_meet() -> None:
    groups = roster_fields()["groups"]
    groups["mfa"]["threshold"] = 4
    with pytest.raises(ValueError, match="threshold"):
        seal_envelope(
            CONTENT, roster=roster_with(groups=groups), keys=KEYS, head=envelope_head(), at=AT
        )


def padded(data: bytes) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % 512)


def blob_of(key: SecretBytes, content: Content, context: bytes = CONTEXT) -> bytes:
    sealed = f'{{"note":"","password":"{content.password}","sign_in_email":""}}'
    return encrypt_blob(key.reveal(), padded(sealed.encode()), envelope.content_aad(context))


def stated_by(secret: SecretBytes) -> dict[str, Any]:
    """What of a manifest the opener compares."""
    made = derive(secret)
    keys = {"opening_key": made.opening.public, "gate_key": made.gate.public}
    return {name: b64encode(key) for name, key in keys.items()}


def sealed_under(secret: SecretBytes, manifest: dict[str, Any], content: Content) -> bytes:
    return blob_of(derive(secret).content_key, content, envelope.context(manifest))


@pytest.mark.parametrize(
    ("length", "zeros", "opens"),
    [(511, 0, True), (510, 1, True), (512, 511, True), (511, 512, False), (510, 513, False)],
)
def test_a_block_of_padding_too_many_is_refused(length: int, zeros: int, *, opens: bool) -> None:
    note = "n" * (length - len('{"note":"","password":"x","sign_in_email":""}'))
    text = f'{{"note":"{note}","password":"x","sign_in_email":""}}'
    blob = encrypt_blob(
        KEY.reveal(), text.encode() + b"\x80" + bytes(zeros), envelope.content_aad(CONTEXT)
    )
    if opens:
        assert open_content(KEY, blob, CONTEXT).note == note
        return
    with pytest.raises(MalformedError, match="padding"):
        open_content(KEY, blob, CONTEXT)


def test_each_share_that_is_wrong_is_found_before_anybody_signs() -> None:
    content = Content(password="x", sign_in_email="", note="")
    manifest = stated_by(KEY)
    blob = sealed_under(KEY, manifest, content)
    thresholds = [2, 3]
    good = split(KEY, [(2, 5), (3, 4)])
    other = split(SecretBytes(bytes([1]) * 32), [(2, 5), (3, 4)])

    def check(mnemonics: list[list[str]]) -> None:
        check_every_share(mnemonics, thresholds, blob=blob, manifest=manifest, content=content)

    check([list(group) for group in good])
    for group, members in enumerate((5, 4)):
        for member in range(members):
            spoiled = [list(mnemonics) for mnemonics in good]
            spoiled[group][member] = other[group][member]
            with pytest.raises(CryptoError):
                check(spoiled)
    with pytest.raises(NotEnoughSharesError):
        check([list(good[0]), list(good[1][:2])])


@pytest.mark.parametrize(("group", "member"), [(0, 0), (0, 2), (1, 1)])
def test_an_envelope_with_one_wrong_share_is_never_handed_out(group: int, member: int) -> None:
    def faulty(key: SecretBytes, groups: Sequence[tuple[int, int]]) -> list[list[str]]:
        mnemonics, other = ([list(g) for g in split(key, groups)] for _ in range(2))
        mnemonics[group][member] = other[group][member]
        return mnemonics

    with pytest.raises(VerificationError):
        seal_envelope(
            CONTENT, roster=roster(), keys=KEYS, head=envelope_head(), at=AT, splitter=faulty
        )


@pytest.mark.parametrize("row", [*ROWS, MIXED, OTHER_MEMBER], ids=str)
def test_a_split_that_the_roster_did_not_ask_for_is_never_handed_out(row: Row) -> None:
    stated = roster((2, 1) if row is OTHER_MEMBER else (2, 2))
    splitter = as_splitter(row.deal, stated)
    with pytest.raises(CryptoError):
        sealed_with(roster=stated, splitter=splitter)


def test_shares_of_another_key_or_of_another_content_are_found() -> None:
    content = Content(password="x", sign_in_email="", note="")
    other_key = SecretBytes(bytes([1]) * 32)
    shares = split(KEY, [(1, 1), (1, 1)])
    manifest = stated_by(KEY)
    for blob, expected in (
        (sealed_under(other_key, manifest, content), content),
        (sealed_under(KEY, manifest, content), Content(password="y", sign_in_email="", note="")),
    ):
        with pytest.raises(VerificationError):
            check_every_share(shares, [1, 1], blob=blob, manifest=manifest, content=expected)


@pytest.mark.parametrize("name", ["opening_key", "gate_key"])
def test_a_manifest_that_states_another_key_is_never_handed_out_but_opens(name: str) -> None:
    content = Content(password="x", sign_in_email="", note="")
    other = stated_by(SecretBytes(bytes([1]) * 32))
    manifest = stated_by(KEY) | {name: other[name]}
    shares = split(KEY, [(1, 1), (1, 1)])
    blob = sealed_under(KEY, manifest, content)
    with pytest.raises(VerificationError, match="another key"):
        check_every_share(shares, [1, 1], blob=blob, manifest=manifest, content=content)
    opened = open_envelope(KEY, blob, manifest)
    assert opened.content == content
    assert not opened.keys_fit


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]))


@given(TEXT.filter(bool), TEXT, TEXT)
@settings(max_examples=10)
def test_any_content_comes_back(password: str, email: str, note: str) -> None:
    content = Content(password=password[:128], sign_in_email=email, note=note)
    sealed = seal_envelope(content, roster=roster((1, 1)), keys=KEYS, head=envelope_head(), at=AT)
    manifest = {**sealed.manifest, **ALWAYS}
    groups = opened_shares(sealed, envelope.context(manifest))
    secret = combine([groups["password"][0], groups["mfa"][0]])
    assert open_envelope(secret, sealed.content, manifest).content == content


ALWAYS = {"kind": "manifest", "suite": "bg1", "at": "2026-11-23T09:30:00Z"}


def test_the_largest_content_fits() -> None:
    widest = "\U0001f511"
    content = Content(password=widest * 128, sign_in_email=widest * 1000, note=widest * 1000)
    sealed = seal_envelope(content, roster=roster((1, 1)), keys=KEYS, head=envelope_head(), at=AT)
    envelope.check_content_length(len(sealed.content))
    assert len(sealed.content) == 28 + 17 * 512


def test_no_mangled_content_opens() -> None:
    blob = blob_of(KEY, CONTENT)
    assert survivors(blob, lambda data: open_content(KEY, data, CONTEXT)) == []


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"password": ""}, id="no password"),
        pytest.param({"password": "x" * 129}, id="long password"),
        pytest.param({"password": "a\tb"}, id="control"),
        pytest.param({"note": "x" * 1001}, id="long note"),
        pytest.param({"note": "\ud800"}, id="lone surrogate"),
        pytest.param({"sign_in_email": "a\u202eb"}, id="override"),
    ],
)
def test_what_could_not_be_read_back_is_no_content(fields: dict[str, str]) -> None:
    good = {"password": "x", "sign_in_email": "", "note": ""}
    with pytest.raises(MalformedError):
        Content(**{**good, **fields})


def test_a_content_does_not_print() -> None:
    for shown in (repr(CONTENT), str(CONTENT), f"{CONTENT}"):
        assert "Horse" not in shown
        assert "root@" not in shown
