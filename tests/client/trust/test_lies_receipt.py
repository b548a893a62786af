"""A log's receipt of a release: an honest one is believed, any other refused."""

import dataclasses
from collections.abc import Callable

import pytest

from crypto.proof import parse_receipt
from service.client.foundation.errors import ClientRefusal
from service.client.trust.log import verify_log_receipt
from tests.cast import somebody
from tests.client.logs import Log
from tests.client.released import World, world
from tests.client.trust.releases import believed


def check_receipt(receipt: str, leaf: bytes, about: World | None = None) -> None:
    about = about or world()
    verify_log_receipt(
        receipt,
        leaf,
        verifier=about.log.signer.verifier,
        expected=believed(about.released, about).expected_leaf,
    )


def test_an_honest_receipt_is_believed() -> None:
    check_receipt(world().released.receipt, world().log.leaves[-1])


def forged_by_another_key(about: World) -> tuple[str, bytes]:
    other = Log(leaves=list(about.log.leaves))
    return other.receipt(about.released.leaf), about.log.leaves[-1]


def of_another_leaf(about: World) -> tuple[str, bytes]:
    return about.log.receipt(2), about.log.leaves[2]


def for_another_leafs_bytes(about: World) -> tuple[str, bytes]:
    return about.released.receipt, about.log.leaves[2]


def with_a_flipped_hash(about: World) -> tuple[str, bytes]:
    parts = parse_receipt(about.released.receipt)
    bad = bytes([parts.hashes[0][0] ^ 1]) + parts.hashes[0][1:]
    return dataclasses.replace(parts, hashes=[bad, *parts.hashes[1:]]).text, about.log.leaves[-1]


def no_receipt_at_all(about: World) -> tuple[str, bytes]:
    return "c2sp.org/tlog-proof@v1\n", about.log.leaves[-1]


def another_index(about: World) -> tuple[str, bytes]:
    """The same release stands in the log twice; the receipt is for the second."""
    log = Log(signer=about.log.signer, leaves=[*about.log.leaves, about.log.leaves[-1]])
    return log.receipt(about.released.leaf + 1), about.log.leaves[-1]


def another_actors_leaf(about: World) -> tuple[str, bytes]:
    """A leaf at the right place, honestly proven, that says somebody else released."""
    log = Log(signer=about.log.signer, leaves=list(about.log.leaves[:-1]))
    log.append(
        "request:released",
        actor=somebody("ann").id,
        request=about.released.id,
        statement=about.release.raw,
    )
    return log.receipt(about.released.leaf), log.leaves[-1]


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (forged_by_another_key, "log-receipt-forged"),
        (of_another_leaf, "log-receipt-wrong-leaf"),
        (for_another_leafs_bytes, "log-receipt-forged"),
        (with_a_flipped_hash, "log-receipt-forged"),
        (no_receipt_at_all, "log-receipt-forged"),
        (another_actors_leaf, "log-receipt-wrong-leaf"),
        (another_index, "log-receipt-wrong-leaf"),
    ],
)
def test_a_wrong_receipt_is_refused(lie: Callable[[World], tuple[str, bytes]], code: str) -> None:
    with pytest.raises(ClientRefusal) as caught:
        check_receipt(*lie(world()))
    assert caught.value.code == code
