"""Taking a bundle: one file with all that a quorum needs when the service is gone.

It opens only with a quorum, so any disk may hold it. Before it is written it is verified: the
reader's own slot must be in it, and of their shares at least one must open: each that does not is
named.
"""

from pathlib import Path

import click

from crypto.identity import Identity
from service.client.cli.checkpoints import check_log
from service.client.cli.fetching import remember_chain
from service.client.cli.finding import find_account
from service.client.cli.invocation import Invocation
from service.client.cli.options import account_argument, command
from service.client.cli.session import unlock
from service.client.device import memory
from service.client.device.newfile import check_new, packed, write_private
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.shares.opening import Holding, open_share
from service.client.trust.bundle import VerifiedBundle, verify_bundle
from service.client.trust.chain import check_my_keys
from service.wire.accounts import Bundle


@command("bundle", signs=True)
@account_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A new file; only you can read it.",
)
def bundle(run: Invocation, account: str, out: Path | None) -> None:
    """Write a bundle of ACCOUNT to a file. This is announced."""
    with run.api() as api:
        account = find_account(run, api, account)
        path = out or Path(f"breakglass-{account}.bundle")
        check_new(path)
        me = unlock(run, api)
        taken = api.get(f"/accounts/{account}/bundle", Bundle)
        verified = verify_bundle(
            taken, me=me.public.keyid, remembered=memory.seen_roster(run.home, account)
        )
        if taken.account != account:
            raise ClientRefusal("bundle-replaced", "the service sent another account's bundle")
        remember_chain(run, verified.chain)
        check_my_keys(verified.chain.newest, run.config.person, me.public)
        verified.slot_of(run.config.person)
        check_shares(run, verified, me)
        check_log(run, api)
    write_private(path, packed(taken))
    missing = [p for p in verified.chain.newest.members if p not in verified.slots]
    if missing:
        names = render.listing(map(verified.chain.name_of, missing))
        run.terminal.warn(f"the bundle lacks the phrase slots of {names}")
    versions = render.listing(str(s.envelope.version) for s in verified.envelopes)
    run.terminal.answer(
        {"account": account, "file": str(path), "leaf": taken.leaf},
        lambda: run.terminal.say(
            f"{path}: envelope version {versions or 'none'}; it opens only with a quorum.\n"
            f"Without the service: breakglass offline request {path}"
        ),
    )


def check_shares(run: Invocation, verified: VerifiedBundle, me: Identity) -> None:
    """Open each of my shares; warn of one that is not good, by version and sealer.

    One bad envelope is no reason to be without a bundle of the others.

    Raises:
        ClientRefusal: ``keys-replaced``, or a code of ``shares.opening``: none of them is good.
    """
    mine, bad = my_shares(verified, run.config.person), []
    for holding, sealed in mine:
        try:
            check_my_keys(holding.roster, holding.person, me.public)
            open_share(sealed, holding, me)
        except ClientRefusal as refused:
            bad.append(refused)
            sealer = verified.chain.name_of(holding.envelope.sealer)
            run.terminal.warn(
                f"envelope version {holding.envelope.version}, sealed by {sealer}: "
                f"{refused.message}"
            )
    if bad and len(bad) == len(mine):
        raise bad[0]


def my_shares(verified: VerifiedBundle, person: str) -> list[tuple[Holding, bytes]]:
    """Return my place and sealed share in each envelope that lists me."""
    return [
        (
            Holding(
                envelope=item.envelope,
                manifest=item.manifest.payload,
                roster=verified.chain.named(item.envelope.roster),
                group=share.group,
                person=person,
            ),
            item.shares[person],
        )
        for item in verified.envelopes
        if (share := item.envelope.share_of(person)) is not None
    ]
