"""Looking for many secrets at once, however they are spelled, in one pass over any bytes.

A needle of at least 15 bytes holds one whole aligned word of eight bytes wherever it lies. So the
words of a chunk are compared with a set of the needles' words, and only where one is met are the
needles themselves looked for. How many needles there are costs nothing.
"""

import base64
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

WORD = 8
SHORTEST = 2 * WORD - 1
_TEXTS = ("utf-8", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Whose secret, and how it was spelled; never the secret."""

    secret: str
    spelling: str


def spellings(secret: bytes | str) -> Iterator[tuple[str, bytes]]:
    """Each way in which a secret is looked for.

    Bytes and text as they are, in hexadecimal and in base64 at each of three alignments; whatever
    is text, in UTF-8 and in UTF-16.
    """
    if isinstance(secret, str):
        data = secret.encode()
        yield from _texts("text", secret)
    else:
        data = secret
        yield "bytes", data
    yield from _texts("hex", data.hex())
    yield from _texts("HEX", data.hex().upper())
    for shift in range(3):
        for name, encode in (
            ("base64", base64.b64encode),
            ("base64url", base64.urlsafe_b64encode),
        ):
            yield from _texts(f"{name}+{shift}", _core(encode(bytes(shift) + data), shift))


def _texts(name: str, text: str) -> Iterator[tuple[str, bytes]]:
    for coding in _TEXTS:
        yield f"{name} in {coding}", text.encode(coding)


def _core(encoded: bytes, shift: int) -> str:
    """The characters that stand there whatever precedes and follows the secret."""
    padding = encoded.count(b"=")
    end = len(encoded) - (padding + 1 if padding else 0)
    return encoded[(0, 2, 3)[shift] : end].decode("ascii")


class Searcher:
    """All spellings of the secrets that a hunt is for.

    Raises:
        ValueError: a secret is too short to be looked for.
    """

    def __init__(self, secrets: Mapping[str, bytes | str]) -> None:
        self._by_word: defaultdict[int, list[tuple[Found, bytes]]] = defaultdict(list)
        self.longest = SHORTEST
        for name, secret in secrets.items():
            for spelling, needle in spellings(secret):
                self._add(Found(name, spelling), needle)
        self._words = frozenset(self._by_word)

    def _add(self, found: Found, needle: bytes) -> None:
        if len(needle) < SHORTEST:
            raise ValueError(f"{found.secret} is too short to be looked for")
        self.longest = max(self.longest, len(needle))
        for start in range(WORD):
            word = int.from_bytes(needle[start : start + WORD], sys.byteorder)
            self._by_word[word].append((found, needle))

    def look(self, data: bytes) -> set[Found]:
        """What is in these bytes."""
        words = memoryview(data + bytes(-len(data) % WORD)).cast("Q")
        suspects = {s for word in self._words.intersection(words) for s in self._by_word[word]}
        return {found for found, needle in suspects if needle in data}
