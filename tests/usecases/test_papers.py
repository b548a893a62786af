"""A password that was opened with papers: reported by anyone who opened it, without a session."""

from typing import Any

import pytest
from sqlalchemy import select

from service.domain import errors
from service.storage.tables import OutboxRow
from service.usecases import offline, papers
from tests.races.whole import check_whole
from tests.usecases.bodies import body
from tests.usecases.looking import envelope_state, tail
from tests.usecases.test_brought_in import brought_in
from tests.usecases.world import World

QUORUM = ("ann", "bob", "dea", "eli")


def report(world: World, name: str = "newest", **changes: str) -> str:
    signed = world.papers(world.manifests[name], **changes)
    return papers.take_report(world.ctx, body(signed)).state


def sealed(world: World, name: str, **changes: Any) -> None:
    world.seal(**changes)
    world.manifests[name] = world.manifests["newest"]


@pytest.mark.act("envelope.report-papers")
def test_a_report_enters_the_log_and_exposes_the_envelope(ready: World) -> None:
    done = papers.take_report(ready.ctx, body(ready.papers()))
    assert (done.state, envelope_state(ready)) == ("exposed", "exposed")
    assert done.receipt
    assert tail(ready, 2) == ["offline:papers", "envelope:exposed"]
    with ready.ctx.read() as unit:
        loud = unit.session.scalars(select(OutboxRow.leaf).where(OutboxRow.rank == 0)).all()
    assert done.leaf in loud
    check_whole(ready.ctx)


def test_three_reports_of_one_envelope_are_taken_each_once(ready: World) -> None:
    for place in ("here", "there", "elsewhere"):
        assert report(ready, place=place) == "exposed"
    before = ready.actions()
    with pytest.raises(errors.TooManyReportsError):
        report(ready, place="nowhere")
    with pytest.raises(errors.ReplayedError):
        report(ready, place="here")
    assert ready.actions() == before
    assert before.count("offline:papers") == 3
    assert before.count("envelope:exposed") == 1


def test_a_superseded_envelope_is_reported_and_what_holds_its_password_exposed(
    ready: World,
) -> None:
    ready.manifests["first"] = ready.manifests["newest"]
    sealed(ready, "second", cause="roster")
    ready.confirm(*QUORUM)
    sealed(ready, "third", cause="roster")
    assert report(ready, "first") == "superseded"
    assert [envelope_state(ready, name) for name in ("second", "third")] == [
        "exposed",
        "unconfirmed",
    ]
    ready.confirm(*QUORUM)
    assert envelope_state(ready, "third") == "exposed"
    assert tail(ready, 1) == ["envelope:exposed"]
    check_whole(ready.ctx)


def test_a_rotation_ends_what_a_report_exposes(ready: World) -> None:
    ready.manifests["first"] = ready.manifests["newest"]
    ready.rotate()
    assert report(ready, "first") == "superseded"
    assert envelope_state(ready) == "ready"
    assert tail(ready, 1) == ["offline:papers"]


def test_an_envelope_that_was_reported_before_it_was_confirmed_is_exposed_then(
    ready: World,
) -> None:
    sealed(ready, "second")
    assert report(ready, "second") == "unconfirmed"
    assert ready.confirm(*QUORUM).state == "exposed"
    assert envelope_state(ready, "second") == "exposed"


def test_an_imported_release_exposes_later_envelopes_of_its_password_too(ready: World) -> None:
    posted = brought_in(ready, QUORUM)
    ready.manifests["first"] = ready.manifests["newest"]
    sealed(ready, "second", cause="roster")
    ready.confirm(*QUORUM)
    sealed(ready, "third", cause="roster")
    offline.bring_in(ready.ctx, ready.caller("ann"), posted)
    assert envelope_state(ready, "second") == "exposed"
    ready.confirm(*QUORUM)
    assert envelope_state(ready, "third") == "exposed"


def test_a_release_before_a_new_roster_s_envelope_was_confirmed_exposes_that_too(
    ready: World,
) -> None:
    request = ready.ask()
    ready.approve_all(request)
    sealed(ready, "second", cause="roster")
    ready.release(request)
    ready.confirm(*QUORUM)
    assert envelope_state(ready, "second") == "exposed"
