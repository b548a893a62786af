"""Replaying keys, key slots and rosters, in logs made by hand."""

from collections.abc import Mapping

import pytest

from crypto import statement as statements
from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.leaf import Detail
from crypto.randomness import random_uuid
from crypto.statement import Statement
from service.client.audit.replay.world import World
from service.client.foundation.errors import ClientRefusal
from tests.cast import identity_statement, somebody
from tests.client import honest
from tests.client.audit.exports import replayed
from tests.client.honest import (
    EVERYBODY,
    START,
    first_roster,
    keys_of,
    roster_fields,
)
from tests.client.logs import Log

OLD, NEW = Identity.generate(), Identity.generate()
ANN = somebody("ann").id


def identity(keys: Identity, who: str = ANN) -> Statement:
    public = keys.public
    fields = {
        "person": who,
        "encryption_key": b64encode(public.encryption_key),
        "signing_key": b64encode(public.signing_key),
    }
    return statements.sign("identity", fields, identity=keys, at=START)


PHRASE, SECOND, THIRD, KEY, OTHER = (random_uuid() for _ in range(5))
CREDENTIALS = {"phrase": "", "passkey": b64encode(b"a passkey"), "sign-in-only": "T05MWQ=="}


def slot(
    action: str, keys: Identity, who: str = ANN, *, of: str = PHRASE, kind: str = "phrase"
) -> Statement:
    unwrapped = action == "remove" or kind == "sign-in-only"
    fields = {
        "person": who,
        "slot": of,
        "action": action,
        "slot_kind": kind,
        "credential": CREDENTIALS[kind],
        "wrapped_root_digest": "" if unwrapped else "0" * 64,
    }
    return statements.sign("slot", fields, identity=keys, at=START)


def details_of(action: str, statement: Statement, phrases: list[str]) -> dict[str, Detail]:
    """What the service would write; ``phrases`` are the slots of phrases so far."""
    payload = statement.payload
    if action == "identity:replaced":
        return {"fingerprint": statement.signatures[0].keyid, "replaces": OLD.public.keyid}
    if statement.kind != "slot":
        return {"fingerprint": statement.signatures[0].keyid}
    said: dict[str, Detail] = {"slot": payload["slot"], "kind": payload["slot_kind"]}
    if payload["action"] == "replace" and phrases:
        said["replaces"] = phrases[-1]
    if payload["slot_kind"] == "phrase":
        phrases.append(payload["slot"])
    return said


def told(*events: tuple[str, Statement], **said: Detail) -> World:
    log, phrases = Log().begin(), list[str]()
    for action, statement in events:
        details = details_of(action, statement, phrases)
        details |= {name: value for name, value in said.items() if name in details}
        log.append(action, actor=ANN, subject=ANN, statement=statement.raw, details=details)
    return replayed(log.leaves)


ENROLLED = ("identity:enrolled", identity(OLD))
ADDED = ("slot:added", slot("add", OLD))
REPLACED = ("identity:replaced", identity(NEW))


def test_keys_and_slots_that_their_owner_signed_are_accepted() -> None:
    world = told(
        ENROLLED,
        ADDED,
        ("slot:added", slot("add", OLD, of=KEY, kind="passkey")),
        ("slot:replaced", slot("replace", OLD, of=SECOND)),
        REPLACED,
        ("slot:added", slot("add", NEW)),
        ("slot:added", slot("add", NEW, of=KEY, kind="passkey")),
        ("slot:added", slot("add", NEW, of=OTHER, kind="sign-in-only")),
        ("slot:removed", slot("remove", NEW, of=OTHER, kind="sign-in-only")),
        ("slot:removed", slot("remove", NEW)),
    )
    assert world.keys[ANN] == NEW.public
    assert [way.id for way in world.slots[ANN]] == [KEY]


PASSKEY = ("slot:added", slot("add", OLD, of=KEY, kind="passkey"))
ONLY = ("slot:added", slot("add", OLD, of=OTHER, kind="sign-in-only"))


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([("slot:added", slot("add", OLD, of=SECOND))], "wrong-state"),
        ([("slot:replaced", slot("replace", OLD, of=KEY, kind="passkey"))], "slot-kind"),
        ([("slot:removed", slot("remove", OLD))], "last-slot"),
        ([ONLY, ("slot:removed", slot("remove", OLD))], "last-slot"),
        ([("slot:removed", slot("remove", OLD, of=SECOND))], "not-found"),
        ([PASSKEY, ("slot:removed", slot("remove", OLD, kind="passkey"))], "slot-kind"),
        ([PASSKEY, ("slot:added", slot("add", OLD, of=PHRASE, kind="sign-in-only"))], "replayed"),
        ([PASSKEY, ("slot:added", slot("add", OLD, of=OTHER, kind="passkey"))], "taken"),
    ],
)
def test_changes_of_slots_that_the_rules_do_not_permit_are_refused(
    events: list[tuple[str, Statement]], code: str
) -> None:
    with pytest.raises(ClientRefusal) as caught:
        told(ENROLLED, ADDED, *events)
    assert caught.value.code == code


@pytest.mark.parametrize("said", [{"slot": SECOND}, {"kind": "passkey"}, {"replaces": THIRD}])
def test_a_slot_is_told_as_it_was_signed(said: dict[str, Detail]) -> None:
    replaced = ("slot:replaced", slot("replace", OLD, of=OTHER))
    told(ENROLLED, ADDED, replaced)
    with pytest.raises(ClientRefusal) as caught:
        told(ENROLLED, ADDED, replaced, **said)
    assert caught.value.code == "details-differ"


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([REPLACED], "wrong-state"),
        ([ENROLLED, ("identity:enrolled", identity(NEW))], "wrong-state"),
        ([ENROLLED, REPLACED, ("identity:replaced", identity(OLD))], "replayed"),
        ([("identity:enrolled", identity(OLD, somebody("bob").id))], "wrong-actor"),
        ([("slot:added", slot("add", OLD))], "wrong-actor"),
        ([ENROLLED, ("slot:added", slot("add", OLD, somebody("bob").id))], "wrong-actor"),
        ([ENROLLED, ("slot:added", slot("add", NEW))], "statement-forged"),
        ([ENROLLED, REPLACED, ("slot:added", slot("add", OLD))], "statement-forged"),
        ([ENROLLED, ("slot:added", slot("remove", OLD))], "details-differ"),
        ([ENROLLED, ("slot:removed", slot("replace", OLD))], "details-differ"),
    ],
)
def test_keys_and_slots_that_somebody_else_signed_are_refused(
    events: list[tuple[str, Statement]], code: str
) -> None:
    with pytest.raises(ClientRefusal) as caught:
        told(*events)
    assert caught.value.code == code


def enrol(log: Log, who: str, statement: Statement, **replaces: Detail) -> None:
    details = {"fingerprint": statement.signatures[0].keyid, **replaces}
    action = "identity:replaced" if replaces else "identity:enrolled"
    log.append(action, actor=who, subject=who, statement=statement.raw, details=details)


def test_a_slot_told_as_anothers_is_refused() -> None:
    log, bob = Log().begin(), somebody("bob")
    enrol(log, bob.id, identity(bob.identity, bob.id))
    log.append(
        "slot:added", actor=ANN, subject=ANN, statement=slot("add", bob.identity, bob.id).raw
    )
    with pytest.raises(ClientRefusal) as caught:
        replayed(log.leaves)
    assert caught.value.code == "wrong-actor"


# ---------------------------------------------------------------- rosters by hand


def account(
    *rosters: tuple[str, Statement],
    keys: Mapping[str, Identity] | None = None,
    anew: Statement | None = None,
    **said: Detail,
) -> World:
    """Everybody enrols, the account is registered, and these rosters are told."""
    log = Log().begin()
    for name in (*EVERYBODY, "nell"):
        who = somebody(name)
        enrol(log, who.id, identity_statement(name, (keys or {}).get(name)))
    if anew is not None:
        gus = somebody("gus")
        enrol(log, gus.id, anew, replaces=gus.identity.keyid)
    register(log)
    for version, (action, roster) in enumerate(rosters, 1):
        drafted(log, roster, version)
        details: Mapping[str, Detail] = {
            "version": roster.payload["version"],
            "roster": roster.digest,
            "state": "accepted",
            **said,
        }
        log.append(action, actor=ANN, details=details, statement=roster.raw)
    return replayed(log.leaves)


def register(log: Log) -> None:
    log.append("account:registered", actor="ops", details={"sns_topic_arn": ""})


def drafted(log: Log, roster: Statement, version: int) -> None:
    """A draft, and the signature that completes it."""
    said: dict[str, Detail] = {"version": version, "roster": roster.digest}
    log.append("roster:drafted", actor="ops", details={**said, "state": "draft"})
    signer = somebody("ann").identity.public.keyid
    details = {**said, "state": "accepted", "signer": signer}
    log.append("roster:signed", actor=ANN, details=details)


FIRST = ("roster:accepted", first_roster())


@pytest.mark.parametrize(
    ("rosters", "code"),
    [
        ([FIRST, FIRST], "roster-chain"),
        (
            [FIRST, ("roster:accepted", honest.signed_roster(
                roster_fields(version=2, previous=first_roster().digest, cause="change"),
                keys_of("ann", "bob"),
            ))],
            "roster-chain",
        ),
    ],
)  # fmt: skip
def test_a_roster_that_does_not_follow_is_refused(
    rosters: list[tuple[str, Statement]], code: str
) -> None:
    with pytest.raises(ClientRefusal) as caught:
        account(*rosters)
    assert caught.value.code == code


def test_a_roster_told_with_other_words_is_refused() -> None:
    for said in ({"version": 2}, {"roster": "0" * 64}, {"state": "draft"}):
        with pytest.raises(ClientRefusal) as caught:
            account(FIRST, **said)
        assert caught.value.code == "details-differ"


def test_an_account_is_registered_once() -> None:
    log = Log().begin()
    for _ in range(2):
        register(log)
    with pytest.raises(ClientRefusal) as caught:
        replayed(log.leaves)
    assert caught.value.code == "replayed"


def test_a_roster_names_people_with_the_keys_that_they_enrolled() -> None:
    with pytest.raises(ClientRefusal) as never:
        account(FIRST, keys={"gus": OLD})
    assert never.value.code == "identity-missing"
    with pytest.raises(ClientRefusal) as replaced:
        account(FIRST, anew=identity_statement("gus", OLD))
    assert replaced.value.code == "people-mismatch"
