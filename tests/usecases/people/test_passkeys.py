"""Passkeys that are made: with an enrolment, or beside what somebody has."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from crypto.encoding import b64decode, b64encode
from crypto.errors import MalformedError, VerificationError
from crypto.identity import Identity
from service.domain import errors
from service.storage import passkeys as stored
from service.storage.database import Database
from service.usecases import enrolment, people, slots
from service.usecases import passkeys as usecase
from service.usecases.context import Caller, Context
from service.wire.people import InvitationToken, SlotChange
from tests.conftest import HandClock
from tests.fakes.authenticator import Authenticator
from tests.usecases.people import acts, passkeys
from tests.usecases.people.acts import Phrase, Someone
from tests.usecases.people.passkeys import Making


@pytest.mark.act("slot.passkey-options")
def test_what_a_passkey_is_made_with_says_whose_and_which_are_excluded(
    ctx: Context, ann: Someone
) -> None:
    first = passkeys.add(ctx, ann)
    options = usecase.options(ctx, acts.caller(ctx, ann))
    assert (options.rp_id, options.rp_name) == ("localhost", "breakglass")
    assert b64decode(options.user_id).hex() == ann.person.replace("-", "")
    assert (options.user_name, options.display_name) == (ann.email, "Ann")
    assert options.exclude == [b64encode(first.credential)]
    assert len(b64decode(options.challenge)) == 56


def test_asking_leaves_nothing(ctx: Context, ann: Someone, database: Database) -> None:
    me = acts.caller(ctx, ann)
    before = acts.rows(database)
    assert usecase.options(ctx, me).challenge != usecase.options(ctx, me).challenge
    assert acts.rows(database) == before


def test_a_passkey_is_made_in_a_fresh_session_alone(ctx: Context, ann: Someone) -> None:
    me = acts.caller(ctx, ann)
    stale = Caller(person=me.person, operator=False, auditor=False, session=me.session, fresh=False)
    with pytest.raises(errors.StaleSessionError):
        usecase.options(ctx, stale)


@pytest.mark.act("slot.change")
@pytest.mark.parametrize(("kind", "length"), [("passkey", 60), ("sign-in-only", 0)])
@pytest.mark.parametrize("algorithm", ["ES256", "Ed25519"])
def test_a_passkey_is_added_beside_the_phrase(
    ctx: Context, ann: Someone, kind: str, length: int, algorithm: str
) -> None:
    ed25519 = algorithm == "Ed25519"
    device = Authenticator(key=Ed25519PrivateKey.generate()) if ed25519 else Authenticator()
    me = acts.caller(ctx, ann)
    done = slots.change(ctx, me, passkeys.addition(ctx, me, ann, device, kind=kind))
    assert done.state == "added"
    leaf = acts.leaves(ctx)[done.leaf]
    assert (leaf.action, leaf.details) == ("slot:added", {"slot": done.id, "kind": kind})
    added, phrase = sorted(slots.mine(ctx, me).slots, key=lambda slot: slot.kind == "phrase")
    assert (phrase.kind, phrase.credential) == ("phrase", "")
    assert (added.slot, added.kind, added.salt, added.iterations) == (done.id, kind, "", 0)
    assert b64decode(added.credential) == device.credential
    assert len(b64decode(added.wrapped_root)) == length
    with ctx.read() as unit:
        [kept] = stored.of_person(unit.session, ann.person)
    assert kept.transports == ("internal", "hybrid")
    assert kept.unlocks is (kind == "passkey")
    assert passkeys.sign_in(ctx, device).person == ann.person


@pytest.mark.act("invitation.passkey-options")
@pytest.mark.parametrize("kind", ["passkey", "sign-in-only"])
def test_an_enrolment_brings_a_phrase_and_a_passkey(ctx: Context, kind: str) -> None:
    link, device = acts.invite(ctx), Authenticator()
    options = enrolment.passkey_options(ctx, InvitationToken(token=link.token))
    assert options.exclude == []
    identity, phrase = Identity.generate(), Phrase()
    new = passkeys.signed(identity, link.person, device.make(options), kind=kind)
    body = acts.enrolment_of(link, identity, phrase).model_copy(update={"passkey": new})
    done = enrolment.enrol(ctx, body)
    told = [(leaf.action, leaf.details.get("kind")) for leaf in acts.leaves(ctx)[done.leaf :]]
    assert told == [("identity:enrolled", None), ("slot:added", "phrase"), ("slot:added", kind)]
    assert passkeys.sign_in(ctx, device).person == link.person


def test_a_link_that_is_not_good_gets_no_challenge(ctx: Context) -> None:
    link = acts.invite(ctx)
    acts.invite(ctx)
    with pytest.raises(errors.BadLinkError):
        enrolment.passkey_options(ctx, InvitationToken(token=link.token))


def test_a_new_identity_takes_the_old_passkeys_away(ctx: Context, ann: Someone) -> None:
    device = passkeys.add(ctx, ann)
    link, identity = acts.invite(ctx, "Ann"), Identity.generate()
    enrolment.enrol(ctx, acts.enrolment_of(link, identity, Phrase()))
    with pytest.raises(errors.SignInFailedError):
        passkeys.sign_in(ctx, device)
    with ctx.read() as unit:
        assert stored.of_person(unit.session, ann.person) == []


def test_a_wrapped_root_is_sixty_bytes(ctx: Context, ann: Someone) -> None:
    from crypto.encoding import hex_digest  # noqa: PLC0415 - for this one blob

    making, blob = Making(ctx, ann), bytes(61)
    new = making.signed(making.attestation(), wrapped_root_digest=hex_digest(blob))
    with pytest.raises(MalformedError):
        slots.change(ctx, making.me, passkeys.as_change(new, wrapped_root=b64encode(blob)))


def test_a_challenge_is_good_for_five_minutes(ctx: Context, ann: Someone, clock: HandClock) -> None:
    making = Making(ctx, ann)
    early, late = making.answer(), Making(ctx, ann)
    clock.advance(minutes=5, seconds=-1)
    slots.change(ctx, making.me, early)
    last = late.answer()
    clock.advance(minutes=5)
    with pytest.raises(errors.BadPasskeyError):
        slots.change(ctx, late.me, last)


def test_a_challenge_makes_one_passkey(ctx: Context, ann: Someone) -> None:
    making = Making(ctx, ann)
    options = usecase.options(ctx, making.me)
    for device, refused in ((Authenticator(), False), (Authenticator(), True)):
        body = passkeys.as_change(making.signed(device.make(options)))
        if refused:
            with pytest.raises(errors.BadPasskeyError):
                slots.change(ctx, making.me, body)
        else:
            slots.change(ctx, making.me, body)


def test_a_removed_passkeys_credential_stays_taken_until_its_row_goes(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    device, me = passkeys.add(ctx, ann), acts.caller(ctx, ann)
    passkeys.remove(ctx, me, ann, passkeys.slot_of(ctx, me, device), device)
    with pytest.raises(errors.TakenError):
        slots.change(ctx, me, passkeys.addition(ctx, me, ann, device))
    clock.advance(days=30)
    people.sweep(ctx)
    me = acts.caller(ctx, ann)
    slots.change(ctx, me, passkeys.addition(ctx, me, ann, device))
    assert passkeys.sign_in(ctx, device).person == ann.person


def test_nobody_has_more_than_sixteen(ctx: Context, ann: Someone) -> None:
    for _ in range(16):
        passkeys.add(ctx, ann, kind="sign-in-only")
    with pytest.raises(errors.WrongStateError):
        passkeys.add(ctx, ann)


# ---------------------------------------------------------------- enrolment


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"action": "replace"}, MalformedError),
        ({"slot_kind": "phrase", "credential": ""}, MalformedError),
        ({"person": "00000000-0000-4000-8000-00000000000e"}, errors.WrongPersonError),
        ({"credential": "QUJD"}, errors.BadPasskeyError),
    ],
)
def test_an_enrolment_with_a_wrong_passkey_leaves_nothing(
    ctx: Context, database: Database, changed: dict[str, str], refusal: type[Exception]
) -> None:
    link, identity = acts.invite(ctx), Identity.generate()
    options = enrolment.passkey_options(ctx, InvitationToken(token=link.token))
    made = Authenticator().make(options)
    person = changed.get("person", link.person)
    further = {name: value for name, value in changed.items() if name != "person"}
    new = passkeys.signed(identity, person, made, **further)
    body = acts.enrolment_of(link, identity, Phrase()).model_copy(update={"passkey": new})
    before = acts.rows(database)
    with pytest.raises(refusal):
        enrolment.enrol(ctx, body)
    assert acts.rows(database) == before


def enrol_with(
    ctx: Context, *, challenge_of: str = "", signer: Identity | None = None, slot: str = ""
) -> None:
    link, identity, phrase = acts.invite(ctx), Identity.generate(), Phrase()
    token = InvitationToken(token=challenge_of or link.token)
    made = Authenticator().make(enrolment.passkey_options(ctx, token))
    new = passkeys.signed(signer or identity, link.person, made, slot=phrase.slot if slot else "")
    body = acts.enrolment_of(link, identity, phrase).model_copy(update={"passkey": new})
    enrolment.enrol(ctx, body)


def test_a_challenge_of_one_link_enrols_nobody_with_another(ctx: Context) -> None:
    other = acts.invite(ctx, "Bob")
    with pytest.raises(errors.BadPasskeyError):
        enrol_with(ctx, challenge_of=other.token)


def test_a_passkey_is_signed_with_the_new_key(ctx: Context) -> None:
    with pytest.raises(VerificationError):
        enrol_with(ctx, signer=Identity.generate())


def test_a_passkeys_slot_is_not_the_phrases(ctx: Context) -> None:
    with pytest.raises(errors.ReplayedError):
        enrol_with(ctx, slot="the same")


def test_what_a_passkey_derives_has_no_place_in_what_is_sent(ctx: Context, ann: Someone) -> None:
    """The service rejects a body that has PRF output, wherever somebody puts it."""
    making = Making(ctx, ann)
    good = making.answer().model_dump()
    output = {"prf": {"results": {"first": b64encode(bytes(32))}}}
    SlotChange.model_validate(good)
    for place in (good, good["attestation"]):
        for name in ("extensions", "client_extension_results", "prf"):
            place[name] = output
            with pytest.raises(ValidationError):
                SlotChange.model_validate(good)
            del place[name]
    SlotChange.model_validate(good)
