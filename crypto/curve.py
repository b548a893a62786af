"""Which public keys and signature halves are refused before a primitive sees them.

With a point of small order one signature fits every message (``01`` and 31 zeros as key and as R),
or anyone knows the shared secret; a non-canonical encoding gives one point two texts. RFC 8032 and
RFC 7748 leave both to the verifier, and libraries differ, so the rule is here.

Everything here is public, so nothing needs constant time.
"""

from crypto.errors import MalformedError

KEY_LENGTH = 32
_FIELD = 2**255 - 19
_BELOW_SIGN = 2**255 - 1

# y of the eight points of edwards25519 whose order divides 8; each y is that of both signs of x.
_ORDER_8_Y = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y = frozenset({0, 1, _FIELD - 1, _ORDER_8_Y, _FIELD - _ORDER_8_Y})

# u of the points of curve25519 and of its twist whose order divides 8 (RFC 7748, section 6.1).
_SMALL_ORDER_U = frozenset(
    {
        0,
        1,
        _FIELD - 1,
        0x00B8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0,
        0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F,
    }
)


def check_edwards_point(encoded: bytes) -> None:
    """Refuse what must not be used as an Ed25519 key or as the R of a signature.

    A point that is not on the curve passes: no signature verifies under it.

    Raises:
        MalformedError: not 32 bytes, y not below the field's prime, or of small order.
    """
    y = _little_endian(encoded) & _BELOW_SIGN
    if y >= _FIELD:
        raise MalformedError("a signing key or signature is not in its canonical encoding")
    if y in _SMALL_ORDER_Y:
        raise MalformedError("a signing key or signature is a point of small order")


def check_montgomery_point(encoded: bytes) -> None:
    """Refuse what must not be used as an X25519 public key.

    Raises:
        MalformedError: not 32 bytes, top bit set or u not below the field's prime, or small order.
    """
    u = _little_endian(encoded)
    if u >= _FIELD:
        raise MalformedError("an encryption key is not in its canonical encoding")
    if u in _SMALL_ORDER_U:
        raise MalformedError("an encryption key is a point of small order")


def _little_endian(encoded: bytes) -> int:
    if len(encoded) != KEY_LENGTH:
        raise MalformedError(f"a key is {KEY_LENGTH} bytes")
    return int.from_bytes(encoded, "little")
