"""Exports to be verified, written as ``breakglass audit export`` writes them, in little time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from itertools import count as counting
from pathlib import Path

from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.encoding import b64encode, format_time
from crypto.identity import Identity
from crypto.leaf import Leaf, encode_leaf
from crypto.note import NoteSigner, NoteVerifier
from crypto.randomness import random_uuid
from crypto.statement import sign
from service.client.audit.tree.files import CHECKPOINT, TileWriter

_ORIGIN = "breakglass.example/log"
_START = datetime(2026, 11, 2, 9, tzinfo=UTC)
_EACH_SECOND = 3  # events


def plain_export(folder: Path, count: int) -> NoteVerifier:
    """Write sign-ins, after what every log begins with; returns the log's key."""
    return _written(folder, islice(_plain(), count))


def signed_export(folder: Path, count: int) -> NoteVerifier:
    """Write enrolments, each with a statement; returns the log's key."""
    return _written(folder, chain([_first()], map(signed, range(1, count + 1))))


def _plain() -> Iterator[bytes]:
    """What ``encode_leaf`` makes of them, without its checks: the verifier repeats them."""
    yield _first()
    at = format_time(_START)
    for number in counting(1):
        if number % _EACH_SECOND == 0:
            at = format_time(_START + timedelta(seconds=number // _EACH_SECOND))
        person = f"{number % 50:08x}-d467-4687-80c8-b277f2152320"
        yield (
            f'{{"action":"session:opened","actor":"{person}","at":"{at}",'
            f'"details":{{"session":"{number:064x}"}},"request":"","seq":{number},'
            f'"statement":"","subject":"{person}"}}'
        ).encode()


def _first() -> bytes:
    started = Leaf(seq=0, at=_START, actor="ops:root", action="log:started", subject="service")
    return encode_leaf(started)


def signed(number: int) -> bytes:
    identity, person = Identity.generate(), random_uuid()
    public = identity.public
    fields = {
        "person": person,
        "encryption_key": b64encode(public.encryption_key),
        "signing_key": b64encode(public.signing_key),
    }
    leaf = Leaf(
        seq=number,
        at=_START,
        actor=person,
        action="identity:enrolled",
        subject=person,
        details={"fingerprint": public.keyid},
        statement=sign("identity", fields, identity=identity, at=_START).raw,
    )
    return encode_leaf(leaf)


def _written(folder: Path, leaves: Iterable[bytes]) -> NoteVerifier:
    folder.mkdir()
    signer, writer = NoteSigner.generate(_ORIGIN), TileWriter(folder)
    for leaf in leaves:
        writer.add(leaf)
    writer.close()
    head = Checkpoint(origin=_ORIGIN, size=writer.size, root=writer.root)
    (folder / CHECKPOINT).write_text(sign_checkpoint(head, signer))
    return signer.verifier
