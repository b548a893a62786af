"""The closed lists: what the code refuses is what the protocol prints."""

import re
import sys
import unicodedata
from pathlib import Path

from crypto.codepoints import IGNORABLE, REFUSED_IN_NAMES

PROTOCOL = Path(__file__).parents[3] / "docs" / "protocol.md"
_POINTS = re.compile(r"U\+([0-9A-F]{4,6})(?:\s+to\s+U\+([0-9A-F]{4,6}))?")


def printed(begins: str, ends: str) -> set[int]:
    """The code points in the part of the protocol from one text to another."""
    text = PROTOCOL.read_text(encoding="utf-8").partition(begins)[2].partition(ends)[0]
    found = [(int(first, 16), int(last or first, 16)) for first, last in _POINTS.findall(text)]
    return {point for first, last in found for point in range(first, last + 1)}


def matched(pattern: re.Pattern[str]) -> set[int]:
    return {point for point in range(sys.maxunicode + 1) if pattern.match(chr(point))}


def test_the_list_of_invisible_code_points_is_the_protocol_s() -> None:
    invisible = printed("the *invisible* code points", "further *format*")
    assert len(invisible) == 4174
    assert matched(IGNORABLE) == invisible


def test_the_list_of_code_points_refused_in_names_is_the_protocol_s() -> None:
    refused = printed("the *invisible* code points", "U+0020 at the beginning") - {0x20}
    assert matched(REFUSED_IN_NAMES) == refused


def test_the_lists_have_what_this_runtime_calls_format_or_space() -> None:
    kinds = {"Cf", "Zs", "Zl", "Zp"}
    known = {p for p in range(sys.maxunicode + 1) if unicodedata.category(chr(p)) in kinds}
    assert known - matched(REFUSED_IN_NAMES) == {0x20}
