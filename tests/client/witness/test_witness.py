"""A witness cosigns a log that grows, remembers it through anything, and refuses the rest."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

from crypto.checkpoint import open_checkpoint
from crypto.cosignature import verify_cosignatures
from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from crypto.submission import SIZE_TYPE, Submission
from service.client.witness.memory import WitnessMemory
from service.client.witness.rules import Witness
from tests.client.honest import START
from tests.client.logs import Log
from tests.client.witness.witnessed import ask, grow, log_of, submission, witness_of


def test_it_cosigns_the_first_checkpoint_and_each_that_continues_it(memory: WitnessMemory) -> None:
    log = log_of(600)
    witness = witness_of(memory, log)
    old = 0
    for size in (1, 2, 7, 256, 257, 600, 600):
        answer = ask(witness, log, old, size)
        assert answer.status == HTTPStatus.OK
        checkpoint = open_checkpoint(log.checkpoint(size), log.signer.verifier)
        [said] = verify_cosignatures(answer.body, checkpoint, memory.key.verifier)
        assert said.at == int(START.timestamp())
        old = size


@pytest.mark.parametrize("restarted", [False, True])
def test_a_log_that_says_another_old_size_is_told_the_right_one(
    memory: WitnessMemory, *, restarted: bool
) -> None:
    log = log_of(20)
    witness = witness_of(memory, log)
    assert ask(witness, log, 0, 12).status == HTTPStatus.OK
    if restarted:
        witness = witness_of(WitnessMemory.load(memory._home.path), log)  # noqa: SLF001
    for old, size in ((0, 20), (11, 20), (13, 20), (0, 5), (5, 5)):
        answer = ask(witness, log, old, size)
        assert (answer.status, answer.body, answer.content_type) == (409, "12\n", SIZE_TYPE)
    assert ask(witness, log, 12, 20).status == HTTPStatus.OK


def test_a_log_that_was_rewound_is_never_cosigned(memory: WitnessMemory) -> None:
    log = log_of(20)
    witness = witness_of(memory, log)
    ask(witness, log, 0, 12)
    assert ask(witness, log, 0, 8).status == HTTPStatus.CONFLICT
    assert ask(witness, log, 8, 8).status == HTTPStatus.CONFLICT
    assert ask(witness, log, 12, 8).status == HTTPStatus.BAD_REQUEST
    [kept] = [memory.newest(log.signer.verifier)]
    assert kept is not None
    assert kept.checkpoint.size == 12


def test_a_log_with_another_past_is_refused_whatever_proof_comes_with_it(
    memory: WitnessMemory,
) -> None:
    log, forked = log_of(12), log_of(20, other="history")
    witness = witness_of(memory, log)
    ask(witness, log, 0, 12)
    assert ask(witness, forked, 12, 20).status == HTTPStatus.UNPROCESSABLE_ENTITY
    grow(log, 20)
    honest = submission(log, 12, 20)
    mixed = Submission(old=12, proof=honest.proof, note=forked.checkpoint(20))
    for bad in (mixed, Submission(old=12, proof=(), note=honest.note)):
        answer = witness.add_checkpoint(bad.text.encode())
        assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "does not continue what this witness cosigned" in answer.body
    assert witness.add_checkpoint(honest.text.encode()).status == HTTPStatus.OK


def test_two_signed_histories_of_one_size_are_kept_as_evidence(
    memory: WitnessMemory, folder: Path
) -> None:
    log, forked = log_of(12), log_of(12, other="history")
    witness = witness_of(memory, log)
    ask(witness, log, 0, 12)
    assert ask(witness, forked, 12, 12).status == HTTPStatus.UNPROCESSABLE_ENTITY
    [evidence] = (folder / "evidence").iterdir()
    text = evidence.read_text()
    assert forked.checkpoint() in text
    assert log.checkpoint() in text


def test_a_proof_with_a_first_checkpoint_is_refused(memory: WitnessMemory) -> None:
    log = log_of(12)
    first = Submission(old=0, proof=(bytes(32),), note=log.checkpoint())
    answer = witness_of(memory, log).add_checkpoint(first.text.encode())
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY


def test_an_empty_log_may_be_cosigned_and_then_grow(memory: WitnessMemory) -> None:
    log = log_of(3)
    witness = witness_of(memory, log)
    assert ask(witness, log, 0, 0).status == HTTPStatus.OK
    assert ask(witness, log, 0, 3).status == HTTPStatus.OK


def test_a_log_of_another_origin_is_unknown(memory: WitnessMemory) -> None:
    log = log_of(5)
    other = NoteSigner("elsewhere.example/log", SecretBytes(bytes(32)))
    witness = Witness(memory, [other.verifier], lambda: START)
    assert ask(witness, log, 0, 5).status == HTTPStatus.NOT_FOUND


def test_a_log_that_another_key_signed_is_forbidden(memory: WitnessMemory) -> None:
    log, thief = log_of(5), Log(leaves=log_of(5).leaves)  # the origin, with a key of its own
    witness = witness_of(memory, log)
    assert ask(witness, thief, 0, 5).status == HTTPStatus.FORBIDDEN
    good, bad = log.checkpoint(5), log.checkpoint(4)
    forged = good.partition("\n\n")[0] + "\n\n" + bad.partition("\n\n")[2]
    answer = witness.add_checkpoint(Submission(old=0, proof=(), note=forged).text.encode())
    assert answer.status == HTTPStatus.FORBIDDEN


def test_signatures_by_others_are_ignored_and_not_passed_on(memory: WitnessMemory) -> None:
    log = log_of(5)
    witness = witness_of(memory, log)
    stranger = "\u2014 stranger.example c3RyYW5nZXI=\n"
    note = log.checkpoint() + stranger
    answer = witness.add_checkpoint(Submission(old=0, proof=(), note=note).text.encode())
    assert answer.status == HTTPStatus.OK
    kept = memory.newest(log.signer.verifier)
    assert kept is not None
    assert kept.note == log.checkpoint() + answer.body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n\n",
        b"old 0\n\nnot a note",
        b"old 0\n\nlog\n5\nAAAA\n\n\xe2\x80\x94 log c2ln\n",
        b"\xff\xfe",
        b"old 99999999999999999999\n\n",
        b"x" * 70_000,
    ],
)
def test_what_is_no_submission_is_a_bad_request(memory: WitnessMemory, body: bytes) -> None:
    answer = witness_of(memory, log_of(1)).add_checkpoint(body)
    assert answer.status == HTTPStatus.BAD_REQUEST


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(memory: WitnessMemory) -> None:
    log = log_of(5)
    bad = Submission(old=6, proof=(), note=log.checkpoint())
    answer = witness_of(memory, log).add_checkpoint(bad.text.encode())
    assert answer.status == HTTPStatus.BAD_REQUEST


def test_its_time_never_goes_back(memory: WitnessMemory) -> None:
    log = log_of(9)
    ask(witness_of(memory, log), log, 0, 5)
    earlier = witness_of(memory, log, START - timedelta(days=1))
    answer = ask(earlier, log, 5, 9)
    checkpoint = open_checkpoint(log.checkpoint(9), log.signer.verifier)
    [said] = verify_cosignatures(answer.body, checkpoint, memory.key.verifier)
    assert said.at == int(START.timestamp())
