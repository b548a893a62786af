"""A witness is made once, and says who it is."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crypto.checkpoint import open_checkpoint
from crypto.cosignature import WitnessVerifier, cosignatures_of
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.main import cli
from service.client.witness.memory import WitnessMemory
from tests.client.witness.witnessed import NAME, ask, log_of, witness_of


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
    assert (code, "--bind takes" in err) == (2, True)


def test_what_it_shows_is_signed_by_the_log_and_by_itself(memory: WitnessMemory) -> None:
    log = log_of(9)
    witness = witness_of(memory, log)
    ask(witness, log, 0, 9)
    kept = memory.newest(log.signer.verifier)
    assert kept is not None
    assert open_checkpoint(kept.note, log.signer.verifier).size == 9
    assert len(cosignatures_of(kept.note, memory.key.verifier)) == 1
