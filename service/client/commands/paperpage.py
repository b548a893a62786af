"""What is printed with a share: whose it is, its words, and what to do with them one day."""

from collections.abc import Iterator

from service.client.foundation import render
from service.client.shares.opening import OpenedShare
from service.domain.people import GroupName
from service.domain.roster import Roster
from service.domain.words import GROUPS


def page_of(opened: OpenedShare, server: str) -> str:
    """Return the page as text; the words are a paragraph of their own, so a file of it is read."""
    return "\n".join([*_share(opened), "", *_last_resort(opened.holding.roster, server)]) + "\n"


def _share(opened: OpenedShare) -> Iterator[str]:
    holding, words = opened.holding, opened.words
    envelope, roster = holding.envelope, holding.roster
    name, person = map(render.one_line, (roster.name, roster.members[holding.person].name))
    yield f"{name} ({envelope.account}), envelope version {envelope.version}"
    yield f"The share of {person}."
    threshold = roster.groups[holding.group].threshold
    yield f"One share of the {GROUPS[holding.group]} group, which needs {threshold}."
    yield f"Envelope {envelope.id}, manifest {envelope.digest}"
    yield ""
    for start in range(0, len(words), 4):
        row = enumerate(words[start : start + 4], start + 1)
        yield "  ".join(f"{place:2} {word:8}" for place, word in row).rstrip()


def _last_resort(roster: Roster, server: str) -> Iterator[str]:
    """Say what the paper is for: its reader may have nothing else."""
    yield "For the last resort, when the service and people's keys are gone: gather the account's"
    yield "bundle and as many papers of both groups as each needs, on any machine with breakglass."
    yield "  breakglass offline papers BUNDLE"
    yield f"It leaves a report: hand it in at {server} when that is back, or tell these people:"
    for name, group in roster.groups.items():
        people = render.listing(roster.members[person].name for person in group.custodians)
        yield f"  {GROUPS[GroupName(name)]} group, which needs {group.threshold}: {people}"
    yield "Anyone who gathers the papers and a bundle has the password, and no one need hear of it:"
    yield "their keepers are the only guard. Never keep two papers in one place. Destroy this one"
    yield "when a newer version is sealed."
