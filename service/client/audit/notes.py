"""Options for an auditor's own notes: the log's key, digests, checkpoints and witnesses."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from crypto.encoding import check_hex_digest
from crypto.errors import CryptoError
from service.client.audit.keys import verifier_of
from service.client.audit.replay.world import World
from service.client.audit.report.report import Report
from service.client.audit.report.story import Story
from service.client.audit.tree.given_up import GivenUp
from service.client.audit.tree.pool import cores
from service.client.audit.tree.witnesses import witnesses_of
from service.domain.typed import account_id

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_Function = TypeVar("_Function", bound=Callable[..., object])

_WITNESSES = (
    click.option(
        "--witness",
        "witness_keys",
        multiple=True,
        metavar="VKEY",
        help="A witness's key, from your own notes; it must have cosigned the log.",
    ),
    click.option(
        "--cosigned-by",
        type=click.IntRange(1),
        metavar="N",
        help="How many of these witnesses must have cosigned; default: all.",
    ),
)
_OPTIONS = (
    click.option(
        "--key", required=True, metavar="VKEY", help="The log's key, from your own notes."
    ),
    click.option(
        "--roster",
        "rosters",
        multiple=True,
        metavar="ACCOUNT=DIGEST",
        help="The digest of an account's first roster, from your own notes.",
    ),
    click.option(
        "--since",
        type=_FILE,
        multiple=True,
        metavar="FILE",
        help="A checkpoint or receipt that you kept.",
    ),
    click.option(
        "--mail",
        "mails",
        multiple=True,
        type=_FILE,
        metavar="FILE",
        help="A saved e-mail or mbox that contains checkpoints.",
    ),
    click.option(
        "--accept-epoch",
        is_flag=True,
        help="Accept checkpoints that the log says it gave up after a restore.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, 64),
        default=cores,
        show_default="one for each core",
        help="How many processes to use.",
    ),
)


def with_witnesses(function: _Function) -> _Function:
    """Add the options that say whose cosignatures are required."""
    for option in reversed(_WITNESSES):
        function = option(function)
    return function


def with_notes(function: _Function) -> _Function:
    """Add the options for everything that an auditor may have noted."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return with_witnesses(function)


def blank_report(folder: Path, story: Story | None, notes: Mapping[str, Any]) -> Report:
    """Return the report to be filled in by a verification, with the notes from the options.

    Raises:
        ClientRefusal: ``malformed``: not a key.
        UsageError: not a digest.
    """
    verifier = verifier_of(notes["key"])
    return Report(
        folder=str(folder),
        verifier=verifier,
        world=World(
            anchors=anchors_of(notes["rosters"]),
            recorder=story,
            log_key=verifier,
            given_up=GivenUp(accepted=notes["accept_epoch"]),
        ),
        story=story,
        witnesses=witnesses_of(notes["witness_keys"], notes["cosigned_by"], verifier),
    )


def anchors_of(given: Sequence[str]) -> dict[str, str]:
    """Read ``ACCOUNT=DIGEST`` from the command line."""
    anchors: dict[str, str] = {}
    for text in given:
        given, _, digest = text.rpartition("=")
        account = account_id(given)
        if not account:
            raise click.UsageError(
                "--roster takes ACCOUNT=DIGEST; an account is twelve digits, with a point and a "
                "number from 2 for a further line of it"
            )
        try:
            check_hex_digest(digest.strip().lower())
        except CryptoError:
            raise click.UsageError(
                "--roster takes ACCOUNT=DIGEST; a digest is 64 hexadecimal digits"
            ) from None
        anchors[account] = digest.strip().lower()
    return anchors
