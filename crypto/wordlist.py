"""The 1,024 words of SLIP-0039: fingerprints that people compare, and recovery phrases.

Every word is four to eight lower-case letters; the first four identify it.
"""

from pathlib import Path

BITS_PER_WORD = 10
WORDS: tuple[str, ...] = tuple(
    Path(__file__).with_name("wordlist.txt").read_text(encoding="ascii").split()
)


def words_of(digest: bytes, count: int = 8) -> tuple[str, ...]:
    """Return the words for the first ``10 * count`` bits, most significant bit first.

    Eight words are 80 bits: enough against a second key that is searched for, and short enough to
    be read out.

    Raises:
        ValueError: ``digest`` has fewer bits than that.
    """
    surplus = 8 * len(digest) - BITS_PER_WORD * count
    if surplus < 0:
        raise ValueError("the digest is too short for so many words")
    bits = int.from_bytes(digest, "big") >> surplus
    shifts = range(BITS_PER_WORD * (count - 1), -1, -BITS_PER_WORD)
    return tuple(WORDS[bits >> shift & len(WORDS) - 1] for shift in shifts)
