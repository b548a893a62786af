"""The report on an account: releases, drills, answers, exceptions, and evidence by control."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crypto.encoding import format_time
from service.client.audit.report.account_page import account_json, account_page
from service.client.audit.report.controls import CONTROLS, EVIDENCE, evidence_for
from service.client.audit.report.report import Report
from service.client.audit.report.story import Story
from service.client.audit.report.year import AccountReport
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.foundation.errors import ClientRefusal
from service.client.main import cli
from service.domain.events import Action
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.client.audit.exports import encoded, leaves, log, place, replayed_by, story, write
from tests.client.audit.test_report import Seen
from tests.client.audit.test_witnesses import ONE, SIZE, TWO, cosigned, export_of

DAY = leaves()[0].at.date()


def account(until: int | None = None, **period: date) -> AccountReport:
    told = Story()
    world = replayed_by(told, story()[:until])
    report = Report(folder="export", verifier=log().signer.verifier, world=world, story=told)
    return AccountReport(report=report, story=told, account=ACCOUNT, **period)


def run(*arguments: str, home: Path) -> Result:
    return CliRunner().invoke(
        cli,
        ["audit", "report", *arguments],
        obj=Invocation(home=home, terminal=Terminal(interactive=False)),
    )


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("audit") / "export", log())


def test_each_release_has_who_why_approvals_closure_rotation_and_review() -> None:
    [first, *_] = account_json(account())["releases"]
    closed = leaves()[place("request:closure")]
    rotated = [x for x in leaves() if x.action == "request:rotated" and x.request == closed.request]
    reviewed = [
        x for x in leaves() if x.action == "request:reviewed" and x.request == closed.request
    ]
    assert first["request"] == closed.request
    assert (first["requester"], first["reason"]) == ("gus", "the invoice run is stuck")
    assert [c["counted"] for c in first["quorum"]] == [["ann", "bob"], ["dea", "eli"]]
    assert first["summary"]
    assert first["rotated_at"] == [format_time(x.at) for x in rotated]
    assert [r["who"] for r in first["reviews"]] == ["ann", "fay", "ann", "fay"]
    assert len(reviewed) == 4
    assert first["state"] == "closed"


def test_every_release_and_drill_of_the_log_is_there_once() -> None:
    shown = account()
    released = [x.request for x in leaves() if x.action == "request:released"]
    drilled = [x.request for x in leaves() if x.action == "request:drill-over"]
    assert [r.id for r in shown.releases] == [x for x in released if x not in drilled]
    assert [r.id for r in shown.drills] == drilled
    opened = {x.request for x in leaves() if x.action == "request:opened"}
    assert {r.id for r in shown.unreleased} == opened - set(released)


def test_time_to_quorum_is_from_the_entry_to_the_first_time_that_both_groups_had_enough() -> None:
    times = account().times_to_quorum()
    opened = {x.request: x.at for x in leaves() if x.action == "request:opened"}
    first_approved: dict[str, datetime] = {}
    for leaf in leaves():
        if leaf.details.get("state") == "approved":
            first_approved.setdefault(leaf.request, leaf.at)
    assert times == sorted(at - opened[request] for request, at in first_approved.items())
    assert times[-1] == timedelta(minutes=2)
    assert account().median_to_quorum() in times


def test_who_could_have_answered_and_never_did_is_named() -> None:
    answers = {a.name: a for a in account().answers()}
    opened = sum(x.action == "request:opened" for x in leaves())
    assert answers["ann"].asked == opened
    decided = {x.request for x in leaves() if x.details.get("group") and x.statement}
    assert 0 < answers["ann"].answered <= len(decided)
    assert account().silent() == []
    early = account(until=place("request:approved") + 1)
    [one] = [a.name for a in early.answers() if a.answered]
    assert one == "ann"
    assert len(early.silent()) == len(answers) - 1
    assert "ann" not in early.silent()


def test_who_approved_with_whom_is_counted() -> None:
    [(names, times)] = account().together()
    assert names == ("ann", "bob", "dea", "eli")
    assert times == sum(x.action == "request:released" for x in leaves())
    assert account(until=place("request:released")).together() == []


def test_a_period_leaves_out_what_lies_outside() -> None:
    assert account(first=DAY, last=DAY).releases == account().releases
    before, after = account(last=DAY - timedelta(days=1)), account(first=DAY + timedelta(days=1))
    for empty in (before, after):
        assert (empty.releases, empty.drills, empty.unreleased, empty.answers()) == ([], [], [], [])
        assert empty.median_to_quorum() is None
    assert before.exceptions()  # what is open is open, whatever the period


def test_what_is_open_and_what_was_unusual_is_said_with_its_leaf() -> None:
    said = {str(f.sentence): f.seq for f in account().exceptions()}
    waiting = [r for r in account().story.requests.values() if r.state == "review_due"]
    assert waiting
    for request in waiting:
        assert f"request {request.id} needs a review by both groups" in said
    assert any("is exposed and was not replaced" in sentence for sentence in said)
    assert any("imported a release" in s and said[s] == place("request:imported") for s in said)
    assert any("accept a clock" in s and said[s] == place("clock:accepted") for s in said)
    assert any("printed their share" in s for s in said)
    assert any("has no closure: what was done is not recorded" in s for s in said)
    assert not any("no drill" in s for s in said)


def test_a_log_without_a_drill_says_so() -> None:
    told = Story()
    drill = {x.request for x in leaves() if x.action == "request:drill-over"}
    world = replayed_by(told, encoded([x for x in leaves() if x.request not in drill]))
    report = Report(folder="export", verifier=log().signer.verifier, world=world, story=told)
    shown = AccountReport(report=report, story=told, account=ACCOUNT)
    assert any("no drill was completed" in str(f.sentence) for f in shown.exceptions())


# ---------------------------------------------------------------- evidence by control


def test_evidence_names_leaves_of_the_log_that_say_it() -> None:
    shown = account()
    for name, collect in EVIDENCE.items():
        for entry in collect(shown):
            assert leaves()[entry.seq].action == entry.action, name
    assert [e.seq for e in EVIDENCE["releases"](shown)] == [
        r.release.seq for r in shown.releases if r.release
    ]


def test_each_control_has_evidence_or_says_why_not() -> None:
    for control in CONTROLS:
        assert control.evidence or control.note
        assert set(control.evidence) <= set(EVIDENCE)
    dual = next(c for c in CONTROLS if "AC-3(2)" in c.name)
    found = {e.action for e in evidence_for(dual, account())}
    assert found == {Action.REQUEST_RELEASED, Action.REQUEST_APPROVED, Action.REQUEST_DENIED}


def test_the_lists_claim_evidence_and_not_compliance() -> None:
    seen = Seen(account_page(account()))
    assert "not a claim of compliance" in seen.text
    assert "3.7.6 applies to keys that protect account data" in seen.text
    assert "compliant" not in seen.text.replace("compliance", "")


# ---------------------------------------------------------------- the command


def test_the_report_is_written_in_each_form(export: Path, tmp_path: Path) -> None:
    names = [tmp_path / f"r{end}" for end in (".txt", ".json", ".html")]
    key = log().signer.verifier.vkey
    outs = [text for name in names for text in ("--out", str(name))]
    period = ("--from", str(DAY), "--to", str(DAY))
    result = run(ACCOUNT, "--export", str(export), "--key", key, *period, *outs, home=tmp_path)
    assert result.exit_code == 0, result.output
    assert "time to quorum (unsigned), median" in result.stdout
    for name in names:
        assert ACCOUNT in name.read_text()
    page = Seen(names[2].read_text())
    assert "script" not in page.tags
    assert page.text.count("the invoice run is stuck") > 3
    data = json.loads(names[1].read_text())
    assert (data["from"], data["to"]) == (str(DAY), str(DAY))
    assert data["verification"]["ok"] is True


def test_an_export_that_does_not_verify_is_not_reported_on(export: Path, tmp_path: Path) -> None:
    other = Path(str(tmp_path / "export"))
    lying = encoded([x for x in leaves() if x.seq != place("request:denied")])
    write(other, type(log())(signer=log().signer, leaves=lying))
    out, key = tmp_path / "r.html", log().signer.verifier.vkey
    result = run(ACCOUNT, "--export", str(other), "--key", key, "--out", str(out), home=tmp_path)
    assert result.exit_code == 1
    assert not out.exists()


def test_a_witness_is_demanded_of_a_report_as_of_a_verification(
    export: Path, tmp_path: Path
) -> None:
    known = ("--export", str(export), "--key", log().signer.verifier.vkey)
    for demanded in (("--witness", ONE.verifier.vkey), ("--cosigned-by", "1")):
        result = run(ACCOUNT, *known, *demanded, home=tmp_path)
        assert result.exit_code == 1
    result = run(ACCOUNT, *known, "--witness", ONE.verifier.vkey, home=tmp_path)
    assert "[not-witnessed]" in result.stderr


def test_the_filed_report_says_which_witnesses_cosigned(tmp_path: Path) -> None:
    folder = export_of(tmp_path / "export", cosigned(log(), SIZE - 1, ONE))
    names = [tmp_path / f"r{end}" for end in (".txt", ".json", ".html")]
    outs = [text for name in names for text in ("--out", str(name))]
    known = ("--export", str(folder), "--key", log().signer.verifier.vkey)
    witnesses = ("--witness", ONE.verifier.vkey, "--witness", TWO.verifier.vkey)
    result = run(ACCOUNT, *known, *witnesses, "--cosigned-by", "1", *outs, home=tmp_path)
    assert result.exit_code == 0, result.output
    said = f"1 of the 2 given have cosigned; at least 1 of them the first {SIZE - 1} of {SIZE}"
    text, data, page = (name.read_text() for name in names)
    for shown in (result.stdout, text, page):
        assert "one.example" in shown
        assert "two.example" not in shown
        assert said in shown
    verification = json.loads(data)["verification"]
    assert [word["witness"] for word in verification["witnesses"]] == ["one.example"]
    assert verification["leaves_witnessed"] == SIZE - 1


def test_without_evidence_from_outside_the_filed_report_says_so(
    export: Path, tmp_path: Path
) -> None:
    names = [tmp_path / f"r{end}" for end in (".txt", ".html")]
    outs = [text for name in names for text in ("--out", str(name))]
    known = ("--export", str(export), "--key", log().signer.verifier.vkey)
    result = run(ACCOUNT, *known, *outs, home=tmp_path)
    said = "no checkpoint from outside was given"
    assert said in result.stderr
    for name in names:
        assert said in name.read_text()


def test_wrong_usage_is_said(export: Path, tmp_path: Path) -> None:
    key = log().signer.verifier.vkey
    known = ("--export", str(export), "--key", key)
    assert "[account-unknown]" in run(OTHER_ACCOUNT, *known, home=tmp_path).stderr
    backwards = ("--from", "2026-12-01", "--to", "2026-11-01")
    assert run(ACCOUNT, *known, *backwards, home=tmp_path).exit_code == 2
    with pytest.raises(ClientRefusal):
        AccountReport(report=account().report, story=account().story, account=OTHER_ACCOUNT)
