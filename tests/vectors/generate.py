"""Write the project's own vectors, or say whether those in the tree are what would be written.

``python -m tests.vectors`` writes; ``python -m tests.vectors --check`` compares and exits 1 on a
difference. Both follow from fixed inputs and from ``kept.json``.
"""

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.vectors import bodies, consents, envelopes, primitives, raws, splits, texts, typed

FOLDER = Path(__file__).parent

# file: (section of docs/protocol.md, what is done with each case, the cases)
FILES: dict[str, tuple[str, str, Callable[[], Iterable[dict[str, Any]]]]] = {
    "lp": ("Bytes", "frame the fields", primitives.frames),
    "base64": ("Bytes", "decode the text", texts.base64_texts),
    "digests": ("Bytes", "read the digest", texts.digest_texts),
    "times": ("Bytes", "read the time", texts.times),
    "texts": ("Bytes", "check the free text", texts.free_texts),
    "json": ("Bytes", "parse canonical JSON", texts.json_texts),
    "keys": ("Primitives", "check a public key for its use", primitives.keys),
    "signatures": ("Primitives", "verify an Ed25519 signature", primitives.signatures),
    "identities": ("Identity and key slots", "derive from the root", primitives.identities),
    "spoken": ("Roster", "read a roster's words", primitives.spoken),
    "phrases": ("Identity and key slots", "read a phrase as typed", typed.phrases),
    "typed": ("Identity and key slots", "read this many words as typed", typed.words),
    "names": ("Bytes", "check the name of a person", typed.names),
    "derivations": (
        "Identity and key slots",
        "derive keys from a phrase",
        primitives.phrase_derivations,
    ),
    "slots": ("Identity and key slots", "unwrap the root", primitives.slots),
    "requestkeys": ("Request", "unwrap the request's key", primitives.request_keys),
    "payloads": (
        "Bytes",
        "parse the payload and check it as one of this kind",
        lambda: bodies.statement_cases(bodies.further_good(), bodies.further_bad()),
    ),
    "statements": ("Bytes", "parse the statement", raws.raw_statements),
    "verifications": (
        "Bytes",
        "verify the one signature, or this person's among many",
        raws.verifications,
    ),
    "sealed": ("Primitives", "open the sealed message", envelopes.sealed_messages),
    "shares": ("Primitives", "combine the shares", splits.combinations),
    "contents": ("Envelope", "open the content", envelopes.contents),
    "envelope": ("Envelope", "recompute every value", envelopes.envelope),
    "consents": ("Statements", "say what is about to be signed", consents.consents),
    "passwords": ("Passwords", "check the password for this account", texts.passwords),
}


def render(name: str) -> str:
    """Return a file's text: ASCII, one case a line, so that a difference shows whole cases."""
    section, act, cases = FILES[name]
    head = json.dumps({"section": section, "act": act})[:-1]
    lines = ",\n  ".join(json.dumps(case) for case in cases())
    return f'{head},\n "cases": [\n  {lines}\n ]}}\n'


def stale() -> list[str]:
    """Return the names of files that are not what would be written now."""
    return [name for name in FILES if _stored(name) != render(name)]


def _stored(name: str) -> str:
    path = FOLDER / f"{name}.json"
    return path.read_text(encoding="ascii") if path.exists() else ""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    if parser.parse_args(arguments).check:
        for name in (names := stale()):
            print(f"{name}.json is not what would be written: run make vectors")
        return 1 if names else 0
    for name in FILES:
        (FOLDER / f"{name}.json").write_text(render(name), encoding="ascii")
    return 0
