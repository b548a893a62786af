"""How it stands with each witness, as pages and the API tell it, on each database."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from crypto.checkpoint import open_checkpoint
from crypto.cosignature import Cosigner, cosignatures_of
from service.bootstrap import assemble
from service.config import Settings
from service.storage.log_tables import audit_cosignature
from service.storage.witnesses import newest_kept
from service.usecases.cosigned import standings
from service.usecases.witnessing import step
from service.wire.log import WitnessStanding
from service.witnesses.asking import Answer, RefusalFault, SilentFault
from service.witnesses.known import FILE
from tests.conftest import HandClock
from tests.usecases.world import World
from tests.witnesses.asked import Asked, happen, log_key


class Failing:
    """A witness that always fails in one way."""

    def __init__(self, fault: Exception, name: str = "witness.example/down") -> None:
        self.verifier = Cosigner.generate(name).verifier
        self.fault = fault

    def submit(self, _: object) -> Answer:
        raise self.fault


def of(world: World, *keys: str) -> list[WitnessStanding]:
    return standings(replace(world.ctx, witnesses=keys)).witnesses


def test_what_a_witness_cosigned_last_is_told_with_its_line(
    world: World, witness: Asked, clock: HandClock
) -> None:
    key = witness.verifier.vkey
    assert [(w.state, w.note, w.cosigned_at) for w in of(world, key)] == [("waiting", "", "")]
    for more in (3, 4):
        happen(world.ctx, more)
        step(world.ctx, [witness])
    happen(world.ctx, 2)
    world.ctx.signer.checkpoint(world.ctx.database)
    [told] = of(world, key)
    assert (told.key, told.state, told.since) == (key, "cosigning", "")
    assert open_checkpoint(told.note, log_key(world)).size == 7
    assert len(cosignatures_of(told.note, witness.verifier)) == 1
    assert told.cosigned_at == "2026-11-23T09:00:00Z"
    clock.advance(minutes=71)
    assert [(w.state, w.since) for w in of(world, key)] == [("silent", "2026-11-23T09:00:00Z")]


@pytest.mark.parametrize(
    ("fault", "at_once", "later"),
    [
        (SilentFault("refused"), "waiting", "silent"),
        (RefusalFault("not-continued"), "refuses", "refuses"),
    ],
)
def test_silence_is_told_after_a_while_and_a_refusal_at_once(
    world: World, clock: HandClock, fault: Exception, at_once: str, later: str
) -> None:
    failing = Failing(fault)
    happen(world.ctx)
    found: list[WitnessStanding] = []
    for _ in range(2):
        step(world.ctx, [failing])
        found += of(world, failing.verifier.vkey)
        clock.advance(minutes=10)
    assert [(told.state, told.note) for told in found] == [(at_once, ""), (later, "")]
    assert found[1].since == "2026-11-23T09:00:00Z"


def test_a_short_silence_does_not_undo_what_was_cosigned(
    world: World, witness: Asked, clock: HandClock
) -> None:
    happen(world.ctx, 3)
    step(world.ctx, [witness])
    failing = Failing(SilentFault("refused"))
    failing.verifier = witness.verifier
    happen(world.ctx)
    step(world.ctx, [failing])
    [told] = of(world, witness.verifier.vkey)
    assert (told.state, open_checkpoint(told.note, log_key(world)).size) == ("cosigning", 3)
    clock.advance(minutes=10)
    [told] = of(world, witness.verifier.vkey)
    assert (told.state, told.since) == ("silent", "2026-11-23T09:00:00Z")
    assert told.note


def test_no_line_is_told_under_another_checkpoint(world: World, witness: Asked) -> None:
    happen(world.ctx, 3)
    step(world.ctx, [witness])
    with world.ctx.database.engine.begin() as connection:
        connection.execute(update(audit_cosignature).values(root=bytes(32)))
    [told] = of(world, witness.verifier.vkey)
    assert (told.note, told.cosigned_at) == ("", "")


def test_only_those_are_told_of_that_are_asked_now(world: World, witness: Asked) -> None:
    happen(world.ctx)
    step(world.ctx, [witness])
    assert of(world) == []
    both = (Cosigner.generate("witness.example/new").verifier.vkey, witness.verifier.vkey)
    assert [told.state for told in of(world, *both)] == ["waiting", "cosigning"]


def test_the_newest_kept_checkpoint_is_the_one_signed_last(world: World, clock: HandClock) -> None:
    notes: list[str] = []
    for size in (2, 5):
        happen(world.ctx, size)
        notes.append(world.ctx.signer.checkpoint(world.ctx.database))
        clock.advance(minutes=1)
    with world.ctx.read() as unit:
        kept = newest_kept(unit.session)
    assert kept is not None
    assert (kept.size, kept.note) == (7, notes[1])
    assert kept.signed_at == int(clock().timestamp()) - 60


def test_the_service_begins_with_the_witnesses_of_its_folder(
    world: World, state_dir: Path, witness: Asked
) -> None:
    settings = Settings(
        state_dir=state_dir,
        database_url=world.ctx.database.engine.url.render_as_string(hide_password=False),
        log_origin=log_key(world).name,
    )
    assert not assemble(settings).witnesses
    (state_dir / FILE).write_text(f"{witness.verifier.vkey} https://witness.example\n")
    assert assemble(settings).witnesses == [witness.verifier.vkey]
    (state_dir / FILE).write_text("nonsense\n")  # the worker refuses; status has to start to say so
    assert not assemble(settings).witnesses
