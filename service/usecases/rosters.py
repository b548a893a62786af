"""Rosters: an operator drafts, custodians decide."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from crypto.encoding import b64decode, b64encode
from crypto.errors import MalformedError
from crypto.identity import PublicKeys
from crypto.statement import (
    SIGNATURE_TEXT,
    Statement,
    merge,
    size_limit,
    unsigned,
    verify_signature_of,
)
from service.domain import errors, names
from service.domain.able import NewestIdentities
from service.domain.events import Action, Detail, Event
from service.domain.people import Member
from service.domain.roster import (
    Roster,
    check_outsiders,
    check_succession,
)
from service.domain.signers import (
    awaited_keys,
    check_signed,
    new_members,
    signers_able,
    signers_needed,
)
from service.storage import (
    accounts,
    identities,
    last_acts,
    people,
    rosters,
    statements,
)
from service.usecases import lines
from service.usecases.able import check_openable, not_named
from service.usecases.cascades import roster_accepted
from service.usecases.context import Caller, Context, Unit
from service.usecases.proven import Proving, view
from service.usecases.signing import as_signed, dsse, received
from service.usecases.visibility import check_sees
from service.wire.accounts import OpenDraft, RosterDraft, Rosters
from service.wire.base import Done
from service.wire.base import Statement as StatementBody


def draft(ctx: Context, caller: Caller, account: str, body: RosterDraft) -> Done:
    """Open a draft; it changes nothing until it is signed. An older draft is abandoned.

    Raises:
        RosterRuleError, PolicyError, WrongVersionError, StrandsEnvelopeError: the draft breaks a
            rule; no one is asked to sign it. Among them WrongLogKeyError, RosterTooLongError.
    """
    if not caller.operator:
        raise errors.NotAllowedError
    content = b64decode(body.payload)
    drafted = unsigned("roster", content)
    if drafted.payload["account"] != account:
        raise errors.WrongAccountError
    with ctx.write() as unit:
        accounts.lock(unit.session, account)
        named = identities.keys(unit.session, identities.digests_of(drafted.payload))
        roster = Roster.from_payload(drafted.payload, drafted.digest, named)
        _check_draft(ctx, unit.session, roster)
        _check_length(drafted, roster, rosters.newest(unit.session, account))
        rosters.save_draft(unit.session, roster, content)
        unit.session.flush()
        [leaf] = unit.record(_event(Action.ROSTER_DRAFTED, caller.person, roster, state="draft"))
    return Done(id=roster.digest, state="draft", leaf=leaf)


def _check_draft(ctx: Context, session: Session, roster: Roster) -> None:
    if roster.log_key != ctx.signer.verifier_key:
        raise errors.WrongLogKeyError
    previous = rosters.newest(session, roster.account)
    check_succession(roster, previous)
    if not names.told_apart(member.name for member in roster.members.values()):
        raise errors.DuplicatePersonError(
            "two names differ only in case, width or composition, or one is not in its composed "
            "form (NFC): name people so that others can tell them apart"
        )
    operators, auditors = people.roles(session)
    check_outsiders(roster, operators=operators, auditors=auditors)
    _check_enrolled(session, roster, previous)
    check_openable(session, roster, previous)


def _check_length(drafted: Statement, roster: Roster, previous: Roster | None) -> None:
    """Refuse what would be too long once everyone has signed who needs to or may."""
    signers = awaited_keys(roster, previous)
    whole = len(drafted.raw) + len(signers) * SIGNATURE_TEXT
    if whole > size_limit("roster"):
        raise errors.RosterTooLongError


def _check_enrolled(session: Session, roster: Roster, previous: Roster | None) -> None:
    """New and changed identities are the enrolled ones; one that a roster had may be older."""
    new = new_members(roster, previous)
    enrolled = people.enrolled(session, new)
    for person in new:
        current = enrolled.get(person)
        if current is None or current.digest != roster.members[person].identity:
            raise errors.PeopleMismatchError


def keys(member: Member) -> PublicKeys:
    """A member's keys as crypto has them."""
    return PublicKeys(encryption_key=member.encryption_key, signing_key=member.signing_key)


def _event(
    action: Action,
    actor: str,
    roster: Roster,
    *,
    state: str,
    statement: bytes = b"",
    signer: str = "",
) -> Event:
    details: dict[str, Detail] = {
        "version": roster.version,
        "roster": roster.digest,
        "state": state,
    }
    return Event(
        action=action,
        actor=actor,
        subject=roster.account,
        details={**details, "signer": signer} if signer else details,
        statement=statement,
    )


def known_keys(roster: Roster, previous: Roster | None) -> dict[str, PublicKeys]:
    """The key ids whose signatures mean something on a roster, with their keys."""
    awaited = awaited_keys(roster, previous)
    members = [*roster.members.values(), *(previous.members.values() if previous else ())]
    return {k.keyid: k for k in map(keys, members) if k.signing_key in awaited}


def signed_keys(statement: Statement, known: Mapping[str, PublicKeys]) -> frozenset[bytes]:
    """The signing keys that verified; every signature must be good and of a known person.

    Raises:
        NotAwaitedError: a signature that was not asked for.
        VerificationError: one that is not good.
    """
    for signature in statement.signatures:
        if signature.keyid not in known:
            raise errors.NotAwaitedError
        verify_signature_of(statement, known[signature.keyid])
    return frozenset(known[s.keyid].signing_key for s in statement.signatures)


def sign(ctx: Context, caller: Caller, account: str, digest: str, body: StatementBody) -> Done:
    """Take one person's signature; with the last one needed the roster is in force.

    Raises:
        WrongVersionError, StrandsEnvelopeError: the ground changed since it was drafted.
        NotAwaitedError, WrongPersonError, ReplayedError: the signature is not one to be taken.
    """
    posted = received(body.statement, "roster")
    with ctx.write() as unit:
        accounts.lock(unit.session, account)
        draft_ = rosters.draft(unit.session, account)
        if draft_ is None or draft_.roster.digest != digest or posted.digest != digest:
            raise errors.NotFoundError
        previous = rosters.newest(unit.session, account)
        signer = _check_signature(posted, caller, draft_.roster, previous)
        _check_draft(ctx, unit.session, draft_.roster)
        if draft_.signed and signer in {s.keyid for s in draft_.signed.signatures}:
            raise errors.ReplayedError
        signed = merge([posted, *([draft_.signed] if draft_.signed else [])])
        return _signed(unit, caller, draft_.roster, previous, signed, signer)


def _check_signature(
    posted: Statement, caller: Caller, roster: Roster, previous: Roster | None
) -> str:
    if len(posted.signatures) != 1:
        raise MalformedError("post one signature at a time")
    known = known_keys(roster, previous)
    [signing_key] = signed_keys(posted, known)
    owners = {
        m.person
        for r in (roster, previous)
        if r is not None
        for m in r.members.values()
        if m.signing_key == signing_key
    }
    if caller.person not in owners:
        raise errors.WrongPersonError
    return posted.signatures[0].keyid


def _signed(
    unit: Unit,
    caller: Caller,
    roster: Roster,
    previous: Roster | None,
    signed: Statement,
    signer: str,
) -> Done:
    verified = signed_keys(signed, known_keys(roster, previous))
    accepted = not signers_needed(roster, previous, signed=verified)
    state = "accepted" if accepted else "draft"
    rosters.save_signatures(unit.session, signed, accepted=accepted)
    unit.session.flush()
    events = [_event(Action.ROSTER_SIGNED, caller.person, roster, state=state, signer=signer)]
    if accepted:
        check_signed(roster, previous, signed=verified)
        accepted_ = _event(
            Action.ROSTER_ACCEPTED, caller.person, roster, state=state, statement=signed.raw
        )
        events.append(accepted_)
        events += roster_accepted(unit, roster)
    leaves = unit.record(*events, about=roster.account)
    return Done(id=roster.digest, state=state, leaf=leaves[0])


def show(ctx: Context, caller: Caller, account: str, *, seen: int | None = None) -> Rosters:
    """The chain as signed, and the open draft with whose signatures it waits for.

    ``seen`` is the size of the checkpoint that the caller remembers; None asks for no proofs.
    """
    with ctx.read() as unit:
        shown, proving = look(unit, caller, account, proves=seen is not None)
    return shown.model_copy(update={"log": view(ctx, proving, seen)})


def look(unit: Unit, caller: Caller, account: str, *, proves: bool) -> tuple[Rosters, Proving]:
    """The same without a proof, and what there is to prove of it if someone ``proves`` it."""
    # Read before it is known whether the caller sees it: what says so is in the same answer.
    chain = rosters.chain(unit.session, account)
    check_sees(unit.session, caller, account)
    draft = _open_draft(unit.session, account)
    known = [*chain.identities, *not_named(unit.session, account)]
    shown = Rosters(
        chain=[as_signed(raw) for raw in chain.rosters],
        identities=[as_signed(raw) for raw in known],
        draft=draft,
        lines=lines.shown(unit.session, account),
    )
    return shown, Proving(leaves=frozenset(_places(unit.session, account) if proves else ()))


def _places(session: Session, account: str) -> set[int]:
    """The leaves of the newest roster's acceptance and of the open draft."""
    current = rosters.current(session, account)
    accepted = [current.newest.digest] if current.newest else []
    places = set(statements.places(session, accepted).values())
    if current.draft is not None:
        # A draft is abandoned by the next one: the open one is the last that was entered.
        drafted = last_acts.last_about(session, account, Action.ROSTER_DRAFTED)
        places |= set() if drafted is None else {drafted}
    return places


def _open_draft(session: Session, account: str) -> OpenDraft | None:
    found = rosters.draft(session, account)
    if found is None:
        return None
    missing = _missing(session, found)
    return OpenDraft(
        digest=found.roster.digest,
        payload=b64encode(found.body),
        signatures=[dsse(found.signed)] if found.signed else [],
        missing={why: sorted(who) for why, who in missing.items()},
    )


def _missing(session: Session, found: rosters.Draft) -> dict[str, frozenset[str]]:
    previous = rosters.newest(session, found.roster.account)
    signed = frozenset[bytes]()
    if found.signed is not None:
        signed = signed_keys(found.signed, known_keys(found.roster, previous))
    return signers_needed(found.roster, previous, signed=signed)


def able_signers(
    session: Session, found: rosters.Draft, newest: NewestIdentities
) -> frozenset[str]:
    """Those whose signature a draft still waits for, and who have the keys to give it."""
    previous = rosters.newest(session, found.roster.account)
    return signers_able(_missing(session, found), found.roster, previous, newest)
