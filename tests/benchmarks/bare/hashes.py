"""SHA-256 over the bytes of an export, without reading a word of them.

Events are the lines of one file, each a leaf of the tree that RFC 6962 describes.
"""

import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

_LEAVES = 1 << 16  # hashed at a time: a complete subtree, so memory does not grow with the log


def one_file(path: Path) -> None:
    """A file from its first byte to its last."""
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")


def each_file(folder: Path) -> None:
    """Each file below a folder, by itself."""
    for path in folder.rglob("*"):
        if path.is_file():
            one_file(path)


def tree(path: Path) -> None:
    """Each line of a file as a leaf, and each node above them."""
    with path.open("rb") as file:
        _root(list(_subtrees(file)))


def _subtrees(file: BinaryIO) -> Iterator[bytes]:
    new = hashlib.sha256
    while lines := list(islice(file, _LEAVES)):
        yield _root([new(b"\x00" + line[:-1]).digest() for line in lines])


def _root(hashes: list[bytes]) -> bytes:
    """A node without a sibling goes up as it is."""
    new = hashlib.sha256
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        rest = hashes[-1:] if len(hashes) % 2 else []
        hashes = [new(b"\x01" + left + right).digest() for left, right in pairs] + rest
    return hashes[0]
