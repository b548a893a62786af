"""A decision and a release: their own receipts at once, and cosigned ones when witnesses have seen.

Witnesses are asked after an act was answered, and the log grows on: what a person fetches later
must stand under a checkpoint that they have cosigned, and not under the newest one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crypto.cosignature import cosignatures_of
from crypto.note import NoteVerifier
from crypto.proof import parse_receipt
from service.usecases.context import Context
from service.usecases.witnessing import step
from tests.client.acting import approve, ask, seal
from tests.client.conftest import EVERYBODY, Organisation, organise, running
from tests.client.devices import Device
from tests.witnesses.asked import Asked, asking


@dataclass(kw_only=True)
class Witnessed:
    """An organisation with a password in force, and a witness that was not asked yet."""

    ctx: Context
    people: Organisation
    witness: Asked

    @property
    def key(self) -> str:
        return self.ctx.signer.verifier_key

    @property
    def demand(self) -> tuple[str, str]:
        return ("--witness", self.witness.verifier.vkey)

    def cosign(self) -> None:
        assert step(self.ctx, [self.witness]) == 1


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Witnessed]:
    with running(tmp_path) as ctx:
        people = organise(ctx, tmp_path)
        people.sign(*EVERYBODY)
        seal(people)
        log = NoteVerifier.from_vkey(ctx.signer.verifier_key)
        with asking(tmp_path / "witness", [log], ctx.clock()) as witness:
            yield Witnessed(ctx=ctx, people=people, witness=witness)


def test_each_actor_gets_a_receipt_at_once_and_a_cosigned_one_later(
    made: Witnessed, tmp_path: Path
) -> None:
    people = made.people
    request = ask(people)
    acts: list[tuple[Device, str, int, str]] = []
    for name in ("Ann", "Bob", "Dea", "Eli"):
        done = people[name].do("approve", request)
        acts.append((people[name], "request:approved", done["leaf"], done["receipt"]))
    released = people["Gus"].do("release", request)
    acts.append((people["Gus"], "request:released", released["leaf"], released["receipt"]))
    for device, _, leaf, receipt in acts:
        assert parse_receipt(receipt).index == leaf
        assert cosignatures_of(parse_receipt(receipt).checkpoint, made.witness.verifier) == []
        assert device.refused("audit", "prove", str(leaf), *made.demand) == "not-witnessed"
    made.cosign()
    seen = released["leaf"] + 1
    people["Gus"].do("close", request, "--summary", "the invoices went out")
    for device, action, leaf, receipt in acts:
        out = tmp_path / f"{leaf}.receipt"
        proven = device.do("audit", "prove", str(leaf), *made.demand, "--out", str(out))
        assert json.loads(proven["event"])["action"] == action
        assert [word["size"] for word in proven["witnesses"]] == [proven["size"]]
        assert proven["size"] >= seen
        assert cosignatures_of(parse_receipt(out.read_text()).checkpoint, made.witness.verifier)
        alone = device.do("audit", "prove", str(out), "--key", made.key, *made.demand)
        assert alone["leaf"] == leaf
        own = tmp_path / f"{leaf}.own"
        own.write_text(receipt)
        assert device.do("audit", "prove", str(own), "--key", made.key)["leaf"] == leaf
        refused = device.refused("audit", "prove", str(own), "--key", made.key, *made.demand)
        assert refused == "not-witnessed"


def test_an_act_that_no_witness_has_seen_yet_is_proven_without(made: Witnessed) -> None:
    made.cosign()
    request = ask(made.people)
    done = approve(made.people, request, "Ann")
    ann = made.people["Ann"]
    assert ann.refused("audit", "prove", str(done["leaf"]), *made.demand) == "not-witnessed"
    told = ann.run("audit", "prove", str(done["leaf"]), *made.demand).stderr
    assert f"fetch a newer one with 'breakglass audit prove {done['leaf']}'" in told
    proven = ann.do("audit", "prove", str(done["leaf"]))
    assert (proven["leaf"], proven["witnesses"]) == (done["leaf"], [])


def test_people_are_told_where_the_log_has_their_act(made: Witnessed) -> None:
    request = ask(made.people)
    for name in ("Ann", "Bob", "Dea"):
        made.people[name].do("approve", request)
    approved = made.people["Eli"].says("approve", request)
    released = made.people["Gus"].says("release", request)
    second = ask(made.people)
    denied = made.people["Ann"].says("deny", second, "--reason", "not now")
    for told, name, action in (
        (approved, "Eli", "request:approved"),
        (released, "Gus", "request:released"),
        (denied, "Ann", "request:denied"),
    ):
        [leaf] = [line.split()[3] for line in told.splitlines() if line.startswith("It is entry ")]
        proven = made.people[name].do("audit", "prove", leaf)
        assert json.loads(proven["event"])["action"] == action
