"""Sealed messages, shares and envelopes, from Python to the browser's modules and back."""

import itertools
import random
from typing import Any

import pytest

from crypto import envelope
from crypto.encoding import hex_digest
from crypto.identity import Identity
from crypto.opening import Content, Opened, SealedEnvelope, open_envelope, seal_envelope
from crypto.passwords import check_password
from crypto.randomness import random_bytes
from crypto.recipient import RecipientKey
from crypto.schema import GROUPS
from crypto.seal import seal
from crypto.secret import SecretBytes
from crypto.sharing import combine, parse_share, read_share, split
from crypto.statement import parse, sign, verify
from crypto.unseal import unseal
from tests.cast import REQUESTER, identity_of, uuid_of
from tests.crossing.peer import Peer, Refused
from tests.vectors.examples import AT, EVERYBODY, digest_of, envelope_head, roster

SPLITS = [((1, 1), (1, 1)), ((1, 3), (2, 3)), ((2, 2), (3, 5)), ((16, 16), (5, 9))]
CONTENT = Content(password="correct-Horse-7 \U0001d11e", sign_in_email="", note="Zo\u00eb\n" * 9)
NAMES = {uuid_of(name): name for name in EVERYBODY}
KEYS = {person: identity_of(name).public.encryption_key for person, name in NAMES.items()}
REQUEST = digest_of("request")


def kept(recipient: RecipientKey) -> dict[str, str]:
    return {"recipient": recipient.private.reveal().hex()}


@pytest.mark.parametrize("length", [0, 1, 85, 200, 4096])
def test_sealed_messages_cross_both_ways(peer: Peer, length: int) -> None:
    recipient, info, plaintext = RecipientKey.generate(), random_bytes(40), random_bytes(length)
    ours = seal(recipient.public, info, plaintext)
    assert peer.call("unseal", "unseal", kept(recipient), info, ours) == plaintext
    theirs = peer.call("seal", "seal", recipient.public, info, plaintext)
    assert unseal(recipient.private, info, theirs).reveal() == plaintext
    for changed in (
        ours[:-1],
        ours[:32] + bytes([ours[32] ^ 1]) + ours[33:],
        bytes(32) + ours[32:],
    ):
        with pytest.raises(Refused, match=r"VerificationError|MalformedError"):
            peer.call("unseal", "unseal", kept(recipient), info, changed)
    with pytest.raises(Refused, match="VerificationError"):
        peer.call("unseal", "unseal", kept(recipient), info + b"x", ours)


def subsets(sets: Any, groups: Any) -> list[str]:
    """Return exactly threshold shares of each group, drawn anew at each call."""
    chosen = [
        mnemonic
        for mnemonics, (threshold, _) in zip(sets, groups, strict=True)
        for mnemonic in random.sample(list(mnemonics), threshold)
    ]
    random.shuffle(chosen)
    return chosen


@pytest.mark.parametrize("groups", SPLITS)
def test_splits_cross_both_ways(peer: Peer, groups: tuple[tuple[int, int], ...]) -> None:
    secret = SecretBytes(random_bytes(32))
    ours = split(secret, groups)
    theirs = peer.call("sharing", "split", secret.reveal(), groups)
    assert [len(mnemonics) for mnemonics in theirs] == [members for _, members in groups]
    for _ in range(3):
        assert peer.call("sharing", "combine", subsets(ours, groups)) == secret.reveal()
        assert combine(subsets(theirs, groups)) == secret
    for mnemonic in itertools.chain(*ours, *theirs):
        read = parse_share(mnemonic)
        said = peer.call("sharing", "parseShare", mnemonic)
        assert said == {
            "identifier": read.identifier,
            "group": read.group,
            "member": read.member,
            "threshold": read.threshold,
            "mnemonic": mnemonic,
        }


def test_too_few_and_mixed_shares_are_refused_alike(peer: Peer) -> None:
    groups = ((2, 3), (2, 3))
    first, second = (split(SecretBytes(random_bytes(32)), groups) for _ in range(2))
    few = [*first[0][:2], first[1][0]]
    mixed = [*first[0][:2], *second[1][:2]]
    sets = [few, mixed, [], ["academic"], [first[0][0].upper(), *few], [f" {few[0]}", *few[1:]]]
    ours = []
    for mnemonics in sets:
        with pytest.raises(Exception, match=r".") as refused:
            combine(mnemonics)
        ours.append(type(refused.value).__name__)
    assert peer.outcomes("sharing", "combine", [[one] for one in sets]) == ours


def opened_with_python(manifest: dict[str, Any], shares: Any, content: bytes) -> Opened:
    context = envelope.context(manifest)
    mnemonics = []
    for share, published in zip(shares, manifest["shares"], strict=True):
        place = (context, published["group"], published["custodian"])
        assert published["sealed_share_digest"] == hex_digest(share["sealed"])
        own = identity_of(NAMES[published["custodian"]])
        opened = unseal(own.encryption_private, envelope.custody_info(*place), share["sealed"])
        read = read_share(opened)
        envelope.check_commitment(
            published["commitment"],
            context=context,
            group=place[1],
            person=place[2],
            mnemonic=read.mnemonic,
        )
        mnemonics.append(read.mnemonic)
    assert manifest["content_digest"] == hex_digest(content)
    return open_envelope(combine(mnemonics), content, manifest)


@pytest.mark.parametrize("thresholds", [(2, 2), (1, 3)])
def test_an_envelope_that_the_browser_sealed_opens_in_python(
    peer: Peer, thresholds: tuple[int, int]
) -> None:
    content = {"password": CONTENT.password, "signInEmail": "", "note": CONTENT.note}
    place = {"roster": roster(thresholds), "keys": {"map": KEYS}, "head": envelope_head(), "at": AT}
    sealed = peer.call("opening", "sealEnvelope", content, place)
    signed = peer.call(
        "signing", "sign", "manifest", sealed["manifest"],
        {"identity": identity_of(REQUESTER), "at": AT},
    )  # fmt: skip
    statement = parse(bytes.fromhex(signed["raw"]))
    verify(statement, identity_of(REQUESTER).public.signing_key)
    opened = opened_with_python(dict(statement.payload), sealed["shares"], sealed["content"])
    assert (opened.content, opened.keys_fit) == (CONTENT, True)


def opened_in_the_browser(peer: Peer, sealed: SealedEnvelope, identity: Identity) -> bytes:
    manifest = dict(sign("manifest", sealed.manifest, identity=identity, at=sealed.at).payload)
    context: bytes = peer.call("envelope", "context", manifest)
    mnemonics = []
    for share in sealed.shares:
        place = (context, share.group, share.custodian)
        own = identity_of(NAMES[share.custodian])
        info = peer.call("envelope", "custodyInfo", *place)
        recipient = {"recipient": own.encryption_private.reveal().hex()}
        mnemonic = peer.call("unseal", "unseal", recipient, info, share.sealed).decode()
        named = {"context": context, "group": share.group, "person": share.custodian}
        peer.call("envelope", "checkCommitment", share.commitment, {**named, "mnemonic": mnemonic})
        other = {**named, "mnemonic": mnemonic, "person": uuid_of("elsewhere")}
        with pytest.raises(Refused, match="VerificationError"):
            peer.call("envelope", "checkCommitment", share.commitment, other)
        mnemonics.append(mnemonic)
    secret = peer.call("sharing", "combine", mnemonics)
    opened = peer.call("opening", "openEnvelope", secret, manifest, sealed.content)
    content = {"password": CONTENT.password, "signInEmail": "", "note": CONTENT.note}
    assert (opened["content"], opened["keysFit"]) == (content, True)
    other = {**manifest, "opening_key": manifest["gate_key"]}
    with pytest.raises(Refused, match="VerificationError"):  # its context is another
        peer.call("opening", "openEnvelope", secret, other, sealed.content)
    return context


@pytest.mark.parametrize("thresholds", [(2, 2), (3, 1)])
def test_an_envelope_that_python_sealed_opens_in_the_browser(
    peer: Peer, thresholds: tuple[int, int]
) -> None:
    sealed = seal_envelope(
        CONTENT, roster=roster(thresholds), keys=KEYS, head=envelope_head(), at=AT
    )
    context = opened_in_the_browser(peer, sealed, identity_of(REQUESTER))
    signed = sign("manifest", sealed.manifest, identity=identity_of(REQUESTER), at=AT)
    assert envelope.context(signed.payload) == context


@pytest.mark.parametrize("group", GROUPS)
def test_reseals_and_drills_are_bound_alike(peer: Peer, group: str) -> None:
    context, person = random_bytes(32), uuid_of("ann")
    place = (REQUEST, context, group, person)
    assert peer.call("envelope", "releaseInfo", *place) == envelope.release_info(*place)
    assert peer.call("envelope", "drillInfo", *place) == envelope.drill_info(*place)
    assert peer.call("envelope", "contentAad", context) == envelope.content_aad(context)
    assert peer.call(
        "envelope", "commitment", context, group, person, "words"
    ) == envelope.commitment(context, group, person, "words")
    theirs = peer.call("envelope", "drillPlaintext", REQUEST)
    envelope.check_drill_plaintext(theirs, REQUEST)
    ours = envelope.drill_plaintext(REQUEST)
    peer.call("envelope", "checkDrillPlaintext", ours, REQUEST)
    for wrong in (ours[:-1], ours + b"x", b"x" * 85, theirs[:8] + b"x" + theirs[9:]):
        with pytest.raises(Refused, match="VerificationError"):
            peer.call("envelope", "checkDrillPlaintext", wrong, REQUEST)
    with pytest.raises(Refused, match="VerificationError"):
        peer.call("envelope", "checkDrillPlaintext", ours, digest_of("another request"))


def lengths(check: Any, **further: bool) -> list[str]:
    found = []
    for length in range(9000):
        try:
            check(length, **further)
            found.append("ok")
        except Exception as refused:  # noqa: BLE001  # its name is compared
            found.append(type(refused).__name__)
    return found


def test_the_same_lengths_pass(peer: Peer) -> None:
    numbers = range(9000)
    assert peer.outcomes("envelope", "checkContentLength", [[n] for n in numbers]) == lengths(
        envelope.check_content_length
    )
    for drill in (True, False):
        asked = [[n, {"drill": drill}] for n in numbers]
        assert peer.outcomes("envelope", "checkResealLength", asked) == lengths(
            envelope.check_reseal_length, drill=drill
        )


def test_generated_passwords_satisfy_the_other_s_rule(peer: Peer) -> None:
    for length in (8, 9, 64, 128):
        made = peer.call("passwords", "generate", length)
        assert len(made) == length
        check_password(made, account="012345678901", name="Production", email="root@example.com")


def test_letters_that_fold_into_others_fold_in_the_browser_too(peer: Peer) -> None:
    """A password that is the account's name in another case is refused by both."""
    letters = [chr(point) for point in range(0x110000) if chr(point).casefold() != chr(point)]
    asked = [
        [f"Abcdef1!{letter}", {"account": "", "email": "", "name": f"aBCDEF1!{letter.casefold()}"}]
        for letter in letters
    ]
    outcomes = peer.outcomes("passwords", "checkPassword", asked)
    taken = [letter for letter, outcome in zip(letters, outcomes, strict=True) if outcome == "ok"]
    assert taken == []
