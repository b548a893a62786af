"""Receipts in files: a tlog-proof, or an act's JSON answer that contains one."""

import json
from dataclasses import replace
from pathlib import Path

from crypto.checkpoint import Checkpoint, parse_checkpoint
from crypto.errors import CryptoError, MalformedError
from crypto.leaf import Leaf, parse_leaf
from crypto.merkle import HASH_LENGTH
from crypto.note import NoteVerifier, parse_note
from crypto.proof import Receipt, parse_receipt
from crypto.tiles import TILE_WIDTH, Tile, TileProofs, parse_entries
from service.client.audit.tree.files import read_checkpoint, read_limited
from service.client.audit.tree.marks import unfolded
from service.client.audit.tree.tree import open_export
from service.client.audit.tree.witnesses import own_marks
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.givenfile import json_of, read_given, text_of

_LIMIT = 1_000_000
_BUNDLE_LIMIT = TILE_WIDTH * (0xFFFF + 2)


def receipt_of(path: Path) -> Receipt:
    """Read a receipt from a file, as it was or as an editor or a mail gateway saved it.

    Raises:
        ClientRefusal: ``not-a-receipt``: damaged, or something else; whether the log has signed it
            is not asked yet. A code of ``foundation.givenfile``.
    """
    data = read_given(path, _LIMIT)
    try:
        receipt = parse_receipt(_inner(data))
        note = unfolded(receipt.checkpoint)
        parse_checkpoint(parse_note(note)[0])
    except (MalformedError, ValueError) as refused:
        why = refused if isinstance(refused, MalformedError) else "it is not text"
        raise ClientRefusal("not-a-receipt", f"{path} is not a receipt: {why}") from None
    return replace(receipt, checkpoint=note)


def _inner(data: bytes) -> str:
    """Return the receipt in an act's answer (``--json``), or the text itself."""
    try:
        answer = json.loads(json_of(data))
    except (ValueError, RecursionError):
        return text_of(data).strip() + "\n"
    found = (answer.get("receipt") or answer.get("proof")) if isinstance(answer, dict) else ""
    return found if isinstance(found, str) else ""


def proven(receipt: Receipt, data: bytes, verifier: NoteVerifier) -> tuple[Leaf, Checkpoint]:
    """Verify a receipt for the leaf ``data``; return the leaf and the checkpoint.

    Raises:
        ClientRefusal: ``log-receipt-forged``: not by this log's key, or not for this leaf.
    """
    try:
        checkpoint = receipt.verify(data, verifier)
        leaf = parse_leaf(data)
    except CryptoError as refused:
        raise ClientRefusal(
            "log-receipt-forged", f"the receipt does not verify: {refused}"
        ) from None
    if leaf.seq != receipt.index:
        raise ClientRefusal("log-receipt-forged", f"the leaf says that it is leaf {leaf.seq}")
    return leaf, checkpoint


class ExportedLeaves:
    """Single leaves of an export, and receipts for them from its tiles."""

    def __init__(self, folder: Path, verifier: NoteVerifier) -> None:
        self._folder = folder
        self._verifier = verifier
        self.checkpoint = open_export(folder, verifier)

    def leaf(self, index: int) -> bytes:
        """Return a leaf's bytes; only its receipt shows that they are the right ones.

        Raises:
            ClientRefusal: ``export-damaged``; ``leaf-unknown``: the export ends before it.
        """
        self._check(index)
        tile = self._tile(0, index // TILE_WIDTH)
        try:
            leaves = parse_entries(read_limited(self._folder, tile.entries_path, _BUNDLE_LIMIT))
            return leaves[index % TILE_WIDTH]
        except (MalformedError, IndexError):
            raise ClientRefusal(
                "export-damaged", f"{tile.entries_path} does not have leaf {index}"
            ) from None

    def receipt(self, index: int, *, cosigned: bool = False) -> Receipt:
        """Make a receipt for a leaf under the export's checkpoint.

        With ``cosigned``, under the export's cosigned checkpoint if that covers the leaf.

        Raises:
            ClientRefusal: as ``leaf``, and ``log-not-signed``.
        """
        self._check(index)
        size, note = self._under(index) if cosigned else (0, "")
        size, note = size or self.checkpoint.size, note or read_checkpoint(self._folder)
        try:
            hashes = TileProofs(self._hashes).inclusion(index, size)
        except MalformedError as refused:
            raise ClientRefusal("export-damaged", str(refused)) from None
        return Receipt(index=index, hashes=hashes, checkpoint=note)

    def _under(self, index: int) -> tuple[int, str]:
        """Return size and note of a cosigned checkpoint that covers a leaf; 0 and "" if none."""
        marks = own_marks(self._folder, self._verifier)[1:]
        found = [m for m in marks if index < m.checkpoint.size <= self.checkpoint.size]
        return (found[0].checkpoint.size, found[0].note) if found else (0, "")

    def _check(self, index: int) -> None:
        if index >= self.checkpoint.size:
            raise ClientRefusal(
                "leaf-unknown", f"the export ends after {self.checkpoint.size} leaves"
            )

    def _tile(self, level: int, index: int) -> Tile:
        width = (self.checkpoint.size >> (8 * level)) - index * TILE_WIDTH
        return Tile(level=level, index=index, width=min(TILE_WIDTH, width))

    def _hashes(self, level: int, index: int) -> list[bytes]:
        path = self._tile(level, index).path
        data = read_limited(self._folder, path, TILE_WIDTH * HASH_LENGTH)
        return [data[i : i + HASH_LENGTH] for i in range(0, len(data), HASH_LENGTH)]
