"""``breakglass audit report``: one account over a period, out of an export that verifies."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from service.client.audit.notes import FOLDER, blank_report, with_notes
from service.client.audit.report.account_page import account_json, account_lines, account_page
from service.client.audit.report.filing import check_names
from service.client.audit.report.report import Report
from service.client.audit.report.story import Story
from service.client.audit.report.year import AccountReport
from service.client.audit.verify import verify_into
from service.client.cli.finding import meant
from service.client.cli.invocation import Invocation
from service.client.cli.options import account_argument, command
from service.client.device.newfile import write_shared
from service.client.foundation.render import clean

_DAY = click.DateTime(formats=["%Y-%m-%d"])


def _text(account: AccountReport) -> str:
    return clean("\n".join([*account_lines(account), *account.report.to_be_read()])) + "\n"


_FORMS: Mapping[str, Callable[[AccountReport], str]] = {
    ".html": account_page,
    ".json": lambda account: json.dumps(account_json(account), indent=2) + "\n",
    ".txt": _text,
}


@command("report")
@account_argument
@click.option("--export", "folder", type=FOLDER, required=True, help="The export to report on.")
@with_notes
@click.option("--from", "first", type=_DAY, metavar="DAY", help="The first day, in UTC.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The last day, included.")
@click.option(
    "--out",
    "outs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the report to this new file: .html, .json or .txt.",
)
def report(run: Invocation, account: str, folder: Path, outs: Sequence[Path], **given: Any) -> None:  # noqa: ANN401 - as click parsed it
    """Report on an account: releases, drills, who answers, exceptions, evidence per control."""
    check_names(outs)
    first, last = _day(given["first"]), _day(given["last"])
    if first and last and last < first:
        raise click.UsageError("--to is before --from")
    story = Story()
    seen = blank_report(folder, story, given)
    verify_into(seen, since=given["since"], mails=given["mails"], workers=given["workers"])
    account = _meant(account, seen)
    found = AccountReport(report=seen, story=story, account=account, first=first, last=last)
    write_shared({path: _FORMS[path.suffix](found).encode() for path in outs})
    run.terminal.answer(account_json(found), lambda: _say(run, found))


def _say(run: Invocation, account: AccountReport) -> None:
    run.terminal.say("\n".join(account_lines(account)))
    for remark in account.report.remarks():
        run.terminal.warn(remark)


def _meant(text: str, seen: Report) -> str:
    """Return the account's id; a name is that in the newest roster of the verified log.

    Raises:
        ClientRefusal: as ``finding.meant``.
    """
    accounts = seen.world.accounts
    return meant(text, {a: w.roster.name for a, w in accounts.items() if w.roster is not None})


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
