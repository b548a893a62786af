"""A log in memory that signs as the real one does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.leaf import Detail, Leaf, encode_leaf
from crypto.merkle import Frontier, leaf_hash
from crypto.note import NoteSigner
from crypto.proof import Receipt
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes
from crypto.tiles import TILE_WIDTH, TileProofs
from tests.cast import ACCOUNT
from tests.client.honest import ORIGIN, START


@dataclass
class Log:
    """A log in memory that signs as the real one does."""

    signer: NoteSigner = field(
        default_factory=lambda: NoteSigner(ORIGIN, SecretBytes(random_bytes(32)))
    )
    leaves: list[bytes] = field(default_factory=list)

    def append(
        self,
        action: str,
        *,
        actor: str = "service",
        subject: str = ACCOUNT,
        request: str = "",
        details: Mapping[str, Detail] | None = None,
        statement: bytes = b"",
        at: datetime = START,
    ) -> int:
        leaf = Leaf(
            seq=len(self.leaves),
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            request=request,
            details=details or {},
            statement=statement,
        )
        self.leaves.append(encode_leaf(leaf))
        return leaf.seq

    def begin(self) -> "Log":
        """Append what every log begins with."""
        self.append("log:started", actor="ops:root", subject="service")
        return self

    def checkpoint(self, size: int | None = None) -> str:
        size = len(self.leaves) if size is None else size
        frontier, _ = Frontier().extend(map(leaf_hash, self.leaves[:size]))
        head = Checkpoint(origin=ORIGIN, size=size, root=frontier.root)
        return sign_checkpoint(head, self.signer)

    def proofs(self) -> TileProofs:
        def read_tile(level: int, index: int) -> Sequence[bytes]:
            hashes = [leaf_hash(leaf) for leaf in self.leaves]
            for _ in range(level):
                whole = len(hashes) // TILE_WIDTH
                hashes = [
                    Frontier().extend(hashes[i * TILE_WIDTH : (i + 1) * TILE_WIDTH])[0].root
                    for i in range(whole)
                ]
            return hashes[index * TILE_WIDTH : (index + 1) * TILE_WIDTH]

        return TileProofs(read_tile)

    def receipt(self, index: int) -> str:
        hashes = self.proofs().inclusion(index, len(self.leaves))
        return Receipt(index=index, hashes=hashes, checkpoint=self.checkpoint()).text
