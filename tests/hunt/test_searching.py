"""The searcher itself: it finds each spelling wherever it lies, and in another process."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hunt import memory
from tests.hunt.needles import SHORTEST, Found, Searcher, spellings

KEY = bytes(range(101, 133))
WORDS = "academic acid acne acquire acrobat activity actress adapt adequate adjust"
SECRETS: dict[str, bytes | str] = {"key": KEY, "phrase": WORDS}
CASES = [
    pytest.param(Found(name, spelling), needle, id=f"{name} as {spelling}")
    for name, secret in SECRETS.items()
    for spelling, needle in spellings(secret)
]
HOLDER = """
import sys, time
held = sys.stdin.buffer.read()
print("ready", flush=True)
time.sleep(120)
"""


@contextmanager
def holder(data: bytes) -> Iterator[int]:
    """A process that has read these bytes and keeps them."""
    child = subprocess.Popen(
        [sys.executable, "-S", "-c", HOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(data)
        child.stdin.close()
        assert child.stdout.readline() == b"ready\n"
        yield child.pid
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def seen(searcher: Searcher, leader: int) -> set[Found]:
    with memory.standing_still(leader) as processes:
        assert processes == [leader]
        pieces = memory.chunks(leader, searcher.longest)
        return {found for data in pieces for found in searcher.look(data)}


@pytest.mark.parametrize(("found", "needle"), CASES)
def test_each_spelling_is_found_in_the_memory_of_another_process(
    reads_memory: bool, found: Found, needle: bytes
) -> None:
    if not reads_memory:
        pytest.skip("this system forbids reading the memory of another process")
    with holder(needle) as child:
        assert found in seen(Searcher(SECRETS), child)


def test_a_process_that_holds_none_of_them_is_innocent(reads_memory: bool) -> None:
    if not reads_memory:
        pytest.skip("this system forbids reading the memory of another process")
    with holder(" ".join(reversed(WORDS.split())).encode() + KEY[1:]) as child:
        assert not seen(Searcher(SECRETS), child)


@given(st.sampled_from(CASES), st.binary(max_size=40), st.binary(max_size=40))
def test_it_is_found_wherever_it_begins(case: object, before: bytes, after: bytes) -> None:
    found, needle = case.values  # type: ignore[attr-defined]
    assert found in Searcher(SECRETS).look(before + needle + after)


@given(st.binary(min_size=SHORTEST, max_size=60), st.binary(max_size=4), st.binary(max_size=4))
def test_base64_is_found_whatever_stands_around_the_secret(
    secret: bytes, before: bytes, after: bytes
) -> None:
    searcher = Searcher({"it": secret})
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        assert searcher.look(encode(before + secret + after))


def test_all_but_the_last_byte_is_not_the_secret() -> None:
    searcher = Searcher(SECRETS)
    for case in CASES:
        found, needle = case.values
        assert isinstance(needle, bytes)
        assert found not in searcher.look(needle[:-1])


def test_what_is_too_short_to_be_looked_for_is_refused() -> None:
    with pytest.raises(ValueError, match="pin is too short"):
        Searcher({"pin": "0123456789abcd"})
