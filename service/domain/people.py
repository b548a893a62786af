"""Small values that every rule shares: groups, keys of people, times."""

from dataclasses import dataclass
from enum import StrEnum


class GroupName(StrEnum):
    """The two groups of an account; ``password`` is SLIP-39's group index 0, ``mfa`` is 1."""

    PASSWORD = "password"  # noqa: S105 - a group's name
    MFA = "mfa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person as a roster names them. Both keys count: two members are the same only with both."""

    person: str
    name: str
    encryption_key: bytes
    signing_key: bytes

    def same_keys(self, other: "Member | None") -> bool:
        """Whether ``other`` holds exactly these two keys."""
        return (
            other is not None
            and self.encryption_key == other.encryption_key
            and self.signing_key == other.signing_key
        )
