"""What witnesses have seen of the log: counted by the roster's keys, and by nothing else."""

from dataclasses import dataclass

import pytest

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.cosignature import Cosigner
from crypto.encoding import b64encode
from service.client.trust.outsiders import Seen, seen_in, witnessed
from service.domain.outsiders import Outsiders
from service.wire.log import CheckpointAnswer, Cosigned
from tests.client.logs import Log

ONE, TWO, THREE = (Cosigner.generate(f"{n}.example") for n in ("one", "two", "three"))
FORKED = Cosigner.generate("one.example")  # another key under the same name


def log_of(size: int) -> Log:
    log = Log()
    for _ in range(size):
        log.append("session:opened")
    return log


LOG = log_of(9)
VERIFIER = LOG.signer.verifier
NEWEST = open_checkpoint(LOG.checkpoint(), VERIFIER)


def cosigned(size: int, *witnesses: Cosigner, log: Log = LOG) -> str:
    note = log.checkpoint(size)
    head: Checkpoint = open_checkpoint(note, log.signer.verifier)
    return note + "".join(witness.cosign(head, 7) for witness in witnesses)


def shown(*older: tuple[int, str], newest: str = "") -> CheckpointAnswer:
    proofs = LOG.proofs()
    return CheckpointAnswer(
        checkpoint=newest or LOG.checkpoint(),
        verifier_key=VERIFIER.vkey,
        size=9,
        consistency=[],
        cosigned=[
            Cosigned(
                note=note,
                consistency=[b64encode(h) for h in proofs.consistency(min(size, 9), 9)],
            )
            for size, note in older
        ],
    )


def outsiders(*witnesses: Cosigner, wanted: int = 1) -> Outsiders:
    return Outsiders(keys=tuple(one.verifier.vkey for one in witnesses), wanted=wanted)


def seen(answer: CheckpointAnswer) -> tuple[Seen, ...]:
    return seen_in(answer, NEWEST, VERIFIER)


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is shown of a log of nine entries, and how many of them the witnesses have seen."""

    answer: CheckpointAnswer
    named: Outsiders
    size: int


def rows() -> dict[str, Row]:
    """Honest answers and lies, by name; the browser's modules are given the same."""
    one, both = outsiders(ONE), outsiders(ONE, TWO)
    note = cosigned(5, ONE)
    spoiled = note[:-6] + ("AAAA" if note[-6:-2] != "AAAA" else "BBBB") + note[-2:]
    fork = Log(signer=LOG.signer)
    for _ in range(5):
        fork.append("session:ended")
    told = {
        "none": (shown(), one, 0),
        "the newest": (shown(newest=cosigned(9, ONE)), one, 9),
        "another witness": (shown(newest=cosigned(9, TWO)), one, 0),
        "another key of that name": (shown(newest=cosigned(9, FORKED)), one, 0),
        "an older one": (shown((5, note)), one, 5),
        "two older ones": (shown((5, note), (7, cosigned(7, ONE))), one, 7),
        "either": (shown((5, note), newest=cosigned(9, TWO)), both, 9),
        "both": (shown((5, note), newest=cosigned(9, TWO)), outsiders(ONE, TWO, wanted=2), 5),
        "two of three": (
            shown((5, cosigned(5, ONE, TWO))),
            outsiders(ONE, TWO, THREE, wanted=2),
            5,
        ),
        "two for three": (
            shown((5, cosigned(5, ONE, TWO))),
            outsiders(ONE, TWO, THREE, wanted=3),
            0,
        ),
        "one twice": (shown((5, cosigned(5, ONE, ONE))), outsiders(ONE, TWO, wanted=2), 0),
        "a fork": (shown((5, cosigned(5, ONE, log=fork))), one, 0),
        "another log": (shown((5, cosigned(5, ONE, log=log_of(5)))), one, 0),
        "more than the newest": (shown((12, cosigned(12, ONE, log=log_of(12)))), one, 0),
        "a spoiled line": (shown((5, spoiled)), one, 0),
        "no note": (shown((5, note + "nonsense")), one, 0),
        "the newest with a spoiled line": (shown(newest=cosigned(9, ONE)[:-6] + "AAAA=\n"), one, 0),
    }
    return {
        name: Row(answer=answer, named=named, size=size)
        for name, (answer, named, size) in told.items()
    }


@pytest.mark.parametrize("name", rows())
def test_as_many_as_are_wanted_have_seen_so_much(name: str) -> None:
    row = rows()[name]
    assert witnessed(seen(row.answer), row.named) == row.size


def test_none_wanted_is_no_question() -> None:
    with pytest.raises(ValueError, match="no witness is wanted"):
        witnessed(seen(shown()), outsiders(ONE, wanted=0))
