"""Exporting the log: every leaf, as files that can be verified without the service."""

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.encoding import b64decode
from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from service.client.audit.tree.files import CHECKPOINT, TileWriter
from service.client.audit.tree.marks import mark_of_note
from service.client.audit.tree.witnesses import COSIGNED
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.wire.log import Export, RawLeaves

_PAGE = 1000


def start_export(api: Api) -> Export:
    """Have the service log the export; return its checkpoint, size and leaf.

    Raises:
        ClientRefusal: the service's, or ``server-answer``.
    """
    answer = api.send("POST", "/exports")
    try:
        return Export.model_validate_json(answer.json_bytes())
    except ValidationError:
        raise ClientRefusal("server-answer", "the service's answer is not an export") from None


def verified_checkpoint(export: Export, verifier: NoteVerifier) -> Checkpoint:
    """Return the export's checkpoint if the log's key has signed it.

    Raises:
        ClientRefusal: ``log-not-signed``; ``log-rewound``: witnesses have seen more than it covers.
    """
    try:
        checkpoint = open_checkpoint(export.checkpoint, verifier)
    except CryptoError as refused:
        raise ClientRefusal(
            "log-not-signed", f"the export's checkpoint does not verify: {refused}"
        ) from None
    if checkpoint.size != export.size:
        raise ClientRefusal("log-not-signed", "the checkpoint covers another number of leaves")
    if export.cosigned:
        seen = mark_of_note(export.cosigned, verifier, "the cosigned checkpoint").checkpoint
        if seen.size > export.size:
            raise ClientRefusal(
                "log-rewound",
                f"witnesses have cosigned {seen.size} leaves, but the export has {export.size}",
            )
    return checkpoint


def write_export(
    api: Api, export: Export, checkpoint: Checkpoint, folder: Path, tick: Callable[[int], None]
) -> None:
    """Fetch all leaves into an empty folder, and recompute the root that the checkpoint signs.

    Raises:
        ClientRefusal: ``log-rewritten``: the leaves have another root; ``server-answer``.
    """
    writer = TileWriter(folder)
    try:
        while writer.size < checkpoint.size:
            start = writer.size
            count = min(_PAGE, checkpoint.size - start)
            page = api.get("/leaves", RawLeaves, start=start, count=count)
            if page.start != start or not 0 < len(page.leaves) <= count:
                raise ClientRefusal("server-answer", "the service sent other leaves than requested")
            for text in page.leaves:
                writer.add(b64decode(text))
            tick(len(page.leaves))
    finally:
        writer.close()
    if writer.root != checkpoint.root:
        raise ClientRefusal(
            "log-rewritten", "the service sent other leaves than those it has signed"
        )
    (folder / CHECKPOINT).write_text(export.checkpoint)
    if export.cosigned:
        (folder / COSIGNED).write_text(export.cosigned)
