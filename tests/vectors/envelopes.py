"""Cases for sealed messages, splits, and one whole envelope with its release and its drill."""

from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.derived import derive
from crypto.encoding import b64encode, canonical, format_time, hex_digest, sha256
from crypto.envelope import commitment, content_aad, context, custody_info, drill_info, release_info
from crypto.recipient import RecipientKey
from crypto.secret import SecretBytes
from tests.cast import identity_of, identity_statement, uuid_of
from tests.vectors import kept
from tests.vectors.examples import ACCOUNT, AT, EVERYBODY, envelope_head, roster

Case = dict[str, Any]

CONTENT = {"password": "correct-Horse-7", "sign_in_email": "root@example.com", "note": "Zo\u00eb"}
_NONCE = sha256(b"content nonce")[:12]
RECIPIENT = RecipientKey.from_private(kept.recipient_private())


DERIVED = derive(SecretBytes(kept.ENVELOPE_SECRET))
CONTENT_KEY = DERIVED.content_key.reveal()


def manifest_without_shares() -> dict[str, Any]:
    return {
        **envelope_head(),
        "account": ACCOUNT,
        "roster": roster().digest,
        "content_kind": "password",
        "anchor": "",
        "opening_key": b64encode(DERIVED.opening.public),
        "gate_key": b64encode(DERIVED.gate.public),
        "kind": "manifest",
        "suite": "bg1",
        "at": format_time(AT),
    }


CONTEXT = context(manifest_without_shares())


def stored_values() -> kept.Kept:
    return kept.load(CONTEXT, RECIPIENT.public)


def _blob(padded: bytes) -> bytes:
    cipher = AESGCM(CONTENT_KEY)
    return _NONCE + cipher.encrypt(_NONCE, padded, content_aad(CONTEXT))


def _padded(data: bytes) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % 512)


def contents() -> Iterator[Case]:
    """Yield content blobs: the good one, and what a sealer might have put in instead."""
    good = canonical(CONTENT)
    case = {"content_key": CONTENT_KEY.hex(), "context": CONTEXT.hex()}
    blob = _blob(_padded(good))
    yield {**case, **CONTENT, "id": "opens", "blob": b64encode(blob), "expect": "ok"}
    surplus = canonical({**CONTENT, "hint": ""})
    missing = canonical({"password": "correct-Horse-7", "note": ""})
    table = [
        ("another-context", {"context": sha256(b"x").hex()}, blob, "unverified"),
        ("another-key", {"content_key": sha256(b"x").hex()}, blob, "unverified"),
        ("changed", {}, blob[:-1] + bytes([blob[-1] ^ 1]), "unverified"),
        ("cut", {}, blob[:-1], "malformed"),
        ("empty", {}, b"", "malformed"),
        ("no-block", {}, _blob(b""), "malformed"),
        ("no-end-mark", {}, _blob(good + bytes(-len(good) % 512)), "malformed"),
        ("padding-not-zero", {}, _blob(_padded(good)[:-1] + b"\x01"), "malformed"),
        ("a-block-too-many", {}, _blob(_padded(good) + bytes(512)), "malformed"),
        ("18-blocks", {}, _blob(_padded(good) + bytes(17 * 512)), "malformed"),
        ("not-canonical", {}, _blob(_padded(good + b" ")), "malformed"),
        ("surplus-field", {}, _blob(_padded(surplus)), "malformed"),
        ("missing-field", {}, _blob(_padded(missing)), "malformed"),
        (
            "no-password",
            {},
            _blob(_padded(canonical({**CONTENT, "password": ""}))),
            "malformed",
        ),
        (
            "number-for-password",
            {},
            _blob(_padded(canonical({**CONTENT, "password": 12345678}))),
            "malformed",
        ),
    ]
    for label, change, other, expect in table:
        yield {**case, **change, "id": label, "blob": b64encode(other), "expect": expect}


def sealed_messages() -> Iterator[Case]:
    """Yield shares sealed to custodians and resealed to a requester, and how each may be wrong."""
    stored = stored_values()
    mnemonics = [text for group in stored["two-and-two"] for text in group]
    rows = zip(kept.holders(), mnemonics, stored["sealed"], stored["resealed"], strict=True)
    for (group, name), mnemonic, sealed, resealed in rows:
        plaintext = mnemonic.encode().hex()
        yield {
            "id": f"custody/{name}",
            "private": identity_of(name).encryption_private.reveal().hex(),
            "info": custody_info(CONTEXT, group, uuid_of(name)).hex(),
            "sealed": sealed,
            "plaintext": plaintext,
            "expect": "ok",
        }
        yield {
            "id": f"release/{name}",
            "private": RECIPIENT.private.reveal().hex(),
            "info": release_info(kept.REQUEST_DIGEST, CONTEXT, group, uuid_of(name)).hex(),
            "sealed": resealed,
            "plaintext": plaintext,
            "expect": "ok",
        }
    yield {
        "id": "drill/ann",
        "private": RECIPIENT.private.reveal().hex(),
        "info": drill_info(kept.REQUEST_DIGEST, CONTEXT, "password", uuid_of("ann")).hex(),
        "sealed": stored["drill_resealed"],
        "plaintext": stored["drill_plaintext"],
        "expect": "ok",
    }
    yield from _bad_messages(kept.binary(stored, "sealed")[0])


def _bad_messages(sealed: bytes) -> Iterator[Case]:
    """Yield what does not open as ann's share, though it may be part of somebody's."""
    private = identity_of("ann").encryption_private.reveal()
    right = custody_info(CONTEXT, "password", uuid_of("ann"))
    released = release_info(kept.REQUEST_DIGEST, CONTEXT, "password", uuid_of("ann"))
    bob = identity_of("bob").encryption_private.reveal()
    enc, text = sealed[:32], sealed[32:]
    table = [
        ("another-recipient", bob, right, sealed, "unverified"),
        (
            "another-group",
            private,
            custody_info(CONTEXT, "mfa", uuid_of("ann")),
            sealed,
            "unverified",
        ),
        (
            "another-person",
            private,
            custody_info(CONTEXT, "password", uuid_of("bob")),
            sealed,
            "unverified",
        ),
        (
            "another-envelope",
            private,
            custody_info(sha256(b"x"), "password", uuid_of("ann")),
            sealed,
            "unverified",
        ),
        ("another-purpose", private, released, sealed, "unverified"),
        ("no-info", private, b"", sealed, "unverified"),
        ("changed", private, right, sealed[:-1] + bytes([sealed[-1] ^ 1]), "unverified"),
        ("cut-to-48", private, right, sealed[:48], "unverified"),
        ("cut-to-47", private, right, sealed[:47], "malformed"),
        ("empty", private, right, b"", "malformed"),
        ("enc-zero", private, right, bytes(32) + text, "malformed"),
        (
            "enc-not-canonical",
            private,
            right,
            enc[:31] + bytes([enc[31] | 128]) + text,
            "malformed",
        ),
    ]
    for label, key, info, message, expect in table:
        yield {
            "id": f"refused/{label}",
            "private": key.hex(),
            "info": info.hex(),
            "sealed": b64encode(message),
            "expect": expect,
        }


def envelope() -> Iterator[Case]:
    """Yield one whole envelope: every value between the roster and the opened content."""
    stored = stored_values()
    mnemonics = [text for group in stored["two-and-two"] for text in group]
    blob = _blob(_padded(canonical(CONTENT)))
    rows = zip(kept.holders(), mnemonics, kept.binary(stored, "sealed"), strict=True)
    shares = [
        {
            "group": group,
            "custodian": uuid_of(name),
            "commitment": commitment(CONTEXT, group, uuid_of(name), mnemonic),
            "sealed_share_digest": hex_digest(sealed),
        }
        for (group, name), mnemonic, sealed in rows
    ]
    yield {
        "id": "three-and-three",
        "roster": roster().raw.decode(),
        "manifest": {
            **manifest_without_shares(),
            "shares": shares,
            "content_digest": hex_digest(blob),
        },
        "context": CONTEXT.hex(),
        "content_aad": content_aad(CONTEXT).hex(),
        "identities": [identity_statement(name).raw.decode() for name in EVERYBODY],
        "secret": kept.ENVELOPE_SECRET.hex(),
        "content_key": CONTENT_KEY.hex(),
        "opening_key": DERIVED.opening.public.hex(),
        "opening_keyid": DERIVED.opening.keyid,
        "opening_signature": DERIVED.opening.sign(b"hello").hex(),
        "gate_key": DERIVED.gate.public.hex(),
        "content_blob": b64encode(blob),
        "content": CONTENT,
        "custodian_roots": [identity_of(name).root.reveal().hex() for _, name in kept.holders()],
        "mnemonics": mnemonics,
        "sealed_shares": stored["sealed"],
        "request_digest": kept.REQUEST_DIGEST,
        "recipient_private": RECIPIENT.private.reveal().hex(),
        "recipient_key": b64encode(RECIPIENT.public),
        "resealed_shares": stored["resealed"],
        "drill_plaintext": stored["drill_plaintext"],
        "drill_resealed": stored["drill_resealed"],
        "expect": "ok",
    }
