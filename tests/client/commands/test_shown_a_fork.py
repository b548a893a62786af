"""A device that a server showed another log acts once in the main one: everyone can name it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.note import NoteSigner
from service.client.audit.verify import verified
from service.client.device import memory
from service.client.device.home import Home
from service.client.device.memory import SeenLog
from service.client.foundation.errors import ClientRefusal
from service.storage import log
from service.usecases.context import Context
from tests.cast import ACCOUNT
from tests.client.acting import ask, seal
from tests.client.audit.exports import write
from tests.client.commands.test_before_signing import lied_to, silent
from tests.client.conftest import EVERYBODY, Organisation, organise, running
from tests.client.devices import URL, Device
from tests.client.logs import Log


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[tuple[Context, Organisation]]:
    with running(tmp_path) as ctx:
        people = organise(ctx, tmp_path)
        people.sign(*EVERYBODY)
        seal(people)
        yield ctx, people


def leaves(ctx: Context) -> list[bytes]:
    with ctx.read() as unit:
        return log.read_leaves(unit.session, 0, 10_000)


def shown_a_fork(ctx: Context, device: Device, key: NoteSigner) -> None:
    """A log that divides from the main one at its newest entry, signed with the same key."""
    fork = Log(signer=key, leaves=leaves(ctx)[:-1])
    fork.append("invitation:created", actor="another")
    kept = SeenLog(verifier_key=key.verifier.vkey, checkpoint=fork.checkpoint())
    memory.remember_log(Home(device.home), URL, kept)


def test_a_device_that_was_shown_a_fork_is_named_by_everyone(
    installation: tuple[Context, Organisation], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ctx, people = installation
    key: NoteSigner = ctx.signer._key  # noqa: SLF001 - the attacker has it
    number = ask(people)
    shown_a_fork(ctx, people["Ann"], key)
    assert people["Ann"].refused("approve", number) == "log-forked"  # it sees the main log
    # So the server shows it no log at all, and Ann is told to hear Gus, and does.
    ann, telling = lied_to(people["Ann"], {f"/requests/{number}": silent})
    telling.lies[f"/accounts/{ACCOUNT}/rosters"] = silent
    assert ann.refused("approve", number, "--heard") == "log-forked"  # by the service
    assert people["Gus"].do("show", number)["decisions"] == []
    with monkeypatch.context() as patch:
        patch.setattr("service.usecases.context.check_head_of", lambda *_: None)
        assert ann.refused("approve", number, "--heard") == "log-forked"  # by itself, too late
    assert len(people["Gus"].do("show", number)["decisions"]) == 1
    for name in ("Gus", "Bob", "Dea"):  # by each client
        said = people[name].run("show", number)
        assert "the approval of Ann names a log that is not this one" in said.stderr
    export = write(tmp_path / "export", Log(signer=key, leaves=leaves(ctx)))
    with pytest.raises(ClientRefusal) as caught:  # by the audit
        verified(export, key.verifier, anchors={}, marks=[])
    assert caught.value.code == "log-forked"
    assert "its signer" in caught.value.message
