"""What speaks against signing, at its exact edges: frozen values in, findings out."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crypto.checkpoint import open_checkpoint
from crypto.cosignature import Cosigner
from crypto.encoding import b64encode
from crypto.leaf import encode_leaf, parse_leaf
from crypto.recipient import RecipientKey
from crypto.statement import Statement
from service.client.trust.before import Act, Sight, Subject, judge
from service.client.trust.entries import View, open_view
from service.client.trust.findings import Weight
from service.client.trust.outsiders import Seen
from service.domain.outsiders import NONE_WANTED, Outsiders
from service.wire.log import LogView, ProvenLeaf
from tests.cast import ACCOUNT, log_key
from tests.client.honest import (
    START,
    first_envelope,
    first_roster,
    request_by,
    seal_for,
    second_roster,
)
from tests.client.logs import Log

LIFETIME = timedelta(seconds=3600)
SLACK = timedelta(minutes=10)
WITNESS = Cosigner.generate("one.example")


def asked(at: datetime = START) -> Statement:
    return request_by(RecipientKey.generate().public, at=at)


def view_of(request: Statement, entered: datetime = START, end: int | None = None) -> View:
    """The log as an honest service shows it beside a request.

    ``end`` is the place at which its people ended the line.
    """
    log = Log()
    number = request.payload["request"]
    acts: list[tuple[str, str, Statement]] = [
        ("roster:accepted", "", first_roster()),
        ("envelope:sealed", "", first_envelope().statement),
        ("request:opened", number, request),
    ]
    if end is not None:
        acts.insert(end, ("roster:accepted", "", RETIRED))
    for action, about, statement in acts:
        log.append(action, request=about, statement=statement.raw, at=entered)
    proofs = log.proofs()
    leaves = []
    for seq, data in enumerate(log.leaves):
        leaf = parse_leaf(data)
        bare = encode_leaf(type(leaf)(**{f: getattr(leaf, f) for f in _KEPT}))
        path = [b64encode(item) for item in proofs.inclusion(seq, len(log.leaves))]
        leaves.append(ProvenLeaf(seq=seq, leaf=b64encode(bare), path=path))
    note, verifier = log.checkpoint(), log.signer.verifier
    shown = LogView(
        checkpoint=note, verifier_key=verifier.vkey, size=len(acts), consistency=[], leaves=leaves
    )
    return open_view(shown, open_checkpoint(note, verifier))


_KEPT = ("seq", "at", "actor", "action", "subject", "request", "details")


RETIRED = second_roster(retired=True)


def codes(
    request: Statement,
    entered: datetime = START,
    act: Act = Act.APPROVE,
    outsiders: Outsiders = NONE_WANTED,
    **sight: object,
) -> list[str]:
    subject = Subject(
        act=act,
        account=ACCOUNT,
        log_key=log_key(),
        accepted=(first_roster(),),
        sealed=(first_envelope().statement,),
        request=request,
        requester="Gus",
        outsiders=outsiders,
    )
    known: dict[str, object] = {
        "views": (view_of(request, entered),),
        "now": entered,
        "log_key": log_key(),
        **sight,
    }
    return [finding.code for finding in judge(subject, Sight(**known)).findings]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        (-SLACK, []),
        (-SLACK - timedelta(seconds=1), ["request-over"]),
        (LIFETIME - timedelta(seconds=1), []),
        (LIFETIME, ["request-over"]),
    ],
    ids=str,
)
def test_a_request_is_alive_from_ten_minutes_before_its_leaf_to_its_end(
    apart: timedelta, said: list[str]
) -> None:
    assert codes(asked(), now=START + apart) == said


@pytest.mark.parametrize("way", [1, -1])
def test_the_signed_time_is_within_ten_minutes_of_the_leaf(way: int) -> None:
    request = asked()
    assert codes(request, START + way * SLACK) == []
    assert codes(request, START + way * (SLACK + timedelta(seconds=1))) == ["clock-differs"]


@pytest.mark.parametrize(
    ("act", "size", "said"),
    [
        (Act.APPROVE, 3, []),
        (Act.APPROVE, 2, ["not-yet-witnessed"]),  # the request is the third entry
        (Act.RELEASE, 3, []),
        (Act.RELEASE, 2, ["not-yet-witnessed"]),
        (Act.CLOSE, 2, []),
        (Act.DENY, 2, []),
    ],
)
def test_an_entry_is_seen_by_an_outsider_who_has_seen_so_many(
    act: Act, size: int, said: list[str]
) -> None:
    request = asked()
    log = Log()
    for _ in range(size):
        log.append("session:opened")
    head = open_checkpoint(log.checkpoint(), log.signer.verifier)
    note = log.checkpoint() + WITNESS.cosign(head, 7)
    view = replace(view_of(request), seen=(Seen(size=size, note=note),))
    one = Outsiders(keys=(WITNESS.verifier.vkey,), wanted=1)
    assert codes(request, act=act, outsiders=one, views=(view,)) == said
    assert codes(request, act=act, outsiders=replace(one, wanted=0), views=(view,)) == []


def test_an_epoch_that_began_after_the_entry_ends_approvals() -> None:
    assert codes(asked(), epoch=2) == []  # the request's own leaf: after the epoch began
    assert codes(asked(), epoch=3) == ["request-before-epoch"]


def test_only_the_envelope_that_was_ready_or_a_newer_one_is_used() -> None:
    mine = first_envelope().statement.digest
    assert codes(asked(), ready=(1, mine)) == []
    assert codes(asked(), ready=(1, "0" * 64)) == ["envelope-rewound"]
    assert codes(asked(), ready=(2, mine)) == ["envelope-rewound"]
    assert codes(asked(), ready=(0, mine)) == []


@pytest.mark.parametrize(
    ("act", "end", "said"),
    [
        (Act.APPROVE, 3, []),
        (Act.APPROVE, 2, ["line-retired"]),  # the request is later
        (Act.RELEASE, 3, []),
        (Act.RELEASE, 2, ["line-retired"]),
        (Act.CLOSE, 2, []),
        (Act.DENY, 2, []),
        (Act.CONFIRM, 2, []),
        (Act.CONFIRM, 1, ["line-retired"]),  # the envelope is later
        (Act.PAPER, 1, ["line-retired"]),
        (Act.APPROVE, None, ["not-yet-in-log"]),
    ],
)
def test_what_was_entered_after_the_end_of_its_line_takes_nothing(
    act: Act, end: int | None, said: list[str]
) -> None:
    request = asked()
    subject = Subject(
        act=act,
        account=ACCOUNT,
        log_key=log_key(),
        accepted=(first_roster(), RETIRED),
        sealed=(first_envelope().statement,),
        request=None if act in {Act.CONFIRM, Act.PAPER} else request,
        requester="Gus",
    )
    sight = Sight(views=(view_of(request, end=end),), now=START, log_key=log_key())
    assert [finding.code for finding in judge(subject, sight).findings] == said


def test_the_log_is_the_one_that_the_roster_names() -> None:
    assert codes(asked(), log_key=log_key("evil.example/log")) == ["log-key-changed"]
    assert codes(asked(), log_key="") == []  # nothing was ever seen: what is missing says so


def test_what_is_refused_comes_before_what_is_asked() -> None:
    request = asked()
    found = codes(request, views=(), ready=(2, "0" * 64), now=START + LIFETIME)
    assert found == ["envelope-rewound", "not-yet-in-log", "request-over"]
    assert [*Weight].index(Weight.REFUSED) == len(Weight) - 1


def test_a_leaf_counts_with_exactly_the_statement_that_was_verified() -> None:
    request, other = asked(), asked()
    assert codes(other, views=(view_of(request),)) == ["not-yet-in-log"]
    sealed = seal_for(first_roster()).statement
    subject = Subject(act=Act.CONFIRM, account=ACCOUNT, log_key=log_key(), sealed=(sealed,))
    sight = Sight(views=(view_of(request),), now=START, log_key=log_key())
    assert [one.code for one in judge(subject, sight).findings] == ["not-yet-in-log"]
