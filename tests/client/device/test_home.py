import multiprocessing
import os
import stat
import sys
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as FailKeyring

from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.merkle import EMPTY_ROOT
from crypto.note import NoteSigner
from crypto.recipient import RecipientKey
from service.client.device import memory, requestkeys
from service.client.device.home import Config, Home
from service.client.device.memory import SeenLog
from service.client.foundation.errors import ClientRefusal
from tests.cast import somebody
from tests.client.released import keep_key

REQUEST = "6f1de0a4-3c8c-4c3a-9a52-0f6c2a6f0b11"
A = "a" * 64
B = "b" * 64


def seen_log() -> SeenLog:
    signer = NoteSigner.generate("log.example")
    empty = Checkpoint(origin="log.example", size=0, root=EMPTY_ROOT)
    return SeenLog(verifier_key=signer.verifier.vkey, checkpoint=sign_checkpoint(empty, signer))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.write_config(Config(server="http://localhost:8420", email="ann@corp.example"))
    return home


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def code_of(refused: pytest.ExceptionInfo[ClientRefusal]) -> str:
    return refused.value.code


def test_the_environment_moves_the_home(tmp_path: Path) -> None:
    assert Home.locate({"BREAKGLASS_HOME": str(tmp_path)}).path == tmp_path
    assert Home.locate({}).path.name == "breakglass"


def test_files_are_their_owners_alone_whatever_the_umask_says(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        home = Home(tmp_path / "home")
        home.write("requests/x.key", b"secret")
    finally:
        os.umask(old)
    assert mode(home.path) == mode(home.path / "requests") == 0o700
    assert mode(home.path / "requests/x.key") == 0o600


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_can_touch_is_refused(home: Home, bits: int) -> None:
    (home.path / "config.json").chmod(bits)
    with pytest.raises(ClientRefusal) as refused:
        home.config()
    assert code_of(refused) == "home-open"


def test_a_write_replaces_whole_files_and_leaves_no_other(home: Home) -> None:
    home.write("token", b"one")
    home.write("token", b"two")
    assert home.read("token") == b"two"
    assert sorted(path.name for path in home.path.iterdir()) == ["config.json", "token"]


def test_a_write_that_fails_leaves_nothing_behind(home: Home) -> None:
    (home.path / "token").mkdir()
    with pytest.raises(ClientRefusal, match="token cannot be written: Is a directory") as refused:
        home.write("token", b"new")
    assert code_of(refused) == "home-unusable"
    assert sorted(path.name for path in home.path.iterdir()) == ["config.json", "token"]


def test_a_new_device_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ClientRefusal) as refused:
        Home(tmp_path).config()
    assert code_of(refused) == "not-set-up"
    assert "breakglass enroll" in refused.value.hint


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"server": 1}', '{"server": "x"}', '{"server": "x", "more": "y"}']
)
def test_a_damaged_config_is_refused(home: Home, text: str) -> None:
    home.write("config.json", text.encode())
    with pytest.raises(ClientRefusal) as refused:
        home.config()
    assert code_of(refused) == "home-damaged"


def test_a_token_is_kept_and_forgotten(home: Home) -> None:
    assert home.token() == ""
    home.write_token("t" * 43)
    assert home.token() == "t" * 43
    home.forget_token()
    assert home.token() == ""


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, ring = keyring.get_keyring(), Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_a_token_may_live_in_the_keyring_and_move_back(home: Home, ring: Ring) -> None:
    home.write_token("t" * 43)
    home.write_token("u" * 43, keyring=True)
    assert not (home.path / "token").exists()
    assert home.token() == "u" * 43
    home.write_token("v" * 43)
    assert list(ring.kept.values()) == ["v" * 43]
    home.forget_token()
    assert ring.kept == {}
    assert home.token() == ""
    home.write_token("w" * 43, keyring=False)
    assert home.read("token") == b"w" * 43


def test_without_a_keyring_nothing_is_moved(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write_token("t" * 43)
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ClientRefusal) as refused:
        home.write_token("u" * 43, keyring=True)
    assert code_of(refused) == "no-keyring"
    assert home.token() == "t" * 43


def test_a_desktop_without_a_keyring_is_refused_by_name(home: Home) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(FailKeyring())  # type: ignore[no-untyped-call]
    try:
        with pytest.raises(ClientRefusal) as refused:
            home.write_token("u" * 43, keyring=True)
    finally:
        keyring.set_keyring(before)
    assert code_of(refused) == "no-keyring"
    assert home.config().token_store == "file"


def test_a_request_key_is_kept_for_its_request_alone(home: Home) -> None:
    key = RecipientKey.generate()
    keep_key(home, REQUEST, key)
    kept = requestkeys.load(home, REQUEST)
    assert kept.public == key.public
    assert kept.open(somebody("gus").identity.root).private == key.private
    with pytest.raises(ClientRefusal) as refused:
        kept.open(somebody("ann").identity.root)
    assert code_of(refused) == "request-key-locked"
    assert mode(home.path / "requests" / f"{REQUEST}.key") == 0o600
    requestkeys.destroy(home, REQUEST)
    with pytest.raises(ClientRefusal) as refused:
        requestkeys.load(home, REQUEST)
    assert code_of(refused) == "no-request-key"


def test_a_key_that_the_disk_did_not_keep_is_noticed_before_it_is_used(tmp_path: Path) -> None:
    class Forgetful(Home):
        def read(self, name: str) -> bytes | None:
            return bytes(range(32))

    with pytest.raises(ClientRefusal) as refused:
        keep_key(Forgetful(tmp_path), REQUEST, RecipientKey.generate())
    assert code_of(refused) == "key-not-kept"


@pytest.mark.parametrize("request_id", ["", "../token", "a/b", REQUEST.upper(), REQUEST + "\n"])
def test_no_request_id_leads_out_of_the_folder(home: Home, request_id: str) -> None:
    with pytest.raises(ClientRefusal):
        requestkeys.load(home, request_id)


def test_a_key_under_another_requests_name_is_no_key(home: Home) -> None:
    keep_key(home, REQUEST, RecipientKey.generate())
    other = REQUEST.replace("6", "7")
    home.write(f"requests/{other}.key", home.read(f"requests/{REQUEST}.key") or b"")
    with pytest.raises(ClientRefusal) as refused:
        requestkeys.load(home, other)
    assert code_of(refused) == "no-request-key"


@pytest.mark.parametrize("damage", [b"", b"short", b"{}", bytes(32)])
def test_a_damaged_file_is_no_key(home: Home, damage: bytes) -> None:
    home.write(f"requests/{REQUEST}.key", damage)
    with pytest.raises(ClientRefusal) as refused:
        requestkeys.load(home, REQUEST)
    assert code_of(refused) == "no-request-key"


@pytest.mark.parametrize(
    ("version", "digest"),
    [pytest.param(1, A, id="older"), pytest.param(2, B, id="another of this version")],
)
def test_memory_refuses_a_roster_that_undoes_what_it_saw(
    home: Home, version: int, digest: str
) -> None:
    memory.remember_roster(home, "111122223333", 2, A)
    with pytest.raises(ClientRefusal) as refused:
        memory.remember_roster(home, "111122223333", version, digest)
    assert code_of(refused) == "roster-rewound"
    assert memory.seen_roster(home, "111122223333") == (2, A)


def test_what_was_merely_read_does_not_count_as_compared(home: Home) -> None:
    account = "111122223333"
    memory.remember_roster(home, account, 1, A)
    assert not memory.compared_by_voice(home, account, [A])
    memory.remember_compared(home, account, A)
    memory.remember_roster(home, account, 2, B)
    assert memory.compared_by_voice(home, account, [A, B])
    assert not memory.compared_by_voice(home, account, [B])  # a chain without it
    assert not memory.compared_by_voice(home, "444455556666", [A])
    assert memory.seen_roster(home, account) == (2, B)
    assert memory.seen_roster(home, "444455556666") is None


def test_memory_of_the_log_is_kept_beside_that_of_rosters(home: Home) -> None:
    memory.remember_roster(home, "111122223333", 1, A)
    log = seen_log()
    memory.remember_log(home, "http://localhost:8420", log)
    assert memory.seen_log(home, "http://localhost:8420") == log
    assert memory.seen_log(home, "https://other.example") is None
    assert memory.seen_roster(home, "111122223333") == (1, A)


def _remember(path: Path, started: Event) -> None:
    started.set()
    memory.remember_roster(Home(path), "111122223333", 1, A)


def test_two_calls_at_once_wait_for_each_other(home: Home) -> None:
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    other = context.Process(target=_remember, args=(home.path, started))
    with home.locked():
        other.start()
        assert started.wait(60)
        time.sleep(0.3)
        assert memory.seen_roster(home, "111122223333") is None
    other.join()
    assert memory.seen_roster(home, "111122223333") == (1, A)


def test_a_folder_that_was_there_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    Home(tmp_path / "home").write("token", b"t")
    assert mode(tmp_path / "home") == 0o700
