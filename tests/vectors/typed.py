"""Cases for what people type: phrases, a paper's words, and the names of people."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from crypto.wordlist import WORDS

Case = dict[str, Any]
Rows = list[tuple[str, str, str]]

PHRASE = "academic acid acne acquire acrobat activity actress adapt adequate kernel detect"
_WORDS = PHRASE.split()
_PAPER = WORDS[100:133]  # their checksum is not what is read here
_FULL_WIDTH = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
_ODD_SPACES = "\u00a0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000\x0b\x0c\x85\x1c"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u17b4\u180b\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2064"
    "\u2066\u206f\u3164\ufe00\ufe0f\ufeff\uffa0\ufff0\U0001bca0\U0001d173\U000e0001\U000e0020"
    "\U000e0fff"
)
_BESIDE = "\u00ac\u00ae\u0350\u061b\u1161\u17b6\u180a\u2010\u2027\u2070\ufe10\U0001bca4"
_CYRILLIC = str.maketrans("aceopx", "\u0430\u0441\u0435\u043e\u0440\u0445")


def _numbered(words: list[str] | tuple[str, ...], form: str, between: str) -> str:
    return between.join(form.format(n=n, word=word) for n, word in enumerate(words, 1))


def _inside(words: list[str], characters: str) -> str:
    """Put one of the characters into each word, in turn, until all were used."""
    turn = cycle(characters)
    return " ".join(f"{word[:2]}{next(turn)}{word[2:]}" for word in words)


def _accepted() -> Iterator[tuple[str, str]]:
    yield from (
        ("as-printed", PHRASE),
        ("upper-case", PHRASE.upper()),
        ("sentence", PHRASE.capitalize() + "."),
        ("spaces-and-lines", "  " + PHRASE.replace(" ", " \t\r\n") + "\n"),
        ("lines-of-an-old-mac", PHRASE.replace(" ", "\r")),
        ("as-the-terminal-prints", _numbered(_WORDS, "{n} {word}", "  ")),
        ("numbered-lines", _numbered(_WORDS, "{n}. {word}", "\n")),
        ("numbered-in-brackets", _numbered(_WORDS, "({n}) {word}", " ")),
        ("numbers-touch", _numbered(_WORDS, "{n}{word}", " ")),
        ("numbers-between", _numbered(_WORDS, "{n}{word}", "")),
        ("circled-numbers", " ".join(f"{chr(0x245F + n)}{w}" for n, w in enumerate(_WORDS, 1))),
        ("commas", PHRASE.replace(" ", ", ")),
        ("commas-alone", PHRASE.replace(" ", ",")),
        ("full-stops", PHRASE.replace(" ", ".")),
        ("hyphens", PHRASE.replace(" ", "-")),
        ("dashes", PHRASE.replace(" ", " \u2013 ")),
        ("underscores", PHRASE.replace(" ", "_")),
        ("bullets", _numbered(_WORDS, "\u2022 {word}", "\n")),
        ("stars", _numbered(_WORDS, "* {word}", "\n")),
        ("quotes", f'"{PHRASE}"'),
        ("curly-quotes", _numbered(_WORDS, "\u201c{word}\u201d", " ")),
        ("json", _numbered(_WORDS, '"{word}"', ", ")),
        ("byte-order-mark", "\ufeff" + PHRASE),
        ("no-break-space", PHRASE.replace(" ", "\u00a0")),
        ("full-width", PHRASE.translate(_FULL_WIDTH).replace(" ", "\u3000")),
        ("full-width-capitals", PHRASE.upper().translate(_FULL_WIDTH)),
        ("mathematical-letters", "".join(_bold(letter) for letter in PHRASE)),
        ("kelvin-sign", PHRASE.replace("k", "\u212a")),
        ("long-s", PHRASE.replace("s", "\u017f")),
        ("invisible-around", "\u200b" + PHRASE.replace(" ", " \u200b") + "\u2060"),
        ("lone-surrogate-between", PHRASE.replace(" ", "\ud800")),
        ("control-between", PHRASE.replace(" ", "\x00")),
        ("other-script-around", f"\u05d0\u05d1 {PHRASE} \u4e2d"),
    )
    for space in _ODD_SPACES:
        yield f"space-{ord(space):04x}", PHRASE.replace(" ", space)
    for start in range(0, len(_INVISIBLE), len(_WORDS)):
        part = _INVISIBLE[start : start + len(_WORDS)]
        yield f"invisible-inside-{start}", _inside(_WORDS, part)


def _bold(letter: str) -> str:
    return letter if letter == " " else chr(0x1D41A + ord(letter) - ord("a"))


def _refused() -> Iterator[tuple[str, str]]:
    yield from (
        ("empty", ""),
        ("numbers-alone", "1 2 3 4 5 6 7 8 9 10 11"),
        ("ten-words", " ".join(_WORDS[:10])),
        ("twelve-words", f"{PHRASE} body"),
        ("twice", f"{PHRASE} {PHRASE}"),
        ("two-exchanged", " ".join([_WORDS[1], _WORDS[0], *_WORDS[2:]])),
        ("one-other-word", " ".join(["zero", *_WORDS[1:]])),
        ("other-check", " ".join([*_WORDS[:10], "zero"])),
        ("not-in-the-list", " ".join(["academy", *_WORDS[1:]])),
        ("abbreviated", " ".join(word[:4] for word in _WORDS)),
        ("one-abbreviated", " ".join(["acad", *_WORDS[1:]])),
        ("plural", " ".join(["academics", *_WORDS[1:]])),
        ("nothing-between", PHRASE.replace(" ", "")),
        ("invisible-between", PHRASE.replace(" ", "\u200b")),
        ("soft-hyphens-between", PHRASE.replace(" ", "\u00ad")),
        ("hyphenated", PHRASE.replace("academic", "aca-demic")),
        ("broken-over-a-line", PHRASE.replace("academic", "aca-\ndemic")),
        ("digit-for-a-letter", PHRASE.replace("acid", "ac1d")),
        ("ordinals", _numbered(_WORDS, "{n}th {word}", " ")),
        ("a-heading", f"Recovery phrase: {PHRASE}"),
        ("accent", PHRASE.replace("academic", "acad\u00e9mic")),
        ("accent-of-its-own", PHRASE.replace("academic", "acade\u0301mic")),
        ("cyrillic", PHRASE.translate(_CYRILLIC)),
        ("dotted-capital-i", PHRASE.replace("acid", "ac\u0130d")),
        ("dotless-i", PHRASE.replace("acid", "ac\u0131d")),
        ("another-letter-touches", PHRASE.replace("acid", "acid\u2090")),
    )
    for beside in _BESIDE:
        text = PHRASE.replace("acid", f"ac{beside}id")
        yield f"beside-the-invisible-{ord(beside):04x}", text


def phrases() -> Iterator[Case]:
    """Yield phrases as people have them, and what is no phrase."""
    for label, text in _accepted():
        yield {"id": label, "text": text, "expect": "ok", "words": PHRASE}
    for label, text in _refused():
        yield {"id": label, "text": text, "expect": "malformed"}


def words() -> Iterator[Case]:
    """Yield a paper's words, of which there are 33, and other counts."""
    good = " ".join(_PAPER)
    rows: Rows = [
        ("as-printed", good, "ok"),
        ("numbered-lines", _numbered(_PAPER, "{n:2}. {word}", "\r\n"), "ok"),
        ("capitals-and-commas", good.upper().replace(" ", ", "), "ok"),
        ("a-phrase", PHRASE, "malformed"),
        ("one-less", " ".join(_PAPER[:32]), "malformed"),
        ("one-more", f"{good} zero", "malformed"),
        ("abbreviated", " ".join(word[:4] for word in _PAPER), "malformed"),
    ]
    for label, text, expect in rows:
        case = {"id": label, "count": 33, "text": text, "expect": expect}
        yield {**case, "words": good} if expect == "ok" else case


# Every range of the closed list of docs/protocol.md: first and last, and where the last is known.
REFUSED_IN_NAMES = (
    *((0x09, 0x0D), (0x7F, 0x7F), (0x85, 0x85), (0xA0, 0xA0), (0xAD, 0xAD), (0x34F, 0x34F)),
    *((0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891)),
    *((0x8E2, 0x8E2), (0x115F, 0x1160), (0x1680, 0x1680), (0x17B4, 0x17B5), (0x180B, 0x180F)),
    *((0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0x3000, 0x3000), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB)),
    *((0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3)),
    *((0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)


def names() -> Iterator[Case]:
    """Yield names as people have them, and what no name has."""
    rows: Rows = [
        ("one-word", "Ann", "ok"),
        ("several", "Jean-Luc O\u2019Neill, Jr. (ops)", "ok"),
        ("composed", "Zo\u00eb", "ok"),
        ("decomposed", "Zoe\u0308", "ok"),
        (
            "other-scripts",
            "\u738b\u5c0f\u660e \u0645\u0631\u064a\u0645 \u0928\u0947",
            "ok",
        ),
        ("beyond-the-first-plane", "Ann \U0001f511", "ok"),
        ("tag-less-private-use", "\ue000\U000f0000", "ok"),
        ("longest", "n" * 1000, "ok"),
        ("longer", "n" * 1001, "malformed"),
        ("empty", "", "malformed"),
        ("space-alone", " ", "malformed"),
        ("space-before", " Ann", "malformed"),
        ("space-after", "Ann ", "malformed"),
        ("two-spaces", "Ann  Archer", "malformed"),
        ("line-end", "Ann\n", "malformed"),
        ("zero-width-non-joiner", "\u0645\u06cc\u200c\u062e", "malformed"),
        ("zero-width-joiner", "\U0001f468\u200d\U0001f469", "malformed"),
        ("variation-selector", "\u845b\U000e0100", "malformed"),
        ("hangul-filler", "A\u3164nn", "malformed"),
        ("override", "Ann\u202e", "malformed"),
        ("lone-surrogate", "Ann\ud800", "malformed"),
    ]
    for first, last in REFUSED_IN_NAMES:
        for point in sorted({first, last}):
            rows.append((f"refused-{point:04x}", f"A{chr(point)}nn", "malformed"))
        for point in filter(_free, (first - 1, last + 1)):
            rows.append((f"beside-{point:04x}", f"A{chr(point)}nn", "ok"))
    for label, text, expect in rows:
        yield {"id": label, "text": text, "expect": expect}


def _free(point: int) -> bool:
    """Whether a point is outside the list, and no control character, which every text refuses."""
    listed = any(first <= point <= last for first, last in REFUSED_IN_NAMES)
    return not listed and not point < 0x20 and not 0x7F <= point < 0xA0
