"""The three places in which an export keeps a leaf, compared: which file is wrong, and where.

``tile/entries/…`` has the leaf, ``tile/0/…`` its hash, ``events.jsonl`` the leaf again. Where two
agree, the refusal names the third file; where none do, the leaf.
"""

import os
from pathlib import Path

from crypto.errors import MalformedError
from crypto.merkle import HASH_LENGTH, leaf_hash, leaf_hashes_of
from crypto.tiles import TILE_WIDTH, Tile, parse_entries
from service.client.audit.tree.files import EVENTS, damaged, length_in_events, read_limited
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.givenfile import open_given

_BUNDLE_LIMIT = TILE_WIDTH * (0xFFFF + 2)


class TileFiles:
    """One tile of level 0: ``leaves``, their ``hashes``, and in ``said`` their event lines.

    ``damage`` is what is wrong with them, from leaf ``damage_at`` of the tile on.
    """

    def __init__(self, folder: Path, tile: Tile, offset: int) -> None:
        self._folder = folder
        self._tile = tile
        self._offset = offset
        self.leaves: list[bytes] = []
        self.hashes: list[bytes] = []
        self.said = b""
        self.damage: ClientRefusal | None = None
        self.damage_at = 0

    def read(self) -> None:
        """Read all three, and find the first leaf in which they differ.

        Raises:
            ClientRefusal: ``export-damaged``: a file is missing, or its leaves cannot be read.
        """
        tile = self._tile
        bundle = read_limited(self._folder, tile.entries_path, _BUNDLE_LIMIT)
        held = read_limited(self._folder, tile.path, TILE_WIDTH * HASH_LENGTH)
        try:
            self.leaves = parse_entries(bundle)
        except MalformedError as refused:
            raise damaged(f"{tile.entries_path}: {refused}") from None
        if len(self.leaves) != tile.width:
            raise damaged(
                f"{tile.entries_path} has {len(self.leaves)} entries instead of {tile.width}"
            )
        self.hashes = leaf_hashes_of(self.leaves)
        self.said = _lines_at(self._folder, self._offset, length_in_events(tile, len(bundle)))
        if b"".join(self.hashes) != held or b"\n".join([*self.leaves, b""]) != self.said:
            self._find(held)

    def _find(self, held: bytes) -> None:
        position = 0
        for place, leaf in enumerate(self.leaves):
            line = self.said[position : position + len(leaf) + 1]
            position += len(leaf) + 1
            hashed = held[place * HASH_LENGTH :][:HASH_LENGTH]
            if line != leaf + b"\n" or hashed != self.hashes[place]:
                self.damage_at = place
                self.damage = damaged(self._names(place, line, hashed))
                return
        self.damage_at = len(self.leaves)
        self.damage = damaged(
            f"{self._tile.path} has {len(held)} bytes and should have "
            f"{self._tile.width * HASH_LENGTH}"
        )

    def _names(self, place: int, line: bytes, hashed: bytes) -> str:
        tile, number = self._tile, self._tile.index * TILE_WIDTH + place
        if line == self.leaves[place] + b"\n":
            return f"{tile.path} does not have the hash of leaf {number}"
        if hashed == self.hashes[place]:
            return f"{EVENTS} has another leaf {number} than {tile.entries_path}"
        if line.endswith(b"\n") and hashed == leaf_hash(line[:-1]):
            return f"{tile.entries_path} has another leaf {number} than {EVENTS} and {tile.path}"
        return f"leaf {number} differs between {tile.entries_path}, {tile.path} and {EVENTS}"


def _lines_at(folder: Path, offset: int, length: int) -> bytes:
    try:
        descriptor = open_given(f"{folder}/{EVENTS}")
    except ClientRefusal as refused:
        missing = refused.code == "no-file"
        raise damaged(f"{EVENTS} is {'missing' if missing else 'not a file to read'}") from None
    try:
        return os.pread(descriptor, length, offset)
    finally:
        os.close(descriptor)
