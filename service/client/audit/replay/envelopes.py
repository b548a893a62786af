"""Replaying envelopes: sealed, confirmed, printed, and what follows when one becomes ready."""

from dataclasses import replace

from crypto.errors import VerificationError
from crypto.opener import verify_opener
from crypto.statement import Statement
from service.client.audit.replay.claim import Claim, demand_actor, demand_said
from service.client.audit.replay.rosters import end_collecting
from service.client.audit.replay.signers import signed_by_custodian, signed_in_role
from service.client.audit.replay.world import AccountWorld, World
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.words.envelopes import who_knows
from service.domain import credential
from service.domain.case import rotate
from service.domain.credential import Envelope, EnvelopeState, check_manifest
from service.domain.events import Action, Event
from service.domain.exposure import check_report
from service.domain.people import GroupName
from service.domain.successor import Ground, check_successor, may_seal, spent


def sealed(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take a manifest: it follows the newest one, under the newest roster, which names its sealer.

    Or its requester, after their own release, which may end their unconfirmed one.
    """
    account = world.account_of(leaf)
    envelope = replace(Envelope.from_payload(statement.payload, statement.digest), seq=leaf.seq)
    roster = account.roster
    by_requester = roster is not None and may_seal(roster, envelope.sealer)
    check_manifest(
        envelope,
        roster=roster,
        newest=account.newest,
        rotating={request.digest for request in account.rotating()},
        exposed=spent(account.in_force, account.rosters.__getitem__),
        by_requester=by_requester,
    )
    ended: list[Envelope] = []
    if roster is not None:  # without one it was refused above
        signed_in_role(
            statement,
            roster,
            envelope.sealer,
            "a requester" if by_requester else "a sealer",
            roster.requesters if by_requester else roster.sealers,
            code="manifest-forged",
            what="the manifest",
        )
        if by_requester:
            ended = check_successor(envelope, roster=roster, ground=_ground(account))
            known = who_knows(envelope, roster, lambda person: roster.members[person].name)
            world.remark(leaf, f"envelope version {envelope.version} was {known}")
    demand_actor(leaf, envelope.sealer)
    if envelope.id in {e.id for e in account.envelopes.values()}:
        raise ClientRefusal("replayed", "its envelope id was used before")
    _demand_about(leaf, envelope)
    account.envelopes[envelope.digest] = envelope
    return [event for one in ended for event in _replaced(account, leaf, one)]


def _ground(account: AccountWorld) -> Ground:
    in_force = account.in_force
    version = in_force.version if in_force else 0
    return Ground(
        in_force=in_force,
        waiting=account.rotating(),
        newer=[e for e in account.envelopes.values() if e.version > version],
        roster_of=account.rosters.__getitem__,
    )


def _replaced(account: AccountWorld, leaf: Claim, envelope: Envelope) -> list[Event]:
    """End an unconfirmed envelope whose requester has sealed once more, and what collects on it."""
    due = end_collecting(account, leaf, why="newer-envelope", on=envelope.digest)
    return due + _supersede(account, envelope)


def _supersede(account: AccountWorld, envelope: Envelope) -> list[Event]:
    after, events = credential.supersede(envelope)
    account.envelopes[envelope.digest] = after
    account.known.pop(envelope.digest, None)
    account.approvers.pop(envelope.digest, None)  # it cannot become exposed any more
    return events


def confirmed(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take a custodian's receipt; with enough of them the envelope is ready and in force."""
    account = world.account_of(leaf)
    before, group = _held(account, leaf, statement)
    roster = account.rosters[before.roster]
    after = credential.confirm(
        before,
        roster=roster,
        newest=account.roster or roster,
        group=group,
        custodian=leaf.actor,
    )
    account.envelopes[after.digest] = after
    _demand_about(leaf, after)
    demand_said(leaf, group=group.value)
    if after.state is before.state:
        return []
    return [credential.event(Action.ENVELOPE_READY, after), *_became_ready(account, leaf, after)]


def printed(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take the note that a custodian printed their share."""
    envelope, group = _held(world.account_of(leaf), leaf, statement)
    if envelope.state is EnvelopeState.SUPERSEDED:
        raise ClientRefusal("wrong-state", "the envelope is superseded")
    _demand_about(leaf, envelope)
    demand_said(leaf, group=group.value)
    return []


def opened_with_papers(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take a report of papers: signed by the manifest's opening key, and one of three at most.

    Raises:
        ClientRefusal: ``papers-forged``; ``wrong-envelope``.
    """
    account, digest = world.account_of(leaf), statement.payload["manifest"]
    envelope = account.envelopes.get(digest)
    if envelope is None:
        raise ClientRefusal("wrong-envelope", "it names an envelope that is not in the log")
    try:
        verify_opener(statement, envelope.opening_key)
    except VerificationError:
        raise ClientRefusal(
            "papers-forged", "the papers were not signed with the opening key of their manifest"
        ) from None
    before = account.reported.setdefault(digest, set())
    check_report(envelope, statement.payload["papers"], digest=statement.digest, before=before)
    before.add(statement.digest)
    events = account.expose_opened(digest, why="papers")
    _demand_about(leaf, account.envelopes[digest])
    world.tally["reports of papers"] += 1
    world.remark(leaf, "someone who has the secret reports an opening with papers")
    return events


def _held(account: AccountWorld, leaf: Claim, statement: Statement) -> tuple[Envelope, GroupName]:
    """Verify a custodian's statement; return the envelope and group that it names."""
    payload = statement.payload
    envelope = account.envelopes.get(payload["manifest"])
    if envelope is None:
        raise ClientRefusal("wrong-envelope", "it names an envelope that is not in the log")
    group = signed_by_custodian(
        statement,
        account.rosters[envelope.roster],
        payload["custodian"],
        code="receipt-forged",
        what=f"the {statement.kind}",
    )
    demand_actor(leaf, payload["custodian"])
    return envelope, group


def _became_ready(account: AccountWorld, leaf: Claim, envelope: Envelope) -> list[Event]:
    """Cancel, supersede, expose what was seen before, advance what waited for this envelope."""
    due = end_collecting(account, leaf, why="newer-envelope", but=envelope.digest)
    seen = account.was_seen(envelope)
    for older in account.envelopes.values():
        if older.version < envelope.version and older.state is not EnvelopeState.SUPERSEDED:
            due += _supersede(account, older)
    if seen:
        due += account.expose(envelope.digest, why="same-password")
    for request in account.rotating():
        moved, events = rotate(request, envelope)
        if events:
            due += [*events, *account.put(moved)]
    return due


def _demand_about(leaf: Claim, envelope: Envelope) -> None:
    demand_said(
        leaf,
        envelope=envelope.id,
        manifest=envelope.digest,
        version=envelope.version,
        state=envelope.state.value,
    )
