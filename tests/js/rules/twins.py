"""Identities of two people that share a key: no roster may name both."""

from dataclasses import replace
from typing import Any

from tests.unit.domain.builders import Enrolled, enrolled

PARTS = {"encryptionKey": "encryption_key", "signingKey": "signing_key"}


class Twins(Enrolled):
    """Everyone's; ``bob/signingKey of ann`` is Bob's with the signing key of Ann's first."""

    def get(self, digest: str, default: Any = None) -> Any:
        person, _, said = digest.partition("/")
        which, _, other = said.partition(" of ")
        if not other:
            return super().get(digest, default)
        part = PARTS[which]
        return replace(enrolled(person), **{part: getattr(enrolled(other), part)})


IDENTITIES = Twins()
