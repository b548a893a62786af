"""Reading many leaves at once accepts nothing that reading them one by one would not."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.encoding import format_time
from crypto.errors import MalformedError
from crypto.leaf import Detail, Leaf, encode_leaf, parse_leaf
from service.client.audit.replay.replay import _CAUSED, _SIGNED, _UNSIGNED
from service.client.audit.tree.plain import COUNTED, Run, is_counted, run_of
from service.domain.declared import DECLARED
from service.domain.events import ACTIONS, SERVICE, Action
from service.domain.evidence import Rule
from tests.client.honest import START

PERSON = "6158186b-d467-4687-80c8-b277f2152320"


SAID: Mapping[str, Detail] = {
    "session": "ab",
    "minutes": 5,
    "channel": "topic",
    "witness": "witness.example",
    "fault": "NotFound",
    "count": 2,
    "people": [PERSON],
    "name": "Ann",
    "slot": PERSON,
}


def leaf(
    seq: int,
    *,
    seconds: int = 0,
    action: str = "session:opened",
    but: Mapping[str, Detail] | None = None,
    **fields: str,
) -> bytes:
    """A leaf as its action is declared, ``but`` for these details and ``fields``."""
    declared = DECLARED[Action(action)]
    own = SERVICE if declared.actor.rule is Rule.SERVICE else PERSON
    about = own if declared.subject.rule is Rule.ACTOR else SERVICE
    said = {name: SAID[name] for name in declared.details} | dict(but or {})
    return encode_leaf(
        Leaf(
            seq=seq,
            at=START + timedelta(seconds=seconds),
            actor=fields.get("actor", own),
            action=action,
            subject=fields.get("subject", about),
            request=fields.get("request", ""),
            details=said,
        )
    )


def counted(*leaves: bytes, start: int = 0) -> Run | None:
    return run_of(leaves, b"".join(data + b"\n" for data in leaves), start)


def one_by_one(*leaves: bytes, start: int = 0) -> bool:
    """The same question, answered by parsing each leaf in full."""
    try:
        read = [parse_leaf(data) for data in leaves]
    except MalformedError:
        return False
    return (
        all(map(is_counted, read))
        and [x.seq for x in read] == list(range(start, start + len(read)))
        and [x.at for x in read] == sorted(x.at for x in read)
    )


def test_nothing_is_only_counted_that_the_replay_decides() -> None:
    assert not COUNTED & {*_SIGNED, *_UNSIGNED, *_CAUSED}
    assert not any(ACTIONS[action].statement for action in COUNTED)


def test_sign_ins_in_a_row_are_counted_at_once() -> None:
    leaves = leaf(7), leaf(8, seconds=1, action="channel:failed"), leaf(9, seconds=2)
    until = START + timedelta(seconds=2)
    assert counted(*leaves, start=7) == Run(first=parse_leaf(leaves[0]), count=3, until=until)


@pytest.mark.parametrize("action", sorted(COUNTED))
def test_every_action_that_is_only_counted_is_recognised(action: str) -> None:
    assert one_by_one(leaf(0, action=action))
    listed = any(isinstance(SAID[name], list) for name in DECLARED[Action(action)].details)
    assert bool(counted(leaf(0, action=action))) != listed  # a list is parsed, which is slower


@pytest.mark.parametrize(
    "leaves",
    [
        (leaf(0), leaf(2)),
        (leaf(1), leaf(0)),
        (leaf(0, seconds=1), leaf(1)),
        (leaf(0).replace(b"session:opened", b"clock:accepted"),),
        (leaf(0).replace(b"session:opened", b"session:waved-through"),),
        (leaf(0, subject="111122223333"),),
        (leaf(0, subject="111122223333.2"),),
        (leaf(0, subject=SERVICE),),
        (leaf(0, request="r"),),
        (leaf(0, but={"state": "closed"}),),
        (leaf(0, but={"session": 1}),),
        (leaf(0, but={"session": True}),),
        (leaf(0).replace(b'{"session":"ab"}', b"{}"),),
        (leaf(0).replace(b'"session":"ab"', b'"channel":"ab"'),),
        (leaf(0, action="events:read", but={"minutes": "5"}),),
        (leaf(0, action="events:read", subject=PERSON),),
        (leaf(0, action="channel:failed", actor=PERSON),),
        (leaf(0, action="channel:recovered", but={"fault": "x"}),),
        (
            leaf(0, action="channel:failed").replace(
                b'"channel":"topic","fault":"NotFound"', b'"fault":"NotFound","channel":"topic"'
            ),
        ),
        (leaf(0).replace(b'"session":"ab"', b'"session":"ab","session":"ab"'),),
        (leaf(0, action="events:read").replace(b"5}", b"05}"),),
        (leaf(0, action="events:read").replace(b"5}", b"5 }"),),
        (leaf(0).replace(format_time(START).encode(), b"2026-02-30T09:00:00Z"),),
        (leaf(0).replace(format_time(START).encode(), b"0000-11-02T09:00:00Z"),),
        (leaf(0, but={"session": "x" * 998}).replace(b'"x', b'"' + b"x" * 4),),
        (b"", leaf(0) + b"\n" + leaf(1)),
        (leaf(0) + b"\n" + leaf(1), b""),
        (b"x\n" + leaf(0),),
        (leaf(0) + b"\n",),
        (b"x\n", leaf(0)),
    ],
    ids=range(30),
)
def test_what_is_wrong_or_decided_elsewhere_is_not_counted(leaves: tuple[bytes, ...]) -> None:
    assert not counted(*leaves)
    assert not one_by_one(*leaves)


@given(data=st.data())
def test_no_changed_byte_is_counted_that_parsing_would_refuse(data: st.DataObject) -> None:
    good = [leaf(0), leaf(1, action="channel:failed"), leaf(2, seconds=3, action="events:read")]
    which = data.draw(st.integers(0, 2))
    place = data.draw(st.integers(0, len(good[which]) - 1))
    width = data.draw(st.integers(0, 2))
    put = data.draw(st.binary(max_size=2) | st.sampled_from([b'"', b"}", b",", b"0", b"\x7f"]))
    good[which] = good[which][:place] + put + good[which][place + width :]
    if counted(*good):
        assert one_by_one(*good)
