"""A witness that a test looks at while it is asked, and a log that somebody puts back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select

from crypto.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from crypto.leaf import Leaf, encode_leaf
from crypto.merkle import EMPTY_ROOT
from crypto.note import NoteSigner, NoteVerifier, parse_note
from crypto.secret import SecretBytes
from crypto.submission import Submission
from service.domain.events import SERVICE, Action, Event
from service.storage.log_tables import audit_checkpoint, audit_cosignature, witness_standing
from service.usecases.context import Context
from service.witnesses.asking import Answer, HttpWitness, Witness
from service.witnesses.known import KnownWitness
from tests.client.witness.witnessed import serving
from tests.storage.rewriting import rewrite
from tests.storage.whole_log import check_whole_log
from tests.usecases.world import World

TOPIC = "arn:aws:sns:eu-central-1:222222222222:breakglass"


class Asked:
    """Passes submissions on, and keeps them."""

    def __init__(self, witness: Witness) -> None:
        self.witness = witness
        self.verifier = witness.verifier
        self.submitted: list[Submission] = []

    def submit(self, submission: Submission) -> Answer:
        """Ask the witness behind."""
        self.submitted.append(submission)
        return self.witness.submit(submission)

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """What was asked: old size and new one."""
        return [(one.old, size_of(one.note)) for one in self.submitted]


@contextmanager
def asking(folder: Path, logs: Sequence[NoteVerifier], now: datetime) -> Iterator[Asked]:
    """The witness in ``folder``, served on this machine for the block."""
    with serving(folder, logs, now) as (server, memory):
        url = f"http://127.0.0.1:{server.port}"
        known = KnownWitness(verifier=memory.key.verifier, url=url)
        with HttpWitness(known) as witness:
            yield Asked(witness)


def size_of(note: str) -> int:
    return parse_checkpoint(parse_note(note)[0]).size


def happen(ctx: Context, count: int = 1) -> None:
    """Something of which nobody is told, so many times."""
    with ctx.write() as unit:
        event = Event(
            action=Action.SESSION_OPENED, actor=SERVICE, subject=SERVICE, details={"session": "s"}
        )
        unit.record(*[event] * count)


def leaves_of(world: World) -> list[bytes]:
    return [encode_leaf(leaf) for leaf in check_whole_log(world.ctx.database)]


def guard_of(world: World) -> Path:
    """The file of the signer's guard."""
    return Path(vars(world.ctx.signer._guard)["path"])  # noqa: SLF001


def put_back(world: World, leaves: Sequence[bytes]) -> None:
    """Put another log in place, with nothing beside it that contradicts it, and undo the guard.

    What an operator with the log's key can do, and what the service itself cannot notice.
    """
    with world.ctx.database.engine.begin() as connection:
        for table in (audit_cosignature, audit_checkpoint, witness_standing):
            connection.execute(delete(table))
    rewrite(world.ctx.database, list(leaves))
    guard = guard_of(world)
    key = NoteSigner.from_private_key(SecretBytes((guard.parent / "log.key").read_bytes()))
    empty = Checkpoint(origin=key.verifier.name, size=0, root=EMPTY_ROOT)
    guard.write_text(sign_checkpoint(empty, key))


@dataclass(frozen=True)
class Cosigned:
    """Who has cosigned the newest checkpoint that any witness has, and when by its clock.

    ``size`` is how many entries that one covers, 0 if nobody ever cosigned; ``signed`` the same of
    the newest checkpoint that the log keeps.
    """

    size: int
    signed: int
    witnesses: dict[str, int]


def cosigned_by(ctx: Context) -> Cosigned:
    with ctx.read() as unit:
        newest = select(func.max(audit_cosignature.c.size))
        signed = select(func.max(audit_checkpoint.c.size))
        size = unit.session.scalar(newest) or 0
        rows = select(audit_cosignature.c.witness, audit_cosignature.c.at)
        found = unit.session.execute(rows.where(audit_cosignature.c.size == size)).all()
        return Cosigned(
            size=size,
            signed=unit.session.scalar(signed) or 0,
            witnesses={row.witness: row.at for row in found},
        )


def log_key(world: World) -> NoteVerifier:
    return NoteVerifier.from_vkey(world.ctx.signer.verifier_key)


def count(world: World, table: object) -> int:
    with world.ctx.database.read() as session:
        return session.connection().execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]


def world_actions(world: World) -> list[str]:
    return [leaf.action for leaf in check_whole_log(world.ctx.database)]


def last_leaf(world: World) -> Leaf:
    return check_whole_log(world.ctx.database)[-1]
