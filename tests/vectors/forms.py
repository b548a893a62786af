"""Values of single fields that no reader may take."""

from typing import Any

from tests.cast import log_key, uuid_of, witness_key

# For each JSON type, values of another type that a lenient reader might take for it.
LOOKALIKES: dict[type, list[Any]] = {
    str: [1, True, []],
    int: [True, "1", -1, 2**53, 1.0],
    bool: [1, "true"],
    list: [{}, "", None],
    dict: [[], None],
}
_NO_UUIDS = (
    ("upper-case", uuid_of("ann").upper()),
    ("version-1", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
    ("braces", "{" + uuid_of("ann") + "}"),
    ("empty", ""),
)
_NO_DIGESTS = (("upper-case", "A" * 64), ("63-digits", "a" * 63), ("65-digits", "a" * 65))
_NO_ACCOUNTS = (
    ("11-digits", "1" * 11),
    ("hyphens", "1234-5678-9012"),
    ("wide", "\uff11" * 12),
    ("line-1", "1" * 12 + ".1"),
    ("line-0", "1" * 12 + ".0"),
    ("line-02", "1" * 12 + ".02"),
    ("line-1000", "1" * 12 + ".1000"),
    ("line-empty", "1" * 12 + "."),
    ("line-twice", "1" * 12 + ".2.3"),
)
_NO_VERIFIERS = (
    ("empty", ""),
    ("other-id", "log+00000000+AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"),
    ("beyond-ascii", "\u00e9" + log_key()),
    ("201-characters", log_key("l" * 150)),
)
_NO_KEYS = (
    ("31-bytes", "A" * 41 + "==="),
    ("loose-bits", "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB="),
    ("small-order", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ("non-canonical", "/" * 42 + "8="),
)
_NO_TEXTS = (
    ("tab", "a\tb"),
    ("carriage-return", "a\rb"),
    ("escape", "a\x1bb"),
    ("c1", "a\x85b"),
    ("override", "a\u202eb"),
    ("isolate", "a\u2066b"),
    ("1001-characters", "x" * 1001),
)
FORMS: dict[str, tuple[tuple[str, str | int], ...]] = {
    "person": _NO_UUIDS,
    "requester": _NO_UUIDS,
    "custodian": _NO_UUIDS,
    "reviewer": _NO_UUIDS,
    "manifest": _NO_DIGESTS,
    "roster": _NO_DIGESTS,
    "previous": _NO_DIGESTS,
    "content_digest": (*_NO_DIGESTS, ("empty", "")),
    "account": _NO_ACCOUNTS,
    "encryption_key": _NO_KEYS,
    "signing_key": _NO_KEYS,
    "recipient_key": _NO_KEYS,
    "opening_key": _NO_KEYS,
    "gate_key": _NO_KEYS,
    "anchor": _NO_DIGESTS,
    "content_kind": (("other", "passwords"), ("empty", "")),
    "log_root": (*_NO_DIGESTS, ("empty", "")),
    "log_size": (("zero", 0),),
    "log_key": (*_NO_VERIFIERS, ("witness", witness_key("wit"))),
    "place": _NO_TEXTS,
    "reason": _NO_TEXTS,
    "summary": _NO_TEXTS,
    "note": _NO_TEXTS,
    "at": (
        ("no-zone", "2026-11-23T09:30:00"),
        ("offset", "2026-11-23T09:30:00+00:00"),
        ("fraction", "2026-11-23T09:30:00.000Z"),
        ("no-such-day", "2026-02-30T09:30:00Z"),
        ("leap-second", "2026-12-31T23:59:60Z"),
        ("24-hours", "2026-11-23T24:00:00Z"),
    ),
    "kind": (("unknown", "vote"),),
    "suite": (("other", "bg2"), ("empty", "")),
    "group": (("other", "security"), ("upper-case", "Password"), ("empty", "")),
    "decision": (("other", "abstain"),),
    "cause": (("other", "whim"),),
    "type": (("other", "root"),),
    "slot_kind": (("other", "password"),),
    "action": (("other", "move"),),
    "credential": (("no-base64", "a b"), ("url-alphabet", "_-8=")),
    "name": (("empty", ""),),
    "root_email": (("empty", ""),),
    "task": (("empty", ""),),
}
