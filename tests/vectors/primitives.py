"""Cases for encodings, keys, signatures, identities, phrases, slots and passwords."""

import hashlib
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.encoding import b64encode, lp, sha256
from crypto.identity import Identity
from crypto.keyslot import passkey_slot_key, slot_aad
from crypto.note import NoteSigner
from crypto.phrase import ITERATIONS, check_phrase, phrase_keys
from crypto.recipient import RecipientKey
from crypto.requestkey import wrapped_aad, wrapping_key
from crypto.secret import SecretBytes
from crypto.spoken import log_key_words, roster_words
from crypto.suite import hkdf
from tests.cast import identity_of, uuid_of
from tests.vectors.kept import recipient_private
from tests.vectors.typed import PHRASE

Case = dict[str, Any]

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493  # of edwards25519's large subgroup


def _hex(number: int) -> str:
    return number.to_bytes(32, "little").hex()


_ORDER_8 = (
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)
_SIGN = 1 << 255
SMALL_ORDER_EDWARDS = (
    *(_hex(y) for y in (1, _P - 1, 0, _SIGN, 1 | _SIGN, (_P - 1) | _SIGN)),
    *_ORDER_8,
    *(_hex(int.from_bytes(bytes.fromhex(y), "little") | _SIGN) for y in _ORDER_8),
)
NON_CANONICAL_EDWARDS = tuple(
    _hex(y) for y in (_P, _P | _SIGN, _P + 1, _P + 4, (_P + 4) | _SIGN, 2**255 - 1, 2**256 - 1)
)
SMALL_ORDER_MONTGOMERY = (
    *(_hex(u) for u in (0, 1, _P - 1)),
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
)
NON_CANONICAL_MONTGOMERY = tuple(_hex(u) for u in (_P, _P + 1, 9 | _SIGN, 2**255 - 1, 2**256 - 1))


def keys() -> Iterator[Case]:
    """Yield public keys that may and that may not be anybody's."""
    public = identity_of("ann").public
    yield {"id": "signing/ann", "use": "signing", "key": public.signing_key.hex(), "expect": "ok"}
    yield {
        "id": "encryption/ann",
        "use": "encryption",
        "key": public.encryption_key.hex(),
        "expect": "ok",
    }
    for use, label, encodings in (
        ("signing", "small-order", SMALL_ORDER_EDWARDS),
        ("signing", "non-canonical", NON_CANONICAL_EDWARDS),
        ("encryption", "small-order", SMALL_ORDER_MONTGOMERY),
        ("encryption", "non-canonical", NON_CANONICAL_MONTGOMERY),
        ("signing", "length", ("", "09" * 31, "09" * 33)),
        ("encryption", "length", ("", "09" * 31, "09" * 33)),
    ):
        for number, key in enumerate(encodings, 1):
            yield {"id": f"{use}/{label}-{number}", "use": use, "key": key, "expect": "malformed"}


def _forged(name: str, message: bytes, r: bytes) -> bytes:
    """Sign with a chosen R of small order: S = H(R, A, M) * a satisfies the equation."""
    identity = identity_of(name)
    seed = hkdf(identity.root.reveal(), b"bg1 identity signing")
    expanded = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    scalar = expanded & ((1 << 254) - 8) | (1 << 254)
    digest = hashlib.sha512(r + identity.public.signing_key + message).digest()
    challenge = int.from_bytes(digest, "little")
    return r + (challenge * scalar % _ORDER).to_bytes(32, "little")


def signatures() -> Iterator[Case]:
    """Yield signatures, and what would pass for one if keys and R were not checked."""
    message = b"what was signed"
    key = identity_of("ann").public.signing_key
    good = identity_of("ann").sign(message)
    high = int.from_bytes(good[32:], "little") + _ORDER
    one = bytes.fromhex(_hex(1))
    table = [
        ("good", key, good, message, "ok"),
        ("another-message", key, good, b"what was not", "unverified"),
        ("another-key", identity_of("bob").public.signing_key, good, message, "unverified"),
        ("cut", key, good[:-1], message, "unverified"),
        ("longer", key, good + bytes(1), message, "unverified"),
        ("empty", key, b"", message, "unverified"),
        ("s-not-reduced", key, good[:32] + high.to_bytes(32, "little"), message, "unverified"),
        ("r-small-order", key, _forged("ann", message, one), message, "unverified"),
        ("key-and-r-small-order", one, one + bytes(32), message, "unverified"),
        ("key-cut", key[:-1], good, message, "unverified"),
        ("key-not-on-curve", bytes([2]) + bytes(31), good, message, "unverified"),
    ]
    for label, signer, signature, text, expect in table:
        yield {
            "id": label,
            "key": signer.hex(),
            "signature": signature.hex(),
            "message": text.hex(),
            "expect": expect,
        }


def identities() -> Iterator[Case]:
    """Yield what follows from a root."""
    for label, root in (("ann", identity_of("ann").root), ("zeros", SecretBytes(bytes(32)))):
        identity = Identity.from_root(root)
        yield {
            "id": label,
            "root": root.reveal().hex(),
            "encryption_private": identity.encryption_private.reveal().hex(),
            "encryption_key": identity.public.encryption_key.hex(),
            "signing_key": identity.public.signing_key.hex(),
            "fingerprint": identity.public.fingerprint.hex(),
            "words": " ".join(identity.public.words),
            "message": b"hello".hex(),
            "signature": identity.sign(b"hello").hex(),
            "expect": "ok",
        }


def spoken() -> Iterator[Case]:
    """Yield digests of rosters, a log's key, and the words by which people compare them."""
    for label, digest in (("zeros", "0" * 64), ("some", sha256(b"some roster").hex())):
        words = " ".join(roster_words(digest))
        yield {"id": label, "digest": digest, "words": words, "expect": "ok"}
    for label, digest in (("upper-case", "A" * 64), ("short", "a" * 63), ("empty", "")):
        yield {"id": label, "digest": digest, "expect": "malformed"}
    key = NoteSigner("breakglass.example/log", SecretBytes(bytes(32))).verifier.vkey
    words = " ".join(log_key_words(key))
    yield {"id": "log-key", "log_key": key, "words": words, "expect": "ok"}


def phrase_derivations() -> Iterator[Case]:
    """Yield keys from phrases, and parameters that a client refuses before it works."""
    salt = bytes(range(16))
    derived = phrase_keys(check_phrase(PHRASE), salt, ITERATIONS)
    table = [
        ("iterations-1000", salt, 1000),
        ("iterations-599999", salt, ITERATIONS - 1),
        ("iterations-600001", salt, ITERATIONS + 1),
        ("iterations-zero", salt, 0),
        ("salt-empty", b"", ITERATIONS),
        ("salt-15", salt[:15], ITERATIONS),
        ("salt-17", salt + b"0", ITERATIONS),
    ]
    yield {
        "id": "derived",
        "words": PHRASE,
        "salt": salt.hex(),
        "iterations": ITERATIONS,
        "sign_in_key": derived.sign_in_key.reveal().hex(),
        "slot_key": derived.slot_key.reveal().hex(),
        "expect": "ok",
    }
    for label, other, iterations in table:
        yield {
            "id": label,
            "words": PHRASE,
            "salt": other.hex(),
            "iterations": iterations,
            "expect": "malformed",
        }


def slots() -> Iterator[Case]:
    """Yield wrapped roots; the nonce is fixed here and random everywhere else."""
    prf = sha256(b"what a passkey returned")
    key = passkey_slot_key(SecretBytes(prf)).reveal()
    root = identity_of("ann").root.reveal()
    person, slot = uuid_of("ann"), uuid_of("slot")
    nonce = sha256(b"nonce")[:12]
    wrapped = nonce + AESGCM(key).encrypt(nonce, root, slot_aad(person, slot))
    case = {"prf_output": prf.hex(), "slot_key": key.hex(), "person": person, "slot": slot}
    other_key = sha256(b"another slot key").hex()
    yield {**case, "id": "opens", "wrapped": b64encode(wrapped), "root": root.hex(), "expect": "ok"}
    for label, change, blob, expect in (
        ("another-person", {"person": uuid_of("bob")}, wrapped, "unverified"),
        ("another-slot", {"slot": uuid_of("other slot")}, wrapped, "unverified"),
        ("another-key", {"slot_key": other_key}, wrapped, "unverified"),
        ("changed", {}, wrapped[:-1] + bytes([wrapped[-1] ^ 1]), "unverified"),
        ("cut", {}, wrapped[:-1], "malformed"),
        ("longer", {}, wrapped + b"0", "malformed"),
    ):
        yield {**case, **change, "id": label, "wrapped": b64encode(blob), "expect": expect}


def request_keys() -> Iterator[Case]:
    """Yield wrapped private keys of a request; the nonce is fixed here as for the slots."""
    root, key = identity_of("ann").root, recipient_private()
    person, request = uuid_of("ann"), uuid_of("request")
    public = RecipientKey(key).public
    wrapping = wrapping_key(root, person, request)
    case = {
        "root": root.reveal().hex(),
        "person": person,
        "request": request,
        "recipient_key": public.hex(),
        "wrapping_key": wrapping.hex(),
        "private": key.reveal().hex(),
    }

    def wrapped(raw: bytes, bound: bytes = public) -> bytes:
        nonce = sha256(b"nonce")[:12]
        return nonce + AESGCM(wrapping).encrypt(nonce, raw, wrapped_aad(person, request, bound))

    good = wrapped(key.reveal())
    other = RecipientKey(SecretBytes(sha256(b"other recipient key"))).public
    yield {**case, "id": "opens", "wrapped": b64encode(good), "expect": "ok"}
    for label, change, blob, expect in (
        ("another-root", {"root": identity_of("bob").root.reveal().hex()}, good, "unverified"),
        ("another-person", {"person": uuid_of("bob")}, good, "unverified"),
        ("another-request", {"request": uuid_of("other request")}, good, "unverified"),
        ("another-public-key", {"recipient_key": other.hex()}, good, "unverified"),
        (
            "wrapped-for-another-public-key",
            {"recipient_key": other.hex()},
            wrapped(key.reveal(), other),
            "unverified",
        ),
        ("changed", {}, good[:-1] + bytes([good[-1] ^ 1]), "unverified"),
        ("cut", {}, good[:-1], "malformed"),
        ("longer", {}, good + b"0", "malformed"),
        ("not-32-bytes", {}, wrapped(key.reveal()[1:]), "malformed"),
    ):
        yield {**case, **change, "id": label, "wrapped": b64encode(blob), "expect": expect}


def frames() -> Iterator[Case]:
    """Yield fields and how they are joined: texts and integers as they stand, bytes in hex."""
    table: list[tuple[str, list[str | int | bytes]]] = [
        ("nothing", []),
        ("empty-text", [""]),
        ("boundary-moves", ["ab", "c"]),
        ("boundary-moved", ["a", "bc"]),
        ("integers", [0, 1, 2**53 - 1]),
        ("bytes", [b"\x00\xff", sha256(b"")]),
        ("beyond-ascii", ["Zo\u00eb \U0001f511"]),
    ]
    for label, values in table:
        fields = [{"hex": v.hex()} if isinstance(v, bytes) else v for v in values]
        yield {"id": label, "fields": fields, "joined": lp(*values).hex(), "expect": "ok"}
