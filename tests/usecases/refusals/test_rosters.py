"""What an operator may not draft, and whose signature is not taken."""

from dataclasses import replace
from typing import Any

import pytest

from crypto import statement as statements
from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.statement import Statement
from service.usecases import accounts, rosters
from service.wire.accounts import Channel, NewAccount, RosterDraft
from tests.cast import ACCOUNT, MFA, OTHER_ACCOUNT, PASSWORD, POLICY, identity_statement, log_key
from tests.usecases.bodies import body
from tests.usecases.refusals.conftest import Act, refused
from tests.usecases.world import World


@pytest.fixture(scope="module")
def world(empty: World) -> World:
    """One roster is in force; a second is drafted and signed by one custodian."""
    empty.enrol_everybody()
    empty.register()
    empty.accept_roster()
    empty.manifests["drafted"] = empty.draft()
    empty.sign_roster("ann", empty.manifests["drafted"])
    return empty


def groups(world: World, **changes: Any) -> dict[str, Any]:
    """The good groups with changes by name: threshold and custodians."""
    good = world.roster_fields()["groups"]
    return {name: {**group, **changes.get(name, {})} for name, group in good.items()}


def ids(world: World, *names: str) -> list[str]:
    return sorted(world.id(name) for name in names)


def with_person(world: World, name: str, /, **changes: str) -> list[dict[str, str]]:
    """``people`` with one entry changed."""
    listed = world.roster_fields()["people"]
    return [p | changes if p["person"] == world.id(name) else p for p in listed]


def never_enrolled() -> Statement:
    return identity_statement("ann", Identity.generate())


def long(world: World) -> dict[str, Any]:
    """Names so long that the draft fits, and with everyone's signature does not."""
    listed = world.roster_fields()["people"]
    return {"people": [p | {"name": f"{n}" + "\U0001f511" * 900} for n, p in enumerate(listed)]}


def draft_elsewhere(world: World) -> object:
    content = statements.payload_body(
        "roster", world.roster_fields(account=OTHER_ACCOUNT), world.clock()
    )
    posted = RosterDraft(payload=b64encode(content))
    return rosters.draft(world.ctx, world.caller("olga"), ACCOUNT, posted)


def draft_by(world: World, name: str) -> object:
    content = statements.payload_body("roster", world.roster_fields(), world.clock())
    posted = RosterDraft(payload=b64encode(content))
    return rosters.draft(world.ctx, world.caller(name), ACCOUNT, posted)


DRAFTS: list[tuple[str, str, Act]] = [
    (
        "one person in both groups",
        "both-groups",
        lambda w: w.draft(groups=groups(w, mfa={"custodians": ids(w, "ann", *MFA)})),
    ),
    (
        "threshold 0",
        "malformed",
        lambda w: w.draft(groups=groups(w, mfa={"threshold": 0})),
    ),
    (
        "a threshold above the members",
        "threshold",
        lambda w: w.draft(groups=groups(w, mfa={"threshold": 4})),
    ),
    (
        "an empty group",
        "malformed",
        lambda w: w.draft(groups=groups(w, mfa={"custodians": []})),
    ),
    (
        "a custodian asks",
        "requester-is-custodian",
        lambda w: w.draft(requesters=ids(w, "ann", "gus")),
    ),
    (
        "an operator in it",
        "operator-in-roster",
        lambda w: w.draft(sealers=ids(w, "olga", "gus")),
    ),
    (
        "an auditor in it",
        "auditor-in-roster",
        lambda w: w.draft(sealers=ids(w, "aud", "gus")),
    ),
    (
        "somebody listed who is not named",
        "people-mismatch",
        lambda w: w.draft(people=w.listed(w.roster_fields(sealers=ids(w, "eve", "gus")))),
    ),
    (
        "somebody named who is not listed",
        "people-mismatch",
        lambda w: w.draft(people=w.roster_fields()["people"][1:]),
    ),
    (
        "a name twice",
        "duplicate-person",
        lambda w: w.draft(people=with_person(w, "ann", name="bob")),
    ),
    (
        "a name in other letters",
        "duplicate-person",
        lambda w: w.draft(people=with_person(w, "ann", name="BOB")),
    ),
    (
        "a name that is not composed",
        "duplicate-person",
        lambda w: w.draft(people=with_person(w, "ann", name="Zoe\u0308")),
    ),
    (
        "a name with a character that cannot be seen",
        "malformed",
        lambda w: w.draft(people=with_person(w, "ann", name="An\u200bn")),
    ),
    (
        "someone else's identity",
        "identity-missing",
        lambda w: w.draft(people=with_person(w, "ann", identity=identity_statement("bob").digest)),
    ),
    (
        "an identity that was never enrolled",
        "identity-missing",
        lambda w: w.draft(people=with_person(w, "ann", identity=never_enrolled().digest)),
    ),
    (
        "another log's key",
        "wrong-log-key",
        lambda w: w.draft(log_key=log_key("other.example/log")),
    ),
    (
        "too many people to be signed by all",
        "roster-too-long",
        lambda w: w.draft(name="\U0001f511" * 1000, root_email="\U0001f511" * 1000, **long(w)),
    ),
    (
        "a small-order key",
        "malformed",
        lambda w: w.draft(people=with_person(w, "ann", identity="")),
    ),
    ("a version left out", "wrong-version", lambda w: w.draft(version=3)),
    (
        "a first roster once more",
        "wrong-version",
        lambda w: w.draft(version=1, previous="0" * 64, cause="first"),
    ),
    ("another predecessor", "wrong-version", lambda w: w.draft(previous="1" * 64)),
    ("a change called first", "wrong-version", lambda w: w.draft(cause="first")),
    (
        "a lifetime of more than 24 hours",
        "policy",
        lambda w: w.draft(
            policy=POLICY | {"request_lifetime": 86_401, "release_window": 1, "denials": "first"}
        ),
    ),
    (
        "a window of more than four hours",
        "policy",
        lambda w: w.draft(
            policy=POLICY | {"request_lifetime": 60, "release_window": 14_401, "denials": "first"}
        ),
    ),
    (
        "an end of the line with another requester",
        "retiring-changes",
        lambda w: w.draft(retired=True, requesters=ids(w, "eve", "gus")),
    ),
    ("the very draft that is open", "replayed", lambda w: w.draft()),
    ("a roster of another account", "wrong-account", draft_elsewhere),
    ("by a custodian", "not-allowed", lambda w: draft_by(w, "ann")),
]


@pytest.mark.act("roster.draft")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in DRAFTS])
def test_a_bad_draft_is_refused_and_leaves_nothing(world: World, code: str, act: Act) -> None:
    refused(world, code, act)


def posted_by(world: World, caller: str, signer: Identity, drafted: Statement | None = None) -> Any:
    drafted = drafted or world.manifests["drafted"]
    signed = statements.sign_body("roster", drafted.body, signer)
    return rosters.sign(world.ctx, world.caller(caller), ACCOUNT, drafted.digest, body(signed))


def forged(world: World) -> Any:
    """A signature under somebody's key id that they did not make."""
    drafted = world.manifests["drafted"]
    honest = statements.sign_body("roster", drafted.body, world.who("bob").identity)
    other = statements.sign_body("roster", drafted.body, world.who("cem").identity)
    [own], [theirs] = honest.signatures, other.signatures
    lie = replace(honest, signatures=(replace(own, sig=theirs.sig),))
    return rosters.sign(world.ctx, world.caller("bob"), ACCOUNT, drafted.digest, body(lie))


SIGNATURES: list[tuple[str, str, Act]] = [
    ("somebody not asked", "not-awaited", lambda w: posted_by(w, "eve", w.who("eve").identity)),
    ("for somebody else", "wrong-person", lambda w: posted_by(w, "bob", w.who("cem").identity)),
    ("twice", "replayed", lambda w: posted_by(w, "ann", w.who("ann").identity)),
    ("a stranger's key", "not-awaited", lambda w: posted_by(w, "bob", Identity.generate())),
    ("a forged signature", "bad-signature", forged),
    (
        "a roster that is no draft",
        "not-found",
        lambda w: posted_by(w, "bob", w.who("bob").identity, w.roster),
    ),
]


@pytest.mark.act("roster.sign")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in SIGNATURES])
def test_a_signature_that_means_nothing_is_refused(world: World, code: str, act: Act) -> None:
    refused(world, code, act)


CHANNELS: list[tuple[str, str, Act]] = [
    (
        "a topic in the account itself",
        "circular-channel",
        lambda w: accounts.set_channel(w.ctx, w.caller("olga"), ACCOUNT, topic(ACCOUNT)),
    ),
    (
        "a new account with such a topic",
        "circular-channel",
        lambda w: w.register(OTHER_ACCOUNT, f"arn:aws:sns:eu-west-1:{OTHER_ACCOUNT}:t"),
    ),
    ("an account twice", "taken", lambda w: w.register()),
    (
        "by a custodian",
        "not-allowed",
        lambda w: accounts.set_channel(w.ctx, w.caller("ann"), ACCOUNT, topic(OTHER_ACCOUNT)),
    ),
    (
        "an account by a custodian",
        "not-allowed",
        lambda w: accounts.register(
            w.ctx, w.caller("ann"), NewAccount(account=OTHER_ACCOUNT, sns_topic_arn="")
        ),
    ),
    (
        "an unknown account",
        "not-found",
        lambda w: accounts.set_channel(w.ctx, w.caller("olga"), OTHER_ACCOUNT, topic(ACCOUNT)),
    ),
]


def topic(account: str) -> Channel:
    return Channel(sns_topic_arn=f"arn:aws:sns:eu-west-1:{account}:notices")


@pytest.mark.act("account.register", "account.channel")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in CHANNELS])
def test_accounts_and_channels_are_refused(world: World, code: str, act: Act) -> None:
    refused(world, code, act)


@pytest.mark.act("roster.show")
def test_too_few_signatures_change_nothing(world: World) -> None:
    shown = rosters.show(world.ctx, world.caller("ann"), ACCOUNT)
    assert len(shown.chain) == 1
    assert shown.draft is not None
    assert set(shown.draft.missing) == {"password", "mfa"}
    assert world.id("ann") not in shown.draft.missing["password"]
    assert set(shown.draft.missing["mfa"]) == {world.id(name) for name in MFA}
    assert PASSWORD[0] == "ann"
