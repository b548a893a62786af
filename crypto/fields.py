"""Checks of single values in a statement's payload: exact types, one spelling each.

A check takes a parsed JSON value and returns nothing; it raises MalformedError with a reason that
does not repeat the value.
"""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from crypto.codepoints import REFUSED_IN_NAMES
from crypto.encoding import MAX_INTEGER, b64decode, check_hex_digest, check_text, parse_time
from crypto.errors import MalformedError, UnknownSuiteError
from crypto.suite import SIGNATURE_LENGTH, SUITES, check_encryption_key, check_signing_key

Check = Callable[[object], None]
T = TypeVar("T")

NO_DIGEST = "0" * 64  # ``previous`` of a first version
CREDENTIAL_LIMIT = 1023  # bytes of a credential id (WebAuthn, section 4)

_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
# Twelve digits, and for a further line a point and its number: see ``account``.
ACCOUNT = r"[0-9]{12}(?:\.(?:[2-9]|[1-9][0-9]{1,2}))?"
_ACCOUNT = re.compile(ACCOUNT)
_ASCII = re.compile(r"[!-~]{1,200}")


def _typed(value: object, wanted: type[T], name: str) -> T:
    if type(value) is not wanted:  # not isinstance: True is an int there
        raise MalformedError(f"not {name}")
    return value


def text(value: object) -> None:
    """Accept free text, also empty: at most 1,000 code points, no refused character."""
    check_text(_typed(value, str, "text"))


def filled_text(value: object) -> None:
    """Accept free text that is not empty."""
    if not check_text(_typed(value, str, "text")):
        raise MalformedError("empty")


def person_name(value: object) -> None:
    """Accept a name that people can compare; other names are other bytes, whatever they look like.

    Refused are format, ignorable and space characters (``crypto.codepoints``), among them the
    zero-width joiners, and a space that leads, trails or is doubled.
    """
    filled_text(value)
    name = _typed(value, str, "text")
    if REFUSED_IN_NAMES.search(name):
        raise MalformedError("an invisible character")
    if "" in name.split(" "):
        raise MalformedError("a space at an end or a doubled one")


def identifier(value: object) -> None:
    """Accept a UUID of version 4 in lower case."""
    if not _UUID4.fullmatch(_typed(value, str, "text")):
        raise MalformedError("not a lower-case UUID of version 4")


def account(value: object) -> None:
    """Accept an AWS account id, twelve digits as text, and the number of a further line from 2."""
    if not _ACCOUNT.fullmatch(_typed(value, str, "text")):
        raise MalformedError("not twelve digits or a further line")


def is_account(text: str) -> bool:
    """Return whether a text is an account's id, as :func:`account` accepts it."""
    return _ACCOUNT.fullmatch(text) is not None


def digest(value: object) -> None:
    """Accept 64 lower-case hexadecimal digits."""
    check_hex_digest(_typed(value, str, "text"))


def digest_or_empty(value: object) -> None:
    """Accept a digest, or empty text for what is absent."""
    if value != "":
        digest(value)


def binary(value: object) -> None:
    """Accept base64 of any length."""
    b64decode(_typed(value, str, "text"))


def signature(value: object) -> None:
    """Accept 64 bytes in base64; whether they verify is another question."""
    if len(b64decode(_typed(value, str, "text"))) != SIGNATURE_LENGTH:
        raise MalformedError(f"not {SIGNATURE_LENGTH} bytes")


def credential(value: object) -> None:
    """Accept a passkey's credential id in base64, at most 1,023 bytes, or empty text."""
    if len(b64decode(_typed(value, str, "text"))) > CREDENTIAL_LIMIT:
        raise MalformedError(f"longer than {CREDENTIAL_LIMIT} bytes")


def encryption_key(value: object) -> None:
    """Accept a canonical X25519 public key of large order, in base64."""
    check_encryption_key(b64decode(_typed(value, str, "text")))


def signing_key(value: object) -> None:
    """Accept a canonical Ed25519 public key of large order, in base64."""
    check_signing_key(b64decode(_typed(value, str, "text")))


def suite_name(value: object) -> None:
    """Accept the name of a suite that this release has.

    Raises:
        UnknownSuiteError: another suite's.
    """
    if _typed(value, str, "text") not in SUITES:
        raise UnknownSuiteError


def verifier_key(parse: Callable[[str], object]) -> Check:
    """Build a check for a verifier key that ``parse`` reads, in 1 to 200 characters of ASCII."""

    def check(value: object) -> None:
        key = _typed(value, str, "text")
        if not _ASCII.fullmatch(key):
            raise MalformedError("not 1 to 200 visible ASCII characters")
        parse(key)

    return check


def moment(value: object) -> None:
    """Accept a time in UTC and whole seconds."""
    parse_time(_typed(value, str, "text"))


def boolean(value: object) -> None:
    """Accept true and false, and not 1 and 0."""
    _typed(value, bool, "a boolean")


def integer(low: int, high: int = MAX_INTEGER) -> Check:
    """Build a check for integers from ``low`` to ``high``, both included."""

    def check(value: object) -> None:
        if not low <= _typed(value, int, "an integer") <= high:
            raise MalformedError(f"not from {low} to {high}")

    return check


def one_of(*choices: str) -> Check:
    """Build a check for a closed set of texts."""

    def check(value: object) -> None:
        if _typed(value, str, "text") not in choices:
            raise MalformedError(f"none of: {', '.join(choices)}")

    return check


def rising(item: Check, *, most: int | None = None) -> Check:
    """Build a check for a list of texts in ascending order, none twice; it may be empty."""

    def check(value: object) -> None:
        entries = _entries(value, item)
        if most is not None and len(entries) > most:
            raise MalformedError(f"more than {most} entries")
        if any(left >= right for left, right in itertools.pairwise(entries)):
            raise MalformedError("not sorted, or an entry is there twice")

    return check


def distinct(item: Check, *, most: int) -> Check:
    """Build a check for a list of 1 to ``most`` texts whose order has a meaning, none twice."""

    def check(value: object) -> None:
        entries = _entries(value, item)
        if not 1 <= len(entries) <= most:
            raise MalformedError(f"not 1 to {most} entries")
        if len(set(entries)) != len(entries):
            raise MalformedError("an entry is there twice")

    return check


def _entries(value: object, item: Check) -> Sequence[str]:
    """Return a list whose every entry passes ``item``, a check for texts."""
    entries: list[str] = _typed(value, list, "a list")
    for entry in entries:
        item(entry)
    return entries


def records(fields: Mapping[str, Check]) -> Check:
    """Build a check for a list of objects; its order and length are the caller's to check."""
    item = record(fields)

    def check(value: object) -> None:
        for entry in _typed(value, list, "a list"):
            item(entry)

    return check


def record(fields: Mapping[str, Check]) -> Check:
    """Build a check for an object with exactly these fields."""

    def check(value: object) -> None:
        entries = _typed(value, dict, "an object")
        if entries.keys() != fields.keys():
            raise MalformedError(f"the fields are not exactly: {', '.join(sorted(fields))}")
        for name, field in fields.items():
            try:
                field(entries[name])
            except UnknownSuiteError:
                raise
            except MalformedError as refused:
                raise MalformedError(f"{name}: {refused}") from None

    return check
