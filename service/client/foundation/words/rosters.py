"""A roster in words, and what changed between two of them."""

from collections.abc import Iterable

from service.client.foundation import render
from service.domain.people import GroupName
from service.domain.roster import Denials, Roster
from service.domain.words import GROUPS

_DENIALS = {
    Denials.FIRST: "the first denial ends a request",
    Denials.UNREACHABLE: "a request ends when a group can no longer reach its threshold",
}


def describe(roster: Roster) -> list[str]:
    """Describe a roster completely, one part a line; nothing its drafter typed adds a line."""
    called = render.one_line(roster.name)
    lines = [f"version {roster.version} of {roster.account}, {called} ({roster.type})"]
    lines.append(f"  root e-mail      {render.one_line(roster.root_email)}")
    for name, group in roster.groups.items():
        who = _names(roster, group.custodians)
        needed = f"{group.threshold} of {len(group.custodians)}"
        lines.append(f"  {GROUPS[name] + ' group':16} {needed}: {who}")
    lines.append(f"  {'may ask':16} {_names(roster, roster.requesters)}")
    lines.append(f"  {'may seal':16} {_names(roster, roster.sealers)}")
    lines.append(f"  {'policy':16} {_policy(roster)}")
    lines.append(f"  {'log key':16} {render.one_line(roster.log_key)}")
    lines.append(f"  {'witnesses':16} {_witnesses(roster)}")
    if roster.retired:
        lines.append(f"  {'retired':16} no request or password is taken in this line any more")
    return lines


def changes(old: Roster, new: Roster) -> list[str]:
    """Describe what ``new`` changes, one sentence a line; empty if nothing has changed."""
    lines = []
    if new.retired and not old.retired:
        lines.append("ENDS THIS LINE OF THE ACCOUNT: no request or password is taken after it")
    for name in GroupName:
        lines += _group_changes(old, new, name)
    lines += _list_changes("may ask for root access", old, new, old.requesters, new.requesters)
    lines += _list_changes("may seal passwords", old, new, old.sealers, new.sealers)
    lines += [
        f"{member.name} has new keys"
        for person, member in new.members.items()
        if person in old.members and not member.same_identity(old.members[person])
    ]
    lines += [
        f"{old.members[person].name} is now called {member.name}"
        for person, member in new.members.items()
        if person in old.members and member.name != old.members[person].name
    ]
    return [render.one_line(line) for line in (*lines, *_facts(old, new))]


def _group_changes(old: Roster, new: Roster, name: GroupName) -> list[str]:
    before, after = old.groups[name], new.groups[name]
    lines = _list_changes(
        f"in the {GROUPS[name]} group", old, new, before.custodians, after.custodians
    )
    if before.threshold != after.threshold:
        lines.append(
            f"the {GROUPS[name]} group needs {after.threshold} instead of {before.threshold}"
        )
    return lines


def _list_changes(
    what: str, old: Roster, new: Roster, before: Iterable[str], after: Iterable[str]
) -> list[str]:
    came = [person for person in after if person not in set(before)]
    left = [person for person in before if person not in set(after)]
    lines = [f"new: {_names(new, came)} — {what}"] if came else []
    return lines + ([f"no longer: {_names(old, left)} — {what}"] if left else [])


def _facts(old: Roster, new: Roster) -> list[str]:
    pairs = (
        ("the account's name", old.name, new.name),
        ("the root e-mail", old.root_email, new.root_email),
        ("the account's type", old.type, new.type),
        ("the policy", _policy(old), _policy(new)),
        ("the log's key", old.log_key, new.log_key),
        ("the witnesses", _witnesses(old), _witnesses(new)),
    )
    return [f"{what}: {after} (was: {before})" for what, before, after in pairs if before != after]


def _policy(roster: Roster) -> str:
    policy = roster.policy
    return (
        f"a request is open for at most {render.duration(policy.request_lifetime)}, a release for "
        f"{render.duration(policy.release_window)}; {_DENIALS[policy.denials]}"
        + ("; a requester may seal the password after their release" * policy.requester_seals)
    )


def _witnesses(roster: Roster) -> str:
    if not roster.witnesses:
        return "none"
    names = render.listing(key.partition("+")[0] for key in roster.witnesses)
    return f"{roster.cosigned_by} of {len(roster.witnesses)} cosign: {names}"


def _names(roster: Roster, people: Iterable[str]) -> str:
    return render.listing(roster.members[person].name for person in people)
