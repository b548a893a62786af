"""What sealing, resealing and combining cost beside the primitives that they cannot do without.

The bare side does the same cryptography by calling ``cryptography`` and ``shamir-mnemonic``
directly, from the same bytes and with the same sizes: no checks, no framing, no manifest.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import shamir_mnemonic  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from crypto import envelope as formats
from crypto import statement as statements
from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.opening import Content, SealedEnvelope, open_content, seal_envelope
from crypto.randomness import random_uuid
from crypto.recipient import RecipientKey
from crypto.seal import seal
from crypto.sharing import combine
from crypto.statement import Statement
from crypto.unseal import unseal
from tests.benchmarks.figures import Row, again, in_turn

ROUNDS = 60
LIMIT = 1.3
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CONTENT = Content(password="x" * 64, sign_in_email="root@corp.example", note="the safe")
THRESHOLD, MEMBERS = 2, 3
_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True)
class Device:
    """One person and their keys."""

    id: str
    identity: Identity


def _people() -> list[Device]:
    made = [Device(random_uuid(), Identity.generate()) for _ in range(2 * MEMBERS + 1)]
    return sorted(made, key=lambda device: device.id)


def _roster(people: Sequence[Device]) -> Statement:
    ids = [device.id for device in people]
    fields = {
        "account": "111122223333",
        "version": 1,
        "previous": "0" * 64,
        "cause": "first",
        "name": "payments",
        "root_email": "root@corp.example",
        "type": "standalone",
        "groups": {
            "password": {"threshold": THRESHOLD, "custodians": ids[:MEMBERS]},
            "mfa": {"threshold": THRESHOLD, "custodians": ids[MEMBERS : 2 * MEMBERS]},
        },
        "requesters": ids[-1:],
        "sealers": ids[-1:],
        "people": [
            {
                "person": device.id,
                "name": "somebody",
                "encryption_key": b64encode(device.identity.public.encryption_key),
                "signing_key": b64encode(device.identity.public.signing_key),
            }
            for device in people
        ],
        "policy": {"request_lifetime": 3600, "release_window": 900, "denials": "unreachable"},
    }
    return statements.unsigned("roster", statements.payload_body("roster", fields, AT))


def _head(people: Sequence[Device]) -> dict[str, object]:
    return {
        "envelope": random_uuid(),
        "version": 1,
        "previous": "0" * 64,
        "sealer": people[-1].id,
        "cause": "initial",
        "after_requests": [],
    }


def _bare_seal(custodians: Sequence[Device], signer: Ed25519PrivateKey) -> None:
    key, context = os.urandom(32), os.urandom(32)
    plain = bytes(512)
    nonce = os.urandom(12)
    blob = nonce + AESGCM(key).encrypt(nonce, plain, context)
    groups = shamir_mnemonic.generate_mnemonics(
        group_threshold=2,
        groups=[(THRESHOLD, MEMBERS), (THRESHOLD, MEMBERS)],
        master_secret=key,
        passphrase=b"",
        extendable=True,
        iteration_exponent=0,
    )
    for start in (0, MEMBERS - THRESHOLD):  # two sets use every one of three shares
        chosen = [m for group in groups for m in group[start : start + THRESHOLD]]
        opened = shamir_mnemonic.combine_mnemonics(chosen, b"")
        AESGCM(opened).decrypt(nonce, blob[12:], context)
    every = [mnemonic for group in groups for mnemonic in group]
    for device, mnemonic in zip(custodians, every, strict=True):
        public = X25519PublicKey.from_public_bytes(device.identity.public.encryption_key)
        sealed = _HPKE.encrypt(mnemonic.encode(), public, info=context)
        hashlib.sha256(sealed).digest()
        hashlib.sha256(mnemonic.encode()).digest()
    signer.sign(context)


def _sealing(people: Sequence[Device]) -> Row:
    roster, sealer = _roster(people), people[-1]
    signer = Ed25519PrivateKey.generate()

    def ours() -> None:
        sealed = seal_envelope(CONTENT, roster=roster, head=_head(people), at=AT)
        statements.sign("manifest", sealed.manifest, identity=sealer.identity, at=AT)

    pairs = again(ours, lambda: _bare_seal(people[:-1], signer), ROUNDS)
    return in_turn("seal to 3 + 3", pairs, at_most=LIMIT)


@dataclass(frozen=True)
class Sealed:
    """An envelope and all its shares, opened by their custodians."""

    parts: SealedEnvelope
    context: bytes
    mnemonics: Sequence[str]


def _sealed(people: Sequence[Device]) -> Sealed:
    parts = seal_envelope(CONTENT, roster=_roster(people), head=_head(people), at=AT)
    at = "2026-11-23T09:00:00Z"
    context = formats.context({**parts.manifest, "kind": "manifest", "suite": "bg1", "at": at})
    opened = [_open(device, parts, context) for device in people[:-1]]
    return Sealed(parts, context, opened)


def _open(device: Device, parts: SealedEnvelope, context: bytes) -> str:
    share = next(s for s in parts.shares if s.custodian == device.id)
    info = formats.custody_info(context, share.group, device.id)
    return unseal(device.identity.encryption_private, info, share.sealed).reveal().decode()


def _resealing(people: Sequence[Device], made: Sealed) -> Row:
    device, share = people[0], made.parts.shares[0]
    recipient, digest = RecipientKey.generate(), "ab" * 32
    info = formats.custody_info(made.context, share.group, device.id)
    private = device.identity.encryption_private.reveal()

    def ours() -> None:
        opened = unseal(device.identity.encryption_private, info, share.sealed)
        formats.check_commitment(
            share.commitment,
            context=made.context,
            group=share.group,
            person=device.id,
            mnemonic=opened.reveal().decode(),
        )
        place = (digest, made.context, share.group, device.id)
        seal(recipient.public, formats.release_info(*place), opened.reveal())

    def bare() -> None:
        mine = X25519PrivateKey.from_private_bytes(private)
        opened = _HPKE.decrypt(share.sealed, mine, info=info)
        hashlib.sha256(opened).digest()
        theirs = X25519PublicKey.from_public_bytes(recipient.public)
        _HPKE.encrypt(opened, theirs, info=info)

    return in_turn("reseal one share", again(ours, bare, ROUNDS * 10), at_most=LIMIT)


def _combining(made: Sealed) -> Row:
    chosen = [*made.mnemonics[:THRESHOLD], *made.mnemonics[MEMBERS:][:THRESHOLD]]
    aad, blob = formats.content_aad(made.context), made.parts.content

    def bare() -> None:
        key = shamir_mnemonic.combine_mnemonics(chosen, b"")
        AESGCM(key).decrypt(blob[:12], blob[12:], aad)

    def ours() -> None:
        open_content(combine(chosen), blob, made.context)

    return in_turn("combine 2 + 2 and open", again(ours, bare, ROUNDS), at_most=LIMIT)


def rows() -> Iterator[Row]:
    """Each as it is measured."""
    people = _people()
    yield _sealing(people)
    made = _sealed(people)
    yield _resealing(people, made)
    yield _combining(made)
