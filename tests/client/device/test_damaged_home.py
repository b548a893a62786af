"""A home that is damaged or cannot be used: the file, the cause, and what to do."""

import errno
import fcntl
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import pytest

from service.client.device import memory
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal
from tests.client.device.test_home import A, home, seen_log

__all__ = ["home"]


def read_all(home: Home) -> None:
    memory.seen_roster(home, ACCOUNT)
    memory.compared_by_voice(home, ACCOUNT, [A])
    memory.seen_log(home, SERVER)
    memory.known_epochs(home, SERVER)
    memory.given_up(home, SERVER)


def memory_of(home: Home, **sections: object) -> None:
    home.write("memory.json", json.dumps(sections).encode())


ACCOUNT = "111122223333"
SERVER = "http://localhost:8420"


@pytest.mark.parametrize(
    "sections",
    [
        {"rosters": []},
        {"rosters": {ACCOUNT: []}},
        {"rosters": {ACCOUNT: {"version": "1", "digest": A}}},
        {"rosters": {ACCOUNT: {"version": True, "digest": A}}},
        {"rosters": {ACCOUNT: {"version": 1}}},
        {"rosters": {ACCOUNT: {"version": 1, "digest": A, "more": 1}}},
        {"compared": {ACCOUNT: {"digests": A}}},
        {"compared": {ACCOUNT: {"digests": [1]}}},
        {"logs": {SERVER: {"verifier_key": "key", "checkpoint": "note"}}},
        {"logs": {SERVER: {"verifier_key": "key"}}},
        {"epochs": {SERVER: {}}},
        {"given_up": {SERVER: {"checkpoints": {}}}},
    ],
)
def test_a_memory_of_another_form_names_its_file_the_cause_and_what_to_do(
    home: Home, sections: dict[str, object]
) -> None:
    memory_of(home, **sections)
    with pytest.raises(ClientRefusal) as refused:
        read_all(home)
    assert refused.value.code == "home-damaged"
    (section,) = sections
    assert str(home.path / "memory.json") in refused.value.message
    assert section.rstrip("s") in refused.value.message or SERVER in refused.value.message
    assert "by voice" in refused.value.hint


def test_a_checkpoint_that_this_device_lost_accuses_no_log(home: Home) -> None:
    log = seen_log()
    damaged = log.checkpoint.replace("log.example", "log.examplf", 1)
    memory_of(home, logs={SERVER: {"verifier_key": log.verifier_key, "checkpoint": damaged}})
    with pytest.raises(ClientRefusal) as refused:
        memory.seen_log(home, SERVER)
    assert refused.value.code == "home-damaged"


@pytest.mark.parametrize("head", ["", "x", "\n-1\nAA==\n", "\n7\nAA==\n", "\n7\n"])
def test_a_head_that_this_device_lost_is_none_to_hold_a_log_against(home: Home, head: str) -> None:
    memory_of(home, logs={SERVER: {"verifier_key": "", "checkpoint": head}})
    with pytest.raises(ClientRefusal) as refused:
        memory.seen_log(home, SERVER)
    assert refused.value.code == "home-damaged"


NOT_JSON = (b"", b"{", b"[]", b"[" * 100_000, b"\xff")


@pytest.mark.parametrize("name", ["memory.json", "config.json", "gone.json"])
@pytest.mark.parametrize("data", NOT_JSON)
def test_a_file_that_is_not_json_says_how_to_mend_it(home: Home, name: str, data: bytes) -> None:
    home.write(name, data)
    with pytest.raises(ClientRefusal) as refused:
        home.read_json(name)
    assert refused.value.code == "home-damaged"
    assert str(home.path / name) in refused.value.message
    assert "copy" in refused.value.hint


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOLCK, "a disk of this machine"),
        (errno.EOPNOTSUPP, "a disk of this machine"),
    ],
)
def test_where_there_are_no_locks_the_file_is_named_and_nothing_is_remembered(
    home: Home, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    def no_locks(_descriptor: int, _how: int) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with pytest.raises(ClientRefusal) as refused:
        memory.remember_roster(home, ACCOUNT, 1, A)
    assert refused.value.code == "home-unusable"
    assert refused.value.message == (
        f"{home.path / 'lock'} cannot be locked: {os.strerror(number)}"
    )
    assert advice in refused.value.hint
    assert memory.seen_roster(home, ACCOUNT) is None


ACTS: Mapping[str, Callable[[Home], object]] = {
    "write": lambda home: home.write("token", b"two"),
    "locked": lambda home: home.locked().__enter__(),
    "remove": lambda home: home.remove("token"),
    "read": lambda home: home.read("token"),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EROFS, "mounted for reading only"),
        (errno.ENOSPC, "free some space"),
        (errno.EACCES, "who owns it"),
    ],
)
def test_a_home_that_cannot_be_used_says_which_file_why_and_what_to_do(
    home: Home, monkeypatch: pytest.MonkeyPatch, number: int, advice: str, act: str
) -> None:
    def refuse(*_args: object, **_more: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    home.write("token", b"one")
    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(ClientRefusal) as refused:
        ACTS[act](home)
    assert refused.value.code == "home-unusable"
    assert str(home.path) in refused.value.message
    assert os.strerror(number) in refused.value.message
    assert advice in refused.value.hint
