"""A witness cosigns a log that grows, remembers it through anything, and refuses the rest."""

import json
import threading
from collections import Counter
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from click.testing import CliRunner

from crypto.checkpoint import open_checkpoint
from crypto.cosignature import WitnessVerifier, cosignatures_of, verify_cosignatures
from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from crypto.submission import SIZE_TYPE, Submission
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal
from service.client.main import cli
from service.client.witness.memory import WitnessMemory
from service.client.witness.rules import Answer, Witness
from tests.client.honest import ORIGIN, START, Log
from tests.client.witnessed import NAME, grow, log_of, submission


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "witness"


@pytest.fixture
def memory(folder: Path) -> WitnessMemory:
    return WitnessMemory.create(folder, NAME)


def witness_of(memory: WitnessMemory, log: Log, now: datetime = START) -> Witness:
    return Witness(memory, [log.signer.verifier], lambda: now)


def ask(witness: Witness, log: Log, old: int, size: int) -> Answer:
    return witness.add_checkpoint(submission(log, old, size).text.encode())


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


def test_nothing_is_cosigned_that_cannot_be_remembered(
    memory: WitnessMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(9)
    witness = witness_of(memory, log)
    ask(witness, log, 0, 5)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Home, "write", full)
        with pytest.raises(OSError, match="No space"):
            ask(witness, log, 5, 9)
    assert ask(witness, log, 5, 7).status == HTTPStatus.OK


def test_what_is_remembered_was_on_the_disk_before_the_answer(
    memory: WitnessMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(9)
    written: list[str] = []
    real = Home.write

    def seen(self: Home, name: str, data: bytes) -> None:
        real(self, name, data)
        written.append(data.decode())

    monkeypatch.setattr(Home, "write", seen)
    answer = ask(witness_of(memory, log), log, 0, 9)
    assert written == [log.checkpoint() + answer.body]


def test_of_many_at_once_one_moves_each_step_and_the_memory_never_shrinks(
    memory: WitnessMemory,
) -> None:
    log = log_of(40)
    witness = witness_of(memory, log)
    asked = [submission(log, old, old + step) for old in range(30) for step in (1, 2, 5)]
    statuses: Counter[int] = Counter()
    barrier = threading.Barrier(6)

    def run(start: int) -> None:
        barrier.wait()
        for one in asked[start:] + asked[:start]:
            statuses[witness.add_checkpoint(one.text.encode()).status] += 1

    threads = [threading.Thread(target=run, args=(7 * n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {HTTPStatus.OK, HTTPStatus.CONFLICT}
    kept = memory.newest(log.signer.verifier)
    assert kept is not None
    assert statuses[HTTPStatus.OK] <= kept.checkpoint.size
    assert f"{kept.checkpoint.size}\n" == ask(witness, log, 0, 40).body


def test_a_memory_that_somebody_changed_is_refused(memory: WitnessMemory, folder: Path) -> None:
    log = log_of(9)
    ask(witness_of(memory, log), log, 0, 9)
    [path] = (folder / "logs").iterdir()
    whole = path.read_text()
    uncosigned = whole.rsplit("\u2014", 1)[0]
    elsewhere = Log(leaves=log.leaves).checkpoint()
    for text in ("", uncosigned, elsewhere, whole.replace("9", "8", 1), whole + "\x00"):
        path.write_text(text)
        with pytest.raises(ClientRefusal) as refused:
            witness_of(WitnessMemory.load(folder), log)
        assert refused.value.code == "witness-damaged"
    path.write_text(whole)
    witness_of(WitnessMemory.load(folder), log)


def test_a_second_key_for_a_log_is_refused(memory: WitnessMemory) -> None:
    keys = [NoteSigner(ORIGIN, SecretBytes(bytes([n]) * 32)).verifier for n in (1, 2)]
    with pytest.raises(ClientRefusal, match="one --log for each origin"):
        Witness(memory, keys, lambda: START)


def test_the_files_are_their_owner_s_alone(memory: WitnessMemory, folder: Path) -> None:
    ask(witness_of(memory, log_of(3)), log_of(3), 0, 3)
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
    (folder / "witness.key").chmod(0o644)
    with pytest.raises(ClientRefusal) as refused:
        WitnessMemory.load(folder)
    assert refused.value.code == "home-open"


def test_one_process_serves_a_witness(memory: WitnessMemory, folder: Path) -> None:
    with memory.held():
        with pytest.raises(ClientRefusal) as refused, WitnessMemory.load(folder).held():
            pytest.fail("two hold it")
        assert refused.value.code == "witness-busy"
    with WitnessMemory.load(folder).held():
        pass


def run(*arguments: str, home: Path) -> tuple[int, str, str]:
    made = Invocation(home=home, terminal=Terminal(interactive=False))
    done = CliRunner().invoke(cli, list(arguments), obj=made)
    return done.exit_code, done.stdout, done.stderr


def test_init_makes_a_key_once_and_prints_how_to_verify_it(folder: Path, tmp_path: Path) -> None:
    code, out, _ = run("witness", "init", str(folder), "--name", NAME, "--json", home=tmp_path)
    assert code == 0
    vkey = json.loads(out)["verifier_key"]
    assert WitnessVerifier.from_vkey(vkey) == WitnessMemory.load(folder).key.verifier
    code, _, err = run("witness", "init", str(folder), "--name", NAME, home=tmp_path)
    assert (code, "[file-exists]" in err) == (1, True)


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_a_name_that_no_key_can_have_makes_no_witness(
    folder: Path, tmp_path: Path, name: str
) -> None:
    code, _, err = run("witness", "init", str(folder), "--name", name, home=tmp_path)
    assert (code, "[malformed]" in err) == (1, True)
    assert not folder.exists()


def test_a_folder_without_a_key_is_no_witness(tmp_path: Path) -> None:
    vkey = log_of(1).signer.verifier.vkey
    code, _, err = run("witness", "serve", str(tmp_path), "--log", vkey, home=tmp_path)
    assert (code, "[not-a-witness]" in err) == (1, True)
    (tmp_path / "witness.key").write_text("PRIVATE+KEY+x")
    (tmp_path / "witness.key").chmod(0o600)
    code, _, err = run("witness", "serve", str(tmp_path), "--log", vkey, home=tmp_path)
    assert (code, "[not-a-witness]" in err) == (1, True)


@pytest.mark.parametrize("bind", ["8422", "host", "user@host:1", "host:port", ""])
def test_an_address_that_is_none_is_wrong_usage(
    memory: WitnessMemory, folder: Path, tmp_path: Path, bind: str
) -> None:
    vkey = log_of(1).signer.verifier.vkey
    code, _, err = run(
        "witness", "serve", str(folder), "--log", vkey, "--bind", bind, home=tmp_path
    )
    assert (code, "--bind wants" in err) == (2, True)


def test_what_it_shows_is_signed_by_the_log_and_by_itself(memory: WitnessMemory) -> None:
    log = log_of(9)
    witness = witness_of(memory, log)
    ask(witness, log, 0, 9)
    kept = memory.newest(log.signer.verifier)
    assert kept is not None
    assert open_checkpoint(kept.note, log.signer.verifier).size == 9
    assert len(cosignatures_of(kept.note, memory.key.verifier)) == 1
