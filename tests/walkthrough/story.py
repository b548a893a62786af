"""The story that the walkthrough tells, act by act; each checks what it led to."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crypto.encoding import canonical
from crypto.statement import parse
from service.ops import organisation
from service.ops.organisation import ACCOUNT, AUDITOR, MFA, OPERATOR, PASSWORD, REQUESTER
from service.ops.stage import Stage, StageError

LIFETIME = 600
WINDOW = 300
SHORT = 4
REASON = "the invoice run is stuck and only root can mend it"


@dataclass
class Story:
    """Counts the acts as it goes; the first that is not as expected ends it."""

    stage: Stage
    passed: int = 0
    passwords: list[str] = field(default_factory=list)
    first_roster: str = ""

    def report(self, who: str, act: str, state: str, leaf: int) -> None:
        """One line: what happened, where it led, where the log has it."""
        self.passed += 1
        place = f"leaf {leaf}" if leaf >= 0 else "no leaf"
        print(f"{self.passed:3d} {who} {act} → {state} ({place})", flush=True)

    def did(self, who: str, act: str, done: Any, *, state: str) -> Any:
        """Report an act that must have led to ``state``."""
        if done["state"] != state:
            raise StageError(f"{who} {act}: {done['state']} instead of {state}")
        self.report(who, act, done["state"], done["leaf"])
        return done

    def refused(self, who: str, act: str, code: str, *arguments: str) -> None:
        """An act that must be refused, by this name."""
        answer = self.stage.player(who).attempt(*arguments)
        if answer.code != 1 or answer.refusal != code:
            raise StageError(f"{who} {act}: not refused with {code}: {answer.stderr.strip()}")
        self.report(who, act, f"refused: {code}", -1)

    # --- the acts ---

    def found(self) -> None:
        """From an empty folder to a password in force."""
        self.passwords.append(
            organisation.found(self.stage, self.report, lifetime=LIFETIME, window=WINDOW)
        )
        shown = self.stage.player(AUDITOR).act("roster", "show", ACCOUNT)
        self.first_roster = parse(canonical(shown["chain"][0])).digest
        self.report(AUDITOR, "notes the first roster's digest", self.first_roster[:16], -1)

    def ask(self, *options: str) -> str:
        """The requester asks; returns the request's id."""
        ria = self.stage.player(REQUESTER)
        done = ria.act(
            "request", ACCOUNT, "--task", "billing", "--reason", REASON, "--yes", *options
        )
        self.did(REQUESTER, "asks to be root", done, state="pending")
        return str(done["id"])

    def approve(self, request: str, *names: str, last: str = "approved") -> None:
        """These custodians approve; only the last of them completes the quorum."""
        for name in names:
            done = self.stage.player(name).act("approve", request, "--yes")
            state = last if name == names[-1] else "pending"
            self.did(name, f"approves for the {group_of(name)} group", done, state=state)

    def release_and_reveal(self, request: str) -> None:
        """The requester takes what was released, and sees the very password that was sealed."""
        ria = self.stage.player(REQUESTER)
        self.did(
            REQUESTER, "takes the release", ria.act("release", request, "--yes"), state="released"
        )
        seen = organisation.revealed(ria, request)
        if seen != self.passwords[-1]:
            raise StageError("the password that was revealed is not the one that was sealed")
        self.report(REQUESTER, "reveals the password", "it is the one sealed", -1)

    def close_rotate_review(self, request: str) -> None:
        """Closure, a new password, and a look by both groups."""
        ria = self.stage.player(REQUESTER)
        done = ria.act("close", request, "--summary", "mended the invoice run", "--yes")
        self.did(REQUESTER, "says what was done", done, state="rotation_due")
        self.passwords.append(organisation.seal(self.stage, self.report))
        for name in (*PASSWORD, *MFA):
            done = self.stage.player(name).act("confirm", ACCOUNT, "--yes")
            self.report(name, "confirms the new share", done["state"], done["leaf"])
        for name, state in ((PASSWORD[2], "review_due"), (MFA[2], "closed")):
            done = self.stage.player(name).act(
                "review", request, "--rotated", "--note", "looked at CloudTrail", "--yes"
            )
            self.did(name, f"reviews for the {group_of(name)} group", done, state=state)

    def denied(self) -> None:
        """Two of three deny, so the group can no longer reach its threshold."""
        request = self.ask()
        for name, state in ((MFA[0], "pending"), (MFA[1], "denied")):
            done = self.stage.player(name).act(
                "deny", request, "--reason", "an administrator role can do this", "--yes"
            )
            self.did(name, f"denies for the {group_of(name)} group", done, state=state)
        self.refused(PASSWORD[0], "approves too late", "wrong-state", "approve", request, "--yes")

    def expired(self) -> None:
        """Nobody answers in time; time alone ends the request."""
        request = self.ask("--lifetime", f"{SHORT}s")
        time.sleep(SHORT + 1)
        late = ("approve", request, "--yes")
        self.refused(PASSWORD[0], "approves too late", "request-over", *late)
        self.refused(PASSWORD[0], "insists on it", "expired", *late, "--despite-clock")
        shown = self.stage.player(REQUESTER).act("show", request)
        if shown["state"] != "expired":
            raise StageError(f"the request is {shown['state']}, not expired")
        self.report(REQUESTER, "looks at the request", "expired", -1)

    def drill(self) -> None:
        """Everything is exercised and nothing is shown."""
        ria = self.stage.player(REQUESTER)
        done = ria.act("drill", ACCOUNT, "--reason", "the quarterly rehearsal", "--yes")
        self.did(REQUESTER, "asks for a drill", done, state="pending")
        self.approve(done["id"], *PASSWORD[:2], *MFA[1:])
        ended = ria.act("drill", "--release", done["id"], "--yes")
        if len(ended["opened"]) != 4 or ended["wrong"]:
            raise StageError("the drill did not open every share")
        shown = ria.act("show", done["id"])
        self.did(
            REQUESTER, "ends the drill: all shares opened", shown | {"leaf": -1}, state="closed"
        )

    def audit(self) -> tuple[Path, str, Path]:
        """The auditor exports the log and verifies it without the service.

        Returns what they may give to anybody: the export, the log's key, a saved notice.
        """
        ada = self.stage.player(AUDITOR)
        folder = ada.home / "export"
        exported = ada.act("audit", "export", str(folder))
        self.report(AUDITOR, "exports the log", f"{exported['size']} leaves", exported["leaf"])
        key = str(exported["verifier_key"])
        self.stage.stop()
        noted = f"{ACCOUNT}={self.first_roster}"
        notice = self.saved_notice(ada.home / "notice.txt")
        verified = ada.act(
            *("audit", "verify", str(folder), "--key", key, "--roster", noted),
            *("--mail", str(notice)),
        )
        self.report(AUDITOR, "verifies it with the service stopped", sentence(verified), -1)
        self.tampered(folder, key)
        return folder, key, notice

    def saved_notice(self, path: Path) -> Path:
        """A notice that somebody has kept: its checkpoint is a witness of the log."""
        lines = (self.stage.state_dir / "notices.jsonl").read_text(encoding="utf-8").splitlines()
        path.write_text(json.loads(lines[len(lines) // 2])["body"], encoding="utf-8")
        return path

    def tampered(self, folder: Path, key: str) -> None:
        """One word of one event changed in either form of the export: it is refused."""
        for name in ("events.jsonl", "tile/entries"):
            found = [folder / name] if name.endswith("l") else list((folder / name).rglob("*"))
            path = next(p for p in found if p.is_file() and b"request:released" in p.read_bytes())
            data = path.read_bytes()
            path.write_bytes(data.replace(b"request:released", b"request:approved", 1))
            answer = self.stage.player(AUDITOR).attempt(
                "audit", "verify", str(folder), "--key", key
            )
            path.write_bytes(data)
            if answer.code == 0:
                raise StageError(f"an export with a changed {name} was accepted: {answer.data}")
            said = f"refused: {answer.refusal}"
            self.report(AUDITOR, f"verifies an export with a changed {name}", said, -1)

    def home(self) -> None:
        """What waits is said in words."""
        waiting = self.stage.player(OPERATOR).act()
        self.report(OPERATOR, "looks what waits", f"{len(waiting['waiting'])} things", -1)


def group_of(name: str) -> str:
    """The group of a custodian, as people say it."""
    return "password" if name in PASSWORD else "MFA"


def sentence(verified: Any) -> str:
    """The one sentence of a verification."""
    return str(verified.get("sentence", "verified")) if isinstance(verified, dict) else "verified"
