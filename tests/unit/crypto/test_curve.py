"""The list of refused points, recomputed with the curve's own arithmetic."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.curve import check_edwards_point, check_montgomery_point
from crypto.errors import MalformedError, VerificationError
from crypto.identity import Identity
from crypto.secret import SecretBytes
from crypto.suite import verify_signature
from tests.vectors.primitives import (
    NON_CANONICAL_EDWARDS,
    NON_CANONICAL_MONTGOMERY,
    SMALL_ORDER_EDWARDS,
    SMALL_ORDER_MONTGOMERY,
)

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493
Point = tuple[int, int]


def add(left: Point, right: Point) -> Point:
    """Add two points of -x^2 + y^2 = 1 + d x^2 y^2 (RFC 8032, section 5.1.4, affine)."""
    (x1, y1), (x2, y2) = left, right
    product = D * x1 * x2 * y1 * y2
    x3 = (x1 * y2 + y1 * x2) * pow(1 + product, -1, P)
    y3 = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P)
    return x3 % P, y3 % P


def times(factor: int, point: Point) -> Point:
    result = (0, 1)
    while factor:
        if factor & 1:
            result = add(result, point)
        point = add(point, point)
        factor >>= 1
    return result


def point_with(y: int) -> Point | None:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    for x in (root, root * pow(2, (P - 1) // 4, P) % P):
        if x * x % P == square:
            return x, y
    return None


def torsion() -> set[Point]:
    """Return all points whose order divides 8: whatever is left of a point times the order."""
    points = [point for y in range(2, 40) if (point := point_with(y))]
    return {times(k * ORDER, point) for point in points for k in range(8)}


def encoded(point: Point) -> str:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little").hex()


def test_the_refused_keys_are_all_points_of_small_order() -> None:
    expected = {encoded(point) for point in torsion()}
    assert len(expected) == 8
    # beside the eight, the two spellings of "minus zero" for x
    assert set(SMALL_ORDER_EDWARDS) - expected == {
        "01" + "00" * 30 + "80",
        "ec" + "ff" * 31,
    }
    assert expected <= set(SMALL_ORDER_EDWARDS)


def test_the_refused_encryption_keys_are_all_points_of_small_order() -> None:
    """Doubling on the curve and on its twist alike: u stands for points of either."""

    def doubled(u: int) -> int:
        return (u * u - 1) ** 2 * pow(4 * u * (u * u + 486662 * u + 1), -1, P) % P

    refused = {int.from_bytes(bytes.fromhex(u), "little") for u in SMALL_ORDER_MONTGOMERY}
    for u in refused - {0}:  # 0 is the point of order two; those of order four double to it
        while u:
            assert u in refused
            u = doubled(u)  # noqa: PLW2901


@pytest.mark.parametrize("key", [*SMALL_ORDER_EDWARDS, *NON_CANONICAL_EDWARDS])
def test_such_a_signing_key_is_refused(key: str) -> None:
    with pytest.raises(MalformedError):
        check_edwards_point(bytes.fromhex(key))


@pytest.mark.parametrize("key", [*SMALL_ORDER_MONTGOMERY, *NON_CANONICAL_MONTGOMERY])
def test_such_an_encryption_key_is_refused(key: str) -> None:
    with pytest.raises(MalformedError):
        check_montgomery_point(bytes.fromhex(key))


@pytest.mark.parametrize("key", SMALL_ORDER_MONTGOMERY)
def test_such_an_encryption_key_would_give_everybody_the_same_secret(key: str) -> None:
    public = X25519PublicKey.from_public_bytes(bytes.fromhex(key))
    with pytest.raises(ValueError, match="shared key"):
        X25519PrivateKey.generate().exchange(public)


def test_the_library_alone_accepts_one_signature_for_every_message() -> None:
    key = bytes([1]) + bytes(31)
    signature = key + bytes(32)
    for message in (b"one", b"another"):
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        with pytest.raises(VerificationError):
            verify_signature(key, signature, message)


def test_the_library_refuses_an_s_that_is_not_reduced(ann: Identity) -> None:
    signature = ann.sign(b"m")
    raised = (int.from_bytes(signature[32:], "little") + ORDER).to_bytes(32, "little")
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(ann.public.signing_key).verify(
            signature[:32] + raised, b"m"
        )


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=50)
def test_nobody_s_real_keys_are_refused(root: bytes) -> None:
    identity = Identity.from_root(SecretBytes(root))
    check_edwards_point(identity.public.signing_key)
    check_montgomery_point(identity.public.encryption_key)
    check_edwards_point(identity.sign(b"m")[:32])


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    for check in (check_edwards_point, check_montgomery_point):
        with pytest.raises(MalformedError):
            check(bytes([9]) * length)
