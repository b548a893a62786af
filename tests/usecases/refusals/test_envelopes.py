"""What a sealer may not seal, and which receipts count for nothing."""

from dataclasses import replace
from typing import Any

import pytest

from crypto import statement as statements
from crypto.encoding import hex_digest
from crypto.opening import SealedEnvelope
from crypto.randomness import random_bytes
from service.usecases import accounts, bundles, envelopes, rosters
from tests.cast import ACCOUNT, CUSTODIANS, OTHER_ACCOUNT
from tests.usecases.bodies import body
from tests.usecases.refusals.conftest import Act, refused
from tests.usecases.world import World


@pytest.fixture(scope="module")
def world(empty: World) -> World:
    """Version 1 is in force under an older roster, version 2 waits for receipts, ann has signed."""
    empty.enrol_everybody()
    empty.register()
    empty.register(OTHER_ACCOUNT)
    empty.manifests["old roster"] = empty.accept_roster()
    empty.seal()
    empty.manifests["first"] = empty.manifests["newest"]
    empty.confirm(*CUSTODIANS)
    elsewhere = "root@elsewhere.example"
    empty.accept_roster(signers=("ann", "bob", "dea", "eli"), root_email=elsewhere)
    empty.seal()
    empty.confirm("ann")
    return empty


def seal_with(world: World, **changes: Any) -> Any:
    """A manifest with changed fields, sealed and signed as it says."""
    parts = world.seal_parts(**changes)
    return world.post_envelope(parts, world.signed_manifest(parts))


def seal_signed_by(world: World, name: str, *, poster: str | None = None) -> Any:
    """A manifest that names ``gus`` and is signed by somebody else, or posted by them."""
    parts = world.seal_parts()
    return world.post_envelope(parts, world.signed_manifest(parts, name), poster or "gus")


def altered(parts: SealedEnvelope, **changes: Any) -> SealedEnvelope:
    return replace(parts, manifest={**parts.manifest, **changes})


def seal_altered(world: World, **changes: Any) -> Any:
    """What was sealed is honest, the manifest says something else."""
    parts = altered(world.seal_parts(), **changes)
    return world.post_envelope(parts, world.signed_manifest(parts))


def swapped_shares(world: World) -> Any:
    """Two custodians of a group get each other's sealed share."""
    parts = world.seal_parts()
    first, second, *rest = parts.shares
    swapped = (replace(first, sealed=second.sealed), replace(second, sealed=first.sealed), *rest)
    return world.post_envelope(replace(parts, shares=swapped), world.signed_manifest(parts))


def listed_in_another_order(world: World) -> Any:
    parts = world.seal_parts()
    first, second, *rest = parts.shares
    lines = [second.published(), first.published(), *(s.published() for s in rest)]
    parts = replace(altered(parts, shares=lines), shares=(second, first, *rest))
    return world.post_envelope(parts, world.signed_manifest(parts))


def other_content(world: World) -> Any:
    parts = world.seal_parts()
    lie = replace(parts, content=random_bytes(len(parts.content)))
    return world.post_envelope(lie, world.signed_manifest(parts))


def short_content(world: World) -> Any:
    content = random_bytes(100)
    parts = altered(world.seal_parts(), content_digest=hex_digest(content))
    return world.post_envelope(replace(parts, content=content), world.signed_manifest(parts))


def through_itself(world: World) -> Any:
    """The account's notices go through the account: the setting came first, the account later."""
    arn = f"arn:aws:sns:eu-west-1:{ACCOUNT}:notices"
    other = replace(world, ctx=replace(world.ctx, default_channel=arn))
    return seal_with(other)


def drop_share(world: World) -> Any:
    parts = world.seal_parts()
    return world.post_envelope(
        replace(parts, shares=parts.shares[1:]), world.signed_manifest(parts)
    )


SEALS: list[tuple[str, str, Act]] = [
    ("a version left out", "wrong-version", lambda w: seal_with(w, version=4)),
    (
        "a second initial one",
        "wrong-version",
        lambda w: seal_with(w, version=1, previous="0" * 64, cause="initial"),
    ),
    ("a third called initial", "wrong-version", lambda w: seal_with(w, cause="initial")),
    ("another predecessor", "wrong-version", lambda w: seal_with(w, previous="1" * 64)),
    (
        "an envelope's id once more",
        "replayed",
        lambda w: seal_with(w, envelope=w.manifests["newest"].payload["envelope"]),
    ),
    (
        "the very statement again",
        "wrong-version",
        lambda w: w.post_envelope(w.sealed[w.manifests["newest"].digest], w.manifests["newest"]),
    ),
    (
        "a request that does not wait for a new password",
        "wrong-request",
        lambda w: seal_with(w, after_requests=["2" * 64]),
    ),
    ("somebody else's name", "wrong-person", lambda w: seal_with(w, sealer=w.id("ann"))),
    ("a custodian's signature", "bad-signature", lambda w: seal_signed_by(w, "ann")),
    ("posted by another", "wrong-person", lambda w: seal_signed_by(w, "gus", poster="ann")),
    (
        "by somebody whom the roster does not let seal",
        "not-in-roster",
        lambda w: w.post_envelope(
            (parts := w.seal_parts(sealer=w.id("ann"))), w.signed_manifest(parts, "ann"), "ann"
        ),
    ),
    ("another account", "not-found", lambda w: seal_altered(w, account="999999999999")),
    ("an account of others", "not-found", lambda w: seal_altered(w, account=OTHER_ACCOUNT)),
    (
        "an older roster",
        "stale-roster",
        lambda w: seal_altered(w, roster=w.manifests["old roster"].digest),
    ),
    ("shares in another order", "wrong-group", listed_in_another_order),
    ("a share too few", "wrong-blob", drop_share),
    ("shares of somebody else", "wrong-blob", swapped_shares),
    ("another content", "wrong-blob", other_content),
    ("a content of another length", "malformed", short_content),
    ("notices through the account itself", "circular-channel", through_itself),
]


@pytest.mark.act("envelope.seal")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in SEALS])
def test_a_bad_seal_is_refused_and_leaves_nothing(world: World, code: str, act: Act) -> None:
    refused(world, code, act)


def confirm(world: World, name: str, **changes: Any) -> Any:
    fields = {**world.receipt(name).payload, **changes}
    further = {k: v for k, v in fields.items() if k not in {"kind", "suite", "at"}}
    receipt = world.sign(name, "custody-receipt", **further)
    return envelopes.confirm(world.ctx, world.caller(name), body(receipt))


def confirm_signed_by(world: World, name: str) -> Any:
    fields = {
        "manifest": world.manifests["newest"].digest,
        "group": "password",
        "custodian": world.id("bob"),
    }
    signed = world.sign(name, "custody-receipt", **fields)
    return envelopes.confirm(world.ctx, world.caller("bob"), body(signed))


def paper(world: World, name: str, *, signer: str = "", **changes: Any) -> Any:
    fields = {
        "manifest": world.manifests["newest"].digest,
        "group": world.group(name),
        "custodian": world.id(name),
        "place": "",
    }
    printed = world.sign(signer or name, "paper", **(fields | changes))
    return envelopes.paper(world.ctx, world.caller(name), body(printed))


RECEIPTS: list[tuple[str, str, Act]] = [
    ("twice", "already-confirmed", lambda w: confirm(w, "ann")),
    ("of the other group", "wrong-group", lambda w: confirm(w, "bob", group="mfa")),
    ("of somebody who holds none", "not-in-roster", lambda w: confirm(w, "gus")),
    ("of a stranger", "not-in-roster", lambda w: confirm(w, "eve")),
    ("in another's name", "wrong-person", lambda w: confirm(w, "bob", custodian=w.id("cem"))),
    ("signed by another", "bad-signature", lambda w: confirm_signed_by(w, "cem")),
    ("of an unknown manifest", "not-found", lambda w: confirm(w, "bob", manifest="3" * 64)),
    (
        "under an older roster",
        "stale-roster",
        lambda w: confirm(w, "bob", manifest=w.manifests["first"].digest),
    ),
    (
        "of another kind",
        "malformed",
        lambda w: envelopes.confirm(w.ctx, w.caller("bob"), body(w.manifests["newest"])),
    ),
    ("on paper, of the other group", "wrong-group", lambda w: paper(w, "bob", group="mfa")),
    ("on paper, of nobody", "not-in-roster", lambda w: paper(w, "gus")),
    ("on paper, of a stranger", "not-in-roster", lambda w: paper(w, "eve")),
    (
        "on paper, in another's name",
        "wrong-person",
        lambda w: paper(w, "bob", custodian=w.id("cem")),
    ),
    ("on paper, signed by another", "bad-signature", lambda w: paper(w, "bob", signer="cem")),
]


@pytest.mark.act("envelope.confirm")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in RECEIPTS])
def test_a_receipt_that_proves_nothing_is_refused(world: World, code: str, act: Act) -> None:
    refused(world, code, act)


def strand(world: World) -> Any:
    """Two of three in a group are replaced by people who hold no share."""
    fields = world.roster_fields()
    new = {"threshold": 2, "custodians": sorted([world.id("ann"), world.id("eve")])}
    return world.draft(groups={**fields["groups"], "password": new})


READS: list[tuple[str, str, Act]] = [
    (
        "an operator's bundle",
        "not-found",
        lambda w: bundles.fetch(w.ctx, w.caller("olga"), ACCOUNT),
    ),
    ("an auditor's bundle", "not-found", lambda w: bundles.fetch(w.ctx, w.caller("aud"), ACCOUNT)),
    ("a stranger's bundle", "not-found", lambda w: bundles.fetch(w.ctx, w.caller("eve"), ACCOUNT)),
    ("a stranger's look", "not-found", lambda w: accounts.show(w.ctx, w.caller("eve"), ACCOUNT)),
    ("a stranger's chain", "not-found", lambda w: rosters.show(w.ctx, w.caller("eve"), ACCOUNT)),
    (
        "a stranger's envelopes",
        "not-found",
        lambda w: envelopes.listing(w.ctx, w.caller("eve"), ACCOUNT),
    ),
    ("an operator's share", "not-found", lambda w: share(w, "olga")),
    ("a requester's share", "not-found", lambda w: share(w, "gus")),
    ("a roster that strands the envelope", "strands-envelope", strand),
]


def share(world: World, name: str) -> Any:
    envelope = world.manifests["newest"].payload["envelope"]
    return envelopes.my_share(world.ctx, world.caller(name), envelope)


@pytest.mark.act("bundle.fetch", "account.show", "roster.show", "envelope.list", "envelope.share")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in READS])
def test_what_is_not_theirs_does_not_exist(world: World, code: str, act: Act) -> None:
    refused(world, code, act)


def test_a_body_in_another_encoding_is_no_statement(world: World) -> None:
    """The same payload with a space in it is another text, and is refused."""
    receipt = world.receipt("bob")
    spaced = receipt.body.replace(b'","', b'", "', 1)
    lie = statements.Statement(
        kind="custody-receipt", payload=receipt.payload, body=spaced, signatures=receipt.signatures
    )
    refused(world, "malformed", lambda w: envelopes.confirm(w.ctx, w.caller("bob"), body(lie)))
