"""Words that everything which speaks to people shares: groups, codes, and a text on one line."""

import re
from collections.abc import Iterable, Mapping

from service.domain.people import GroupName

GROUPS: Mapping[str, str] = {GroupName.PASSWORD: "password", GroupName.MFA: "MFA"}

# Said wherever such an envelope is shown, for as long as it is in force.
SEALED_BY_REQUESTER = "sealed by its requester: {name} knows this password"

# Control characters, direction marks and what is invisible. A browser or a terminal obeys them,
# and a name must neither turn the words around it nor look like another line.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069]")


def group(name: str) -> str:
    """``password group`` or ``MFA group``."""
    return f"{GROUPS[name]} group"


def plain(code: str) -> str:
    """A state or another code as people read it: ``rotation due``."""
    return code.replace("_", " ")


def one_line(text: str) -> str:
    """Text on one line, with a mark in place of each character that is obeyed, not shown."""
    return _OBEYED.sub("\ufffd", text.replace("\n", " "))


def escaped(text: str) -> str:
    """JSON on which nothing is obeyed: each such character is written as an escape."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def listing(items: Iterable[str]) -> str:
    """Join names as people do: ``Ann, Bo and Cy``; ``no one`` for none."""
    names = [one_line(item) for item in items]
    if len(names) < 2:  # noqa: PLR2004 - one name needs no "and"
        return names[0] if names else "no one"
    return f"{', '.join(names[:-1])} and {names[-1]}"
