"""Encodings and refusals: what one program takes, the other takes, and nothing else."""

import base64
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from crypto import statement
from crypto.checkpoint import open_checkpoint
from crypto.cosignature import WitnessVerifier, cosignatures_of
from crypto.encoding import (
    MAX_INTEGER,
    b64decode,
    canonical,
    check_text,
    lp,
    parse_canonical,
    parse_time,
)
from crypto.errors import CryptoError, MalformedError
from crypto.leaf import parse_leaf
from crypto.note import NoteVerifier
from crypto.proof import parse_receipt
from crypto.schema import check_payload
from crypto.sharing import parse_share, split
from crypto.suite import check_encryption_key, check_signing_key
from tests.cast import identity_of
from tests.crossing.peer import Peer
from tests.vectors.examples import AT, example_fields

LOG = json.loads((Path(__file__).parents[1] / "js/crypto/log.json").read_text(encoding="utf-8"))
TEXTS = [
    "",
    "a",
    "\n",
    "\x7f",
    "\u2028",
    "Zo\u00eb",
    "\U0001d11e",
    '"\\/',
    "\b\t\f\r\x01\x1f",
    "\ufeff",
]


def outcome(check: Callable[..., object], *args: Any) -> str:
    try:
        check(*args)
    except CryptoError as refused:
        return type(refused).__name__
    return "ok"


def made_value(dice: random.Random, depth: int = 0) -> object:
    kind = dice.randrange(6 if depth < 4 else 3)
    if kind == 0:
        return dice.choice([0, 1, MAX_INTEGER, dice.randrange(2**53)])
    if kind == 1:
        return dice.choice([True, False])
    if kind in {2, 3}:
        return "".join(dice.choice(TEXTS) for _ in range(dice.randrange(4)))
    if kind == 4:
        return [made_value(dice, depth + 1) for _ in range(dice.randrange(4))]
    keys = ["", "a", "b", "Z", "10", "9", "__proto__", "constructor", "toString", "\x01", "~"]
    return {key: made_value(dice, depth + 1) for key in dice.sample(keys, dice.randrange(4))}


def test_canonical_json_is_the_same_bytes(peer: Peer) -> None:
    dice = random.Random(20261123)
    values = [made_value(dice) for _ in range(300)]
    for value in values:
        data = canonical(value)
        assert peer.call("encoding", "parseCanonical", data) == value
    sources = [canonical(value) for value in values]
    assert peer.outcomes("encoding", "parseCanonical", [[source] for source in sources]) == (
        ["ok"] * len(sources)
    )


def mangled(data: bytes, dice: random.Random, count: int) -> list[bytes]:
    """Change, drop, double and insert bytes here and there."""
    found = []
    for _ in range(count):
        place = dice.randrange(len(data))
        found.append(
            dice.choice(
                [
                    data[:place]
                    + bytes([data[place] ^ (1 << dice.randrange(8))])
                    + data[place + 1 :],
                    data[:place],
                    data[:place] + data[place + 1 :],
                    data[:place] + data[place : place + 1] + data[place:],
                    data[:place]
                    + dice.choice([b" ", b"0", b"=", b"\n", b",", b"+"])
                    + data[place:],
                ]
            )
        )
    return found


def read_statement(data: bytes) -> None:
    statement.verify(statement.parse(data), identity_of("ann").public.signing_key)


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def sources() -> dict[str, bytes]:
    signed = statement.sign(
        "request", example_fields()["request"], identity=identity_of("ann"), at=AT
    )
    return {
        "statement": signed.raw,
        "body": signed.body,
        "leaf": LOG["leaf"].encode(),
        "base64": base64.b64encode(bytes(range(70))),
        "time": b"2026-11-23T09:30:00Z",
        "receipt": LOG["receipt"].encode(),
        "checkpoint": LOG["checkpoint"].encode(),
        "vkey": LOG["vkey"].encode(),
        "cosignature": LOG["cosigned"].encode(),
        "share": split_share().encode(),
    }


def split_share() -> str:
    return split(identity_of("ann").root, ((2, 3), (2, 3)))[0][1]


Asked = tuple[str, str, Callable[..., object], Callable[[bytes], Sequence[Any]]]
# source: the module and function that reads it there, the one here, and their arguments
READERS: dict[str, Asked] = {
    "statement": ("statement", "parse", statement.parse, lambda data: [data]),
    "body": (
        "statement",
        "unsigned",
        lambda _, data: check_payload("request", parse_canonical(data)),
        lambda data: ["request", data],
    ),
    "leaf": ("leaf", "parseLeaf", parse_leaf, lambda data: [data]),
    "base64": ("encoding", "b64decode", b64decode, lambda data: [text_of(data)]),
    "time": ("encoding", "parseTime", parse_time, lambda data: [text_of(data)]),
    "receipt": ("proof", "parseReceipt", parse_receipt, lambda data: [text_of(data)]),
    "checkpoint": (
        "checkpoint",
        "openCheckpoint",
        open_checkpoint,
        lambda data: [text_of(data), NoteVerifier.from_vkey(LOG["vkey"])],
    ),
    "cosignature": (
        "cosignature",
        "cosignedAt",
        cosignatures_of,
        lambda data: [text_of(data), WitnessVerifier.from_vkey(LOG["witness"])],
    ),
    "share": ("sharing", "parseShare", parse_share, lambda data: [text_of(data)]),
}


@pytest.mark.parametrize("source", READERS)
def test_mangled_input_is_refused_alike(peer: Peer, source: str) -> None:
    """Each mangled input has the same outcome in both, whatever it is, down to the error."""
    module, name, ours, arguments = READERS[source]
    dice = random.Random(source)
    good = sources()[source]
    given = [good, *mangled(good, dice, 600)]
    expected = [outcome(ours, *arguments(data)) for data in given]
    found = peer.outcomes(module, name, [arguments(data) for data in given])
    different = [
        (data, here, there)
        for data, here, there in zip(given, expected, found, strict=True)
        if here != there
    ]
    assert different == []
    assert expected[0] == "ok"
    assert expected.count("MalformedError") > len(expected) / 4


@pytest.mark.parametrize(
    ("name", "own", "read"),
    [
        ("vkey", "vkey", NoteVerifier.from_vkey),
        ("witness", "witnessKey", WitnessVerifier.from_vkey),
    ],
)
def test_mangled_verifier_keys_are_refused(
    peer: Peer, name: str, own: str, read: Callable[[str], object]
) -> None:
    good = LOG[name].encode()
    mangled_ones = mangled(good, random.Random(1), 600)
    given = [text_of(data) for data in (good, *mangled_ones)] + [LOG["vkey"], LOG["witness"]]
    expected = [outcome(read, text) for text in given]
    assert peer.outcomes("", own, [[text] for text in given]) == expected
    assert (expected[0], sorted(expected[-2:])) == ("ok", ["MalformedError", "ok"])


def test_mangled_statements_verify_in_neither(peer: Peer) -> None:
    good = sources()["statement"]
    given = [data for data in mangled(good, random.Random(7), 400) if data != good]
    expected = [outcome(read_statement, data) for data in given]
    parsed = [data for data in given if outcome(statement.parse, data) == "ok"]
    key = identity_of("ann").public.signing_key
    found = peer.outcomes("", "verifyRaw", [[data, key] for data in given])
    assert found == expected
    assert len(parsed) > 5


def test_the_same_characters_are_refused_in_texts(peer: Peer) -> None:
    ours = [
        point for point in range(0x110000) if outcome(check_text, chr(point)) == "MalformedError"
    ]
    assert peer.call("", "refusedCharacters") == ours


def test_the_same_characters_are_refused_in_key_names(peer: Peer) -> None:
    key = identity_of("ann").public.signing_key

    def named(point: int) -> None:
        NoteVerifier(name=chr(point), public_key=key)

    ours = [point for point in range(0x10000) if outcome(named, point) == "MalformedError"]
    assert peer.call("", "refusedInNames") == ours


def test_texts_are_counted_in_code_points(peer: Peer) -> None:
    texts = [letter * count for letter in "x\u00eb\U0001d11e" for count in (999, 1000, 1001)]
    assert peer.outcomes("encoding", "checkText", [[text] for text in texts]) == [
        outcome(check_text, text) for text in texts
    ]


def test_fields_are_framed_alike(peer: Peer) -> None:
    fields: list[bytes | str | int] = [b"", b"\x00\xff", "", "Zo\u00eb\U0001d11e", 0, MAX_INTEGER]
    assert peer.call("encoding", "lp", *fields) == lp(*fields)
    assert peer.call("encoding", "lp") == lp() == b""


def test_random_points_are_refused_alike(peer: Peer) -> None:
    dice = random.Random(25519)
    prime = 2**255 - 19
    numbers = [dice.randrange(2**256) for _ in range(200)]
    numbers += [n for base in (0, prime, 2**255, 2 * prime) for n in range(base, base + 25)]
    numbers += range(prime - 25, prime)
    points = [n.to_bytes(32, "little") for n in numbers if n < 2**256]
    for name, check in (
        ("checkSigningKey", check_signing_key),
        ("checkEncryptionKey", check_encryption_key),
    ):
        expected = [outcome(check, point) for point in points]
        assert peer.outcomes("suite", name, [[point] for point in points]) == expected
        assert {"ok", "MalformedError"} == set(expected)


def test_no_reader_takes_what_is_not_json(peer: Peer) -> None:
    given = [b"", b"\xff", b"nul", b"[1.0]", b"[-0]", b'{"a":1,"a":1}', b"[" * 500]
    expected = [outcome(parse_canonical, data) for data in given]
    assert peer.outcomes("encoding", "parseCanonical", [[data] for data in given]) == expected
    assert set(expected) == {MalformedError.__name__}
