"""Times of the log beside those in statements: remarks from ten minutes on, never refusals."""

import dataclasses
from datetime import timedelta

import pytest

from crypto import statement as statements
from crypto.encoding import parse_time
from service.client.audit.replay.times import gap_of
from service.client.audit.replay.world import World
from service.client.audit.report.report import Report
from service.client.foundation.errors import ClientRefusal
from tests.client.audit.exports import encoded, leaves, log, place, replayed, story

MINUTES = timedelta(minutes=1)


def shifted(by: timedelta) -> World:
    """The last leaf, a request, is entered so much after its requester's device signed it."""
    *before, last = leaves()
    assert last.action == "request:opened"
    return replayed(encoded([*before, dataclasses.replace(last, at=last.at + by)]))


def test_a_leaf_far_from_its_statement_is_a_remark() -> None:
    by = 10 * MINUTES
    world = shifted(by)
    [gap] = [gap for gap in world.gaps if gap.seq == len(leaves()) - 1]
    shown = Report(folder="export", verifier=log().signer.verifier, world=world)
    [remark] = [r for r in shown.remarks() if r.startswith(f"leaf {gap.seq} (request:opened): ")]
    assert "later than its signer's device said" in remark
    [found] = [one for one in shown.as_json()["times"] if one["leaf"] == gap.seq]
    assert found["unsigned"] == ["apart", "at"]
    assert found["apart"] == int(by.total_seconds())
    assert parse_time(found["signed_at"]) == leaves()[-1].at


def test_years_are_a_remark_too_but_for_a_request_which_is_refused() -> None:
    years = timedelta(days=3652)
    leaf = leaves()[place("envelope:sealed")]
    gap = gap_of(dataclasses.replace(leaf, at=leaf.at + years), statements.parse(leaf.statement))
    assert gap is not None
    assert gap.at - gap.signed_at == years
    with pytest.raises(ClientRefusal) as caught:
        shifted(years)
    assert caught.value.code == "clock-differs"


def test_less_than_ten_minutes_is_none() -> None:
    assert shifted(10 * MINUTES - timedelta(seconds=1)).gaps == replayed(story()).gaps


def test_a_roster_is_accepted_long_after_its_draft_and_never_before() -> None:
    leaf = leaves()[place("roster:accepted")]
    roster = statements.parse(leaf.statement)
    at = parse_time(roster.payload["at"])
    assert gap_of(dataclasses.replace(leaf, at=at + timedelta(days=30)), roster) is None
    gap = gap_of(dataclasses.replace(leaf, at=at - 10 * MINUTES), roster)
    assert gap is not None
    assert "10 minutes earlier than" in gap.sentence


def test_what_was_signed_while_the_service_was_down_is_none() -> None:
    first = place("request:imported")
    last = next(x.seq for x in leaves()[first:] if x.action == "envelope:exposed")
    before = leaves()[: last + 1]
    later = [dataclasses.replace(x, at=x.at + 55 * MINUTES) for x in before[first:]]
    world = replayed(encoded([*before[:first], *later]))
    assert not [gap for gap in world.gaps if gap.seq >= first]
