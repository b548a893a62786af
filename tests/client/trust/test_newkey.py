"""A draft changes the key that is known into the one that is shown, or it is not signed."""

import pytest

from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.merkle import leaf_hash, root
from crypto.note import NoteSigner
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import VerifiedChain
from service.client.trust.newkey import check_draft, continued_under, is_accepted
from service.domain.roster import Roster
from service.wire.log import CheckpointAnswer
from tests.unit.domain.builders import roster

A, B, C = "key A", "key B", "key C"


def naming(key: str) -> Roster:
    return roster(log_key=key)


@pytest.mark.parametrize(
    ("draft", "previous"),
    [
        pytest.param(B, None, id="a first version changes nothing"),
        pytest.param(B, C, id="the version before names a third"),
        pytest.param(B, B, id="the version before names the new one already"),
        pytest.param(A, A, id="the key that is known"),
        pytest.param(C, A, id="a third key"),
    ],
)
def test_only_a_change_from_the_known_key_to_the_shown_one(
    draft: str, previous: str | None
) -> None:
    check_draft(naming(B), naming(A), known=A, shown=B)
    before = naming(previous) if previous else None
    with pytest.raises(ClientRefusal) as refused:
        check_draft(naming(draft), before, known=A, shown=B)
    assert refused.value.code == "log-key-changed"


def answer(key: NoteSigner, size: int) -> CheckpointAnswer:
    leaves = [leaf_hash(bytes([n])) for n in range(size)]
    head = Checkpoint(origin=key.verifier.name, size=size, root=root(leaves))
    note = sign_checkpoint(head, key)
    return CheckpointAnswer(
        checkpoint=note, verifier_key=key.verifier.vkey, size=size, consistency=[]
    )


def test_a_log_of_another_name_is_another_log() -> None:
    old = Checkpoint(origin="one", size=1, root=leaf_hash(b"\0"))
    for name, code in (("one", None), ("other", "log-key-changed")):
        key = NoteSigner.generate(name)
        if code is None:
            assert continued_under(key.verifier, answer(key, 1), old).size == 1
            continue
        with pytest.raises(ClientRefusal) as refused:
            continued_under(key.verifier, answer(key, 1), old)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("keys", "further"),
    [
        ((B,), False),
        ((C, B), False),
        ((A,), False),
        ((B, A), False),
        ((A, C), False),
        ((A, B), True),
    ],
)
def test_a_chain_that_never_named_the_known_key_lets_none_count(
    keys: tuple[str, ...], further: bool
) -> None:
    rosters = tuple(naming(key) for key in keys)
    chain = VerifiedChain(rosters=rosters, statements=(), identities={})
    if further:
        with pytest.raises(IndexError):  # it goes on to the log, and there is no statement
            is_accepted(chain, [], known=A, shown=B)
    else:
        assert not is_accepted(chain, [], known=A, shown=B)
