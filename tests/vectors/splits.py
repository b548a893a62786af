"""Cases for combining: sets of shares that are enough, too few, foreign or changed."""

from collections.abc import Iterator
from typing import Any

from tests.vectors import kept
from tests.vectors.envelopes import stored_values

Case = dict[str, Any]


def combinations() -> Iterator[Case]:
    """Yield sets of shares: enough, too few, foreign, changed."""
    stored = stored_values()
    (a1, a2, a3), (b1, b2, b3) = stored["two-and-two"]
    (one, *_), (c1, c2, c3) = stored["one-and-three"]
    words = a1.split(" ")
    # made with iteration exponent 1, the library's own default
    foreign = (
        "worthy penalty acrobat easy award maximum timber that hobo include program average erode "
        "charity unkind miracle tracks fiber pacific jump spider envy olympic biology often scout "
        "trouble diminish join reaction thorn crunch charity"
    )
    table: list[tuple[str, list[str], str]] = [
        ("first-two", [a1, a2, b1, b2], "ok"),
        ("last-two", [b3, a3, b2, a2], "ok"),
        ("all", [a1, a2, a3, b1, b2, b3], "ok"),
        ("one-of-many", [one, c1, c2, c3], "ok"),
        ("one-of-many-from-two-hands", [one, one, c3, c2, c1], "ok"),
        ("nothing", [], "not-enough"),
        ("one-group", [a1, a2, a3], "not-enough"),
        ("other-group", [b1, b2, b3], "not-enough"),
        ("one-short", [a1, a2, b1], "not-enough"),
        ("same-share-twice", [a1, a1, b1, b2], "not-enough"),
        ("one-of-many-alone", [one, c1, c2], "not-enough"),
        ("two-envelopes", [a1, a2, b1, b2, c1], "unverified"),
        ("another-envelope's-group", [a1, a2, c1, c2, c3], "unverified"),
        ("upper-case", [a1.upper(), a2, b1, b2], "malformed"),
        ("two-spaces", [a1.replace(" ", "  ", 1), a2, b1, b2], "malformed"),
        ("line-end", [a1 + "\n", a2, b1, b2], "malformed"),
        ("checksum", [" ".join([*words[:-1], "zero"]), a2, b1, b2], "malformed"),
        ("word-missing", [" ".join(words[:-1]), a2, b1, b2], "malformed"),
        ("word-unknown", [" ".join(["xyzzy", *words[1:]]), a2, b1, b2], "malformed"),
        ("other-parameters", [foreign, a2, b1, b2], "malformed"),
        ("empty", ["", a2, b1, b2], "malformed"),
    ]
    for label, mnemonics, expect in table:
        case = {"id": label, "mnemonics": mnemonics, "expect": expect}
        yield {**case, "secret": kept.ENVELOPE_SECRET.hex()} if expect == "ok" else case
