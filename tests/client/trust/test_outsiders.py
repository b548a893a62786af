"""What witnesses have seen of the log: counted by the roster's keys, and by nothing else."""

from dataclasses import replace

import pytest

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.cosignature import Cosigner
from crypto.encoding import b64encode
from service.client.trust.before import Act, Sight, Subject, judge
from service.client.trust.findings import Weight
from service.client.trust.outsiders import Seen, seen_in, witnessed
from service.domain.outsiders import Outsiders
from service.wire.log import CheckpointAnswer, Cosigned
from tests.cast import ACCOUNT, log_key
from tests.client.honest import START
from tests.client.logs import Log
from tests.client.trust.test_before import asked, view_of

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
            Cosigned(note=note, consistency=[b64encode(h) for h in proofs.consistency(size, 9)])
            for size, note in older
        ],
    )


def outsiders(*witnesses: Cosigner, wanted: int = 1) -> Outsiders:
    return Outsiders(keys=tuple(one.verifier.vkey for one in witnesses), wanted=wanted)


def seen(answer: CheckpointAnswer) -> tuple[Seen, ...]:
    return seen_in(answer, NEWEST, VERIFIER)


@pytest.mark.parametrize(
    ("answer", "named", "size"),
    [
        (shown(), outsiders(ONE), 0),
        (shown(newest=cosigned(9, ONE)), outsiders(ONE), 9),
        (shown(newest=cosigned(9, TWO)), outsiders(ONE), 0),
        (shown(newest=cosigned(9, FORKED)), outsiders(ONE), 0),
        (shown((5, cosigned(5, ONE))), outsiders(ONE), 5),
        (shown((5, cosigned(5, ONE)), (7, cosigned(7, ONE))), outsiders(ONE), 7),
        (shown((5, cosigned(5, ONE)), newest=cosigned(9, TWO)), outsiders(ONE, TWO), 9),
        (shown((5, cosigned(5, ONE)), newest=cosigned(9, TWO)), outsiders(ONE, TWO, wanted=2), 5),
        (shown((5, cosigned(5, ONE, TWO))), outsiders(ONE, TWO, THREE, wanted=2), 5),
        (shown((5, cosigned(5, ONE, TWO))), outsiders(ONE, TWO, THREE, wanted=3), 0),
        (shown((5, cosigned(5, ONE, ONE))), outsiders(ONE, TWO, wanted=2), 0),
    ],
)
def test_as_many_as_are_wanted_have_seen_so_much(
    answer: CheckpointAnswer, named: Outsiders, size: int
) -> None:
    assert witnessed(seen(answer), named) == size


def test_a_checkpoint_of_a_fork_says_nothing_of_this_log() -> None:
    fork = Log(signer=LOG.signer)
    for _ in range(5):
        fork.append("session:ended")
    answer = shown((5, cosigned(5, ONE, log=fork)))
    assert [one.size for one in seen(answer)] == [9]
    assert witnessed(seen(answer), outsiders(ONE)) == 0


def test_what_another_log_signed_says_nothing() -> None:
    other = log_of(5)
    assert [one.size for one in seen(shown((5, cosigned(5, ONE, log=other))))] == [9]


def test_a_line_that_is_not_the_witnesss_own_says_nothing() -> None:
    note = cosigned(5, ONE)
    bad = note[:-6] + ("AAAA" if note[-6:-2] != "AAAA" else "BBBB") + note[-2:]
    assert witnessed(seen(shown((5, bad))), outsiders(ONE)) == 0
    assert witnessed(seen(shown((5, note + "nonsense"))), outsiders(ONE)) == 0


def test_none_wanted_is_no_question() -> None:
    with pytest.raises(ValueError, match="no witness is wanted"):
        witnessed(seen(shown()), outsiders(ONE, wanted=0))


@pytest.mark.parametrize(
    ("act", "size", "unseen"),
    [
        (Act.APPROVE, 2, True),  # what the witness has seen ends before the request's leaf
        (Act.APPROVE, 3, False),
        (Act.RELEASE, 2, True),
        (Act.CLOSE, 2, False),
        (Act.DENY, 2, False),
    ],
)
def test_a_witness_has_seen_an_entry_that_its_checkpoint_covers(
    act: Act, size: int, *, unseen: bool
) -> None:
    request = asked()
    view = replace(view_of(request), seen=(Seen(size=size, note=cosigned(9, ONE)),))
    subject = Subject(
        act=act, account=ACCOUNT, log_key=log_key(), request=request, outsiders=outsiders(ONE)
    )
    verdict = judge(subject, Sight(views=(view,), now=START, log_key=log_key()))
    assert (verdict.unseen is not None) is unseen
    assert ("not-yet-witnessed" in {one.code for one in verdict.findings}) is unseen
    assert all(one.weight is Weight.REMARK for one in verdict.findings)
