"""``breakglass offline papers``: the last resort, from a bundle and papers, with no one's keys.

It works on a machine that has nothing else. There nothing vouches for the bundle, so nothing of it
is called verified before a paper fits.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from service.client.cli.consent import consent
from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.cli.outlet import Outlet, outlet_options
from service.client.commands.reveal import hand_out
from service.client.device import memory
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.offline import report as reports
from service.client.offline.asking import FILE, bundle_argument
from service.client.offline.files import read_bundle
from service.client.offline.identity import bundle_context, check_service_gone
from service.client.offline.pile import Pile
from service.client.shares.combining import PapersOpened, open_papers
from service.client.trust.bundle import BundledSeal, VerifiedBundle, verify_bundle


@command("papers", asks=True)
@bundle_argument
@click.option(
    "--paper",
    "paper_files",
    multiple=True,
    type=FILE,
    metavar="FILE",
    help="Read a paper's words from this file; once for each. Others are typed.",
)
@outlet_options
@click.option("--name", default="", metavar="TEXT", help="Who you are, for the report.")
@click.option("--place", default="", metavar="TEXT", help="Where you open it, for the report.")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the report.")
@click.option(
    "--report", type=click.Path(path_type=Path), metavar="FILE", help="Write the report here."
)
def papers(
    run: Invocation,
    bundle_file: Path,
    paper_files: Sequence[Path],
    *,
    show: bool,
    copy: bool,
    out_fd: int | None,
    report: Path | None,
    **said: str,
) -> None:
    """Open the password with printed shares: enough papers of both groups, and no one's keys."""
    outlet = Outlet(show=show, copy=copy, out_fd=out_fd)
    outlet.check(run)
    check_service_gone(run)
    bundle, anchored = _read(run, bundle_file)
    pile = Pile(run, bundle, anchored=anchored)
    sealed = pile.gather(paper_files)
    path = report or Path(f"breakglass-{sealed.envelope.id[:8]}.papers")
    before = reports.earlier(path, sealed)
    claimed = reports.claims(run, said) if before is None else {}
    if before is None:
        _show(run, bundle, sealed, pile, claimed)
    run.terminal.confirm("Open it now? After this the password must be changed")
    opened = open_papers(pile.of(sealed), sealed.content)
    fits = opened.revealed.keys_fit
    if before is None and fits:
        reports.keep(run, path, opened.used, opened.opener, claimed)
    hand_out(run, outlet, bundle.chain, sealed.envelope, opened.revealed)
    run.terminal.answer(
        _answer(sealed, opened, path),
        lambda: _say_next(run, path if fits else None, shown=outlet.given),
    )


def _show(
    run: Invocation,
    bundle: VerifiedBundle,
    sealed: BundledSeal,
    pile: Pile,
    claimed: Mapping[str, str],
) -> None:
    """Show what the report will say; which papers open the password is known only afterwards."""
    places = [opened.holding for opened in pile.of(sealed)]
    said = [{"group": place.group.value, "custodian": place.person} for place in places]
    fields = {"manifest": sealed.envelope.digest, **claimed}
    context = bundle_context(run, bundle, bundle.chain.named(sealed.envelope.roster), sealed)
    consent(run, "papers", {**fields, "papers": said}, context, late={"papers"})


def _read(run: Invocation, path: Path) -> tuple[VerifiedBundle, bool]:
    """Read a bundle; also whether this device knows the people of its account.

    What this device remembers is compared, but refuses nothing: here the papers decide.
    """
    given = read_bundle(path)
    remembered = memory.seen_roster(run.home, given.account)
    try:
        bundle = verify_bundle(given, me=None, remembered=remembered)
    except ClientRefusal as refused:
        if refused.code != "roster-rewound":
            raise
        run.terminal.warn(f"{refused.message}: an older bundle, or another than this account's")
        return verify_bundle(given, me=None, remembered=None), False
    known = run.home.config_or_none()
    versions = range(1, len(bundle.chain.rosters) + 1)
    mine = known is not None and any(bundle.chain.bears(v, known.fingerprint) for v in versions)
    return bundle, mine or remembered is not None


def _answer(sealed: BundledSeal, opened: PapersOpened, path: Path) -> dict[str, object]:
    return {
        "account": sealed.envelope.account,
        "version": sealed.envelope.version,
        "report": str(path) if opened.revealed.keys_fit else "",
        "opened_with": list(opened.revealed.used),
        "wrong": list(opened.revealed.bad),
    }


def _say_next(run: Invocation, path: Path | None, *, shown: bool) -> None:
    if not shown:
        run.terminal.note("The password is hidden; add --show, --copy or --out-fd N to get it.")
    run.terminal.note("Change the password at AWS when you are done.")
    if path is None:
        run.terminal.note("No report can be signed: tell everyone of the account yourself.")
        return
    run.terminal.note("When the service is back, hand the report in; that needs no login:")
    run.terminal.note(f"  breakglass offline import {render.one_line(str(path))}")
