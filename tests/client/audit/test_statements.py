"""Statements that their own signers made wrongly, in a log that says they were accepted."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from crypto import statement as statements
from crypto.encoding import parse_time
from crypto.leaf import Detail, Leaf
from service.client.audit.replay.replay import replay
from service.client.audit.replay.world import World
from service.client.audit.tree.blocks import parsed
from service.client.foundation.errors import ClientRefusal
from tests.cast import ACCOUNT, EVERYBODY, OTHER_ACCOUNT, identity_statement, somebody
from tests.client.audit.exports import Rewrite, encoded, leaves, place, replayed, story

_HEAD = {"kind", "suite", "at"}


def resigned(index: int, by: str, **changes: object) -> Rewrite:
    """The leaf's statement with other fields, honestly signed by ``by``."""

    def rewrite(written: list[Leaf]) -> list[Leaf]:
        old = statements.parse(written[index].statement)
        fields = {k: v for k, v in old.payload.items() if k not in _HEAD} | changes
        at, identity = parse_time(old.payload["at"]), somebody(by).identity
        new = statements.sign(old.kind, fields, identity=identity, at=at)
        actor = somebody(by).id
        written[index] = dataclasses.replace(written[index], statement=new.raw, actor=actor)
        return written

    return rewrite


def told(index: int, **changes: object) -> Rewrite:
    def rewrite(written: list[Leaf]) -> list[Leaf]:
        written[index] = dataclasses.replace(written[index], **changes)  # type: ignore[arg-type]
        return written

    return rewrite


def saying(index: int, **details: Detail) -> Rewrite:
    return told(index, details={**leaves()[index].details, **details})


def late(index: int) -> Rewrite:
    """Everything from one leaf on happens two hours later, and nobody wrote what time did."""

    def rewrite(written: list[Leaf]) -> list[Leaf]:
        later = [dataclasses.replace(x, at=x.at + timedelta(hours=2)) for x in written[index:]]
        return [*written[:index], *later]

    return rewrite


def stranding(written: list[Leaf]) -> list[Leaf]:
    """A well-signed roster under which nobody could open what is sealed."""
    index = place("roster:accepted", 1)
    old = statements.parse(written[index].statement)
    fields = {k: v for k, v in old.payload.items() if k not in _HEAD}
    mfa = [somebody(name).id for name in ("dea", "eve", "aud")]
    groups = {**fields["groups"], "mfa": {"threshold": 2, "custodians": mfa}}
    named = {*mfa, *groups["password"]["custodians"], *fields["requesters"]}
    keys = {somebody(name).id: somebody(name) for name in EVERYBODY}
    people = [
        {
            "person": who,
            "name": keys[who].name,
            "identity": identity_statement(keys[who].name).digest,
        }
        for who in sorted(named)
    ]
    body = statements.payload_body(
        "roster", {**fields, "groups": groups, "people": people}, parse_time(old.payload["at"])
    )
    signers = [somebody(name).identity for name in ("ann", "bob", "dea", "eli", "eve", "aud")]
    new = statements.merge([statements.sign_body("roster", body, who) for who in signers])
    written[index] = dataclasses.replace(written[index], statement=new.raw)
    return written


def request() -> int:
    return place("request:opened")


def approval() -> int:
    return place("request:approved")


Case = tuple[str, Callable[[], Rewrite], str]
WRONG: Sequence[Case] = (
    # identities and slots
    ("an identity of somebody else", lambda: resigned(
        place("identity:enrolled"), "ann", person=somebody("bob").id), "wrong-actor"),
    # rosters and envelopes
    ("a roster that strands the envelope", lambda: stranding, "strands-envelope"),
    (
        "a manifest told as another's",
        lambda: told(place("envelope:sealed"), actor=somebody("bob").id),
        "wrong-actor",
    ),
    (
        "an envelope's id used again",
        lambda: resigned(
            place("envelope:sealed", 1),
            "gus",
            envelope=leaves()[place("envelope:sealed")].details["envelope"],
        ),
        "replayed",
    ),
    ("a manifest by a custodian", lambda: resigned(
        place("envelope:sealed"), "ann", sealer=somebody("ann").id), "not-in-roster"),
    ("a manifest in the sealer's name", lambda: resigned(place("envelope:sealed"), "ann"),
     "manifest-forged"),
    ("a manifest of version 7", lambda: resigned(
        place("envelope:sealed", 1), "gus", version=7), "wrong-version"),
    ("a manifest after a request that waits for nothing", lambda: resigned(
        place("envelope:sealed", 1), "gus", after_requests=["0" * 64]), "wrong-request"),
    ("a manifest under no roster", lambda: resigned(
        place("envelope:sealed"), "gus", roster="0" * 64), "stale-roster"),
    ("a manifest told as another", lambda: saying(place("envelope:sealed"), manifest="0" * 64),
     "details-differ"),
    ("a receipt in another's name", lambda: resigned(
        place("envelope:confirmed"), "bob"), "receipt-forged"),
    ("a receipt for nothing", lambda: resigned(
        place("envelope:confirmed"), "ann", manifest="0" * 64), "wrong-envelope"),
    ("a receipt told as another's", lambda: told(
        place("envelope:confirmed"), actor=somebody("bob").id), "wrong-actor"),
    ("a print in another's name", lambda: resigned(place("share:printed"), "bob"),
     "receipt-forged"),
    ("a print of nothing", lambda: resigned(
        place("share:printed"), "ann", manifest="0" * 64), "wrong-envelope"),
    ("a print of a superseded share", lambda: resigned(
        place("share:printed"), "ann",
        manifest=str(leaves()[place("envelope:sealed")].details["manifest"])), "wrong-state"),
    ("a print told as another's", lambda: saying(place("share:printed"), state="superseded"),
     "details-differ"),
    # requests
    ("a request by a custodian", lambda: resigned(
        request(), "ann", requester=somebody("ann").id), "request-forged"),
    ("a request in the requester's name", lambda: resigned(request(), "ann"), "request-forged"),
    ("a request for offline use", lambda: resigned(request(), "gus", offline=True),
     "wrong-state"),
    ("a request for longer than permitted", lambda: resigned(request(), "gus", lifetime=3601),
     "policy"),
    ("a request for no catalogued task", lambda: resigned(request(), "gus", task="fun"),
     "unknown-task"),
    ("a request without a reason", lambda: resigned(request(), "gus", reason=" "),
     "reason-needed"),
    ("a request under no roster", lambda: resigned(request(), "gus", roster="0" * 64),
     "wrong-envelope"),
    ("a request on no envelope", lambda: resigned(request(), "gus", manifest="0" * 64),
     "wrong-envelope"),
    ("a request of another account", lambda: resigned(request(), "gus", account=OTHER_ACCOUNT),
     "details-differ"),
    ("a request under another id", lambda: resigned(
        request(), "gus", request=somebody("ann").id), "details-differ"),
    ("a request with a key used before", lambda: resigned(
        place("request:opened", 2), "gus", recipient_key=statements.parse(
            leaves()[place("request:opened", 1)].statement).payload["recipient_key"]),
     "replayed"),
    ("a request told as a drill", lambda: told(request(), details={
        **leaves()[request()].details, "drill": True}), "details-differ"),
    ("an older envelope is asked for", lambda: resigned(
        place("request:opened", 1), "gus",
        manifest=str(leaves()[place("envelope:sealed")].details["manifest"])),
     "wrong-envelope"),
    ("an older roster is asked under", lambda: resigned(
        place("request:opened", -1), "gus",
        roster=str(leaves()[place("roster:accepted")].details["roster"])), "stale-roster"),
    (
        "a request told as another's",
        lambda: told(request(), actor=somebody("bob").id),
        "wrong-actor",
    ),
    ("an approval after the request's time", lambda: late(approval()), "wrong-state"),
    (
        "an import of no envelope",
        lambda: resigned(place("request:imported"), "gus", manifest="0" * 64),
        "wrong-envelope",
    ),
    # decisions
    ("an approval by the requester", lambda: resigned(
        approval(), "gus", custodian=somebody("gus").id), "decision-forged"),
    ("an approval in a custodian's name", lambda: resigned(approval(), "bob"), "decision-forged"),
    ("an approval in another group", lambda: resigned(approval(), "ann", group="mfa"),
     "decision-forged"),
    ("an approval of another request", lambda: resigned(approval(), "ann", request="0" * 64),
     "wrong-request"),
    ("an approval told as another's", lambda: told(approval(), actor=somebody("bob").id),
     "wrong-actor"),
    ("a denial without a reason", lambda: resigned(
        place("request:denied"), "ann", reason=""), "reason-needed"),
    # the requester's further words
    ("a cancellation by another", lambda: resigned(place("request:cancelled"), "bob"),
     "word-forged"),
    ("a cancellation naming another", lambda: resigned(
        place("request:cancelled"), "gus", requester=somebody("bob").id), "word-forged"),
    ("a cancellation told otherwise", lambda: saying(place("request:cancelled"), state="denied"),
     "details-differ"),
    ("a release by another", lambda: resigned(place("request:released"), "bob"), "word-forged"),
    ("a closure by another", lambda: resigned(place("request:closure"), "bob"), "word-forged"),
    ("a closure told otherwise", lambda: saying(place("request:closure"), state="released"),
     "details-differ"),
    ("a fetch by another", lambda: told(place("request:fetched"), actor=somebody("bob").id),
     "wrong-actor"),
    # reviews
    ("a review by another", lambda: resigned(place("request:reviewed"), "bob"), "word-forged"),
    ("a review by the requester", lambda: resigned(
        place("request:reviewed"), "gus", reviewer=somebody("gus").id), "word-forged"),
    ("a review in another group", lambda: resigned(
        place("request:reviewed"), "ann", group="mfa"), "word-forged"),
    ("a review of another request", lambda: resigned(
        place("request:reviewed"), "ann", request="0" * 64), "wrong-request"),
    ("a review told as another's", lambda: told(
        place("request:reviewed"), actor=somebody("bob").id), "wrong-actor"),
    ("a review told otherwise", lambda: saying(place("request:reviewed"), state="closed"),
     "details-differ"),
    (
        "a review told with another number",
        lambda: saying(place("request:reviewed"), drill=0),
        "details-differ",
    ),
    # without the service
    ("an import of what was not offline", lambda: resigned(
        place("request:imported"), "gus", offline=False), "wrong-state"),
    ("an import of a drill", lambda: resigned(place("request:imported"), "gus", drill=True),
     "wrong-state"),
    ("an import by nobody who may ask", lambda: resigned(
        place("request:imported"), "ann", requester=somebody("ann").id), "request-forged"),
    ("an import under no roster", lambda: resigned(
        place("request:imported"), "gus", roster="0" * 64), "wrong-envelope"),
    ("an import told as pending", lambda: saying(place("request:imported"), state="pending"),
     "details-differ"),
    ("an imported approval told as pending", lambda: saying(
        place("request:imported") + 1, state="pending"), "details-differ"),
    ("an imported release by another", lambda: resigned(
        place("request:released", -1), "bob"), "word-forged"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "code"),
    [(wrong, code) for _, wrong, code in WRONG],
    ids=[name.replace(" ", "-") for name, _, _ in WRONG],
)
def test_a_statement_that_breaks_a_rule_is_refused(wrong: Callable[[], Rewrite], code: str) -> None:
    with pytest.raises(ClientRefusal) as caught:
        replayed(encoded(wrong()(leaves())))
    assert caught.value.code == code


def test_an_import_is_taken_once_even_after_its_envelope_is_superseded() -> None:
    world = World()
    for index, data in enumerate(story()):
        replay(world, parsed(data, index))
    world.accounts[ACCOUNT].known.clear()
    world.due.clear()
    again = dataclasses.replace(
        leaves()[place("request:imported")], seq=len(story()), at=leaves()[-1].at
    )
    with pytest.raises(ClientRefusal) as caught:
        replay(world, again)
    assert caught.value.code == "replayed"
