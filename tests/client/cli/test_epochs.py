"""A device that has seen what is gone: it refuses loudly, says why, and waits for a word."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from crypto.checkpoint import Checkpoint
from crypto.encoding import b64encode
from crypto.epoch import ACTION, Epoch
from crypto.leaf import Leaf, encode_leaf
from crypto.merkle import leaf_hash, node_hash, root
from crypto.note import NoteSigner
from service.client.cli.checkpoints import check_log
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.device import memory
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.domain.events import Action
from tests.client.cli.test_checkpoints import LEAVES, ORIGIN, URL, note, signer

KEPT = 2  # leaves of the copy that was put back
WHY = "the disk broke"


def abandoned(size: int, by: NoteSigner | None = None) -> str:
    return note([*LEAVES, *(leaf_hash(bytes([9, n])) for n in range(6))][:size], by)


def epoch_leaf(given_up: str, continues: int = KEPT, seq: int = KEPT, **changes: object) -> bytes:
    size = int(given_up.split("\n")[1])
    epoch = Epoch(
        size=seq,
        root=root(LEAVES[:KEPT]),
        continues=continues,
        abandoned=Checkpoint(origin=ORIGIN, size=size, root=bytes(32)),
        note=given_up,
        why=WHY,
    )
    details = {**epoch.details(expired=0), **changes}
    return encode_leaf(
        Leaf(
            seq=seq,
            at=datetime(2026, 11, 24, tzinfo=UTC),
            actor="ops:nina",
            action=ACTION,
            subject="service",
            details=details,  # type: ignore[arg-type]
        )
    )


class PutBack(httpx.BaseTransport):
    """A log of two old leaves and the first one of an epoch."""

    def __init__(self, leaf: bytes, path: list[bytes] | None = None) -> None:
        leaves = [*LEAVES[:KEPT], leaf_hash(leaf)]
        old = node_hash(LEAVES[0], LEAVES[1])
        self.note = note(leaves)
        self.answer = {
            "checkpoint": self.note,
            "verifier_key": signer().verifier.vkey,
            "size": 3,
            "consistency": [b64encode(leaf_hash(leaf))],
            "epochs": [
                {
                    "leaf": b64encode(leaf),
                    "path": [b64encode(item) for item in ([old] if path is None else path)],
                }
            ],
        }

    def handle_request(self, _request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=self.answer)


class Device:
    """A device that has seen a checkpoint, and then looks at the log that was put back."""

    def __init__(self, home: Path, seen: str) -> None:
        self.run = Invocation(home=home, terminal=Terminal(interactive=False))
        self.seen = seen
        with self.run.home.locked():
            kept = memory.SeenLog(verifier_key=signer().verifier.vkey, checkpoint=seen)
            memory.remember_log(self.run.home, URL, kept)

    def look(self, log: httpx.BaseTransport, *, accept: bool = False) -> None:
        self.run.accept_epoch = self.run.terminal.yes = accept
        with Api(URL, transport=log) as api:
            check_log(self.run, api)

    def refusal(self, log: httpx.BaseTransport, *, accept: bool = False) -> ClientRefusal:
        with pytest.raises(ClientRefusal) as refused:
            self.look(log, accept=accept)
        assert self.remembers() == self.seen  # what is refused is not remembered
        assert memory.given_up(self.run.home, URL) == []
        return refused.value

    def remembers(self) -> str:
        seen = memory.seen_log(self.run.home, URL)
        assert seen is not None
        return seen.checkpoint


def test_the_action_is_that_of_the_table() -> None:
    assert Action.LOG_EPOCH_BEGAN == ACTION


@pytest.mark.parametrize("size", [3, 4, 5], ids=["forked", "rewound", "the last one"])
def test_it_refuses_and_says_what_happened_by_whom_and_why(tmp_path: Path, size: int) -> None:
    device = Device(tmp_path / "home", abandoned(size))
    refused = device.refusal(PutBack(epoch_leaf(abandoned(5))))
    assert refused.code == "log-epoch-began"
    assert "an older copy of the log was restored: its first 2 entries" in refused.message
    assert f"this device has seen {size} entries" in refused.message
    assert f"ops:nina says why: {WHY}" in refused.message
    assert "breakglass login --accept-epoch" in str(refused.hint)


def test_a_person_accepts_it_and_what_was_seen_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    device = Device(tmp_path / "home", abandoned(4))
    log = PutBack(epoch_leaf(abandoned(5)))
    device.look(log, accept=True)
    assert device.remembers() == log.note
    assert memory.given_up(device.run.home, URL) == [abandoned(4)]
    assert "WARNING: an older copy of the log was restored" in capsys.readouterr().err
    log.answer["consistency"] = []
    device.look(log)  # from here on it is the log


def test_what_came_after_an_epoch_was_not_lost_by_it(tmp_path: Path) -> None:
    """A device that has seen the leaf is not told of it again when the log is rewritten behind."""
    device = Device(tmp_path / "home", abandoned(2))
    leaf = epoch_leaf(abandoned(5))
    device.look(PutBack(leaf))
    leaves = [*LEAVES[:KEPT], leaf_hash(leaf)]
    device.seen = note([*leaves, leaf_hash(b"x")])
    with device.run.home.locked():
        kept = memory.SeenLog(verifier_key=signer().verifier.vkey, checkpoint=device.seen)
        memory.remember_log(device.run.home, URL, kept)
    assert device.refusal(PutBack(leaf), accept=True).code == "log-rewound"


def test_without_a_yes_nothing_is_accepted(tmp_path: Path) -> None:
    device = Device(tmp_path / "home", abandoned(4))
    device.run.accept_epoch = True
    log = PutBack(epoch_leaf(abandoned(5)))
    with Api(URL, transport=log) as api, pytest.raises(ClientRefusal) as refused:
        check_log(device.run, api)
    assert refused.value.code == "needs-answer"
    assert device.remembers() == abandoned(4)


def test_a_device_that_saw_nothing_of_it_goes_on_and_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    device = Device(tmp_path / "home", abandoned(2))
    log = PutBack(epoch_leaf(abandoned(5)))
    device.look(log)
    assert device.remembers() == log.note
    assert f"ops:nina says why: {WHY}" in capsys.readouterr().err
    log.answer["consistency"] = []
    device.look(log)
    assert capsys.readouterr().err == ""


OTHER = [leaf_hash(b"other"), *LEAVES[1:]]
TOO_LITTLE = {
    "less than was seen": (abandoned(6), epoch_leaf(abandoned(5))),
    "another of this size": (note([*OTHER, leaf_hash(b"x")]), epoch_leaf(abandoned(5))),
    "not so far back": (note(OTHER[:3]), epoch_leaf(abandoned(5), 3)),
    "not the signed one": (abandoned(4), epoch_leaf(abandoned(5, signer(2)))),
    "not of this log": (abandoned(4), epoch_leaf(abandoned(5, signer(1, "evil.example/log")))),
    "another size": (abandoned(4), epoch_leaf(abandoned(5), abandoned_size=6)),
    "no reason": (abandoned(4), epoch_leaf(abandoned(5), why=" ")),
    "nothing given up": (abandoned(4), epoch_leaf(abandoned(5), 5)),
    "more details": (abandoned(4), epoch_leaf(abandoned(5), more="x")),
    "another place": (abandoned(4), epoch_leaf(abandoned(5), seq=1)),
}


@pytest.mark.parametrize("what", TOO_LITTLE)
@pytest.mark.parametrize("accept", [False, True])
def test_a_leaf_that_owns_up_to_too_little_explains_nothing(
    tmp_path: Path, what: str, accept: bool
) -> None:
    seen, leaf = TOO_LITTLE[what]
    device = Device(tmp_path / "home", seen)
    refused = device.refusal(PutBack(leaf), accept=accept)
    assert refused.code in {"log-rewound", "log-forked"}


@pytest.mark.parametrize("path", [[], [LEAVES[0]]])
def test_a_leaf_that_does_not_stand_in_the_log_explains_nothing(
    tmp_path: Path, path: list[bytes]
) -> None:
    device = Device(tmp_path / "home", abandoned(4))
    log = PutBack(epoch_leaf(abandoned(5)), path)
    assert device.refusal(log, accept=True).code == "log-rewound"


def test_a_leaf_of_another_action_explains_nothing(tmp_path: Path) -> None:
    device = Device(tmp_path / "home", abandoned(4))
    good = epoch_leaf(abandoned(5))
    renamed = good.replace(ACTION.encode(), b"clock:accepted")
    assert renamed != good
    assert device.refusal(PutBack(renamed), accept=True).code == "log-rewound"
