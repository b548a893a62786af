"""What is found before something is signed: what it asks for, and its words.

Stable codes: ``not-yet-in-log``; ``not-yet-witnessed`` (too few of the roster's witnesses have seen
the entry).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crypto.leaf import Leaf
from service.client.foundation import render


class Weight(StrEnum):
    """What a finding asks for: to be read, a second press, or nothing but to stop."""

    REMARK = "remark"
    CLOCK = "clock"
    VOICE = "voice"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong or not known. A press is answered by a person alone."""

    weight: Weight
    code: str
    sentence: str
    hint: str = ""


def withheld(names: Sequence[str], elsewhere: Sequence[str] = ()) -> Finding:
    """Return the finding for a release whose quorum the log does not show.

    ``names`` are whose approvals it lacks, ``elsewhere`` whose name another log.
    """
    said = [f"the log does not show these approvals: {render.listing(names)}"] if names else []
    if elsewhere:
        said.append(f"these approvals name another log: {render.listing(elsewhere)}")
    return Finding(
        weight=Weight.VOICE,
        code="not-yet-in-log" if names else "log-forked",
        sentence="; ".join(said),
        hint="hear those who approved by voice before you go on",
    )


def unseen_finding(entry: Leaf | None) -> Iterator[Finding]:
    """Yield the finding for an entry that too few witnesses have seen, if it is one."""
    if entry is not None:
        yield Finding(
            weight=Weight.REMARK,
            code="not-yet-witnessed",
            sentence="no outsider has seen this entry: too few of the witnesses that the roster "
            "names have cosigned the log since the request was entered",
            hint="this device will look again, and warn you if they have not after a day",
        )
