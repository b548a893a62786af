"""Splitting a content key among two groups, and combining it again. On a person's own device only.

SLIP-0039, extendable, iteration exponent 0, empty passphrase, 256-bit secret, both of two groups.
The arithmetic is ``shamir-mnemonic``'s. It is not constant-time, so it runs only on a device whose
user may see the secret anyway. The parameters are fixed here, and other shares are refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shamir_mnemonic  # type: ignore[import-untyped]

from crypto.envelope import MNEMONIC_WORDS
from crypto.errors import MalformedError, NotEnoughSharesError, VerificationError
from crypto.schema import GROUP_SIZE, GROUPS
from crypto.secret import SecretBytes

SECRET_LENGTH = 32
_ITERATION_EXPONENT = 0  # given everywhere: the library's own default is 1
_PASSPHRASE = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedShare:
    """What the share at one place of a roster's group must say."""

    group: str
    member: int
    threshold: int

    @classmethod
    def at(cls, group: str, place: int, threshold: int) -> "ExpectedShare":
        """Expect what ``split`` makes for the custodian at ``place``, counted from 0.

        SLIP-39 has no 1-of-n: where the threshold is 1, everyone's share says member 0.
        """
        return cls(group=group, member=0 if threshold == 1 else place, threshold=threshold)

    def __str__(self) -> str:
        """Say it as people count: members from 1."""
        return f"share {self.member + 1} of the {self.group} group, {self.threshold} needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A parsed mnemonic: its set, its group, its number there, and the group's threshold."""

    identifier: int
    group: str
    member: int
    threshold: int
    mnemonic: str

    def __repr__(self) -> str:
        return f"<Share {self.member} of the {self.group} group>"

    @property
    def says(self) -> ExpectedShare:
        """What it says of itself: no one but its sealer vouches for it."""
        return ExpectedShare(group=self.group, member=self.member, threshold=self.threshold)


def check_share(share: Share, expected: ExpectedShare) -> None:
    """Compare what a share says of itself with what the roster asks for at its place.

    A sealer who splits otherwise than the roster says could give one group all that it takes.

    Raises:
        VerificationError: another group, member or threshold.
    """
    if share.says != expected:
        raise VerificationError(f"it is {share.says}, and the roster asks for {expected}")


def split(
    secret: SecretBytes, groups: Sequence[tuple[int, int]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return one mnemonic for each member of both groups, given as (threshold, members).

    SLIP-39 has no 1-of-n: in a group with threshold 1 every member gets the same mnemonic.

    Raises:
        ValueError: not 32 bytes, not two groups, or not 1 <= threshold <= members <= 16.
    """
    if len(secret) != SECRET_LENGTH or len(groups) != len(GROUPS):
        raise ValueError(f"splitting takes {SECRET_LENGTH} bytes and {len(GROUPS)} groups")
    if not all(1 <= threshold <= members <= GROUP_SIZE for threshold, members in groups):
        raise ValueError(f"a group must have 1 <= threshold <= members <= {GROUP_SIZE}")
    password, mfa = shamir_mnemonic.generate_mnemonics(
        group_threshold=len(GROUPS),
        groups=[(threshold, 1 if threshold == 1 else members) for threshold, members in groups],
        master_secret=secret.reveal(),
        passphrase=_PASSPHRASE,
        extendable=True,
        iteration_exponent=_ITERATION_EXPONENT,
    )
    return _one_each(password, groups[0]), _one_each(mfa, groups[1])


def _one_each(mnemonics: Sequence[str], group: tuple[int, int]) -> tuple[str, ...]:
    threshold, members = group
    return tuple(mnemonics) * members if threshold == 1 else tuple(mnemonics)


def read_share(opened: SecretBytes) -> Share:
    """Parse what a custodian unsealed.

    Raises:
        MalformedError: not a mnemonic as ``split`` writes them.
    """
    try:
        return parse_share(opened.reveal().decode("ascii"))
    except UnicodeDecodeError:
        raise MalformedError("a share is not a mnemonic") from None


def parse_share(mnemonic: str) -> Share:
    """Parse a mnemonic in its one spelling: lower-case words, single spaces, good checksum.

    Raises:
        MalformedError: any other text, or a SLIP-39 share with other parameters than ours.
    """
    refusal = MalformedError("a share is not a mnemonic of 33 words with a good checksum")
    try:
        share = shamir_mnemonic.Share.from_mnemonic(mnemonic)
    except shamir_mnemonic.MnemonicError:
        raise refusal from None  # the library's message repeats words of the share
    if share.mnemonic() != mnemonic or len(mnemonic.split(" ")) != MNEMONIC_WORDS:
        raise refusal
    ours = (True, _ITERATION_EXPONENT, len(GROUPS), len(GROUPS))
    parameters = share.common_parameters()[1:]
    if parameters != ours or share.group_index >= len(GROUPS):
        raise MalformedError("a share has other parameters than this project's")
    return Share(
        identifier=share.identifier,
        group=GROUPS[share.group_index],
        member=share.index,
        threshold=share.member_threshold,
        mnemonic=mnemonic,
    )


def combine(mnemonics: Iterable[str]) -> SecretBytes:
    """Return the secret, from exactly threshold shares of each group.

    Of more shares of a group the first ones are used, and a repeated mnemonic counts once. Compare
    each share with its commitment first: only that shows which one is wrong.

    Raises:
        MalformedError: one of them is not a share as ``split`` makes them.
        NotEnoughSharesError: a group has fewer than its threshold.
        VerificationError: they do not belong together.
    """
    # dict, not set: the order decides which shares are used
    shares = list(dict.fromkeys(parse_share(mnemonic) for mnemonic in mnemonics))
    if len({share.identifier for share in shares}) > 1:
        raise VerificationError("the shares are from different envelopes")
    chosen = [share.mnemonic for group in GROUPS for share in _enough(shares, group)]
    try:
        secret = shamir_mnemonic.combine_mnemonics(chosen, _PASSPHRASE)
    except shamir_mnemonic.MnemonicError:
        raise VerificationError("the shares do not belong together") from None
    return SecretBytes(secret)


def _enough(shares: Iterable[Share], group: str) -> Sequence[Share]:
    """Return exactly threshold shares of a group, the first ones given."""
    members = [share for share in shares if share.group == group]
    thresholds: Mapping[int, None] = dict.fromkeys(share.threshold for share in members)
    if len(thresholds) > 1 or len({share.member for share in members}) != len(members):
        raise VerificationError(f"shares of the {group} group contradict each other")
    needed = next(iter(thresholds), 1)
    if len(members) < needed:
        raise NotEnoughSharesError(
            f"the {group} group has {len(members)} of the {needed} shares it needs"
        )
    return members[:needed]
