"""How the story ends: somebody who was never there, with three things and no network.

An export, the log's key and one saved notice. Their process has a home of its own that is empty,
knows no address, and may open no connection: whatever tries is refused by Python itself.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from service.ops.organisation import ACCOUNT
from service.ops.stage import Answer, StageError
from tests.walkthrough.story import Story

STRANGER = "a stranger"
TIMEOUT = 120

ALONE = """
import sys
def refuse(event, _arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        raise RuntimeError("there is no network here: " + event)
sys.addaudithook(refuse)
from service.client.main import main
main()
"""


def verifies(story: Story, export: Path, key: str, notice: Path) -> None:
    """They prove what happened, keep a page of it, and are told in one sentence what is wrong."""
    desk = story.stage.root / "stranger"
    desk.mkdir()
    shutil.copytree(export, desk / "export")
    shutil.copy(notice, desk / "notice.txt")
    verify = ("audit", "verify", "export", "--key", key, "--mail", "notice.txt")

    done = _alone(desk, *verify, "--report", "report.html", "--report", "report.txt")
    if done.code != 0:
        raise StageError(f"a stranger could not verify the export: {done.stderr}")
    if any("from outside" in remark for remark in done.data["remarks"]):
        raise StageError("the saved notice was not taken as evidence")
    story.report(STRANGER, "verifies export, key and notice, offline", done.data["sentence"], -1)

    page = (desk / "report.html").read_text(encoding="utf-8")
    if done.data["sentence"] not in page or "<svg" not in page or "<script" in page:
        raise StageError("the page does not say what was found")
    story.report(STRANGER, "files a page with each request's timeline", "report.html", -1)

    leaf = _release(done)
    proven = _alone(desk, "audit", "prove", str(leaf), "--export", "export", "--key", key)
    if proven.code != 0 or "released to" not in proven.data["sentence"]:
        raise StageError(f"a stranger could not prove the release: {proven.stderr}")
    story.report(STRANGER, "proves one release", proven.data["sentence"][:40], leaf)

    told = _alone(desk, "audit", "report", ACCOUNT, "--export", "export", "--key", key)
    if told.code != 0 or not told.data["releases"] or not told.data["drills"]:
        raise StageError(f"a stranger got no report on the account: {told.stderr}")
    figures = f"{len(told.data['releases'])} releases, {len(told.data['drills'])} drill"
    story.report(STRANGER, "reads the report on the account", figures, -1)

    _without_its_tail(story, desk, verify)


def _release(verified: Answer) -> int:
    """The leaf of the first release that the report tells of."""
    data = json.loads(json.dumps(verified.data))
    for request in data["requests"]:
        for entry in request["timeline"]:
            if entry["action"] == "request:released" and not request["drill"]:
                return int(entry["leaf"])
    raise StageError("the report tells of no release")


def _without_its_tail(story: Story, desk: Path, verify: tuple[str, ...]) -> None:
    """One hash of one tile is taken away: the sentence names the file."""
    tile = min((desk / "export" / "tile" / "0").rglob("*"), key=lambda p: (p.is_dir(), str(p)))
    tile.write_bytes(tile.read_bytes()[:-32])
    name = tile.relative_to(desk / "export").as_posix()
    answer = _alone(desk, *verify)
    if answer.code != 1 or name not in answer.stderr:
        raise StageError(f"a tile that was cut short was not named: {answer.stderr}")
    story.report(STRANGER, f"verifies it with {name} cut short", answer.refusal, -1)


def _alone(desk: Path, *arguments: str) -> Answer:
    """Run ``breakglass`` with an empty home and without network."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("BREAKGLASS_")}
    done = subprocess.run(
        [sys.executable, "-c", ALONE, *arguments, "--json"],
        cwd=desk,
        env={**plain, "BREAKGLASS_HOME": str(desk / "nothing")},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    data = json.loads(done.stdout) if done.stdout else None
    if (desk / "nothing").exists():
        raise StageError("verifying left something in the stranger's home")
    return Answer(code=done.returncode, data=data, stderr=done.stderr)
