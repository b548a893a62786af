"""Small values that every rule shares: groups, keys of people, times."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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
