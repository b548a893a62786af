"""One receipt: what it proves, with the service and without it."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from crypto.encoding import b64encode
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.device import memory
from service.client.device.home import Config, Home
from service.client.device.memory import SeenLog
from service.client.main import cli
from tests.client.audit.exports import encoded, leaves, log, place, story, write
from tests.client.audit.test_witnesses import ONE, TWO, cosigned, export_of
from tests.client.logs import Log

SERVER = "http://localhost:8420"
RELEASED = place("request:released")


def receipt(index: int, size: int, made: Log | None = None) -> str:
    made = made or log()
    return Log(signer=made.signer, leaves=made.leaves[:size]).receipt(index)


def other_history() -> Log:
    """The same key has signed a log that says something else early on."""
    written = leaves()
    written.pop(place("roster:drafted"))
    return Log(signer=log().signer, leaves=encoded(written))


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("audit") / "export", log())


def run(*arguments: str, home: Path, service: httpx.MockTransport | None = None) -> Result:
    return CliRunner().invoke(
        cli,
        ["audit", "prove", *arguments],
        obj=Invocation(home=home, terminal=Terminal(interactive=False), transport=service),
    )


def offline(tmp_path: Path, *arguments: str) -> Result:
    return run(*arguments, "--key", log().signer.verifier.vkey, home=tmp_path / "none")


# ---------------------------------------------------------------- with files alone


def test_a_kept_receipt_and_an_export_say_in_words_what_is_proven(
    export: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "receipt"
    kept.write_text(receipt(RELEASED, RELEASED + 9))
    result = offline(tmp_path, str(kept), "--export", str(export))
    assert result.exit_code == 0, result.output
    assert "the shares were released to" in result.stdout
    assert f"leaf {RELEASED} of the {RELEASED + 9} leaves" in result.stdout
    assert "What this proves" in result.stdout
    assert "does not prove" in result.stdout


def test_the_answer_of_an_act_is_a_receipt_too(export: Path, tmp_path: Path) -> None:
    kept = tmp_path / "answer.json"
    answer = {"id": "x", "state": "released", "leaf": RELEASED, "receipt": receipt(RELEASED, 140)}
    kept.write_text(json.dumps(answer))
    result = offline(tmp_path, str(kept), "--export", str(export), "--json")
    assert json.loads(result.stdout)["leaf"] == RELEASED


def test_without_an_export_it_says_that_the_act_itself_is_not_shown(tmp_path: Path) -> None:
    kept = tmp_path / "receipt"
    kept.write_text(receipt(RELEASED, 140))
    result = offline(tmp_path, str(kept))
    assert result.exit_code == 0
    assert f"does not contain leaf {RELEASED}" in result.stdout
    assert "Not what the leaf says" in result.stdout


def test_a_receipt_is_made_from_an_export_and_kept(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "receipt"
    result = offline(tmp_path, str(RELEASED), "--export", str(export), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert out.read_text() == receipt(RELEASED, len(story()))
    again = offline(tmp_path, str(RELEASED), "--export", str(export), "--out", str(out))
    assert "[file-exists]" in again.stderr


@pytest.mark.parametrize("index", [0, 145, RELEASED])
def test_each_leaf_of_an_export_can_be_proven(export: Path, tmp_path: Path, index: int) -> None:
    result = offline(tmp_path, str(index), "--export", str(export), "--json")
    assert json.loads(result.stdout)["event"].encode() == story()[index]


def test_what_is_no_receipt_or_not_this_logs_is_refused(export: Path, tmp_path: Path) -> None:
    kept = tmp_path / "receipt"
    good = receipt(RELEASED, 140)
    stranger = receipt(RELEASED, 140, Log(leaves=list(story())))
    other = good.replace(f"index {RELEASED}", f"index {RELEASED + 1}")
    for text, code in (
        ("nothing", "not-a-receipt"),
        ('{"receipt": 7}', "not-a-receipt"),
        (stranger, "log-receipt-forged"),
        (other, "log-receipt-forged"),
        (receipt(RELEASED, 140, other_history()), "log-receipt-forged"),
    ):
        kept.write_text(text)
        result = offline(tmp_path, str(kept), "--export", str(export))
        assert result.exit_code == 1
        assert f"[{code}]" in result.stderr


def test_a_leaf_beyond_the_export_is_unknown(export: Path, tmp_path: Path) -> None:
    result = offline(tmp_path, str(len(story())), "--export", str(export))
    assert "[leaf-unknown]" in result.stderr


def test_wrong_usage_is_said(export: Path, tmp_path: Path) -> None:
    for arguments in (("7",), (str(tmp_path / "none"), "--export", str(export))):
        assert offline(tmp_path, *arguments).exit_code == 2
    assert run("7", "--export", str(export), home=tmp_path).exit_code == 2


# ---------------------------------------------------------------- with witnesses


def witnessed(tmp_path: Path, size: int) -> Path:
    """An export that brings along a checkpoint of this size, which one witness has cosigned."""
    return export_of(tmp_path / "export", cosigned(log(), size, ONE))


def test_a_receipt_of_an_export_stands_under_what_witnesses_have_seen(tmp_path: Path) -> None:
    folder, size = witnessed(tmp_path, RELEASED + 5), len(story())
    asked = ("--export", str(folder), "--json")
    word = ("--witness", ONE.verifier.vkey)
    for more, covered in (((), size), (word, RELEASED + 5)):
        result = offline(tmp_path, str(RELEASED), *asked, *more)
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["size"] == covered
    people = offline(tmp_path, str(RELEASED), "--export", str(folder), *word)
    assert f"one.example cosigned the first {RELEASED + 5} leaves" in people.stdout
    assert "Each witness above has also signed" in people.stdout
    young = offline(tmp_path, str(RELEASED + 5), "--export", str(folder), *word)
    assert "[not-witnessed]" in young.stderr
    both = ("--witness", TWO.verifier.vkey, *word)
    assert "[not-witnessed]" in offline(tmp_path, str(RELEASED), *asked, *both).stderr
    one = offline(tmp_path, str(RELEASED), *asked, *both, "--cosigned-by", "1")
    assert one.exit_code == 0, one.output


def test_a_kept_receipt_with_a_forged_cosignature_is_refused(tmp_path: Path) -> None:
    kept = tmp_path / "receipt"
    good = receipt(RELEASED, 140)
    of_another = cosigned(log(), 139, ONE).removeprefix(log().checkpoint(139))
    kept.write_text(good + of_another)
    assert offline(tmp_path, str(kept)).exit_code == 0  # who does not know the witness cannot tell
    result = offline(tmp_path, str(kept), "--witness", ONE.verifier.vkey)
    assert "[cosignature-forged]" in result.stderr
    kept.write_text(good + cosigned(log(), 140, ONE).removeprefix(log().checkpoint(140)))
    result = offline(tmp_path, str(kept), "--witness", ONE.verifier.vkey, "--json")
    assert [word["size"] for word in json.loads(result.stdout)["witnesses"]] == [140]


def test_a_cosigned_checkpoint_of_another_history_proves_nothing_of_this_export(
    tmp_path: Path,
) -> None:
    folder = export_of(tmp_path / "export", cosigned(other_history(), 130, ONE))
    asked = (str(place("roster:drafted") + 1), "--export", str(folder))
    result = offline(tmp_path, *asked, "--witness", ONE.verifier.vkey)
    assert "[log-receipt-forged]" in result.stderr


# ---------------------------------------------------------------- with the service


Answers = Callable[[httpx.Request], httpx.Response]


class Service:
    """A service whose log has grown to ``size``; ``proofs`` may come from another history."""

    def __init__(self, served: Log, *, proofs: Log | None = None) -> None:
        self.served = served
        self.proofs = proofs or served

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, size = request.url.path.removeprefix("/api/v1"), len(self.served.leaves)
        if path == "/leaves":
            start = int(request.url.params["start"])
            found = [b64encode(self.served.leaves[start])]
            return httpx.Response(200, json={"start": start, "leaves": found})
        if path == "/checkpoint":
            seen = int(request.url.params["seen"])
            hashes = self.served.proofs().consistency(seen, size) if seen else []
            answer = {
                "checkpoint": self.served.checkpoint(),
                "verifier_key": self.served.signer.verifier.vkey,
                "size": size,
                "consistency": list(map(b64encode, hashes)),
                "epochs": [],
            }
            return httpx.Response(200, json=answer)
        index = int(path.split("/")[2])
        return httpx.Response(200, json={"proof": receipt(index, size, self.proofs)})


def online(tmp_path: Path, service: Answers, *arguments: str, seen: int = 60) -> Result:
    home = Home(tmp_path / "home")
    home.write_config(Config(server=SERVER, email="aud@corp.example", person="x", fingerprint="y"))
    home.write_token("token")
    kept = SeenLog(verifier_key=log().signer.verifier.vkey, checkpoint=log().checkpoint(seen))
    memory.remember_log(home, SERVER, kept)
    return run(*arguments, home=home.path, service=httpx.MockTransport(service))


def test_a_leaf_is_fetched_proven_and_tied_to_what_this_device_watches(tmp_path: Path) -> None:
    result = online(tmp_path, Service(log()), str(RELEASED))
    assert result.exit_code == 0, result.output
    assert "the shares were released to" in result.stdout
    assert f"continues it, to {len(story())}" in result.stdout


def test_a_receipt_kept_from_an_act_is_tied_to_it_too(tmp_path: Path) -> None:
    kept = tmp_path / "receipt"
    kept.write_text(receipt(RELEASED, RELEASED + 1))
    result = online(tmp_path, Service(log()), str(kept))
    assert result.exit_code == 0, result.output


def test_a_receipt_of_a_history_that_was_replaced_is_refused(tmp_path: Path) -> None:
    kept = tmp_path / "receipt"
    kept.write_text(receipt(RELEASED, 120, other_history()))
    result = online(tmp_path, Service(log()), str(kept))
    assert result.exit_code == 1
    assert "[log-receipt-forged]" in result.stderr


def test_a_receipt_whose_checkpoint_the_log_does_not_continue_is_refused(tmp_path: Path) -> None:
    """The leaf is before the change, so the receipt is right for it, and for another history."""
    early = place("identity:enrolled")
    kept = tmp_path / "receipt"
    kept.write_text(receipt(early, 120, other_history()))
    result = online(tmp_path, Service(log()), str(kept))
    assert result.exit_code == 1
    assert "[log-forked]" in result.stderr


def test_a_service_that_continues_either_history_for_whoever_knows_it_is_refused(
    tmp_path: Path,
) -> None:
    """Each answer is proved by itself; only side by side are they of two logs."""
    other = other_history()
    size = len(other.leaves)
    mine = Log(signer=log().signer, leaves=log().leaves[:size])
    honest, lying = Service(mine), Service(other)

    def either(request: httpx.Request) -> httpx.Response:
        knows_other = request.url.params.get("seen") == "120"
        return (lying if knows_other else honest)(request)

    kept = tmp_path / "receipt"
    kept.write_text(receipt(place("identity:enrolled"), 120, other))
    result = online(tmp_path, either, str(kept))
    assert result.exit_code == 1
    assert "[log-forked]" in result.stderr


def test_a_proof_of_another_leaf_is_refused(tmp_path: Path) -> None:
    service = Service(log(), proofs=Log(leaves=list(story())))
    assert "[log-receipt-forged]" in online(tmp_path, service, str(RELEASED)).stderr
