"""An installation and its witnesses: the file, each finding, and a server that asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.cosignature import Cosigner, cosignatures_of
from crypto.note import NoteVerifier
from crypto.secret import SecretBytes
from service.config import Settings
from service.ops.finding import Finding
from service.ops.opening import opened
from service.ops.status import look
from service.ops.worker import witnesses_of
from service.usecases.context import Context
from service.usecases.cosigned import newest_cosigned
from service.usecases.witnessing import step
from tests.client.witness.witnessed import NAME, serving
from tests.conftest import HandClock
from tests.ops.installation import Installation, ended, eventually, free_port
from tests.witnesses.asked import cosigned_by

UNREACHABLE = Cosigner(NAME, SecretBytes(bytes([7]) * 32)).verifier


@pytest.fixture
def ctx(ready: Installation, read: Settings, clock: HandClock) -> Iterator[Context]:
    with opened(read) as made:
        clock.time = made.clock()
        yield made


def name(read: Settings, line: str) -> None:
    (read.state_dir / "witnesses.txt").write_text(line + "\n")


def ask(read: Settings, ctx: Context) -> None:
    witnesses = witnesses_of(read, ctx.signer.verifier_key)
    step(ctx, witnesses)
    for witness in witnesses:
        witness.__exit__(None, None, None)


def found(read: Settings, clock: HandClock) -> list[Finding]:
    return [f for f in look(read, clock).findings if f.code.startswith("witness")]


def unreachable() -> str:
    return f"{UNREACHABLE.vkey} http://127.0.0.1:{free_port()}"


def test_without_the_file_nothing_is_found(ctx: Context, read: Settings, clock: HandClock) -> None:
    assert found(read, clock) == []
    assert witnesses_of(read, ctx.signer.verifier_key) == []


def test_a_witness_that_cosigns_is_no_finding_while_it_does(
    ctx: Context, read: Settings, clock: HandClock, tmp_path: Path
) -> None:
    log = NoteVerifier.from_vkey(ctx.signer.verifier_key)
    with serving(tmp_path / "witness", [log], clock()) as (server, memory):
        name(read, f"{memory.key.verifier.vkey} http://127.0.0.1:{server.port}")
        [never] = found(read, clock)
        assert (never.code, "has not been asked yet" in never.message) == ("witness-silent", True)
        ask(read, ctx)
        assert found(read, clock) == []
    clock.advance(hours=2)
    [lately] = found(read, clock)
    assert (lately.code, "has not been asked since" in lately.message) == ("witness-silent", True)


def test_a_file_that_was_lost_in_a_restore_is_found_and_an_empty_one_is_meant(
    ctx: Context, read: Settings, clock: HandClock, tmp_path: Path
) -> None:
    name(read, unreachable())
    ask(read, ctx)
    (read.state_dir / "witnesses.txt").unlink()
    assert found(read, clock) == []  # that one never cosigned
    log = NoteVerifier.from_vkey(ctx.signer.verifier_key)
    with serving(tmp_path / "witness", [log], clock()) as (server, memory):
        name(read, f"{memory.key.verifier.vkey} http://127.0.0.1:{server.port}")
        ask(read, ctx)
    (read.state_dir / "witnesses.txt").unlink()
    [forgotten] = found(read, clock)
    assert forgotten.code == "witness-forgotten"
    assert f"{NAME} cosigned this log" in forgotten.message
    name(read, "# nobody is to cosign it any more")
    assert found(read, clock) == []


def test_a_witness_that_cannot_be_reached_is_found_after_ten_minutes(
    ctx: Context, read: Settings, clock: HandClock
) -> None:
    name(read, unreachable())
    ask(read, ctx)
    clock.time = ctx.clock()  # asking took time by the installation's own clock
    assert found(read, clock) == []
    clock.advance(minutes=10)
    [silent] = found(read, clock)
    assert silent.code == "witness-silent"
    assert f"the witness {NAME} has given no cosignature since" in silent.message
    assert "(ConnectError)" in silent.message


def test_a_witness_that_refuses_is_found_at_once(
    ctx: Context, read: Settings, clock: HandClock, tmp_path: Path
) -> None:
    other = NoteVerifier(name="elsewhere.example/log", public_key=UNREACHABLE.public_key)
    with serving(tmp_path / "witness", [other], clock()) as (server, memory):
        name(read, f"{memory.key.verifier.vkey} http://127.0.0.1:{server.port}")
        ask(read, ctx)
    [refused] = found(read, clock)
    assert refused.code == "witness-refuses"
    assert "it does not know this log" in refused.message
    assert "Tell the auditor before you change anything" in refused.message


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_file_that_makes_no_sense_is_a_finding_and_stops_the_start(
    ready: Installation, read: Settings, clock: HandClock, command: str
) -> None:
    name(read, "https://witness.example")
    [finding] = found(read, clock)
    assert finding.code == "witness-file"
    done = ended(ready.start(command))
    assert (done.code, finding.message in done.err) == (1, True)
    assert not ready.answers()


def test_a_server_has_its_log_cosigned_by_itself(
    ctx: Context, ready: Installation, read: Settings, tmp_path: Path, clock: HandClock
) -> None:
    log = NoteVerifier.from_vkey(ctx.signer.verifier_key)
    with serving(tmp_path / "witness", [log], clock()) as (server, memory):
        name(read, f"{memory.key.verifier.vkey} http://127.0.0.1:{server.port}")
        ready.serve()
        assert eventually(lambda: cosigned_by(ctx).size > 0)
        assert len(cosignatures_of(newest_cosigned(ctx), memory.key.verifier)) == 1
        notices = ready.state_dir / "notices.jsonl"
        assert eventually(lambda: notices.exists() and NAME in notices.read_text())
