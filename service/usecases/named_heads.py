"""The heads of the log that statements name, proved for whoever counts the statements.

A device that was shown another log names that one's head. The service refuses such a statement; an
answer proves the log's own heads at those sizes, so that no client has to take its word for it.
"""

from collections.abc import Collection, Iterable
from itertools import pairwise

from crypto.encoding import b64encode
from crypto.statement import Statement
from service.storage.proofs import Reader
from service.wire.log import MOST_HEADS, NamedHead


def named_sizes(statements: Iterable[Statement]) -> list[int]:
    """The sizes that statements name, each once, ascending; 0 names none.

    At most ``MOST_HEADS``: of more, those of the statements that come first.
    """
    sizes = dict.fromkeys(statement.payload.get("log_size", 0) for statement in statements)
    sizes.pop(0, None)
    return sorted(list(sizes)[:MOST_HEADS])


def chain_of_heads(reader: Reader, sizes: Collection[int], size: int) -> list[NamedHead]:
    """The log's heads at ascending ``sizes`` up to ``size``, the checkpoint's; each once.

    Each has the proof that the next one continues it, and the last that the checkpoint does.

    Raises:
        LogDamagedError: a hash that must be there is missing.
    """
    here = [one for one in sizes if one <= size]
    return [_head(reader, old, new) for old, new in pairwise([*here, size])]


def _head(reader: Reader, old: int, new: int) -> NamedHead:
    hashes = reader.consistency(old, new) if old < new else []
    return NamedHead(
        size=old,
        root=b64encode(reader.root(old)),
        consistency=[b64encode(item) for item in hashes],
    )
