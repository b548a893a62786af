"""Whose signatures make a roster count."""

from collections.abc import Collection, Mapping

from service.domain import errors
from service.domain.able import NewestIdentities, signs
from service.domain.people import GroupName
from service.domain.roster import Roster


def new_members(roster: Roster, previous: Roster | None) -> frozenset[str]:
    """Those whose identity is new or changed against ``previous``."""
    if previous is None:
        return frozenset(roster.members)
    return frozenset(
        person
        for person, member in roster.members.items()
        if not member.same_identity(previous.members.get(person))
    )


def signers_needed(
    roster: Roster, previous: Roster | None, *, signed: Collection[bytes]
) -> dict[str, frozenset[str]]:
    """Whose signatures are still missing, by reason; empty when the roster counts.

    ``signed`` are the signing keys of the signatures that verified. Keys of the result:
    ``everybody`` (a first roster: all custodians), ``consent`` (whose identity is new or changed,
    under the new keys), and a group's name for those custodians of the previous roster of whom
    enough to reach its threshold must still sign, under the previous keys.
    """
    missing: dict[str, frozenset[str]] = {}
    new = {p for p in new_members(roster, previous) if roster.members[p].signing_key not in signed}
    if new:
        missing["consent"] = frozenset(new)
    if previous is None:
        open_ = {p for p in roster.custodians if roster.members[p].signing_key not in signed}
        if open_:
            missing["everybody"] = frozenset(open_)
        return missing
    for name, group in previous.groups.items():
        there = {p for p in group.custodians if previous.members[p].signing_key in signed}
        if len(there) < group.threshold:
            missing[name.value] = frozenset(set(group.custodians) - there)
    return missing


def signers_able(
    missing: Mapping[str, Collection[str]],
    roster: Roster,
    previous: Roster | None,
    newest: NewestIdentities,
) -> frozenset[str]:
    """Those of ``missing`` who have the keys that their signature takes.

    ``missing`` is as :func:`signers_needed` has it, ``newest`` what each of them enrolled last.
    """
    before = {name.value for name in GroupName}
    return frozenset(
        person
        for why, people in missing.items()
        for person in people
        if signs(person, previous if why in before else roster, newest)
    )


def awaited_keys(roster: Roster, previous: Roster | None) -> frozenset[bytes]:
    """Signing keys whose signature on this roster means something: new and previous ones."""
    keys = {m.signing_key for m in roster.members.values()}
    if previous is not None:
        keys |= {previous.members[p].signing_key for p in previous.custodians}
    return frozenset(keys)


def check_signed(roster: Roster, previous: Roster | None, *, signed: Collection[bytes]) -> None:
    """Refuse a roster that lacks signatures, or carries one that was not asked for."""
    if not set(signed) <= awaited_keys(roster, previous):
        raise errors.NotAwaitedError
    if signers_needed(roster, previous, signed=signed):
        raise errors.TooFewSignersError
