"""``breakglass audit prove``: what one receipt proves, in plain words.

With ``--key`` no one is asked: the key is from the auditor's notes, and the leaf from an export if
there is one. Without it the service sends the leaf, its proof, and evidence that the log which this
device watches continues the receipt's checkpoint.

An act's own receipt is made before witnesses cosign. A later one is made under a checkpoint that
they have cosigned, if there is one; ``--witness`` requires their cosignatures.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.encoding import b64decode
from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from crypto.proof import Receipt, parse_receipt
from service.client.audit.keys import pinned, verifier_of
from service.client.audit.notes import with_witnesses
from service.client.audit.proven import Proven
from service.client.audit.tree.marks import Mark
from service.client.audit.tree.receipts import ExportedLeaves, proven, receipt_of
from service.client.audit.tree.witnesses import Witnesses, witnesses_of
from service.client.cli.checkpoints import check_log
from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.device import memory
from service.client.device.newfile import check_new, write_shared
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.growth import check_growth, open_signed
from service.wire.log import CheckpointAnswer, Proof, RawLeaves

_TRIES = 5  # the log may grow between two questions


@command("prove")
@click.argument("what", metavar="LEAF|FILE")
@click.option("--key", metavar="VKEY", help="The log's key, from your own notes; needs no service.")
@click.option(
    "--export",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="An export that has the leaf.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Keep the receipt in a new file."
)
@with_witnesses
def prove(
    run: Invocation,
    what: str,
    key: str | None,
    folder: Path | None,
    out: Path | None,
    witness_keys: Sequence[str],
    cosigned_by: int | None,
) -> None:
    """Check a receipt that you kept, or fetch one for a leaf, and say what it proves."""
    if folder is not None and key is None:
        raise click.UsageError("--export needs --key, the log's key from your own notes")
    if out is not None:
        check_new(out)
    if key is None:
        with run.api() as api:
            found = _by_service(run, api, what)
    else:
        found = _by_files(what, verifier_of(key), folder, cosigned=bool(witness_keys))
    found = _witnessed(found, witnesses_of(witness_keys, cosigned_by, found.verifier))
    if out is not None:
        write_shared({out: found.receipt.text.encode()})
    run.terminal.answer(found.as_json(), lambda: run.terminal.say("\n".join(found.lines())))


def _witnessed(found: Proven, witnesses: Witnesses) -> Proven:
    """Require the witnesses' cosignatures under the receipt's checkpoint."""
    mark = Mark(checkpoint=found.checkpoint, source="the receipt", note=found.receipt.checkpoint)
    advice = (
        "an act's own receipt is made before witnesses cosign: wait a minute, then fetch a newer "
        f"one with 'breakglass audit prove {found.receipt.index}'"
    )
    witnesses.hear([mark], advice)
    return replace(found, witnesses=witnesses)


def _by_files(what: str, verifier: NoteVerifier, folder: Path | None, *, cosigned: bool) -> Proven:
    """Verify with the files given, without the service."""
    export = ExportedLeaves(folder, verifier) if folder else None
    if what.isdecimal() and export is None:
        raise click.UsageError("a leaf's number needs --export FOLDER, or no --key")
    if what.isdecimal() and export is not None:
        receipt = export.receipt(int(what), cosigned=cosigned)
    else:
        receipt = receipt_of(_existing(what))
    if export is None:
        return _signed_only(receipt, verifier)
    data = export.leaf(receipt.index)
    leaf, checkpoint = proven(receipt, data, verifier)
    return Proven(receipt=receipt, checkpoint=checkpoint, verifier=verifier, leaf=leaf, data=data)


def _signed_only(receipt: Receipt, verifier: NoteVerifier) -> Proven:
    try:
        checkpoint = open_checkpoint(receipt.checkpoint, verifier)
    except CryptoError as refused:
        raise ClientRefusal(
            "log-receipt-forged", f"the receipt does not verify: {refused}"
        ) from None
    if receipt.index >= checkpoint.size:
        raise ClientRefusal("log-receipt-forged", "the receipt's checkpoint ends before its leaf")
    return Proven(receipt=receipt, checkpoint=checkpoint, verifier=verifier)


def _by_service(run: Invocation, api: Api, what: str) -> Proven:
    """Verify against the log that this device watches."""
    check_log(run, api)
    verifier = verifier_of(pinned(run, api.server))
    if what.isdecimal():
        index = int(what)
        receipt = _read(api.get(f"/events/{index}/proof", Proof).proof)
        if receipt.index != index:
            raise ClientRefusal("log-receipt-forged", "the proof is for another leaf")
    else:
        receipt = receipt_of(_existing(what))
    page = api.get("/leaves", RawLeaves, start=receipt.index, count=1)
    if page.start != receipt.index or len(page.leaves) != 1:
        raise ClientRefusal("server-answer", "the service sent other leaves than requested")
    data = b64decode(page.leaves[0])
    leaf, checkpoint = proven(receipt, data, verifier)
    return Proven(
        receipt=receipt,
        checkpoint=checkpoint,
        verifier=verifier,
        leaf=leaf,
        data=data,
        remembered=_continued(run, api, checkpoint, verifier),
    )


def _continued(run: Invocation, api: Api, receipts: Checkpoint, verifier: NoteVerifier) -> int:
    """Check that one log continues both the receipt's checkpoint and the remembered one."""
    seen = memory.seen_log(run.home, api.server)
    remembered = seen.opened(verifier) if seen else receipts
    for _ in range(_TRIES):
        after_receipt, after_seen = (
            _grown_from(api, verifier, old) for old in (receipts, remembered)
        )
        if after_receipt == after_seen:
            return after_seen.size
        if after_receipt.size == after_seen.size:
            break
    raise ClientRefusal(
        "log-forked", "the receipt is from another log than the one that this device watches"
    )


def _grown_from(api: Api, verifier: NoteVerifier, old: Checkpoint) -> Checkpoint:
    answer = api.get("/checkpoint", CheckpointAnswer, seen=old.size)
    new = open_signed(answer.checkpoint, verifier)
    check_growth(answer.consistency, new, old)
    return new


def _read(text: str) -> Receipt:
    try:
        return parse_receipt(text)
    except CryptoError as refused:
        raise ClientRefusal("log-receipt-forged", f"the proof is malformed: {refused}") from None


def _existing(what: str) -> Path:
    path = Path(what)
    if not path.is_file():
        raise click.UsageError(f"{what} is neither a leaf's number nor a file")
    return path
