from collections.abc import Callable

import pytest
from sqlalchemy import select

from crypto.encoding import b64decode, b64encode, canonical
from crypto.errors import MalformedError, VerificationError
from crypto.identity import Identity
from crypto.keyslot import slot_aad
from crypto.randomness import random_uuid
from crypto.suite import decrypt_blob
from service.domain import errors
from service.domain.slots import Slot
from service.storage import people as stored_people
from service.storage import slots as stored
from service.storage.database import Database
from service.storage.people_tables import SlotRow
from service.storage.tables import AccountRow, RosterRow
from service.usecases import people, sessions, slots
from service.usecases.context import Caller, Context
from service.wire.people import SlotChange
from tests import cast
from tests.conftest import HandClock
from tests.usecases.people import acts, passkeys
from tests.usecases.people.acts import Phrase, Someone, removal, slot_change


def name_in_a_roster(ctx: Context, who: Someone, *, state: str = "accepted") -> None:
    """The least that a roster says: its people."""
    others = [acts.enrol(ctx, name) for name in ("Second", "Third")]
    named = {one.person: one for one in (who, *others)}
    with ctx.read() as unit:
        enrolled = stored_people.enrolled(unit.session, named)
    second, third = (one.person for one in others)
    payload = cast.roster_fields(
        lambda person: {
            "person": person,
            "name": f"n{person}",
            "identity": enrolled[person].digest,
        },
        password=(who.person,),
        mfa=(second,),
        thresholds=(1, 1),
        requesters=(third,),
        sealers=(third,),
    )
    with ctx.write() as unit:
        unit.session.add(AccountRow(id="111122223333", registered_at=0))
        unit.session.flush()
        unit.session.add(
            RosterRow(
                digest=random_uuid().replace("-", "") * 2,
                account="111122223333",
                version=1,
                state=state,
                body=canonical(payload),
            )
        )


@pytest.mark.act("slot.list")
def test_my_slots_unwrap_to_my_root(ctx: Context, ann: Someone) -> None:
    [slot] = slots.mine(ctx, acts.caller(ctx, ann)).slots
    assert (slot.slot, slot.kind, slot.iterations) == (ann.phrase.slot, "phrase", 600_000)
    assert b64decode(slot.salt) == ann.phrase.salt
    root = decrypt_blob(
        ann.phrase.slot_key.reveal(),
        b64decode(slot.wrapped_root),
        slot_aad(ann.person, slot.slot),
    )
    assert root == ann.identity.root.reveal()


def test_i_see_only_my_own_slots(ctx: Context, ann: Someone) -> None:
    bob = acts.enrol(ctx, "Bob")
    assert [s.slot for s in slots.mine(ctx, acts.caller(ctx, bob)).slots] == [bob.phrase.slot]


@pytest.mark.act("slot.change")
def test_one_statement_replaces_the_phrase(ctx: Context, ann: Someone) -> None:
    name_in_a_roster(ctx, ann)
    me, new = acts.caller(ctx, ann), Phrase()
    done = slots.change(ctx, me, slot_change(ann.identity, ann.person, new))
    assert (done.id, done.state) == (new.slot, "replaced")
    leaf = acts.leaves(ctx)[done.leaf]
    assert (leaf.action, leaf.actor, leaf.subject) == ("slot:replaced", ann.person, ann.person)
    assert leaf.details == {"slot": new.slot, "kind": "phrase", "replaces": ann.phrase.slot}
    assert [s.slot for s in slots.mine(ctx, me).slots] == [new.slot]
    with pytest.raises(errors.SignInFailedError):
        sessions.sign_in(ctx, acts.sign_in_body(ann))
    sessions.sign_in(ctx, acts.sign_in_body(ann, key=new.key))


def test_a_removed_slot_is_kept_for_thirty_days(
    ctx: Context, ann: Someone, clock: HandClock
) -> None:
    slots.change(ctx, acts.caller(ctx, ann), slot_change(ann.identity, ann.person, Phrase()))
    clock.advance(days=30, seconds=-1)
    people.sweep(ctx)
    assert len(every_slot(ctx)) == 2
    clock.advance(seconds=1)
    people.sweep(ctx)
    [left] = every_slot(ctx)
    assert left != ann.phrase.slot


def every_slot(ctx: Context) -> list[str]:
    with ctx.read() as unit:
        return list(unit.session.scalars(select(SlotRow.id)))


def test_a_slot_that_is_not_the_last_is_removed(ctx: Context, ann: Someone) -> None:
    name_in_a_roster(ctx, ann)
    me, device = acts.caller(ctx, ann), passkeys.add(ctx, ann)
    passkey = passkeys.slot_of(ctx, me, device)
    done = passkeys.remove(ctx, me, ann, passkey, device)
    assert (done.id, done.state) == (passkey, "removed")
    leaf = acts.leaves(ctx)[done.leaf]
    assert leaf.details == {"slot": passkey, "kind": "passkey"}
    assert [s.id for s in live(ctx, ann)] == [ann.phrase.slot]


def live(ctx: Context, who: Someone) -> list[Slot]:
    with ctx.read() as unit:
        return stored.live(unit.session, who.person)


@pytest.mark.parametrize(("state", "removed"), [("accepted", False), ("draft", True)])
def test_the_phrase_of_somebody_in_a_roster_is_not_removed(
    ctx: Context, ann: Someone, database: Database, state: str, removed: bool
) -> None:
    name_in_a_roster(ctx, ann, state=state)
    passkeys.add(ctx, ann)
    me = acts.caller(ctx, ann)
    before = acts.rows(database)
    body = removal(ann.identity, ann.person, ann.phrase.slot)
    if removed:
        assert slots.change(ctx, me, body).state == "removed"
        return
    with pytest.raises(errors.LastSlotError):
        slots.change(ctx, me, body)
    assert acts.rows(database) == before


class Change:
    """What a case may spoil."""

    def __init__(self, ann: Someone, bob: Someone, passkey: str) -> None:
        self.ann, self.bob, self.new, self.passkey = ann, bob, Phrase(), passkey

    def good(self, **changed: str) -> SlotChange:
        return slot_change(self.ann.identity, self.ann.person, self.new, **changed)

    def parts(self, **changed: str | int) -> SlotChange:
        return self.good().model_copy(update=changed)

    def known_id(self) -> SlotChange:
        again = Phrase(slot=self.bob.phrase.slot)
        return slot_change(self.ann.identity, self.ann.person, again)

    def removal_of_another(self) -> SlotChange:
        """A passkey of mine, under a credential that is not its own."""
        changed = {"slot_kind": "sign-in-only", "credential": "AAAA"}
        return removal(self.ann.identity, self.ann.person, self.passkey, **changed)

    def removal_with_parts(self) -> SlotChange:
        body = removal(self.ann.identity, self.ann.person, self.ann.phrase.slot)
        return body.model_copy(update={"salt": b64encode(bytes(16))})


CASES: list[tuple[str, Callable[[Change], SlotChange], type[Exception]]] = [
    (
        "another person's statement",
        lambda c: slot_change(c.bob.identity, c.bob.person, c.new),
        errors.WrongPersonError,
    ),
    (
        "signed with another's key",
        lambda c: slot_change(c.bob.identity, c.ann.person, c.new),
        VerificationError,
    ),
    (
        "signed with keys that were never enrolled",
        lambda c: slot_change(Identity.generate(), c.ann.person, c.new),
        VerificationError,
    ),
    ("a second phrase", lambda c: c.good(action="add"), errors.WrongStateError),
    (
        "a passkey without its answer",
        lambda c: c.good(action="add", slot_kind="passkey", credential="AAAA"),
        MalformedError,
    ),
    (
        "a passkey for a phrase",
        lambda c: c.good(slot_kind="passkey", credential="AAAA"),
        errors.SlotKindError,
    ),
    ("an id in use", Change.known_id, errors.ReplayedError),
    (
        "another blob",
        lambda c: c.parts(wrapped_root=b64encode(bytes(60))),
        errors.WrongBlobError,
    ),
    ("no blob", lambda c: c.parts(wrapped_root=""), errors.WrongBlobError),
    ("another salt", lambda c: c.parts(salt=b64encode(bytes(16))), MalformedError),
    ("no salt", lambda c: c.parts(salt=""), MalformedError),
    ("no iterations", lambda c: c.parts(iterations=0), MalformedError),
    ("no sign-in key", lambda c: c.parts(sign_in_digest=""), MalformedError),
    (
        "the last slot that unlocks",
        lambda c: removal(c.ann.identity, c.ann.person, c.ann.phrase.slot),
        errors.LastSlotError,
    ),
    (
        "another's slot",
        lambda c: removal(c.ann.identity, c.ann.person, c.bob.phrase.slot),
        errors.NotFoundError,
    ),
    ("a removal with parts", Change.removal_with_parts, MalformedError),
    ("a removal of another passkey", Change.removal_of_another, errors.SlotKindError),
]


@pytest.mark.act("slot.change")
@pytest.mark.parametrize(("make", "refusal"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_is_no_change_of_my_slots_leaves_nothing(
    ctx: Context,
    ann: Someone,
    database: Database,
    make: Callable[[Change], SlotChange],
    refusal: type[Exception],
) -> None:
    me, only = acts.caller(ctx, ann), passkeys.add(ctx, ann, kind="sign-in-only")
    change = Change(ann, acts.enrol(ctx, "Bob"), passkeys.slot_of(ctx, me, only))
    before = acts.rows(database)
    with pytest.raises(refusal):
        slots.change(ctx, me, make(change))
    assert acts.rows(database) == before


def test_replacing_the_phrase_ends_the_other_sessions(ctx: Context, ann: Someone) -> None:
    stranger = sessions.sign_in(ctx, acts.sign_in_body(ann)).token
    me = acts.caller(ctx, ann)
    slots.change(ctx, me, slot_change(ann.identity, ann.person, Phrase()))
    with pytest.raises(errors.NotSignedInError):
        sessions.authenticate(ctx, stranger)
    assert [s.session for s in sessions.mine(ctx, me).sessions] == [me.session]


def test_a_change_wants_a_fresh_session(ctx: Context, ann: Someone, database: Database) -> None:
    me = acts.caller(ctx, ann)
    stale = Caller(person=me.person, operator=False, auditor=False, session=me.session, fresh=False)
    before = acts.rows(database)
    with pytest.raises(errors.StaleSessionError):
        slots.change(ctx, stale, slot_change(ann.identity, ann.person, Phrase()))
    assert acts.rows(database) == before


def test_a_replayed_change_is_refused(ctx: Context, ann: Someone, database: Database) -> None:
    me = acts.caller(ctx, ann)
    first = slot_change(ann.identity, ann.person, Phrase())
    slots.change(ctx, me, first)
    slots.change(ctx, me, slot_change(ann.identity, ann.person, Phrase()))
    before = acts.rows(database)
    with pytest.raises(errors.ReplayedError):
        slots.change(ctx, me, first)
    assert acts.rows(database) == before


def test_a_replayed_change_is_refused_when_its_slot_is_forgotten(
    ctx: Context, ann: Someone, database: Database, clock: HandClock
) -> None:
    me, last = acts.caller(ctx, ann), Phrase()
    first = slot_change(ann.identity, ann.person, Phrase())
    slots.change(ctx, me, first)
    slots.change(ctx, me, slot_change(ann.identity, ann.person, last))
    clock.advance(days=30)
    people.sweep(ctx)
    assert every_slot(ctx) == [last.slot]
    before = acts.rows(database)
    with pytest.raises(errors.ReplayedError):
        slots.change(ctx, me, first)
    assert acts.rows(database) == before
