"""What an audit found, for people and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crypto.checkpoint import Checkpoint
from crypto.encoding import b64encode, format_time
from service.client.audit_marks import Mark
from service.client.audit_world import AccountWorld, World
from service.client.invocation import Invocation


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A log in which nothing is wrong, with what an auditor should still look at."""

    checkpoint: Checkpoint
    marks: Sequence[Mark]
    world: World

    @property
    def sentence(self) -> str:
        """The whole finding in one sentence."""
        return f"{self.checkpoint.origin}: {self.checkpoint.size} leaves, nothing is wrong"

    def remarks(self) -> list[str]:
        """Return what is not wrong, and worth reading."""
        found = list(self.world.remarks)
        if not self.marks:
            found.append(
                "no checkpoint from outside was given (--since, --mail): whoever holds the log's "
                "key could have written all of it anew"
            )
        found += [
            f"the first roster of {account.account} was not compared with your notes: "
            f"--roster {account.account}={_first(account)}"
            for account in self.world.accounts.values()
            if account.roster and account.account not in self.world.anchors
        ]
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "ok": True,
            "sentence": self.sentence,
            "origin": self.checkpoint.origin,
            "size": self.checkpoint.size,
            "root": b64encode(self.checkpoint.root),
            "until": _until(self.world.last_at),
            "checked": dict(sorted(self.world.tally.items())),
            "checkpoints": [
                {"size": mark.checkpoint.size, "source": mark.source} for mark in self.marks
            ],
            "accounts": [_account(account) for account in self.world.accounts.values()],
            "remarks": self.remarks(),
        }


def _first(account: AccountWorld) -> str:
    return next(iter(account.rosters))


def _until(at: datetime | None) -> str:
    return format_time(at) if at else ""


def _account(account: AccountWorld) -> dict[str, Any]:
    shown = account.in_force or account.newest
    return {
        "account": account.account,
        "first_roster": _first(account) if account.rosters else "",
        "roster_version": account.roster.version if account.roster else 0,
        "envelope": shown.state.value if shown else "",
        "envelope_version": shown.version if shown else 0,
        "open_requests": {r.id: r.state.value for r in account.requests.values()},
    }


def say(run: Invocation, report: Report) -> None:
    """Print the report."""
    tally, text = report.world.tally, run.terminal.say
    text(f"{report.sentence}.")
    text(f"  root        {b64encode(report.checkpoint.root)}")
    text(f"  until       {_until(report.world.last_at)}")
    text(f"  signatures  {tally['statements']} statements, every signature verified")
    text(f"  quorums     {tally['quorums']}, each counted at its own leaf")
    text(
        f"  requests    {tally['requests']}, of which {tally['releases']} released; "
        f"{tally['offline releases']} offline; {tally['drills']} drills"
    )
    for mark in report.marks:
        text(f"  checkpoint  of {mark.checkpoint.size} leaves in {mark.source} agrees")
    for account in report.as_json()["accounts"]:
        state = account["envelope"] or "nothing sealed"
        text(
            f"  account     {account['account']}: roster version {account['roster_version']}, "
            f"envelope version {account['envelope_version']} {state}"
        )
        for number, request_state in account["open_requests"].items():
            text(f"              request {number} is {request_state.replace('_', ' ')}")
    for remark in report.remarks():
        run.terminal.warn(remark)
