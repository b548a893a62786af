"""Small values that every rule shares: groups, keys of people, times."""

from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class GroupName(StrEnum):
    """The two groups of an account; ``password`` is SLIP-39's group index 0, ``mfa`` is 1."""

    PASSWORD = "password"  # noqa: S105 - a group's name
    MFA = "mfa"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityKeys:
    """What a verified identity says: whose it is, and their two keys."""

    person: str
    encryption_key: bytes
    signing_key: bytes

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> "IdentityKeys":
        """Build from an identity's payload, or a row with the same names; its form was checked."""
        return cls(
            person=payload["person"],
            encryption_key=a2b_base64(payload["encryption_key"]),
            signing_key=a2b_base64(payload["signing_key"]),
        )


Identities = Mapping[str, IdentityKeys]  # by the digest of the identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person as a roster names them: by the digest of their identity, which brings the keys."""

    person: str
    name: str
    identity: str
    encryption_key: bytes
    signing_key: bytes

    def same_identity(self, other: "Member | None") -> bool:
        """Whether ``other`` is named by exactly this identity, and so with the same keys."""
        return other is not None and self.identity == other.identity
