"""The first leaf of an epoch in an auditor's replay: it proves what it gives up, or is refused."""

from pathlib import Path

import pytest

from crypto.checkpoint import Checkpoint
from crypto.encoding import b64encode
from crypto.epoch import ACTION, Epoch
from crypto.leaf import Detail, Leaf, encode_leaf, parse_leaf
from crypto.merkle import leaf_hash, root
from service.client.audit.replay.world import World
from service.client.audit.tree.marks import Mark, mark_of_file
from service.client.audit.verify import verified
from service.client.foundation.errors import ClientRefusal
from tests.client.audit.exports import log, place, story, write
from tests.client.honest import ORIGIN
from tests.client.logs import Log

WHY = "the disk broke"


STRANGER = "\u2014 w.example " + b64encode(bytes(80)) + "\n"


def made(leaves: list[bytes]) -> Log:
    return Log(leaves=leaves, signer=log().signer)


def old() -> list[bytes]:
    """The log up to an envelope in force, as an older copy has it."""
    return list(story()[: place("request:opened")])


def lost() -> list[bytes]:
    """The same log as it was when it was lost."""
    return list(story()[: place("request:opened") + 3])


def epoch_leaf(before: list[bytes], **changes: Detail) -> bytes:
    given_up = made(lost()).checkpoint()
    abandoned = Checkpoint(origin=ORIGIN, size=len(lost()), root=root(map(leaf_hash, lost())))
    epoch = Epoch(
        size=len(before),
        root=root(map(leaf_hash, before)),
        continues=len(before) - 2,
        abandoned=abandoned,
        note=given_up,
        why=WHY,
    )
    last = parse_leaf(before[-1])
    return encode_leaf(
        Leaf(
            seq=len(before),
            at=last.at,
            actor="ops:nina",
            action=ACTION,
            subject="service",
            details=dict(epoch.details(expired=0)) | changes,
        )
    )


def replayed(folder: Path, leaves: list[bytes], *marks: Mark, accept: bool = False) -> World:
    write(folder, made(leaves))
    verifier = log().signer.verifier
    return verified(folder, verifier, anchors={}, marks=marks, accept_epoch=accept)


def refusal(folder: Path, leaves: list[bytes], *marks: Mark, accept: bool = False) -> ClientRefusal:
    with pytest.raises(ClientRefusal) as refused:
        replayed(folder, leaves, *marks, accept=accept)
    return refused.value


def test_an_epoch_is_a_remark_with_who_and_why(tmp_path: Path) -> None:
    world = replayed(tmp_path / "export", [*old(), epoch_leaf(old())])
    [remark] = [r for r in world.remarks if "[unsigned: ops:nina]" in r]
    assert f"Why: [unsigned: {WHY}]" in remark
    assert f"gave up what was signed up to leaf {len(lost()) - 1}" in remark


FORGED: dict[str, dict[str, Detail]] = {
    "signed by nobody": {"abandoned": Log(leaves=[b"x"]).checkpoint().replace("\n1\n", "\n2\n")},
    "signed by others too": {"abandoned": made(lost()).checkpoint() + STRANGER},
    "another size": {"abandoned_size": 10_000},
    "another place": {"size": 3},
    "no reason": {"why": ""},
    "more": {"more": "x"},
    "nothing given up": {"continues": 10_000},
    "a number as text": {"continues": "1"},
}


@pytest.mark.parametrize("what", FORGED)
def test_a_leaf_that_proves_nothing_is_refused(tmp_path: Path, what: str) -> None:
    leaves = [*old(), epoch_leaf(old(), **FORGED[what])]
    refused = refusal(tmp_path / "export", leaves)
    assert refused.code == "epoch-forged"
    assert f"leaf {len(old())}" in refused.message


def test_another_root_than_that_of_the_leaves_before_it_is_refused(tmp_path: Path) -> None:
    leaves = [*old(), epoch_leaf(old(), root=b64encode(bytes(32)))]
    refused = refusal(tmp_path / "export", leaves)
    assert refused.code == "epoch-unlike-tree"
    assert f"leaf {len(old())}" in refused.message


def test_a_count_of_requests_that_did_not_expire_is_refused(tmp_path: Path) -> None:
    leaves = [*old(), epoch_leaf(old(), expired=1)]
    assert refusal(tmp_path / "export", leaves).code == "details-differ"


def test_requests_that_go_on_after_it_are_refused(tmp_path: Path) -> None:
    """What collected approvals has ended with the epoch: the log has to say so."""
    before = lost()
    leaf = epoch_leaf(before, size=len(before), continues=len(before) - 1)
    refused = refusal(tmp_path / "export", [*before, leaf])
    assert refused.code in {"details-differ", "consequence-missing"}


def mark(tmp_path: Path, leaves: list[bytes]) -> Mark:
    path = tmp_path / "kept.txt"
    path.write_text(made(leaves).checkpoint())
    return mark_of_file(path, log().signer.verifier)


@pytest.mark.parametrize("accept", [False, True])
def test_a_checkpoint_of_what_was_given_up_is_taken_only_by_whoever_accepts_it(
    tmp_path: Path, accept: bool
) -> None:
    leaves = [*old(), epoch_leaf(old())]
    for number, size in enumerate((len(old()) + 1, len(lost()))):
        kept = mark(tmp_path, lost()[:size])
        folder = tmp_path / str(number)
        if accept:
            assert replayed(folder, leaves, kept, accept=True).given_up.gone == [kept]
        else:
            assert refusal(folder, leaves, kept).code in {"log-cut", "log-rewritten"}


def test_what_no_epoch_owns_up_to_is_refused_all_the_same(tmp_path: Path) -> None:
    leaves = [*old(), epoch_leaf(old())]
    beyond = list(story()[: len(lost()) + 1])
    assert refusal(tmp_path / "a", leaves, mark(tmp_path, beyond), accept=True).code == "log-cut"
    other = [*old()[:-3], old()[0], old()[1]]  # before what the epoch gives up
    kept = mark(tmp_path, other[: len(old()) - 2])
    assert refusal(tmp_path / "b", leaves, kept, accept=True).code == "log-rewritten"
