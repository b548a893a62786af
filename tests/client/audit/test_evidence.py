"""What only the log's key vouches for changes no report, and is shown with its mark."""

import copy
import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest

from crypto.leaf import Leaf
from service.client.audit.replay.claim import Basis, Claim, Replayed, demand_said, settle
from service.client.audit.replay.replay import finish, replay
from service.client.audit.replay.unsigned import Unsigned, data
from service.client.audit.report.account_page import account_json, account_lines, account_page
from service.client.audit.report.report import Report
from service.client.audit.report.story import Story
from service.client.audit.report.year import AccountReport
from service.client.foundation.errors import ClientRefusal
from service.domain.declared import DECLARED
from service.domain.events import Action
from tests.cast import ACCOUNT, somebody
from tests.client.audit.exporting import run_verify
from tests.client.audit.exports import encoded, leaves, log, replayed, replayed_by, story, write
from tests.client.audit.rewriting import Rewriting, proven, without_unsigned
from tests.client.audit.whole import whole_leaves
from tests.client.logs import Log


def sign_in(**changes: object) -> Leaf:
    """An invented leaf after the last one, which says that a request is closed."""
    last = leaves()[-1]
    ann = somebody("ann").id
    made = Leaf(
        seq=len(leaves()),
        at=last.at,
        actor=ann,
        action="session:opened",
        subject=ann,
        details={"session": "s"},
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def refused(leaf: Leaf) -> str:
    with pytest.raises(ClientRefusal) as caught:
        replayed(encoded([*leaves(), leaf]))
    assert caught.value.message.startswith(f"leaf {len(leaves())} ")
    return caught.value.code


def test_a_leaf_that_merely_names_a_request_is_refused(tmp_path: Path) -> None:
    open_ = next(iter(replayed(story()).accounts[ACCOUNT].requests))
    assert refused(sign_in(request=open_)) == "wrong-field"
    said = {"session": "s", "state": "closed"}
    assert refused(sign_in(details=said)) == "undeclared"
    lying = sign_in(request=open_, details=said)
    assert refused(lying) == "undeclared"
    written = Log(signer=log().signer, leaves=encoded([*leaves(), lying]))
    done = run_verify(write(tmp_path / "export", written))
    assert (done.exit_code, "[undeclared]" in done.stderr) == (1, True)
    replayed(encoded([*leaves(), sign_in()]))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"details": {}}, "undeclared"),
        ({"details": {"session": 1}}, "undeclared"),
        ({"subject": "service"}, "wrong-field"),
        ({"action": "channel:recovered", "details": {"channel": "c"}}, "wrong-field"),
    ],
)
def test_a_leaf_that_is_not_as_declared_is_refused(change: dict[str, object], code: str) -> None:
    assert refused(sign_in(**change)) == code


def test_what_nothing_proves_is_not_taken_for_proven() -> None:
    """A release that claims to be an import, with all else as it was."""
    index = next(x.seq for x in leaves() if x.action == "request:released")
    written = leaves()
    details = {**written[index].details, "offline": False}
    written[index] = dataclasses.replace(written[index], details=details)
    with pytest.raises(ClientRefusal) as caught:
        replayed(encoded(written))
    assert caught.value.code == "unproven"


def test_no_invented_leaf_of_any_kind_changes_what_reports_call_proven() -> None:
    rewriting = Rewriting()
    rewriting.until(len(rewriting.leaves))
    wanted = proven(rewriting.before, rows=True)
    tried = set()
    for leaf in rewriting.leaves:
        if leaf.statement or DECLARED[Action(leaf.action)].entry.proven:
            continue
        world = copy.deepcopy(rewriting.before)
        made = dataclasses.replace(leaf, seq=rewriting.done, at=rewriting.leaves[-1].at)
        try:
            replay(world, made)
            finish(world)
        except ClientRefusal:
            continue
        tried.add(leaf.action)
        world.tally["leaves"] -= 1
        assert proven(world, rows=True) == wanted, leaf.action
    assert {"session:opened", "bundle:fetched", "invitation:created", "events:read"} <= tried


def test_a_report_cannot_use_what_is_unsigned() -> None:
    kept = list[Replayed]()

    class Keeping(Story):
        def leaf(self, world: object, leaf: Replayed) -> None:
            kept.append(leaf)

    replayed_by(Keeping(), [*story()])
    [clock] = [leaf for leaf in kept if leaf.action is Action.CLOCK_ACCEPTED]
    assert isinstance(clock.actor, Unsigned)
    assert clock.basis is Basis.UNSIGNED
    assert clock.proven("expired")
    [imported] = [leaf for leaf in kept if leaf.action is Action.REQUEST_IMPORTED]
    assert isinstance(imported.actor, Unsigned)
    assert imported.basis is Basis.SIGNED
    drafted = next(leaf for leaf in kept if leaf.action is Action.ROSTER_DRAFTED)
    with pytest.raises(TypeError):
        drafted.proven("roster")
    assert [name for name in dir(Unsigned) if not name.startswith("_")] == ["after"]


def test_a_mark_cannot_be_closed_by_what_is_in_it() -> None:
    assert str(Unsigned("x] proven [unsigned: y")) == "[unsigned: x) proven (unsigned: y]"


def test_an_object_lists_what_is_unsigned_in_it() -> None:
    at = leaves()[0].at
    made = data(who=Unsigned("olga"), at=at, took=timedelta(minutes=1), many=[at], leaf=3)
    assert made["unsigned"] == ["at", "many", "took", "who"]
    assert (made["who"], made["took"], made["leaf"]) == ("olga", 60, 3)
    assert without_unsigned(made) == {"leaf": 3, "unsigned": made["unsigned"]}


def test_what_is_unsigned_is_marked_in_text_page_and_json() -> None:
    told = Story()
    rewriting = Rewriting()
    for leaf in whole_leaves():
        rewriting.before.recorder = told
        replay(rewriting.before, leaf)
    report = Report(
        folder="export", verifier=log().signer.verifier, world=rewriting.before, story=told
    )
    account = AccountReport(report=report, story=told, account=ACCOUNT)
    bundle = "[unsigned: 2026-11-24: ann downloaded a bundle for use without the service]"
    by = "[unsigned: ann] imported a release made while the service was down"
    for form in ("\n".join(account_lines(account)), account_page(account)):
        assert bundle in form
        assert by in form
        assert "every time, is the service&#x27;s own word".replace("&#x27;", "'") in form.replace(
            "&#x27;", "'"
        )
    found = account_json(account)
    marked = [f for f in found["exceptions"] if f.get("unsigned")]
    assert "2026-11-24: ann downloaded a bundle for use without the service" in {
        f["sentence"] for f in marked
    }
    release = found["releases"][0]
    assert {"opened_at", "quorum_at", "released_at"} <= set(release["unsigned"])
    imported = next(r for r in found["releases"] if r["offline"])
    assert imported["timeline"][0]["unsigned"] == ["at", "who"]


def test_a_field_that_is_declared_proven_must_be_proved() -> None:
    """Were a check left out of the replay, the leaf would be refused: not taken as proven."""
    leaf = next(x for x in leaves() if x.action == "envelope:confirmed")
    claim = Claim.of(leaf)
    claim.proven.update(("actor", "subject"))
    demand_said(claim, **{k: v for k, v in leaf.details.items() if k != "group"})
    with pytest.raises(ClientRefusal) as caught:
        settle(claim, None, Basis.SIGNED)
    assert (caught.value.code, caught.value.message) == ("unproven", "nothing proves its group")
