"""Composing a roster from names: out of a file, options, and the version in force.

The file is TOML or JSON; every field may be left out that the version in force has already::

    name = "Payer"
    root_email = "root@example.org"
    type = "management"               # or member, standalone
    requesters = ["rita@example.org"]
    sealers = ["rita@example.org"]
    [groups.password]
    threshold = 2
    custodians = ["ann@example.org", "bo@example.org", "cy@example.org"]
    [groups.mfa]
    threshold = 2
    custodians = ["dee@example.org", "eve@example.org", "fay@example.org"]
    [policy]
    request_lifetime = 14400          # seconds
    release_window = 3600
    denials = "unreachable"           # or first

    witnesses = ["name+id+key"]       # verifier keys of witnesses, before the tables
    cosigned_by = 1                   # how many of them have to cosign a checkpoint
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crypto.suite import SUITE
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.domain import names
from service.domain.people import GroupName, Identities, IdentityKeys
from service.domain.roster import FIRST_PREVIOUS, Cause, Roster
from service.wire.people import Person

Table = Mapping[str, Any]

_DEFAULT: Table = {
    "sealers": [],
    "witnesses": [],
    "cosigned_by": 0,
    "policy": {
        "request_lifetime": 4 * 3600,
        "release_window": 3600,
        "denials": "unreachable",
        "requester_seals": False,
        "least_suite": SUITE,
    },
}
_TEXTS = ("name", "root_email", "type")
_PEOPLE = ("requesters", "sealers")
_LOG = ("witnesses", "cosigned_by")
_SHAPE: Table = {
    **dict.fromkeys(_TEXTS, str),
    **dict.fromkeys(_PEOPLE, list),
    "witnesses": list,
    "cosigned_by": int,
    "groups": {name.value: {"threshold": int, "custodians": list} for name in GroupName},
    "policy": {
        "request_lifetime": int,
        "release_window": int,
        "denials": str,
        "requester_seals": bool,
        "least_suite": str,
    },
}


def check_wishes(wishes: Table, shape: Table = _SHAPE, place: str = "") -> None:
    """Refuse a field that a roster does not have, or one of another type.

    Raises:
        ClientRefusal: ``malformed-file``.
    """
    for name, value in wishes.items():
        wanted = shape.get(name)
        where = f"{place}{render.one_line(name)}"
        if wanted is None:
            raise ClientRefusal("malformed-file", f"a roster has no field {where}")
        if isinstance(wanted, Mapping) and isinstance(value, dict):
            check_wishes(value, wanted, f"{where}.")
        elif type(value) is not wanted:
            raise ClientRefusal("malformed-file", f"{where} has the wrong type")


def merged(lower: Table, upper: Table) -> dict[str, Any]:
    """Return ``lower`` with what ``upper`` says instead; tables are merged, lists are replaced."""
    result = dict(lower)
    for name, value in upper.items():
        inner = result.get(name)
        both = isinstance(inner, Mapping) and isinstance(value, Mapping)
        result[name] = merged(inner or {}, value) if both else value
    return result


def as_wishes(roster: Roster) -> dict[str, Any]:
    """Return a roster as the wishes that would compose it again."""
    return {
        "name": roster.name,
        "root_email": roster.root_email,
        "type": roster.type,
        "requesters": list(roster.requesters),
        "sealers": list(roster.sealers),
        "groups": {
            name.value: {"threshold": group.threshold, "custodians": list(group.custodians)}
            for name, group in roster.groups.items()
        },
        "policy": {
            "request_lifetime": roster.policy.request_lifetime,
            "release_window": roster.policy.release_window,
            "denials": roster.policy.denials.value,
            "requester_seals": roster.policy.requester_seals,
            "least_suite": roster.policy.least_suite,
        },
        "witnesses": list(roster.witnesses),
        "cosigned_by": roster.cosigned_by,
    }


def compose(
    account: str,
    wishes: Table,
    *,
    newest: Roster | None,
    people: Sequence[Person],
    log_key: str,
) -> dict[str, Any]:
    """Return the further fields of a roster's payload, with the identities that people enrolled.

    ``log_key`` is the verifier key of the log that this device has pinned.

    Raises:
        ClientRefusal: ``incomplete-draft``, ``unknown-person``, ``ambiguous-person``,
            ``not-enrolled``.
    """
    base = as_wishes(newest) if newest else _DEFAULT
    full = merged(base, wishes)
    _check_complete(full)
    groups = {
        name.value: {
            "threshold": full["groups"][name.value]["threshold"],
            "custodians": [
                _find(w, people).person for w in full["groups"][name.value]["custodians"]
            ],
        }
        for name in GroupName
    }
    lists = {name: sorted({_find(w, people).person for w in full[name]}) for name in _PEOPLE}
    custodians = {person for group in groups.values() for person in group["custodians"]}
    named = custodians.union(*lists.values())
    return {
        **_follows(account, newest),
        **{name: full[name] for name in _TEXTS},
        "groups": groups,
        **lists,
        "people": [_entry(person) for person in sorted(people, key=_id) if person.person in named],
        "policy": full["policy"],
        "log_key": log_key,
        **{name: full[name] for name in _LOG},
        "witnesses": sorted(full["witnesses"]),
        "retired": False,
    }


def retiring(newest: Roster, *, log_key: str) -> dict[str, Any]:
    """Return the further fields of the version that ends the line: who counts stays as they are.

    People keep the identities that they have in ``newest``, whatever they enrolled since.
    """
    members = sorted(newest.members.values(), key=lambda member: member.person)
    return {
        **_follows(newest.account, newest),
        **as_wishes(newest),
        "people": [
            {"person": member.person, "name": member.name, "identity": member.identity}
            for member in members
        ],
        "log_key": log_key,
        "retired": True,
    }


def _follows(account: str, newest: Roster | None) -> dict[str, Any]:
    return {
        "account": account,
        "version": newest.version + 1 if newest else 1,
        "previous": newest.digest if newest else FIRST_PREVIOUS,
        "cause": (Cause.CHANGE if newest else Cause.FIRST).value,
    }


def said_by(people: Sequence[Person]) -> Identities:
    """Return the identities that the service says people have, by digest.

    Enough for a draft, in which those who sign will verify them.
    """
    return {
        one.identity: IdentityKeys.from_payload(one.model_dump()) for one in people if one.identity
    }


def _check_complete(full: Table) -> None:
    missing = [name for name in (*_TEXTS, *_PEOPLE) if name not in full]
    for name in GroupName:
        group = full.get("groups", {}).get(name.value, {})
        missing += [
            f"{name.value} {part}" for part in ("threshold", "custodians") if part not in group
        ]
    if missing:
        raise ClientRefusal(
            "incomplete-draft",
            f"a first roster also needs: {', '.join(missing)}",
            "see 'breakglass roster draft --help'",
        )


def _find(who: object, people: Sequence[Person]) -> Person:
    """Find one person by id, e-mail address or name."""
    shown = render.one_line(str(who))
    wanted = names.sound(str(who).strip())
    found = [p for p in people if wanted in map(names.sound, (p.person, p.email, p.name))]
    if not found:
        raise ClientRefusal("unknown-person", f"no user is called {shown}", "invite them first")
    if len(found) > 1:
        raise ClientRefusal(
            "ambiguous-person", f"several users are called {shown}", "use the e-mail address"
        )
    if not found[0].identity:
        raise ClientRefusal("not-enrolled", f"{shown} has not enrolled yet")
    return found[0]


def _id(person: Person) -> str:
    return person.person


def _entry(person: Person) -> dict[str, str]:
    return {
        "person": person.person,
        "name": person.name,
        "identity": person.identity,
    }
