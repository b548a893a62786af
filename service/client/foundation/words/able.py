"""Who can act, in words: by group, and why others cannot."""

from collections.abc import Callable, Collection, Mapping

from service.client.foundation import render
from service.domain import words
from service.domain.able import Readiness, Standing
from service.domain.people import GroupName

_WHY: Mapping[Standing, str] = {
    Standing.NEW_KEYS: "has new keys, and can act offline with the old phrase",
    Standing.NEVER_CONFIRMED: "never confirmed that their share opens",
    Standing.NO_SHARE: "holds no share",
    Standing.WITHDRAWN: "left the group, and holds a share",
}


def group_lines(groups: Mapping[GroupName, Readiness], name_of: Callable[[str], str]) -> list[str]:
    """Say how many of each group can act, and of each other person why they cannot."""
    lines = []
    for name, group in groups.items():
        said = f"{len(group.able)} of {len(group.members)} can act, and it takes {group.needed}"
        lines.append(f"  {words.group(name)}: {said}")
        lines += [
            f"    {render.one_line(name_of(person))} {_WHY[standing]}"
            for person, standing in group.people.items()
            if standing is not Standing.ABLE
        ]
    return lines


def cannot_act(groups: Mapping[GroupName, Readiness]) -> list[str]:
    """Say which groups cannot act at all."""
    return [
        f"the {words.group(name)} cannot act: {len(group.able)} of {len(group.members)} can, and "
        f"it takes {group.needed}"
        for name, group in groups.items()
        if not group.can_act
    ]


def sealed_to_old_keys(names: Collection[str]) -> str:
    """Say to a sealer whom the roster names with keys that they do not have any more."""
    return (
        f"{render.listing(names)} will not be able to open what you seal: the roster names old "
        "keys. Have a roster with the new ones signed first"
    )
