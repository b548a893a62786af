"""What goes wrong in the story, and what people do then: a crash, a copy, a day without service."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

import httpx

from service.ops import organisation
from service.ops.organisation import ACCOUNT, MFA, OPERATOR, PASSWORD, REQUESTER
from service.ops.stage import Player, StageError
from tests.hunt import memory
from tests.hunt.hunting import CANARY, DATABASE, MEMORY, hunt, with_canaries
from tests.hunt.treasure import Treasury
from tests.walkthrough.story import REASON, Story, group_of

SHELL = "the operator's shell"
QUORUM = (*PASSWORD[1:], *MFA[1:])


def killed(story: Story) -> None:
    """Every process of the server dies at once, in the middle of a request, and comes back."""
    story.stage.kill()
    if story.stage.answers():
        raise StageError("the server answers after it was killed")
    story.stage.start()
    story.report(SHELL, "kills the server with -9 and starts it", "it answers", -1)


def refused_share(story: Story) -> None:
    """The operator's session reads much; for it, a custodian's share is not there."""
    token = (story.stage.player(OPERATOR).home / "breakglass" / "token").read_text().strip()
    with httpx.Client(
        base_url=f"{story.stage.url}/api/v1", headers={"Authorization": f"Bearer {token}"}
    ) as api:
        sealed = api.get(f"/accounts/{ACCOUNT}/envelopes").raise_for_status().json()
        answer = api.get(f"/envelopes/{sealed['envelopes'][0]['id']}/share")
    code = str(answer.json().get("type", "")).removeprefix("urn:breakglass:")
    if code != "not-found" or "sealed_share" in answer.text:
        raise StageError(f"the operator asked for a share and got {answer.status_code} {code}")
    story.report(OPERATOR, "asks the service for somebody's share", f"refused: {code}", -1)


def cancelled(story: Story) -> None:
    """The requester thinks better of it."""
    request = story.ask()
    done = story.stage.player(REQUESTER).act(
        "cancel", request, "--reason", "an administrator role was enough", "--yes"
    )
    story.did(REQUESTER, "cancels the request", done, state="cancelled")


def copied(story: Story) -> None:
    """A backup is taken while the service runs, and it is whole."""
    copy = story.stage.root / "backup.db"
    done = story.stage.ops("backup", str(copy))
    if done.code != 0:
        raise StageError(f"breakglass-ops backup: {done.stderr}")
    with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as database:
        [[size]] = database.execute("SELECT size FROM audit_head").fetchall()
    story.report(SHELL, "backs up while the service runs", f"a copy with {size} leaves", -1)


def status(story: Story, *codes: str) -> None:
    """Status finds exactly this, and exits with 1."""
    done = story.stage.ops("status", "--json")
    found = [finding["code"] for finding in done.data]
    if done.code != 1 or sorted(found) != sorted(codes):
        raise StageError(f"status exits with {done.code} and finds {found}, not {codes}")
    story.report(SHELL, "looks at the status", f"exit code 1: {', '.join(found)}", -1)


def without_the_service(story: Story) -> None:
    """The service is gone; a quorum opens the envelope with files, and brings them in later."""
    ria = story.stage.player(REQUESTER)
    bundle = str(ria.home / "account.bundle")
    taken = ria.act("bundle", ACCOUNT, "--out", bundle)
    story.report(REQUESTER, "takes a bundle", "a file that opens only with a quorum", taken["leaf"])
    story.stage.stop()
    asked = str(ria.home / "asked")
    options = ("--task", "billing", "--reason", REASON, "--out", asked, "--yes")
    ria.act("offline", "request", bundle, *options)
    story.report(REQUESTER, "asks with the service stopped", "a signed file", -1)
    decisions = [_approved(story, name, bundle, asked) for name in QUORUM]
    _open(story, ria, bundle, asked, decisions)
    story.stage.start()
    done = ria.act(
        "offline", "import", str(ria.home / "case"), "--summary", "mended it by hand", "--yes"
    )
    story.did(REQUESTER, "brings it in when the service is back", done, state="rotation_due")


def _approved(story: Story, name: str, bundle: str, asked: str) -> str:
    player = story.stage.player(name)
    out = str(player.home / "decided")
    player.act("offline", "approve", bundle, asked, "--out", out, "--yes")
    story.report(name, f"approves for the {group_of(name)} group by file", "a sealed share", -1)
    return out


def _open(story: Story, ria: Player, bundle: str, asked: str, decisions: Sequence[str]) -> None:
    case = str(ria.home / "case")
    seen = organisation.opened(
        ria, "offline", "open", bundle, asked, *decisions, "--case", case, "--yes"
    )
    if seen != story.passwords[-1]:
        raise StageError("the password that was opened is not the one that was sealed")
    story.report(REQUESTER, "opens the envelope", "it is the password sealed", -1)


def with_papers(story: Story) -> None:
    """Papers of a quorum and a bundle open it on a machine that knows no service and no person."""
    keeper = Player(name="a keeper of papers", home=story.stage.root / "keeper")
    keeper.home.mkdir()
    pages = []
    for name in QUORUM:
        pages += ["--paper", str(keeper.home / name)]
        printed = organisation.opened(story.stage.player(name), "paper", ACCOUNT, "--yes")
        (keeper.home / name).write_text(printed, encoding="utf-8")
        story.report(name, "prints their share", "a page for a safe", -1)
    bundle = str(story.stage.player(REQUESTER).home / "account.bundle")
    claims = ("--name", "Kim", "--place", "the vault", "--reason", REASON, "--report", "report")
    seen = organisation.opened(keeper, "offline", "papers", bundle, *pages, *claims, "--yes")
    if seen != story.passwords[-1]:
        raise StageError("the password that papers opened is not the one that was sealed")
    story.report(keeper.name, "opens the envelope with nobody's keys", "the password sealed", -1)
    done = keeper.act("offline", "import", "report", "--server", story.stage.url)
    story.did(keeper.name, "reports it without a login", done, state="exposed")


def searched(story: Story) -> None:
    """Nothing that people keep to themselves is in the server; what they told it is."""
    server = story.stage.server
    reads = server is not None and memory.may_read(server.pid)
    secrets = Treasury(story.stage).secrets()
    if not set(story.passwords) <= set(secrets.values()):
        raise StageError("the hunt does not know every password")
    hunted = with_canaries(secrets, {"reason": REASON})
    bag = hunt(story.stage, hunted, reads_memory=reads)
    if bag.loot():
        raise StageError(f"the server holds {'; '.join(bag.loot())}")
    for kind in (DATABASE, MEMORY) if reads else (DATABASE,):
        if f"{CANARY} reason" not in bag.canaries(kind):
            raise StageError(f"the hunt is blind: a request's reason is not in the {kind}")
    size = sum(bag.searched.values()) // 2**20
    where = "memory and files" if reads else "files (this system lets nobody read memory)"
    told = f"none in {size} MiB of {where}"
    story.report("a hunter", f"looks for {len(secrets)} secrets in the server", told, -1)
