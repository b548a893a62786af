"""The report of a verification, as a person files it: text, JSON, and a page."""

import base64
import dataclasses
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crypto import statement as statements
from crypto.encoding import parse_time
from crypto.leaf import Leaf
from service.client.audit.replay.world import World
from service.client.audit.report.html import report_page
from service.client.audit.report.report import Report
from service.client.audit.report.story import Story
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.main import cli
from tests.cast import ACCOUNT, somebody
from tests.client.audit.exports import encoded, leaves, log, place, replayed_by, write
from tests.client.audit.test_epochs import epoch_leaf, lost, old
from tests.client.logs import Log

EVIL = "<script>alert(1)</script>\" onload=x & '"


def run(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(
        cli,
        ["audit", "verify", str(folder), "--key", log().signer.verifier.vkey, *more],
        obj=Invocation(home=folder.parent / "home", terminal=Terminal(interactive=False)),
    )


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("audit") / "export", log())


class Seen(HTMLParser):
    """Tags, attributes and visible text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_each_form_is_written_and_says_the_same_sentence(export: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(log().checkpoint(77))
    names = [str(tmp_path / f"r{end}") for end in (".txt", ".json", ".html")]
    options = [text for name in names for text in ("--report", name)]
    result = run(export, "--since", str(kept), *options)
    assert result.exit_code == 0, result.output
    told = f"{log().signer.verifier.name}: verified {len(log().leaves)} leaves, nothing is wrong"
    text, data, page = (Path(name).read_text(encoding="utf-8") for name in names)
    assert text.startswith(f"{told}.\n")
    assert json.loads(data)["sentence"] == told
    assert told in Seen(page).text
    for form in (text, data, page):
        assert str(kept) in form
        assert log().signer.verifier.vkey.split("+")[1] in form


def test_json_has_statements_by_kind_and_every_request_with_its_timeline(
    export: Path, tmp_path: Path
) -> None:
    run(export, "--report", str(tmp_path / "r.json"))
    report = json.loads((tmp_path / "r.json").read_text())
    assert sum(report["statements"].values()) == report["checked"]["statements"]
    assert report["statements"]["release"] == 5
    opened = [x for x in leaves() if x.action in {"request:opened", "request:imported"}]
    assert [r["request"] for r in report["requests"]] == [x.request for x in opened]
    told = sum(len(r["timeline"]) for r in report["requests"])
    assert told == sum(bool(x.request) for x in leaves())
    [first, *_] = report["requests"]
    assert first["timeline"][0]["reason"] == "the invoice run is stuck"
    assert first["requester"] == "gus"


def test_each_release_names_whose_approvals_were_counted_again(
    export: Path, tmp_path: Path
) -> None:
    run(export, "--report", str(tmp_path / "r.json"))
    requests = json.loads((tmp_path / "r.json").read_text())["requests"]
    counted = [r["quorum"] for r in requests if r["quorum"]]
    assert len(counted) == 5
    assert counted[0] == [
        {"group": "password", "needed": 2, "counted": ["ann", "bob"]},
        {"group": "mfa", "needed": 2, "counted": ["dea", "eli"]},
    ]


def test_what_is_wrong_is_filed_too_and_the_command_fails(export: Path, tmp_path: Path) -> None:
    written = encoded([x for x in leaves() if x.seq != place("envelope:exposed")])
    folder = write(tmp_path / "export", Log(signer=log().signer, leaves=written))
    names = [tmp_path / f"r{end}" for end in (".txt", ".json", ".html")]
    result = run(folder, *(text for name in names for text in ("--report", str(name))))
    assert result.exit_code == 1
    index = place("envelope:exposed")
    for name in names:
        assert "NOT VERIFIED" in name.read_text()
        assert f"leaf {index} " in name.read_text()
        assert "nothing is wrong" not in name.read_text()
    report = json.loads(names[1].read_text())
    assert (report["ok"], report["refused"]) == (False, "consequence-missing")
    assert report["checked"]["leaves"] == index


def test_a_report_never_overwrites_and_has_a_known_form(export: Path, tmp_path: Path) -> None:
    there = tmp_path / "r.html"
    there.write_text("mine")
    assert "[file-exists]" in run(export, "--report", str(there)).stderr
    assert there.read_text() == "mine"
    assert run(export, "--report", str(tmp_path / "r.pdf")).exit_code == 2


# ---------------------------------------------------------------- a page that obeys nobody


def evil(written: list[Leaf]) -> list[Leaf]:
    """A requester whose reason is a piece of HTML, honestly signed."""
    index = place("request:opened", -1)
    old = statements.parse(written[index].statement)
    fields = {k: v for k, v in old.payload.items() if k not in {"kind", "suite", "at"}}
    signed = statements.sign(
        "request",
        {**fields, "reason": EVIL, "ticket": "\u202e"[:0] + "</q></td>"},
        identity=somebody("gus").identity,
        at=parse_time(old.payload["at"]),
    )
    written[index] = dataclasses.replace(written[index], statement=signed.raw)
    return written


def page_of(data: list[bytes]) -> str:
    story = Story()
    world: World = replayed_by(story, data)
    return report_page(
        Report(folder=EVIL, verifier=log().signer.verifier, world=world, story=story)
    )


def test_what_people_typed_stays_text() -> None:
    page = page_of(encoded(evil(leaves())))
    seen = Seen(page)
    assert EVIL in seen.text
    assert "script" not in seen.tags
    assert not any(name.startswith("on") or name == "style" for name, _ in seen.attributes)
    assert seen.text.count("</q></td>") == 1


def test_the_page_runs_and_loads_nothing() -> None:
    page = page_of(encoded(leaves()))
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src &#x27;none&#x27;; ")
    assert f"sha256-{digest}" in policy
    seen = Seen(page)
    links = {value for name, value in seen.attributes if name in {"src", "href", "action"}}
    assert all(str(link).startswith("#r-") for link in links)
    assert {tag for tag in seen.tags if tag in {"script", "img", "iframe", "form"}} == set()
    assert "url(" not in page


def test_every_request_has_its_picture_and_every_act_its_number() -> None:
    story = Story()
    replayed_by(story, encoded(leaves()))
    seen = Seen(page_of(encoded(leaves())))
    assert seen.tags.count("svg") == len(story.requests)
    assert seen.tags.count("circle") == sum(len(r.entries) for r in story.requests.values())


def test_names_that_are_linked_to_are_there() -> None:
    page = page_of(encoded(leaves()))
    for target in set(re.findall(r'href="#([^"]+)"', page)):
        assert f'id="{target}"' in page


def test_a_report_for_people_says_what_was_looked_at_account_by_account(export: Path) -> None:
    said = run(export).stdout
    assert f"account     {ACCOUNT}: roster version 2" in said
    assert "every signature verified" in said
    assert "34 decision" in said


def test_a_checkpoint_that_an_epoch_gave_up_is_not_said_to_agree(tmp_path: Path) -> None:
    made = Log(signer=log().signer, leaves=[*old(), epoch_leaf(old())])
    folder, kept, lost_one = write(tmp_path / "export", made), tmp_path / "k", tmp_path / "lost"
    kept.write_text(made.checkpoint(3))
    lost_one.write_text(Log(signer=log().signer, leaves=lost()).checkpoint())
    names = [tmp_path / f"r{end}" for end in (".txt", ".json", ".html")]
    options = [text for name in names for text in ("--report", str(name))]
    given = ("--since", str(kept), "--since", str(lost_one), "--accept-epoch")
    result = run(folder, *given, *options)
    assert result.exit_code == 0, result.output
    text, data, page = (name.read_text(encoding="utf-8") for name in names)
    assert f"of 3 leaves in {kept} agrees" in text
    assert f"{lost_one} agrees" not in text
    assert f"{lost_one} was abandoned at leaf {len(old())}" in text
    assert [c["given_up"] for c in json.loads(data)["checkpoints"]] == [False, True]
    [agrees, gone] = [row for row in page.split("<tr>") if "<td>checkpoint of" in row]
    assert "agrees with the log" in agrees
    assert "agrees" not in gone
    assert "abandoned in an epoch that you accepted" in gone
