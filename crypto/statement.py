"""Signed statements: a DSSE envelope around a canonical payload, parsed strictly.

What is signed is DSSE's pre-authentication encoding (PAE), so the payload type is signed too, and a
statement of one kind never passes for another. The bytes of a statement are kept and passed on
as they were signed. A statement that parses may still be forged: do not use it before ``verify``
or ``verify_signature_of`` has returned.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from crypto import fields
from crypto.encoding import (
    b64decode,
    b64encode,
    canonical,
    format_time,
    hex_digest,
    lp,
    parse_canonical,
    sha256,
)
from crypto.errors import MalformedError, VerificationError
from crypto.identity import PublicKeys
from crypto.schema import KINDS, Payload, check_payload
from crypto.suite import SIGNATURE_LENGTH, SUITE, verify_signature

SIZE_LIMIT = 32 * 1024
ROSTER_LIMIT = 46 * 1024  # in base64 it leaves room in a leaf of the log
PAYLOAD_TYPE = "application/vnd.breakglass.{kind}.v2+json"
SIGNATURE_TEXT = len(
    canonical({"keyid": "0" * 64, "sig": b64encode(bytes(SIGNATURE_LENGTH))}) + b","
)  # bytes that one more signature adds to a statement
MANY_SIGNED = "roster"  # the one kind that several people sign


class Signer(Protocol):
    """What signs: a person's identity, or the key that an envelope's secret gives."""

    @property
    def keyid(self) -> str:
        """The fingerprint of the key in hexadecimal."""

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of ``message``, 64 bytes."""


_KIND_OF = {PAYLOAD_TYPE.format(kind=kind): kind for kind in KINDS}


_CHECK_ENVELOPE = fields.record(
    {
        "payload": fields.binary,
        "payloadType": fields.one_of(*_KIND_OF),
        "signatures": fields.records({"keyid": fields.digest, "sig": fields.signature}),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """``keyid`` helps to find the key and proves nothing; ``sig`` is 64 bytes of Ed25519."""

    keyid: str
    sig: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A well-formed statement: ``body`` is the payload's bytes, ``payload`` the same, parsed.

    Made only by ``sign``, ``sign_body``, ``merge``, ``parse`` and, without a signature,
    ``unsigned``. ``found_good`` are the checks that ``verified_ahead`` has passed.
    """

    kind: str
    payload: Payload = field(compare=False)
    body: bytes
    signatures: tuple[Signature, ...]
    found_good: frozenset[bytes] = field(default=frozenset(), compare=False, repr=False)

    @property
    def raw(self) -> bytes:
        """The DSSE envelope in canonical JSON: the bytes to keep and to pass on."""
        signatures = [{"keyid": s.keyid, "sig": b64encode(s.sig)} for s in self.signatures]
        return canonical(
            {
                "payload": b64encode(self.body),
                "payloadType": PAYLOAD_TYPE.format(kind=self.kind),
                "signatures": signatures,
            }
        )

    @property
    def pae(self) -> bytes:
        """The bytes that are signed."""
        return _pae(self.kind, self.body)

    @property
    def digest(self) -> str:
        """SHA-256 of the PAE in hexadecimal; it does not depend on who has signed."""
        return hex_digest(self.pae)


def _pae(kind: str, body: bytes) -> bytes:
    kind_type = PAYLOAD_TYPE.format(kind=kind).encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind_type), kind_type, len(body), body)


def payload_body(kind: str, further: Mapping[str, Any], at: datetime) -> bytes:
    """Return the canonical payload of ``kind`` with the signer's time ``at``.

    Raises:
        MalformedError: the further fields are not those of this kind.
        ValueError: ``at`` is not UTC or not a whole second.
    """
    payload = {**further, "kind": kind, "suite": SUITE, "at": format_time(at)}
    check_payload(kind, payload)
    return canonical(payload)


def sign(kind: str, further: Mapping[str, Any], *, identity: Signer, at: datetime) -> Statement:
    """Build a statement and sign it once.

    Raises:
        MalformedError: the further fields are not those of this kind, or it is too long.
        ValueError: ``at`` is not UTC or not a whole second.
    """
    return sign_body(kind, payload_body(kind, further, at), identity)


def unsigned(kind: str, body: bytes) -> Statement:
    """Parse a payload that no one has signed yet; its digest will not change when someone does.

    Raises:
        MalformedError: it is not a payload of this kind.
    """
    payload = parse_canonical(body)
    check_payload(kind, payload)
    return Statement(kind=kind, payload=payload, body=body, signatures=())


def sign_body(kind: str, body: bytes, identity: Signer) -> Statement:
    """Sign a payload that someone else drafted, after parsing it as strictly as any other.

    Raises:
        MalformedError: it is not a payload of this kind, or the statement is too long.
    """
    signature = Signature(keyid=identity.keyid, sig=identity.sign(_pae(kind, body)))
    return _limited(_assemble(kind, body, (signature,)))


def parse(raw: bytes) -> Statement:
    """Parse a statement; the ``raw`` of the result is exactly these bytes.

    Raises:
        MalformedError: over 32 KiB (a roster: 46), not canonical, of an unknown kind, with fields
            that are not those of its kind, without a signature, or with several on anything but a
            roster.
    """
    if len(raw) > ROSTER_LIMIT:
        raise MalformedError("a statement can have at most 46 KiB")
    envelope = parse_canonical(raw)
    _CHECK_ENVELOPE(envelope)
    signatures = tuple(
        Signature(keyid=entry["keyid"], sig=b64decode(entry["sig"]))
        for entry in envelope["signatures"]
    )
    kind = _KIND_OF[envelope["payloadType"]]
    if len(raw) > size_limit(kind):
        raise MalformedError(f"a {kind} can have at most 32 KiB")
    return _assemble(kind, b64decode(envelope["payload"]), signatures)


def size_limit(kind: str) -> int:
    """Return how many bytes a statement of this kind has at most, with its signatures."""
    return ROSTER_LIMIT if kind == MANY_SIGNED else SIZE_LIMIT


def _assemble(kind: str, body: bytes, signatures: tuple[Signature, ...]) -> Statement:
    keyids = [signature.keyid for signature in signatures]
    if keyids != sorted(set(keyids)):
        raise MalformedError("signatures: not sorted by key, or a key is there twice")
    if not keyids or (len(keyids) > 1 and kind != MANY_SIGNED):
        raise MalformedError("signatures: exactly one; only a roster can have more")
    return replace(unsigned(kind, body), signatures=signatures)


def _limited(statement: Statement) -> Statement:
    if len(statement.raw) > size_limit(statement.kind):
        raise MalformedError(f"a {statement.kind} of this length is not taken")
    return statement


def merge(statements: Sequence[Statement]) -> Statement:
    """Join the signatures of several people under one roster, each person's once.

    Raises:
        MalformedError: none given, different statements, another kind than a roster, two
            signatures that claim one key, or over 46 KiB together.
    """
    signatures = {signature for statement in statements for signature in statement.signatures}
    if len({(statement.kind, statement.body) for statement in statements}) != 1:
        raise MalformedError("only signatures on the same statement can be joined")
    ordered = tuple(sorted(signatures, key=lambda signature: signature.keyid))
    return _limited(_assemble(statements[0].kind, statements[0].body, ordered))


def verify(statement: Statement, signing_key: bytes) -> None:
    """Verify a statement that one person signed; return only if it is good.

    The caller takes ``signing_key`` from a roster, by the person whom the payload names.

    Raises:
        VerificationError: not exactly one signature, or not made with this key.
    """
    if len(statement.signatures) != 1:
        raise VerificationError("this statement must have exactly one signature")
    _verify(statement, statement.signatures[0], signing_key)


def verify_signature_of(statement: Statement, public: PublicKeys) -> None:
    """Verify this person's signature among those of a statement that several sign.

    Raises:
        VerificationError: the person has not signed, or the signature does not verify.
    """
    for signature in statement.signatures:
        if signature.keyid == public.keyid:
            _verify(statement, signature, public.signing_key)
            return
    raise VerificationError("this person has not signed the statement")


def verified_ahead(statement: Statement, keys: Mapping[str, bytes]) -> Statement:
    """Verify now, perhaps on another core, what ``verify`` will have to check later.

    ``keys`` are candidates for the signing key, by key id. Nothing is refused here, and only what
    verified is remembered: together with the key and the bytes signed, so that a later check with
    another key, or of other bytes, verifies again.
    """
    good = set()
    for signature in statement.signatures:
        key = keys.get(signature.keyid, b"")
        with suppress(VerificationError):
            verify_signature(key, signature.sig, statement.pae)
            good.add(_verdict(statement, signature, key))
    return replace(statement, found_good=frozenset(good))


def _verify(statement: Statement, signature: Signature, key: bytes) -> None:
    if statement.found_good and _verdict(statement, signature, key) in statement.found_good:
        return
    verify_signature(key, signature.sig, statement.pae)


def _verdict(statement: Statement, signature: Signature, key: bytes) -> bytes:
    return sha256(lp(key, signature.sig, statement.pae))
