from collections.abc import Callable

import pytest

from crypto.encoding import b64encode
from crypto.errors import MalformedError, VerificationError
from crypto.identity import Identity
from crypto.statement import parse, sign_body
from service.domain import errors
from service.storage import people, slots, statements
from service.storage.database import Database
from service.usecases import enrolment, sessions
from service.usecases.context import Context
from service.wire.base import Dsse
from service.wire.people import Enrolment, Invitation, PhraseSlot
from tests.conftest import HandClock
from tests.usecases.people import acts
from tests.usecases.people.acts import Phrase, phrase_slot

ELSEBODY = "00000000-0000-4000-8000-00000000000e"


@pytest.mark.act("identity.enrol")
def test_a_person_enrols_with_keys_and_a_first_slot(ctx: Context) -> None:
    link = acts.invite(ctx)
    identity, phrase = Identity.generate(), Phrase()
    body = acts.enrolment_of(link, identity, phrase)
    done = enrolment.enrol(ctx, body)
    assert (done.id, done.state) == (link.person, "enrolled")
    with ctx.read() as unit:
        assert people.keys_of(unit.session, link.person) == identity.public
        slot = slots.phrase(unit.session, link.person)
        assert slot is not None
        assert (slot.id, slot.sign_in_digest) == (phrase.slot, phrase.digest)
        kept = statements.get(unit.session, slot.statement)
    enrolled, added = acts.leaves(ctx)[done.leaf :]
    assert (enrolled.action, added.action) == ("identity:enrolled", "slot:added")
    assert enrolled.actor == enrolled.subject == added.subject == link.person
    assert enrolled.details == {"fingerprint": identity.public.keyid}
    assert added.details == {"slot": phrase.slot, "kind": "phrase"}
    assert parse(enrolled.statement).payload["person"] == link.person
    assert kept.statement.raw == added.statement
    assert kept.seq == added.seq


def test_the_statements_are_kept_as_they_were_signed(ctx: Context) -> None:
    link = acts.invite(ctx)
    identity = Identity.generate()
    enrolment.enrol(ctx, acts.enrolment_of(link, identity, Phrase()))
    signed = acts.identity_statement(identity, link.person)
    with ctx.read() as unit:
        assert statements.get(unit.session, signed.digest).statement == signed


def test_a_fresh_enrolment_ends_sessions_and_slots_of_the_old_identity(
    ctx: Context, clock: HandClock
) -> None:
    ann = acts.enrol(ctx, "Ann")
    opened = sessions.sign_in(ctx, acts.sign_in_body(ann))
    clock.advance(minutes=1)
    link = acts.invite(ctx, "Ann")
    identity, phrase = Identity.generate(), Phrase()
    done = enrolment.enrol(ctx, acts.enrolment_of(link, identity, phrase))
    assert done.state == "replaced"
    leaf = acts.leaves(ctx)[done.leaf]
    assert leaf.action == "identity:replaced"
    assert leaf.details["replaces"] == ann.identity.public.keyid
    with pytest.raises(errors.NotSignedInError):
        sessions.authenticate(ctx, opened.token)
    with pytest.raises(errors.SignInFailedError):
        sessions.sign_in(ctx, acts.sign_in_body(ann))
    sessions.sign_in(ctx, acts.sign_in_body(ann, key=phrase.key))
    with ctx.read() as unit:
        assert people.keys_of(unit.session, ann.person) == identity.public
        assert [s.id for s in slots.live(unit.session, ann.person)] == [phrase.slot]


class Draft:
    """An enrolment in its parts, for a case to spoil one of them."""

    def __init__(self, link: Invitation, taken: Identity) -> None:
        self.link, self.taken = link, taken
        self.identity, self.phrase = Identity.generate(), Phrase()
        self.person = link.person

    def body(self) -> Enrolment:
        return acts.enrolment_of(self.link, self.identity, self.phrase)

    def slot(self, **changed: str | Dsse) -> Enrolment:
        new = phrase_slot(self.identity, self.person, self.phrase).model_copy(update=changed)
        return self.body().model_copy(update={"slot": new})

    def signed_slot(self, identity: Identity, person: str, **changed: str) -> Enrolment:
        new = phrase_slot(identity, person, self.phrase, **changed)
        return self.body().model_copy(update={"slot": new})

    def statement(self, signer: Identity, person: str) -> Enrolment:
        signed = acts.posted(acts.identity_statement(signer, person))
        return self.body().model_copy(update={"statement": signed})

    def forged(self) -> Enrolment:
        """Somebody else's keys in a statement that the sender has signed."""
        keys = acts.identity_statement(self.taken, self.person)
        mine = acts.posted(acts.identity_statement(self.identity, self.person))
        spoilt = mine.model_copy(update={"payload": acts.posted(keys).payload})
        return self.body().model_copy(update={"statement": spoilt})

    def countersigned(self) -> Enrolment:
        """My keys and my slot, but a signature of somebody else's under the keys."""
        mine = acts.identity_statement(self.identity, self.person)
        signed = sign_body("identity", mine.body, self.taken)
        return self.body().model_copy(update={"statement": acts.posted(signed)})

    def other_blob(self) -> str:
        return b64encode(Phrase().wrapped(self.identity, self.person))

    def with_taken_key(self) -> Enrolment:
        return acts.enrolment_of(self.link, self.taken, self.phrase)

    def mixed(self, signing: Identity, encryption: Identity) -> Enrolment:
        """The keys of two identities, signed with the signing key that is named."""
        signed = acts.identity_statement(signing, self.person, encryption=encryption)
        slot = phrase_slot(signing, self.person, self.phrase)
        return self.body().model_copy(update={"statement": acts.posted(signed), "slot": slot})

    def long_blob(self) -> Enrolment:
        blob = bytes(61)
        signed = acts.slot_statement(self.identity, self.person, self.phrase.slot, blob)
        return self.slot(statement=acts.posted(signed), wrapped_root=b64encode(blob))

    def small_order(self, field: str, key: bytes) -> Enrolment:
        mine = acts.identity_statement(self.identity, self.person)
        old = mine.payload[field].encode()
        body = mine.body.replace(old, b64encode(key).encode())
        dsse = acts.posted(mine).model_copy(update={"payload": b64encode(body)})
        return self.body().model_copy(update={"statement": dsse})

    def swapped(self) -> Enrolment:
        body = self.body()
        return body.model_copy(update={"statement": body.slot.statement})


CASES: list[tuple[str, Callable[[Draft], Enrolment], type[Exception]]] = [
    ("for another person", lambda d: d.statement(d.identity, ELSEBODY), errors.WrongPersonError),
    ("slot of another", lambda d: d.signed_slot(d.identity, ELSEBODY), errors.WrongPersonError),
    ("signed by other keys", Draft.forged, VerificationError),
    ("keys signed by other keys", Draft.countersigned, VerificationError),
    ("slot by other keys", lambda d: d.signed_slot(d.taken, d.person), VerificationError),
    ("keys in use", Draft.with_taken_key, errors.TakenError),
    ("a signing key in use", lambda d: d.mixed(d.taken, d.identity), errors.TakenError),
    ("an encryption key in use", lambda d: d.mixed(d.identity, d.taken), errors.TakenError),
    ("another blob", lambda d: d.slot(wrapped_root=d.other_blob()), errors.WrongBlobError),
    ("no blob", lambda d: d.slot(wrapped_root=""), errors.WrongBlobError),
    ("a blob too long", Draft.long_blob, MalformedError),
    ("another salt", lambda d: d.slot(salt=b64encode(bytes(16))), MalformedError),
    ("a short salt", lambda d: d.slot(salt=b64encode(bytes(15))), MalformedError),
    (
        "a replacement",
        lambda d: d.signed_slot(d.identity, d.person, action="replace"),
        MalformedError,
    ),
    (
        "a passkey",
        lambda d: d.signed_slot(d.identity, d.person, slot_kind="passkey", credential="AAAA"),
        MalformedError,
    ),
    ("another statement", Draft.swapped, MalformedError),
    (
        "a signing key of small order",
        lambda d: d.small_order("signing_key", b"\1" + bytes(31)),
        MalformedError,
    ),
    (
        "an encryption key of small order",
        lambda d: d.small_order("encryption_key", bytes(32)),
        MalformedError,
    ),
]


@pytest.mark.parametrize(("make", "refusal"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_is_no_enrolment_leaves_nothing_and_the_link_open(
    ctx: Context,
    database: Database,
    make: Callable[[Draft], Enrolment],
    refusal: type[Exception],
) -> None:
    bob = acts.enrol(ctx, "Bob")
    draft = Draft(acts.invite(ctx), bob.identity)
    before = acts.rows(database)
    with pytest.raises(refusal):
        enrolment.enrol(ctx, make(draft))
    assert acts.rows(database) == before
    assert enrolment.enrol(ctx, draft.body()).state == "enrolled"


def test_keys_are_never_enrolled_twice_not_even_by_their_owner(
    ctx: Context, database: Database
) -> None:
    ann = acts.enrol(ctx, "Ann")
    acts_again = acts.invite(ctx, "Ann")
    enrolment.enrol(ctx, acts.enrolment_of(acts_again, Identity.generate(), Phrase()))
    third = acts.invite(ctx, "Ann")
    before = acts.rows(database)
    with pytest.raises(errors.TakenError):
        enrolment.enrol(ctx, acts.enrolment_of(third, ann.identity, Phrase()))
    assert acts.rows(database) == before


def test_a_slots_id_serves_once(ctx: Context, database: Database) -> None:
    bob = acts.enrol(ctx, "Bob")
    link = acts.invite(ctx, "Ann")
    before = acts.rows(database)
    with pytest.raises(errors.ReplayedError):
        enrolment.enrol(
            ctx, acts.enrolment_of(link, Identity.generate(), Phrase(slot=bob.phrase.slot))
        )
    assert acts.rows(database) == before


def test_a_body_with_more_than_its_fields_is_no_slot() -> None:
    identity = Identity.generate()
    fields = phrase_slot(identity, ELSEBODY, Phrase()).model_dump()
    with pytest.raises(ValueError, match="Extra inputs"):
        PhraseSlot.model_validate({**fields, "prf": {"results": {"first": "AAAA"}}})


@pytest.mark.parametrize("how", ["unknown", "used", "expired", "replaced"])
def test_a_link_that_is_not_open_is_refused_in_one_way(
    ctx: Context, clock: HandClock, database: Database, how: str
) -> None:
    link = acts.invite(ctx)
    if how == "used":
        enrolment.enrol(ctx, acts.enrolment_of(link, Identity.generate(), Phrase()))
    elif how == "expired":
        clock.advance(hours=24)
    elif how == "replaced":
        acts.invite(ctx)
    else:
        link = link.model_copy(update={"token": "A" * 43})
    counted = frozenset({"attempt", "audit_event", "audit_head", "audit_node"})
    before, events = acts.rows(database, without=counted), len(acts.leaves(ctx))
    with pytest.raises(errors.BadLinkError) as refused:
        enrolment.enrol(ctx, acts.enrolment_of(link, Identity.generate(), Phrase()))
    assert refused.value.message == errors.BadLinkError.default
    assert acts.rows(database, without=counted) == before
    [leaf] = acts.leaves(ctx)[events:]
    known = [] if how == "unknown" else [link.person]
    assert (leaf.action, leaf.actor, leaf.subject) == ("enrolment:failed", "service", "service")
    assert leaf.details == {"count": 1, "people": known}
    assert link.token not in repr(acts.rows(database))


def test_failed_enrolments_are_limited_and_the_right_link_is_not(
    ctx: Context, database: Database
) -> None:
    link = acts.invite(ctx)
    body = acts.enrolment_of(link, Identity.generate(), Phrase())
    wrong = body.model_copy(update={"token": "B" * 43})
    for _ in range(10):
        with pytest.raises(errors.BadLinkError):
            enrolment.enrol(ctx, wrong)
    before = acts.rows(database)
    with pytest.raises(errors.RateLimitedError):
        enrolment.enrol(ctx, wrong)
    assert acts.rows(database) == before
    assert enrolment.enrol(ctx, body).state == "enrolled"
