"""The newest checkpoint: what it continues, and what stands in the log under it."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import lru_cache

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crypto.encoding import b64encode
from crypto.leaf import encode_leaf, parse_leaf
from crypto.statement import Statement
from service.storage import log, proofs
from service.storage.epochs import first_leaves_raw
from service.storage.errors import StorageError
from service.usecases.context import Context
from service.usecases.cosigned import older_words, with_cosignatures
from service.usecases.named_heads import chain_of_heads, named_sizes
from service.wire.log import CheckpointAnswer, EpochLeaf, LogView, ProvenLeaf


def checkpoint_size(note: str) -> int:
    """The number of leaves that a checkpoint covers: its second line."""
    return int(note.split("\n", 2)[1])


def checkpoint(ctx: Context, *, seen: int) -> CheckpointAnswer:
    """The newest checkpoint, with a proof that the ``seen`` first leaves are its beginning.

    ``seen`` beyond the end gives an empty proof: the client then holds proof of a rewound log.
    """
    view = _view(ctx, seen, ())
    return CheckpointAnswer(**{name: getattr(view, name) for name in CheckpointAnswer.model_fields})


def log_view(
    ctx: Context, *, seen: int, leaves: Collection[int], naming: Iterable[Statement] = ()
) -> LogView | None:
    """The same with the leaves at these indexes, for an answer that shows what they say.

    ``naming`` are statements that are counted in that answer: the heads that they name are proved.
    None where no checkpoint can be signed: what is shown is shown all the same. Call it after the
    subject was read, so that the checkpoint covers what was there, and in no transaction.
    """
    try:
        return _view(ctx, seen, leaves, named_sizes(naming))
    except (StorageError, SQLAlchemyError, OSError):
        return None


def _view(ctx: Context, seen: int, leaves: Collection[int], named: Collection[int] = ()) -> LogView:
    note = ctx.signer.checkpoint(ctx.database)
    size = checkpoint_size(note)
    with ctx.read() as unit:
        reader = proofs.Reader(unit.session)
        hashes = reader.consistency(seen, size) if 0 < seen < size else []
        return LogView(
            checkpoint=with_cosignatures(unit.session, note),
            verifier_key=ctx.signer.verifier_key,
            size=size,
            consistency=[b64encode(h) for h in hashes],
            epochs=_epochs(unit.session, reader, min((seen, *named)), size),
            leaves=proven_leaves(unit.session, reader, leaves, size),
            cosigned=older_words(unit.session, reader, ctx.witnesses, size),
            heads=chain_of_heads(reader, named, size),
        )


def _epochs(session: Session, reader: proofs.Reader, seen: int, size: int) -> list[EpochLeaf]:
    """The epochs that may have given up a checkpoint of ``seen`` leaves or more, for the client."""
    found = []
    for data in first_leaves_raw(session):
        leaf = parse_leaf(data)
        if leaf.seq < size and seen <= int(str(leaf.details.get("abandoned_size", 0))):
            path = [b64encode(item) for item in reader.inclusion(leaf.seq, size)]
            found.append(EpochLeaf(leaf=b64encode(data), path=path))
    return found


def proven_leaves(
    session: Session, reader: proofs.Reader, wanted: Collection[int], size: int
) -> list[ProvenLeaf]:
    """The leaves at these indexes that the first ``size`` leaves have, ascending."""
    found = (_without_statement(data) for data in log.leaves_at(session, wanted))
    return [
        ProvenLeaf(
            seq=seq,
            leaf=b64encode(leaf),
            path=[b64encode(item) for item in reader.inclusion(seq, size)],
        )
        for seq, leaf in found
        if seq < size
    ]


@lru_cache(maxsize=512)
def _without_statement(data: bytes) -> tuple[int, bytes]:
    leaf = parse_leaf(data)
    return leaf.seq, encode_leaf(replace(leaf, statement=b""))
