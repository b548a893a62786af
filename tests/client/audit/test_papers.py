"""Reports of papers in an audit: what their signature proves, and what is only claimed."""

import dataclasses
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from crypto.leaf import Leaf, parse_leaf
from crypto.statement import Statement, parse, sign
from service.client.audit.replay.claim import Replayed
from service.client.audit.replay.unsigned import Unsigned
from service.client.audit.replay.world import World as Replay
from service.client.audit.report.story import Story
from service.client.foundation.errors import ClientRefusal
from service.usecases import offline, papers
from tests.cast import ACCOUNT, somebody
from tests.client.audit import story
from tests.client.audit.exports import encoded, replayed, replayed_by
from tests.usecases.bodies import body
from tests.usecases.test_brought_in import brought_in
from tests.usecases.world import World


@dataclasses.dataclass(frozen=True)
class Told:
    """A log with reports, and further ones that were never posted."""

    leaves: tuple[bytes, ...]
    fourth: Statement
    of_second: Statement
    forged: Statement
    unknown: Statement
    stranger: Statement

    @property
    def reports(self) -> list[int]:
        found = map(parse_leaf, self.leaves)
        return [leaf.seq for leaf in found if leaf.action == "offline:papers"]

    def last(self, action: str) -> int:
        return max(leaf.seq for leaf in map(parse_leaf, self.leaves) if leaf.action == action)


@cache
def told() -> Told:
    """One envelope reported three times; its successor once, before it was confirmed."""
    with TemporaryDirectory() as folder, story.a_world(Path(folder)) as world:
        story.begin(world)
        for place in ("the vault", "", "a hotel"):
            report = world.papers(place=place)
            world.clock.advance(minutes=30)  # until the service was back
            papers.take_report(world.ctx, body(report))
        first = world.manifests["newest"]
        world.seal()
        papers.take_report(world.ctx, body(world.papers()))
        world.confirm("ann", "bob", "dea", "eli")
        world.clock.advance(minutes=1)
        return Told(
            leaves=tuple(story.leaves_of(world)),
            fourth=world.papers(first, place="a fourth"),
            of_second=world.papers(place="again"),
            forged=by_its_sealer(world, first),
            unknown=world.papers(first, manifest="5" * 64),
            stranger=world.papers(
                first,
                papers=[
                    {"group": "password", "custodian": world.id("gus")},
                    {"group": "mfa", "custodian": world.id("dea")},
                ],
            ),
        )


def by_its_sealer(world: World, first: Statement) -> Statement:
    said = world.papers(first).payload
    fields = {name: said[name] for name in said if name not in {"kind", "suite", "at"}}
    return sign("papers", fields, identity=somebody("gus").identity, at=world.clock())


def written() -> list[Leaf]:
    return [parse_leaf(data) for data in told().leaves]


def posted(nth: int) -> Statement:
    return parse(written()[told().reports[nth]].statement)


def with_report(statement: Statement, nth: int = 0) -> list[Leaf]:
    """The nth report says something else."""
    leaves, place = written(), told().reports[nth]
    leaves[place] = dataclasses.replace(leaves[place], statement=statement.raw)
    return leaves


def one_more(statement: Statement, like: int) -> list[Leaf]:
    """A report more at the end, in the words of an earlier one."""
    leaves = written()
    report = dataclasses.replace(leaves[told().reports[like]], statement=statement.raw)
    details = {**report.details, "state": "exposed" if like else "superseded"}
    return [*leaves, dataclasses.replace(report, at=leaves[-1].at, details=details)]


def by_a_person() -> list[Leaf]:
    leaves, place = written(), told().reports[0]
    leaves[place] = dataclasses.replace(leaves[place], actor=somebody("ann").id)
    return leaves


def saying(**details: str) -> list[Leaf]:
    leaves, place = written(), told().reports[0]
    changed = {**leaves[place].details, **details}
    leaves[place] = dataclasses.replace(leaves[place], details=changed)
    return leaves


def without(index: int) -> list[Leaf]:
    return [leaf for leaf in written() if leaf.seq != index]


WRONG: Sequence[tuple[str, Callable[[], list[Leaf]], str]] = (
    ("signed by another key", lambda: with_report(told().forged), "papers-forged"),
    ("told as of another envelope", lambda: with_report(told().of_second, 2), "wrong-envelope"),
    ("told as of no state", lambda: saying(state="ready"), "details-differ"),
    ("of no envelope", lambda: with_report(told().unknown), "wrong-envelope"),
    ("of a paper that there is not", lambda: with_report(told().stranger), "wrong-group"),
    ("a fourth", lambda: one_more(told().fourth, 0), "too-many-reports"),
    ("once more", lambda: with_report(posted(0), 1), "replayed"),
    ("told as a person's", by_a_person, "wrong-field"),
    ("without what it exposes", lambda: without(told().reports[0] + 1), "consequence-missing"),
    (
        "its envelope ready and not exposed",
        lambda: without(told().last("envelope:exposed")),
        "consequence-missing",
    ),
)


def test_reports_and_what_they_expose_are_right_in_every_leaf() -> None:
    world = replayed(told().leaves)
    assert world.tally["reports of papers"] == 4
    assert len([r for r in world.remarks if "an opening with papers" in r]) == 4
    assert "offline:papers" not in {gap.action for gap in world.gaps}
    states = {e.version: e.state for e in world.accounts[ACCOUNT].envelopes.values()}
    assert states == {1: "superseded", 2: "exposed"}
    more = replayed(encoded(one_more(told().of_second, 3)))
    assert more.tally["reports of papers"] == 5


@pytest.mark.parametrize(("what", "rewritten", "code"), WRONG, ids=[row[0] for row in WRONG])
def test_a_report_that_breaks_a_rule_is_refused(
    what: str, rewritten: Callable[[], list[Leaf]], code: str
) -> None:
    assert what
    with pytest.raises(ClientRefusal) as caught:
        replayed(encoded(rewritten()))
    assert caught.value.code == code


def test_names_place_time_and_keepers_are_claims_and_marked_so() -> None:
    recorder = Story()
    replayed_by(recorder, told().leaves)
    first, second, *_ = [
        str(entry.sentence)
        for entry in recorder.accounts[ACCOUNT]
        if entry.action == "offline:papers"
    ]
    bare = first.split("[unsigned: ")
    for claim in ("Rob", "the vault", "the service and all keys are gone", "ann", "eli"):
        assert claim not in bare[0]
        assert any(part.split("]")[0] == claim for part in bare[1:]), first
    assert "the vault" not in second
    assert "; by [unsigned: Rob]; on [unsigned: 2026-" in second


class Listening(Story):
    """Keeps what a report is given of each report of papers."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[Replayed] = []

    def leaf(self, world: Replay, leaf: Replayed) -> None:
        super().leaf(world, leaf)
        self.given += [leaf] if leaf.action == "offline:papers" else []


def test_no_report_is_given_a_claim_without_its_mark() -> None:
    recorder = Listening()
    replayed_by(recorder, told().leaves)
    for leaf in recorder.given:
        assert leaf.said == {}
        assert all(isinstance(text, Unsigned) for text in (*leaf.claimed.values(), *leaf.keepers))
        assert leaf.claimed


def released_before_it_was_confirmed(world: World) -> None:
    request = world.ask()
    world.approve_all(request)
    world.seal(cause="roster")
    world.release(request)


def brought_to_the_service_before_it_was_confirmed(world: World) -> None:
    asked = {world.ask(): names for names in (("ann", "bob"), ("dea", "eli"))}
    world.seal(cause="roster")
    for request, names in asked.items():
        for name in names:
            world.approve(name, request)
        world.cancel(request)


def imported_before_it_was_confirmed(world: World) -> None:
    world.seal(cause="rotation")
    posted = brought_in(world, ("ann", "bob", "dea", "eli"))
    offline.bring_in(world.ctx, world.caller("ann"), posted)


def imported_when_it_was_superseded(world: World) -> None:
    posted = brought_in(world, ("ann", "bob", "dea", "eli"))
    world.seal(cause="roster")
    world.confirm("ann", "bob", "dea", "eli")
    world.seal(cause="roster")
    offline.bring_in(world.ctx, world.caller("ann"), posted)


def reported_when_it_was_superseded(world: World) -> None:
    report = world.papers()
    world.seal(cause="roster")
    world.confirm("ann", "bob", "dea", "eli")
    world.seal(cause="roster")
    papers.take_report(world.ctx, body(report))


SEEN = (
    released_before_it_was_confirmed,
    brought_to_the_service_before_it_was_confirmed,
    imported_before_it_was_confirmed,
    imported_when_it_was_superseded,
    reported_when_it_was_superseded,
)


@pytest.mark.parametrize("seen", SEEN)
def test_service_and_audit_expose_alike_what_becomes_ready_after_it_was_seen(
    seen: Callable[[World], None], tmp_path: Path
) -> None:
    with story.a_world(tmp_path) as world:
        story.begin(world)
        seen(world)
        assert world.confirm("ann", "bob", "dea", "eli").state == "exposed"
        replay = replayed(story.leaves_of(world))
    assert [e.state for e in replay.accounts[ACCOUNT].envelopes.values()][-1] == "exposed"
