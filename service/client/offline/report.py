"""The report of an opening with papers: signed with the key that only openers have.

It proves that someone had the password. Who, where, when, and whose papers, they only claim.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from crypto import statement as statements
from crypto.encoding import check_text
from crypto.errors import CryptoError
from crypto.opener import verify_opener
from crypto.statement import Signer, Statement
from service.client.cli.invocation import Invocation
from service.client.cli.signing import posted
from service.client.device.home import Config
from service.client.device.newfile import check_new
from service.client.foundation.errors import ClientRefusal
from service.client.link.connection import check_server
from service.client.offline.files import read_shape, write_shape
from service.client.shares.opening import Holding
from service.client.trust.bundle import BundledSeal
from service.client.trust.statements import read
from service.wire.base import Done
from service.wire.base import Statement as StatementBody
from service.wire.offline import OfflinePapers

server_option = click.option(
    "--server", metavar="URL", help="The service's address, where this device is not set up."
)
Claims = Mapping[str, str]


def earlier(path: Path, sealed: BundledSeal) -> Statement | None:
    """Return the report of this very envelope that an earlier try has left, or None.

    Raises:
        ClientRefusal: ``file-exists``: something else is there; ``file``: none can be written.
    """
    if not os.path.lexists(path):
        check_new(path)
        return None
    try:
        report = read(read_shape(path, OfflinePapers).report, "papers")
        verify_opener(report, sealed.envelope.opening_key)
    except (ClientRefusal, CryptoError):
        report = None
    if report is None or report.payload["manifest"] != sealed.envelope.digest:
        raise ClientRefusal(
            "file-exists",
            f"{path} already exists, and is no report of this envelope",
            "nothing is overwritten: choose another name with --report",
        )
    return report


def claims(run: Invocation, said: Claims) -> Claims:
    """Ask for what the report says of its signer, before anything is opened.

    Raises:
        ClientRefusal: ``needs-answer``.
        MalformedError: a text is too long, or has a character that is not taken.
    """
    asked = run.terminal.ask
    found = {
        "name": said["name"] or asked("Your name, for the report", option="--name"),
        "place": said["place"],
        "reason": said["reason"] or asked("Why it is opened with papers", option="--reason"),
    }
    for text in found.values():
        check_text(text)  # signing would refuse it only once the password is open
    return found


def keep(
    run: Invocation, path: Path, used: Sequence[Holding], opener: Signer, claimed: Claims
) -> None:
    """Sign the report and write it to its file, before anything is shown.

    Raises:
        ClientRefusal: ``file-exists``, ``file``.
    """
    fields = {
        "manifest": used[0].envelope.digest,
        "papers": [{"group": p.group.value, "custodian": p.person} for p in used],
        **claimed,
    }
    run.sight.demand_shown("papers", fields)
    report = statements.sign("papers", fields, identity=opener, at=run.now())
    write_shape(
        path, OfflinePapers(format="breakglass-offline-papers/1", report=posted(run, report))
    )


def hand_in(run: Invocation, given: OfflinePapers, server: str | None) -> None:
    """Hand a report to the service, without a session.

    Raises:
        ClientRefusal: the service's refusal, after which nothing was done.
    """
    read(given.report, "papers")
    known = run.home.config_or_none() or Config(server="")
    address = server or known.server
    address = address or run.terminal.ask("The service's address", option="--server")
    with run.api(check_server(address), signed_in=False) as api:
        done = api.post("/papers/reports", StatementBody(statement=given.report), Done)
    run.terminal.answer(
        done,
        lambda: run.terminal.say(
            f"The service says that this is entry {done.leaf} of its log: everyone of the account "
            f"hears of it. The envelope is {done.state}; its password must be changed at AWS."
        ),
    )
