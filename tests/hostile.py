"""A sealer who splits otherwise than the roster says: every way of it that a share can show.

Each split is sound in itself, so that it would open the password if no one compared it with the
roster. All else is honest: sealed to the right people, committed to, and signed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import shamir_mnemonic  # type: ignore[import-untyped]

from crypto.encoding import format_time
from crypto.envelope import commitment, context, custody_info
from crypto.opening import Content, SealedEnvelope, SealedShare, seal_envelope
from crypto.seal import seal
from crypto.secret import SecretBytes
from crypto.sharing import split
from crypto.statement import Statement
from crypto.suite import SUITE

Groups = Sequence[tuple[int, Sequence[str]]]  # threshold and people, password first
Dealt = Mapping[str, str]  # a mnemonic for each person
Deal = Callable[[bytes, Groups], Dealt]

Passes = Callable[[Groups], set[str]]


def no_one(_groups: Groups) -> set[str]:
    """Every share of the split shows what it is."""
    return set()


def all_but_last(groups: Groups) -> set[str]:
    """The password group, without its last member."""
    return set(groups[0][1][:-1])


def middle_ones(groups: Groups) -> set[str]:
    """Whose place stays when a group of three is turned round."""
    return {people[1] for _, people in groups if len(people) == 3}


def all_but_second(groups: Groups) -> set[str]:
    """Everyone but the second of the password group."""
    return {person for _, people in groups for person in people} - {groups[0][1][1]}


def password_group(groups: Groups) -> set[str]:
    """The password group."""
    return set(groups[0][1])


def everyone(groups: Groups) -> set[str]:
    """No share shows it by itself."""
    return {person for _, people in groups for person in people}


@dataclass(frozen=True)
class Row:
    """One split: ``code`` is how a custodian's own share is refused, but for those who ``pass_``.

    ``fits_two``: it can be made for two custodians of each group. ``sent``: the service, which
    knows the length of a sealed share, takes it.
    """

    name: str
    deal: Deal
    code: str = "share-differs"
    pass_: Passes = no_one
    fits_two: bool = True
    sent: bool = True

    def __str__(self) -> str:
        return self.name


def made(secret: bytes, groups: Sequence[tuple[int, int]], **changes: Any) -> list[list[str]]:
    """Split by the library itself, with other parameters than the project's where given."""
    sizes = [(threshold, 1 if threshold == 1 else members) for threshold, members in groups]
    how = {
        "group_threshold": 2,
        "extendable": True,
        "iteration_exponent": 0,
        **changes,
    }
    sets = shamir_mnemonic.generate_mnemonics(groups=sizes, master_secret=secret, **how)
    return [
        [*mnemonics] * members if threshold == 1 else [*mnemonics]
        for mnemonics, (threshold, members) in zip(sets, groups, strict=True)
    ]


def handed(groups: Groups, sets: Sequence[Sequence[str]]) -> Dealt:
    """Give each custodian the mnemonic at their place."""
    return {
        person: mnemonic
        for (_, people), mnemonics in zip(groups, sets, strict=False)
        for person, mnemonic in zip(people, mnemonics, strict=True)
    }


def _sizes(groups: Groups) -> list[tuple[int, int]]:
    return [(threshold, len(people)) for threshold, people in groups]


def other_parameters(secret: bytes, groups: Groups, **changes: Any) -> Dealt:
    return handed(groups, made(secret, _sizes(groups), **changes))


def three_groups(secret: bytes, groups: Groups, *, needed: int, at: int) -> Dealt:
    """A third SLIP-39 group, whose share would complete any other; ours begin at ``at``."""
    sizes = _sizes(groups)
    sizes.insert(0 if at else 2, (1, 1))
    return handed(groups, made(secret, sizes, group_threshold=needed)[at:])


def other_thresholds(secret: bytes, groups: Groups, *, password: int, mfa: int) -> Dealt:
    (_, first), (_, second) = groups
    return handed(groups, made(secret, [(password, len(first)), (mfa, len(second))]))


def to_one_group(secret: bytes, groups: Groups) -> Dealt:
    """Both SLIP-39 groups 1 of 1: two people of the password group open it by themselves."""
    [password], [mfa] = made(secret, [(1, 1), (1, 1)])
    (_, first), (_, second) = groups
    return {p: (password, mfa)[i % 2] for i, p in enumerate(first)} | dict.fromkeys(second, mfa)


def to_one_group_by_half(secret: bytes, groups: Groups) -> Dealt:
    """The password group's own shares are right, and its last member has the other group whole."""
    dealt = dict(other_thresholds(secret, groups, password=groups[0][0], mfa=1))
    return dealt | {groups[0][1][-1]: dealt[groups[1][1][0]]}


def groups_exchanged(secret: bytes, groups: Groups) -> Dealt:
    password, mfa = groups
    return handed([mfa, password], made(secret, _sizes([mfa, password])))


def places_exchanged(secret: bytes, groups: Groups) -> Dealt:
    (one, first), (two, second) = groups
    turned = [(one, first[::-1]), (two, second[::-1])]
    return handed(turned, made(secret, _sizes(turned)))


def share_twice(secret: bytes, groups: Groups) -> Dealt:
    """Two people of the password group hold one share, so that it counts once."""
    dealt = dict(handed(groups, made(secret, _sizes(groups))))
    first, second, *_ = groups[0][1]
    return dealt | {second: dealt[first]}


def two_splits(secret: bytes, groups: Groups) -> Dealt:
    """The first custodian's share is of another split: no one sees that from their share alone."""
    one, two = (handed(groups, made(secret, _sizes(groups))) for _ in range(2))
    first = groups[0][1][0]
    return dict(two) | {first: one[first]}


def shorter(secret: bytes, groups: Groups) -> Dealt:
    return handed(groups, made(secret[:16], _sizes(groups)))


def no_share(_secret: bytes, groups: Groups) -> Dealt:
    """Words, but no mnemonic."""
    return handed(groups, [["abandon " * 32 + "abandon"] * len(people) for _, people in groups])


def another_member(secret: bytes, groups: Groups) -> Dealt:
    """In a group of which one share is enough, everyone's says place 0."""
    dealt = handed(groups, made(secret, _sizes(groups)))
    parsed = {who: shamir_mnemonic.Share.from_mnemonic(text) for who, text in dealt.items()}
    return {
        who: replace(share, index=share.index + (share.member_threshold == 1)).mnemonic()
        for who, share in parsed.items()
    }


_UNREADABLE = "share-does-not-open"
# For rosters of which two of each group are needed.
ROWS = (
    Row("both groups to one", to_one_group),
    Row("both groups to one, by half", to_one_group_by_half, pass_=all_but_last),
    Row("a threshold of one", partial(other_thresholds, password=1, mfa=1)),
    Row("a threshold of three", partial(other_thresholds, password=3, mfa=3), fits_two=False),
    Row("groups exchanged", groups_exchanged),
    Row("places exchanged", places_exchanged, pass_=middle_ones),
    Row("one share in two hands", share_twice, pass_=all_but_second),
    Row("one group is enough", partial(other_parameters, group_threshold=1), _UNREADABLE),
    Row("two of three groups", partial(three_groups, needed=2, at=0), _UNREADABLE),
    Row("three of three groups", partial(three_groups, needed=3, at=0), _UNREADABLE),
    Row("the two later groups of three", partial(three_groups, needed=2, at=1), _UNREADABLE),
    Row("not extendable", partial(other_parameters, extendable=False), _UNREADABLE),
    Row("more iterations", partial(other_parameters, iteration_exponent=1), _UNREADABLE),
    Row("a shorter secret", shorter, _UNREADABLE, sent=False),
    Row("no share at all", no_share, _UNREADABLE),
)
# For a roster of which one of a group is enough.
OTHER_MEMBER = Row("another member where one is enough", another_member, pass_=password_group)
# No custodian sees this from their own share: combining does.
MIXED = Row("identifiers mixed", two_splits, "", everyone)


def groups_of(roster: Statement) -> Groups:
    """Each group's threshold and custodians, password first."""
    groups = [roster.payload["groups"][name] for name in ("password", "mfa")]
    return [(group["threshold"], group["custodians"]) for group in groups]


def as_splitter(deal: Deal, roster: Statement) -> Callable[..., list[list[str]]]:
    """The same split as what ``seal_envelope`` is handed in place of its own."""

    def splitter(key: SecretBytes, _sizes: object) -> list[list[str]]:
        groups = groups_of(roster)
        dealt = deal(key.reveal(), groups)
        return [[dealt[person] for person in people] for _, people in groups]

    return splitter


def hostile_seal(
    content: Content,
    *,
    roster: Statement,
    keys: Mapping[str, bytes],
    deal: Deal,
    at: datetime,
    **how: Any,
) -> SealedEnvelope:
    """Seal as ``crypto.opening.seal_envelope`` does, but hand out what ``deal`` makes."""
    seen: list[SecretBytes] = []

    def listening(key: SecretBytes, sizes: Sequence[tuple[int, int]]) -> Any:
        seen.append(key)
        return split(key, sizes)

    sealed = seal_envelope(content, roster=roster, keys=keys, at=at, splitter=listening, **how)
    dealt = deal(seen[0].reveal(), groups_of(roster))
    signed = {**sealed.manifest, "kind": "manifest", "suite": SUITE, "at": format_time(at)}
    bound = context(signed)
    shares = tuple(
        _sealed(bound, share.group, share.custodian, dealt[share.custodian], keys)
        for share in sealed.shares
    )
    published = [share.published() for share in shares]
    return replace(sealed, manifest={**sealed.manifest, "shares": published}, shares=shares)


def _sealed(
    bound: bytes, group: str, person: str, mnemonic: str, keys: Mapping[str, bytes]
) -> SealedShare:
    return SealedShare(
        group=group,
        custodian=person,
        commitment=commitment(bound, group, person, mnemonic),
        sealed=seal(keys[person], custody_info(bound, group, person), mnemonic.encode()),
    )
