"""Files passed by hand, judged on a device alone: its own clock, and its owner's phrase."""

import dataclasses
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.keyslot import wrap_root
from crypto.phrase import ITERATIONS, SALT_LENGTH, generate_phrase, phrase_keys
from crypto.randomness import random_bytes, random_uuid
from crypto.recipient import RecipientKey
from crypto.statement import Statement
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.foundation.errors import ClientRefusal
from service.client.offline import identity as offline_identity
from service.client.offline.asking import check_approvable, choose
from service.client.trust.bundle import BundledSeal, VerifiedBundle
from service.client.trust.chain import verify_chain
from service.client.trust.envelope import verify_manifest
from service.client.trust.offline import verify_offline_request
from service.domain.people import GroupName
from service.wire.accounts import BundleSlot
from tests.cast import ACCOUNT, MFA, somebody
from tests.client.honest import (
    START,
    brought,
    first_envelope,
    first_roster,
    group_of,
    keys_of,
    request_by,
    roster_fields,
    signed_roster,
    wire,
)

chain = partial(
    verify_chain,
    [wire(first_roster())],
    brought(first_roster()),
    account=ACCOUNT,
    me=None,
    remembered=None,
)


def bundle_of(*slots: BundleSlot) -> VerifiedBundle:
    return VerifiedBundle(
        made_at="2026-03-01T00:00:00Z",
        leaf=1,
        signed_until="2026-03-01T00:00:00Z",
        chain=chain(),
        envelopes=(),
        slots={slot.person: slot for slot in slots},
    )


@pytest.mark.parametrize(
    ("ahead", "code"),
    [(timedelta(minutes=5, seconds=1), "not-yet"), (timedelta(minutes=5), "bundle-lacks")],
)
def test_a_request_from_the_future_is_refused_but_for_five_minutes(
    ahead: timedelta, code: str
) -> None:
    request = request_by(RecipientKey.generate().public, offline=True, at=START + ahead)
    bundle = bundle_of()  # what is read after the clock
    with pytest.raises(ClientRefusal) as caught:
        verify_offline_request(wire(request), bundle, START)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "bundle-lacks"),  # what is read after that
        ({"offline": False}, "not-offline"),
        ({"drill": True}, "not-offline"),
        ({"log_size": 9, "log_root": "ab" * 32}, "not-offline"),
    ],
)
def test_a_request_that_is_passed_by_hand_was_made_without_the_service(
    changes: dict[str, Any], code: str
) -> None:
    request = request_by(RecipientKey.generate().public, **({"offline": True} | changes))
    with pytest.raises(ClientRefusal) as caught:
        verify_offline_request(wire(request), bundle_of(), START)
    assert caught.value.code == code


def slot_of(name: str, words: tuple[str, ...], identity: Identity) -> BundleSlot:
    salt, slot = random_bytes(SALT_LENGTH), random_uuid()
    keys = phrase_keys(words, salt, ITERATIONS)
    return BundleSlot(
        person=somebody(name).id,
        slot=slot,
        wrapped_root=b64encode(wrap_root(keys.slot_key, identity.root, somebody(name).id, slot)),
        salt=b64encode(salt),
        iterations=600_000,
        statement=wire(first_roster()),  # was verified with the bundle, and is not read again
    )


def refusal_of_unlocking(folder: Path, slot: BundleSlot, words: tuple[str, ...]) -> str:
    """The code with which a device refuses this phrase; empty if it opens."""
    run = Invocation(home=folder, terminal=Terminal(interactive=False))
    paper = folder / "phrase"
    paper.write_text(" ".join(words))
    paper.chmod(0o600)
    run.set("phrase_file", str(paper))
    bundle = bundle_of(slot)
    try:
        me = offline_identity.unlock_offline(run, bundle, slot.person)
        assert me.public == somebody("ann").identity.public
    except ClientRefusal as refused:
        return refused.code
    return ""


def test_only_the_phrase_of_the_slot_opens_it_and_only_to_the_rosters_keys(tmp_path: Path) -> None:
    words = generate_phrase()
    mine = slot_of("ann", words, somebody("ann").identity)
    assert refusal_of_unlocking(tmp_path, mine, words) == ""
    assert refusal_of_unlocking(tmp_path, mine, generate_phrase()) == "wrong-phrase"
    exchanged = slot_of("ann", words, Identity.generate())
    assert refusal_of_unlocking(tmp_path, exchanged, words) == "keys-replaced"


# ---------------------------------------------------------------- who may approve


def changed_roster() -> Statement:
    """Fay joins the second group, and Cem has new keys, after the envelope was sealed."""
    cem = Identity.generate()
    fields = roster_fields(
        version=2,
        previous=first_roster().digest,
        cause="change",
        mfa=MFA,
        keys={"cem": cem},
    )
    signers = [*keys_of("ann", "bob", "dea", "fay"), cem]
    return signed_roster(fields, signers, START + timedelta(hours=1))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ann", ""),
        ("gus", "self-approval"),
        ("sam", "not-in-roster"),
        ("fay", "not-in-roster"),
        ("cem", "not-in-roster"),
        ("eli", "receipt-missing"),
    ],
)
def test_who_may_approve_without_the_service_is_who_may_with_it(name: str, code: str) -> None:
    newest = changed_roster()
    rosters = verify_chain(
        [wire(first_roster()), wire(newest)],
        brought(first_roster(), newest),
        account=ACCOUNT,
        me=None,
        remembered=None,
    )
    envelope, manifest = verify_manifest(wire(first_envelope().statement), rosters)
    receipts = frozenset(
        (GroupName(group_of(who)), somebody(who).id) for who in ("ann", "bob", "cem", "dea")
    )
    sealed = BundledSeal(
        state="ready",
        envelope=envelope,
        manifest=manifest,
        receipts=receipts,
        content=b"",
        shares={},
    )
    bundle = dataclasses.replace(bundle_of(), chain=rosters, envelopes=(sealed,))
    request = request_by(RecipientKey.generate().public, roster=newest, offline=True)
    about, found = verify_offline_request(wire(request), bundle, START)
    if not code:
        assert (
            check_approvable(about, found, bundle, somebody(name).id).roster == rosters.rosters[0]
        )
        return
    with pytest.raises(ClientRefusal) as caught:
        check_approvable(about, found, bundle, somebody(name).id)
    assert caught.value.code == code


@pytest.mark.parametrize("changes", [{"offline": False}, {"drill": True, "task": "drill"}])
def test_only_an_offline_request_that_is_no_drill_is_approved_without_the_service(
    changes: dict[str, object],
) -> None:
    request = request_by(RecipientKey.generate().public, **({"offline": True} | changes))  # type: ignore[arg-type]
    bundle = bundle_of()
    with pytest.raises(ClientRefusal) as caught:
        verify_offline_request(wire(request), bundle, START)
    assert caught.value.code == "not-offline"


@pytest.mark.parametrize(("seconds", "code"), [(3599, "bundle-lacks"), (3600, "expired")])
def test_a_request_ends_at_the_very_second(seconds: int, code: str) -> None:
    request = request_by(RecipientKey.generate().public, offline=True)
    bundle = bundle_of()
    with pytest.raises(ClientRefusal) as caught:
        verify_offline_request(wire(request), bundle, START + timedelta(seconds=seconds))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("states", "newest", "chosen"),
    [
        (("unconfirmed", "ready", "superseded"), False, "ready"),
        (("unconfirmed", "exposed"), False, "exposed"),
        (("unconfirmed", "ready"), True, "unconfirmed"),
        (("unconfirmed", "superseded"), False, "unconfirmed"),
        (("superseded",), False, ""),
        (("superseded",), True, ""),
        ((), True, ""),
    ],
)
def test_the_envelope_of_a_request_is_the_one_in_force_or_the_newest(
    states: tuple[str, ...], newest: bool, chosen: str
) -> None:
    envelope, manifest = verify_manifest(wire(first_envelope().statement), chain())
    sealed = [
        BundledSeal(
            state=state,
            envelope=envelope,
            manifest=manifest,
            receipts=frozenset(),
            content=b"",
            shares={},
        )
        for state in states
    ]
    bundle = dataclasses.replace(bundle_of(), envelopes=tuple(sealed))
    if chosen:
        assert choose(bundle, newest=newest).state == chosen
        return
    with pytest.raises(ClientRefusal) as caught:
        choose(bundle, newest=newest)
    assert caught.value.code == "no-envelope"
