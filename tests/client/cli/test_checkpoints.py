"""The log's head as a device sees it: it may grow, and nothing else."""

from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.encoding import b64encode
from crypto.merkle import leaf_hash, node_hash, root
from crypto.note import NoteSigner
from crypto.proof import Receipt
from crypto.secret import SecretBytes
from crypto.spoken import log_key_words
from service.client.cli.checkpoints import check_log
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.device import memory
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.wire.base import Done

URL = "http://localhost:8420"
ORIGIN = "breakglass.example/log"
LEAVES = [leaf_hash(bytes([n])) for n in range(4)]
# From 2 leaves to 4, and from 3 to 4 (RFC 6962, 2.1.2).
FROM_2 = [node_hash(LEAVES[2], LEAVES[3])]
FROM_3 = [LEAVES[2], LEAVES[3], node_hash(LEAVES[0], LEAVES[1])]


def signer(seed: int = 1, name: str = ORIGIN) -> NoteSigner:
    return NoteSigner(name, SecretBytes(bytes([seed]) * 32))


def note(leaves: Sequence[bytes], by: NoteSigner | None = None) -> str:
    by = by or signer()
    head = Checkpoint(origin=by.verifier.name, size=len(leaves), root=root(leaves))
    return sign_checkpoint(head, by)


KEY = signer().verifier.vkey


class Log(httpx.BaseTransport):
    """Answers ``/checkpoint`` as it is told; keeps what the client said it had seen."""

    def __init__(self, checkpoint: str, proof: Sequence[bytes] = (), vkey: str = "") -> None:
        self.answer = {
            "checkpoint": checkpoint,
            "verifier_key": vkey or KEY,
            "size": 0,
            "consistency": [b64encode(item) for item in proof],
        }
        self.seen = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen = request.url.query.decode()
        return httpx.Response(200, json=self.answer)


class Device:
    """Looks at a log, with one memory."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def look(self, log: httpx.BaseTransport, done: Done | None = None, key: str = "") -> None:
        run = Invocation(home=self.home, terminal=Terminal(interactive=False))
        run.log_key = key or None
        with Api(URL, transport=log) as api:
            check_log(run, api, done)

    def code(self, log: Log, done: Done | None = None, key: str = "") -> str:
        kept = self.kept()
        with pytest.raises(ClientRefusal) as refused:
            self.look(log, done, key)
        assert done or self.kept() == kept  # what is refused is not remembered
        return refused.value.code

    def remember(self, log: memory.SeenLog) -> None:
        home = Invocation(home=self.home).home
        with home.locked():
            memory.remember_log(home, URL, log)

    def kept(self) -> memory.SeenLog | None:
        return memory.seen_log(Invocation(home=self.home).home, URL)


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path / "home")


def test_the_first_look_pins_the_key_and_says_so(
    device: Device, capsys: pytest.CaptureFixture[str]
) -> None:
    log = Log(note(LEAVES[:2]))
    device.look(log)
    assert log.seen == "seen=0"
    said = capsys.readouterr().err
    assert f"has not seen this log before, and trusts its key from now on: {KEY}." in said
    assert render.spoken(log_key_words(KEY)) in said
    assert device.kept() == memory.SeenLog(verifier_key=KEY, checkpoint=note(LEAVES[:2]))


@pytest.mark.parametrize(("size", "proof"), [(2, FROM_2), (3, FROM_3), (4, [])])
def test_a_log_that_grew_is_accepted(device: Device, size: int, proof: Sequence[bytes]) -> None:
    device.look(Log(note(LEAVES[:size])))
    log = Log(note(LEAVES), proof)
    device.look(log)
    assert log.seen == f"seen={size}"
    kept = device.kept()
    assert kept is not None
    assert kept.checkpoint == note(LEAVES)


OTHER = [leaf_hash(b"other"), *LEAVES[1:]]


@pytest.mark.parametrize(
    ("log", "code"),
    [
        pytest.param(Log(note(LEAVES[:2])), "log-rewound", id="shorter"),
        pytest.param(Log(note([])), "log-rewound", id="empty"),
        pytest.param(Log(note(OTHER[:3])), "log-forked", id="other leaves, same size"),
        pytest.param(Log(note(OTHER), FROM_3), "log-forked", id="other leaves, and more"),
        pytest.param(Log(note(LEAVES)), "log-forked", id="no proof"),
        pytest.param(Log(note(LEAVES), FROM_3[::-1]), "log-forked", id="a wrong proof"),
        pytest.param(Log(note(LEAVES), [b"x"]), "log-forked", id="no hashes"),
        pytest.param(Log(note(LEAVES, signer(2)), FROM_3), "log-not-signed", id="another signer"),
        pytest.param(
            Log(note(LEAVES, signer(2)), FROM_3, signer(2).verifier.vkey),
            "log-key-changed",
            id="another key, told",
        ),
        pytest.param(Log("x", FROM_3), "log-not-signed", id="no note"),
        pytest.param(
            Log(note(LEAVES, signer(1, "evil.example/log")), FROM_3), "log-not-signed", id="origin"
        ),
    ],
)
def test_a_log_that_does_anything_else_is_refused_loudly(
    device: Device, log: Log, code: str
) -> None:
    device.look(Log(note(LEAVES[:3])))
    assert device.code(log) == code


HEAD_OF_3 = memory.SeenLog.of_head(3, root(LEAVES[:3]))


@pytest.mark.parametrize(
    ("log", "code"),
    [
        param
        for mark in test_a_log_that_does_anything_else_is_refused_loudly.pytestmark  # type: ignore[attr-defined]
        for param in mark.args[1]
        if param.id != "another key, told"  # no key is known yet
    ],
)
def test_a_log_that_does_not_continue_what_its_reader_signed_is_refused_as_loudly(
    device: Device, log: Log, code: str
) -> None:
    device.remember(HEAD_OF_3)
    assert device.code(log) == code


def test_a_log_that_continues_what_its_reader_signed_pins_its_key_without_a_warning(
    device: Device, capsys: pytest.CaptureFixture[str]
) -> None:
    device.remember(HEAD_OF_3)
    log = Log(note(LEAVES), FROM_3)
    device.look(log)
    assert log.seen == "seen=3"
    said = capsys.readouterr().err
    assert KEY in said
    assert "has not seen this log before" not in said
    assert device.kept() == memory.SeenLog(verifier_key=KEY, checkpoint=note(LEAVES))


def test_a_key_that_was_given_counts_beside_what_its_reader_signed(device: Device) -> None:
    device.remember(HEAD_OF_3)
    log = Log(note(LEAVES), FROM_3)
    assert device.code(log, key=signer(2).verifier.vkey) == "log-key-changed"
    device.look(log, key=KEY)


@pytest.mark.parametrize("acted", [True, False])
def test_whoever_acted_is_told_that_it_was_sent(
    device: Device, acted: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    device.look(Log(note(LEAVES[:3])))
    done = Done(id="r", state="pending", leaf=3) if acted else None
    assert device.code(Log(note(LEAVES[:2])), done) == "log-rewound"
    assert ("was sent before this was noticed" in capsys.readouterr().err) is acted


def test_a_key_that_is_given_counts_before_any_is_pinned(device: Device) -> None:
    assert device.code(Log(note(LEAVES)), key=signer(2).verifier.vkey) == "log-key-changed"
    device.look(Log(note(LEAVES)), key=KEY)
    assert device.code(Log(note(LEAVES)), key=signer(2).verifier.vkey) == "log-key-changed"


def test_a_key_that_is_none_is_refused(device: Device) -> None:
    assert device.code(Log(note(LEAVES)), key="x") == "malformed"
    assert device.code(Log(note(LEAVES), vkey="x")) == "malformed"


def test_a_log_that_cannot_sign_is_a_remark(
    device: Device, capsys: pytest.CaptureFixture[str]
) -> None:
    class Silent(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            problem = {
                "type": "urn:breakglass:signer",
                "title": "signer",
                "status": 503,
                "detail": "no key",
            }
            return httpx.Response(503, json=problem)

    device.look(Silent())
    assert "could not be checked" in capsys.readouterr().err
    assert device.kept() is None


def done(receipt: str, leaf: int = 3) -> Done:
    return Done(id="x", state="done", leaf=leaf, receipt=receipt)


def receipt(checkpoint: str, index: int = 3) -> str:
    path = (LEAVES[2], node_hash(LEAVES[0], LEAVES[1]))
    return Receipt(index=index, hashes=path, checkpoint=checkpoint).text


def test_an_acts_receipt_is_of_this_log_and_this_leaf(device: Device) -> None:
    log = Log(note(LEAVES))
    device.look(log, done(receipt(note(LEAVES))))
    for forged in (
        receipt(note(LEAVES), index=2),
        receipt(note(LEAVES, signer(2))),
        receipt(note(LEAVES[:3])),
        "x",
    ):
        assert device.code(log, done(forged)) == "log-receipt-forged"
