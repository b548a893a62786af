"""Cases for what is one text for one value: base64, digests, times, texts, JSON, passwords."""

from collections.abc import Iterator
from typing import Any

Case = dict[str, Any]
Rows = tuple[tuple[str, str, str], ...]

_MALFORMED = "malformed"


def _cases(name: str, rows: Rows) -> Iterator[Case]:
    for label, text, expect in rows:
        yield {"id": label, name: text, "expect": expect}


def base64_texts() -> Iterator[Case]:
    """Yield base64 as it is written, and what lenient decoders take as well."""
    yield from _cases(
        "text",
        (
            ("empty", "", "ok"),
            ("one-byte", "QQ==", "ok"),
            ("two-bytes", "QUI=", "ok"),
            ("three-bytes", "QUJD", "ok"),
            ("both-marks", "+/+/", "ok"),
            ("loose-bits-1", "QR==", _MALFORMED),
            ("loose-bits-2", "QUJ=", _MALFORMED),
            ("no-padding", "QQ", _MALFORMED),
            ("half-padding", "QQ=", _MALFORMED),
            ("more-padding", "QUJD====", _MALFORMED),
            ("padding-alone", "====", _MALFORMED),
            ("url-alphabet", "-_-_", _MALFORMED),
            ("line-end", "QUJD\n", _MALFORMED),
            ("inner-line-end", "QUJD\nQUJD", _MALFORMED),
            ("space", " QUJD", _MALFORMED),
            ("beyond-ascii", "QUJ\u00e9", _MALFORMED),
            ("two-parts", "QQ==QQ==", _MALFORMED),
        ),
    )


def digest_texts() -> Iterator[Case]:
    """Yield digests in hexadecimal."""
    good = "0123456789abcdef" * 4
    yield from _cases(
        "text",
        (
            ("lower-case", good, "ok"),
            ("upper-case", good.upper(), _MALFORMED),
            ("one-less", good[:-1], _MALFORMED),
            ("one-more", good + "0", _MALFORMED),
            ("line-end", good + "\n", _MALFORMED),
            ("prefix", "0x" + good[2:], _MALFORMED),
            ("space", " " + good[1:], _MALFORMED),
            ("other-digits", "\u0660" * 64, _MALFORMED),
            ("empty", "", _MALFORMED),
        ),
    )


def times() -> Iterator[Case]:
    """Yield times in UTC, and other ways to write them."""
    yield from _cases(
        "text",
        (
            ("usual", "2026-11-23T09:30:00Z", "ok"),
            ("leap-day", "2028-02-29T23:59:59Z", "ok"),
            ("first", "0001-01-01T00:00:00Z", "ok"),
            ("last", "9999-12-31T23:59:59Z", "ok"),
            ("no-leap-day", "2026-02-29T00:00:00Z", _MALFORMED),
            ("month-13", "2026-13-01T00:00:00Z", _MALFORMED),
            ("hour-24", "2026-11-23T24:00:00Z", _MALFORMED),
            ("second-60", "2026-12-31T23:59:60Z", _MALFORMED),
            ("year-zero", "0000-01-01T00:00:00Z", _MALFORMED),
            ("year-10000", "10000-01-01T00:00:00Z", _MALFORMED),
            ("no-z", "2026-11-23T09:30:00", _MALFORMED),
            ("two-z", "2026-11-23T09:30:00ZZ", _MALFORMED),
            ("lower-case", "2026-11-23t09:30:00z", _MALFORMED),
            ("space", "2026-11-23 09:30:00Z", _MALFORMED),
            ("offset", "2026-11-23T09:30:00+00:00", _MALFORMED),
            ("offset-and-z", "2026-11-23T09:30:00+01:00Z", _MALFORMED),
            ("fraction", "2026-11-23T09:30:00.5Z", _MALFORMED),
            ("fraction-of-zero", "2026-11-23T09:30:00.000Z", _MALFORMED),
            ("no-seconds", "2026-11-23T09:30Z", _MALFORMED),
            ("compact", "20261123T093000Z", _MALFORMED),
            ("week-date", "2026-W48-1T09:30:00Z", _MALFORMED),
            ("date-alone", "2026-11-23", _MALFORMED),
            ("line-end", "2026-11-23T09:30:00Z\n", _MALFORMED),
            ("other-digits", "\u0662026-11-23T09:30:00Z", _MALFORMED),
            ("empty", "", _MALFORMED),
        ),
    )


def free_texts() -> Iterator[Case]:
    """Yield free text: every refused range at both its ends, and its neighbours."""
    allowed = "\n \x7f\u00a0\u2029\u202f\u2065\u206a\ud7ff\ue000\U0010ffff\u200f"
    refused = "\x00\x09\x0b\x0d\x1b\x1f\x80\x85\x9f\u202a\u202e\u2066\u2069\ud800\udbff\udc00\udfff"
    for character in allowed:
        yield {"id": f"U+{ord(character):04X}", "text": f"a{character}b", "expect": "ok"}
    for character in refused:
        yield {"id": f"U+{ord(character):04X}", "text": f"a{character}b", "expect": _MALFORMED}
    yield {"id": "empty", "text": "", "expect": "ok"}
    yield {"id": "1000-code-points", "text": "\U0001f511" * 1000, "expect": "ok"}
    yield {"id": "1001-code-points", "text": "\U0001f511" * 1001, "expect": _MALFORMED}


def json_texts() -> Iterator[Case]:
    """Yield canonical JSON, and other texts for the same or for no value."""
    good = (
        ("empty-object", "{}"),
        ("empty-array", "[]"),
        ("text", '"\u00e9\u2028\U0001f511\x7f/"'),
        ("escapes", r'"\b\t\n\f\r\"\\\u0000\u001f"'),
        ("integers", "[0,1,9007199254740991]"),
        ("booleans", "[true,false]"),
        ("keys-sorted", '{"A":1,"_":2,"a":{"b":[]}}'),
    )
    bad = (
        ("nothing", ""),
        ("null", "null"),
        ("null-inside", '{"a":null}'),
        ("float", "1.0"),
        ("exponent", "1e2"),
        ("negative", "-1"),
        ("negative-zero", "-0"),
        ("leading-zero", "01"),
        ("too-large", "9007199254740992"),
        ("far-too-large", "9" * 5000),
        ("not-a-number", "NaN"),
        ("infinity", "Infinity"),
        ("keys-unsorted", '{"b":1,"a":2}'),
        ("key-twice", '{"a":1,"a":1}'),
        ("key-beyond-ascii", '{"\u00e9":1}'),
        ("white-space", '{"a": 1}'),
        ("line-end", "{}\n"),
        ("byte-order-mark", "\ufeff{}"),
        ("needless-escape", r'"\u0041"'),
        ("escaped-solidus", r'"\/"'),
        ("upper-case-escape", r'"\u001F"'),
        ("escaped-pair", r'"\ud83d\udd11"'),
        ("lone-surrogate", r'"\ud83d"'),
        ("bare-control", '"\t"'),
        ("single-quotes", "{'a':1}"),
        ("comma-at-end", "[1,]"),
        ("two-values", "{}{}"),
        ("comment", "{}//"),
        ("unclosed", '{"a":1'),
        ("deep", "[" * 30000 + "]" * 30000),
    )
    yield from ({"id": label, "text": text, "expect": "ok"} for label, text in good)
    yield from ({"id": label, "text": text, "expect": _MALFORMED} for label, text in bad)


def passwords() -> Iterator[Case]:
    """Yield passwords for one account, by AWS's rule and the wider comparison."""
    account = {"account": "012345678901", "name": "Production-7", "email": "root1@example.com"}
    rows = _cases(
        "password",
        (
            ("three-classes", "abcdEFG1", "ok"),
            ("symbol-as-third", "abcdEFG-", "ok"),
            ("all-symbols", "!@#$%^&*()<>[]{}|_+-=aB", "ok"),
            ("others-do-no-harm", "abcdEFG1?/.,;:'\"\\~` \u00e9", "ok"),
            ("128-characters", "aB1-" * 32, "ok"),
            ("128-code-points", "aB1" + "\U0001f511" * 125, "ok"),
            ("seven", "abcDEF1", _MALFORMED),
            ("129-characters", "aB1-" * 32 + "a", _MALFORMED),
            ("two-classes", "abcdEFGH", _MALFORMED),
            ("other-symbols-do-not-count", "abcdEFGH?/.,;:'\"\\~` ", _MALFORMED),
            ("letters-beyond-ascii-do-not-count", "abcdefg1\u00c9", _MALFORMED),
            ("line-end", "abcdEFG1\n", _MALFORMED),
            ("tab", "abcd\tEFG1", _MALFORMED),
            ("delete", "abcdEFG1\x7f", _MALFORMED),
            ("line-separator", "abcdEFG1\u2028", _MALFORMED),
            ("lone-surrogate", "abcdEFG1\ud800", _MALFORMED),
            ("the-name", "Production-7", _MALFORMED),
            ("the-name-in-another-case", "pRODUCTION-7", _MALFORMED),
            ("the-name-in-wide-letters", "\uff30roduction-7", _MALFORMED),
            ("the-address", "Root1@example.com", _MALFORMED),
            ("the-name-and-more", "Production-77", "ok"),
            ("empty", "", _MALFORMED),
        ),
    )
    yield from ({**account, **row} for row in rows)
