"""What an audit found, for people and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crypto.checkpoint import Checkpoint
from crypto.encoding import b64encode, format_time
from crypto.note import NoteVerifier
from service.client.audit.replay.unsigned import LEGEND, data
from service.client.audit.replay.world import AccountWorld, World
from service.client.audit.report.lines import beside, end_words, line_words, lines_json
from service.client.audit.report.story import RequestStory, Story
from service.client.audit.tree.marks import Mark
from service.client.audit.tree.witnesses import Witnesses
from service.client.cli.invocation import Invocation
from service.client.foundation.errors import ClientRefusal

_MOST_GAPS = 20  # in words; the JSON has all

NO_OUTSIDE = (
    "no checkpoint from outside was given (--since, --mail, --witness): the holder of the log's "
    "key could have rewritten all of it"
)


@dataclass(kw_only=True)
class Report:
    """What was verified and with what; filled in as far as the verification got.

    ``refusal`` is the first thing that is wrong, ``story`` has the requests if
    timelines are wanted.
    """

    folder: str
    verifier: NoteVerifier
    world: World
    story: Story | None = None
    checkpoint: Checkpoint | None = None
    marks: list[Mark] = field(default_factory=list)
    witnesses: Witnesses = field(default_factory=Witnesses)
    refusal: ClientRefusal | None = None

    @property
    def sentence(self) -> str:
        """The whole finding in one sentence."""
        if self.refusal is not None:
            return f"NOT VERIFIED: {self.refusal.message} [{self.refusal.code}]"
        return f"{self.verifier.name}: verified {self.size} leaves, nothing is wrong"

    @property
    def size(self) -> int:
        """How many leaves the export's checkpoint covers."""
        return self.checkpoint.size if self.checkpoint else 0

    def remarks(self) -> list[str]:
        """Return what is not wrong but worth reading."""
        found = [*self.world.remarks, *self.world.heads.remarks(), *_times(self.world)]
        found += self.witnesses.remarks()
        if not self.marks and not self.witnesses.words:
            found.append(NO_OUTSIDE)
        found += [
            f"the first roster of {account.account} was not compared with your notes: "
            f"--roster {account.account}={_first(account)}"
            for account in self.world.accounts.values()
            if account.roster and account.account not in self.world.anchors
        ]
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        shown = data(
            ok=self.refusal is None,
            sentence=self.sentence,
            refused=self.refusal.code if self.refusal else "",
            folder=self.folder,
            key=self.verifier.vkey,
            origin=self.verifier.name,
            size=self.size,
            root=b64encode(self.checkpoint.root) if self.checkpoint else "",
            until=self.world.last_at,
            checked=dict(sorted(self.world.tally.items())),
            statements=dict(sorted(self.world.kinds.items())),
            checkpoints=[
                data(
                    size=mark.checkpoint.size,
                    source=mark.source,
                    given_up=mark in self.world.given_up.gone,
                )
                for mark in self.marks
            ],
            rosters_noted=dict(sorted(self.world.anchors.items())),
            witnesses=self.witnesses.as_json(),
            witnesses_needed=self.witnesses.needed,
            leaves_witnessed=self.witnesses.covered if self.refusal is None else 0,
            accounts=[_account(self.world, one) for one in self.world.accounts.values()],
            times=[gap.as_json() for gap in self.world.gaps],
            remarks=self.remarks(),
            legend=LEGEND,
        )
        if self.story is not None:
            shown["requests"] = [request_json(r) for r in self.story.requests.values()]
        return shown

    def lines(self) -> list[str]:
        """Return the report as lines of text, without the remarks."""
        tally = self.world.tally
        found = [
            f"{self.sentence}.",
            f"  export      {self.folder}",
            f"  key         {self.verifier.vkey}",
            f"  root        {b64encode(self.checkpoint.root) if self.checkpoint else 'not signed'}",
            f"  leaves      {tally['leaves']} of {self.size}, until {_until(self.world.last_at)}",
            f"  signatures  {tally['statements']} statements, every signature verified",
            *(f"              {count} {kind}" for kind, count in sorted(self.world.kinds.items())),
            f"  quorums     {tally['quorums']}, each counted at its own leaf",
            (
                f"  requests    {tally['requests']}, of which {tally['releases']} released; "
                f"{tally['offline releases']} offline; {tally['drills']} drills; "
                f"{tally['reports of papers']} reports of papers"
            ),
            *self.outside(),
            f"  times       {LEGEND}",
        ]
        for account in self.world.accounts.values():
            found += _account_lines(self.world, account)
        return found

    def outside(self) -> list[str]:
        """Return the evidence that did not come from the service: checkpoints, cosignatures.

        A checkpoint that an accepted epoch gave up is left out: a remark says so.
        """
        agreeing = [
            f"  checkpoint  of {mark.checkpoint.size} leaves in {mark.source} agrees"
            for mark in self.marks
            if self.refusal is None and mark not in self.world.given_up.gone
        ]
        return [*agreeing, *self.witnesses.lines(self.size)]

    def to_be_read(self) -> list[str]:
        """Return the remarks as lines of a filed text."""
        return [f"  remark      {remark}" for remark in self.remarks()]


def _times(world: World) -> list[str]:
    """Say of which leaves the time is far from that of their statement, the first of them each."""
    more = len(world.gaps) - _MOST_GAPS
    further = [f"{more} more leaves have a time far from that of their signer's device"]
    return [*(gap.sentence for gap in world.gaps[:_MOST_GAPS]), *(further if more > 0 else [])]


def _first(account: AccountWorld) -> str:
    return next(iter(account.rosters))


def _until(at: datetime | None) -> str:
    return format_time(at) if at else ""


def _account(world: World, account: AccountWorld) -> dict[str, Any]:
    shown = account.in_force or account.newest
    return {
        "account": account.account,
        "first_roster": _first(account) if account.rosters else "",
        "roster_version": account.roster.version if account.roster else 0,
        "envelope": shown.state.value if shown else "",
        "envelope_version": shown.version if shown else 0,
        "open_requests": {r.id: r.state.value for r in account.requests.values()},
        "retired": account.retired >= 0,
        "retired_leaf": account.retired,
        "lines": lines_json(world, account.account),
    }


def _account_lines(world: World, of: AccountWorld) -> Sequence[str]:
    account = _account(world, of)
    state = account["envelope"] or "nothing sealed"
    return [
        (
            f"  account     {account['account']}: roster version {account['roster_version']}, "
            f"envelope version {account['envelope_version']} {state}"
        ),
        *(
            f"              request {number} is {request_state.replace('_', ' ')}"
            for number, request_state in account["open_requests"].items()
        ),
        *(f"              {ended}" for ended in [end_words(of)] if ended),
        *(f"              another line: {line_words(one)}" for one in beside(world, of.account)),
    ]


def request_json(request: RequestStory) -> dict[str, Any]:
    """Return a request's story as plain data."""
    return data(
        request=request.id,
        account=request.account,
        account_name=request.account_name,
        requester=request.requester,
        task=request.task,
        drill=request.drill,
        offline=request.offline,
        state=request.state,
        opened_at=request.opened_at,
        quorum_at=request.quorum_at,
        quorum=[
            {"group": c.group, "needed": c.needed, "counted": list(c.names)}
            for c in request.counted
        ],
        timeline=[
            data(
                leaf=entry.seq,
                at=entry.at,
                action=entry.action.value,
                basis=entry.basis.value,
                who=entry.who,
                sentence=entry.sentence,
                state=entry.state,
                signed=entry.signed,
                **entry.typed,
            )
            for entry in request.entries
        ],
    )


def say(run: Invocation, report: Report) -> None:
    """Print the report."""
    for line in report.lines():
        run.terminal.say(line)
    for remark in report.remarks():
        run.terminal.warn(remark)
