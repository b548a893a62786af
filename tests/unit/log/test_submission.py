"""Submissions to witnesses: one text each, and refusal of every other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.encoding import b64encode
from crypto.errors import MalformedError
from crypto.submission import BODY_LIMIT, Submission, parse_size, parse_submission

HASH = bytes(range(32))
NOTE = "log.example\n7\nroot\n\n\u2014 log.example c2ln\n"
TEXT = f"old 5\n{b64encode(HASH)}\n{b64encode(bytes(32))}\n\n{NOTE}"


def test_a_submission_reads_back_as_itself() -> None:
    submission = Submission(old=5, proof=(HASH, bytes(32)), note=NOTE)
    assert submission.text == TEXT
    assert parse_submission(TEXT.encode()) == submission


def test_a_first_submission_has_no_proof() -> None:
    first = Submission(old=0, proof=(), note=NOTE)
    assert first.text == f"old 0\n\n{NOTE}"
    assert parse_submission(first.text.encode()) == first


@given(st.integers(0, 2**53 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_whatever_is_written_is_read(old: int, proof: list[bytes]) -> None:
    submission = Submission(old=old, proof=tuple(proof), note=NOTE)
    assert parse_submission(submission.text.encode()) == submission


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n",
        b"old 5\n",
        b"old 05\n\nnote",
        b"old -5\n\nnote",
        b"old 5 \n\nnote",
        b"old  5\n\nnote",
        b"Old 5\n\nnote",
        b"size 5\n\nnote",
        b"old \n\nnote",
        b"old 9007199254740992\n\nnote",
        b"old 5\r\n\r\nnote",
        b"old 5\nAAAA\n\nnote",
        b"old 5\nnot base64\n\nnote",
        f"old 5\n{b64encode(HASH)[:-1]}\n\nnote".encode(),
        f"old 5\n{b64encode(HASH)} \n\nnote".encode(),
        f"old 5\n{b64encode(HASH)}\n".encode(),
        ("old 5\n" + (b64encode(HASH) + "\n") * 64 + "\nnote").encode(),
        b"old 5\n\n\xff",
        b"old 5\n\n" + b"x" * BODY_LIMIT,
    ],
)
def test_every_other_text_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_submission(body)


@pytest.mark.parametrize(("old", "proof"), [(-1, ()), (2**53, ()), (1, (b"x",))])
def test_what_could_not_be_read_back_is_not_written(old: int, proof: tuple[bytes, ...]) -> None:
    with pytest.raises(MalformedError):
        Submission(old=old, proof=proof, note=NOTE)


def test_a_size_is_a_decimal_number_and_a_newline() -> None:
    assert parse_size(b"0\n") == 0
    assert parse_size(b"20852163\n") == 20852163


@pytest.mark.parametrize(
    "body", [b"", b"5", b"\n", b"05\n", b"5\n\n", b"5\r\n", b" 5\n", b"-5\n", b"9" * 17 + b"\n"]
)
def test_every_other_size_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_size(body)
