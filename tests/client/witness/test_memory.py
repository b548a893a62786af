"""What a witness remembers is on its disk before it answers, and its own."""

import threading
from collections import Counter
from http import HTTPStatus
from pathlib import Path

import pytest

from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal
from service.client.witness.memory import WitnessMemory
from service.client.witness.rules import Witness
from tests.client.honest import ORIGIN, START
from tests.client.logs import Log
from tests.client.witness.witnessed import ask, log_of, submission, witness_of


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
    with pytest.raises(ClientRefusal, match="give --log once for each origin"):
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
