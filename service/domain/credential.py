"""An envelope's life: unconfirmed, ready, exposed, superseded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from service.domain import errors
from service.domain.events import SERVICE, Action, Event
from service.domain.people import GroupName
from service.domain.roster import FIRST_PREVIOUS, Roster, check_not_retired


class EnvelopeState(StrEnum):
    """``ready`` and ``exposed`` are in force; ``superseded`` is final."""

    UNCONFIRMED = "unconfirmed"
    READY = "ready"
    EXPOSED = "exposed"
    SUPERSEDED = "superseded"


class Step(StrEnum):
    """What can happen to an envelope."""

    CONFIRM = "confirm"
    EXPOSE = "expose"
    SUPERSEDE = "supersede"


TRANSITIONS: Mapping[tuple[EnvelopeState, Step], EnvelopeState] = {
    (EnvelopeState.UNCONFIRMED, Step.CONFIRM): EnvelopeState.READY,
    (EnvelopeState.READY, Step.EXPOSE): EnvelopeState.EXPOSED,
    (EnvelopeState.UNCONFIRMED, Step.SUPERSEDE): EnvelopeState.SUPERSEDED,
    (EnvelopeState.READY, Step.SUPERSEDE): EnvelopeState.SUPERSEDED,
    (EnvelopeState.EXPOSED, Step.SUPERSEDE): EnvelopeState.SUPERSEDED,
}

IN_FORCE = frozenset({EnvelopeState.READY, EnvelopeState.EXPOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One line of a manifest: whose share, and what anyone can check of it (hex digests)."""

    group: GroupName
    custodian: str
    commitment: str
    sealed_share_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One sealed version of an account's password.

    ``digest`` is that of the manifest statement, ``seq`` its leaf index, ``receipts`` who
    has signed that their share opens, ``opening_key`` (base64) verifies what its openers sign.
    """

    id: str
    digest: str
    account: str
    version: int
    previous: str
    roster: str
    sealer: str
    cause: str
    after_requests: tuple[str, ...]
    shares: tuple[Share, ...]
    content_digest: str
    opening_key: str
    state: EnvelopeState = EnvelopeState.UNCONFIRMED
    receipts: frozenset[tuple[GroupName, str]] = field(default_factory=frozenset)
    seq: int = -1
    revision: int = 0

    @property
    def holders(self) -> frozenset[tuple[GroupName, str]]:
        """Who holds a share, by group."""
        return frozenset((share.group, share.custodian) for share in self.shares)

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The custodians who have not signed that their share opens, in the manifest's order."""
        return tuple(
            share.custodian
            for share in self.shares
            if (share.group, share.custodian) not in self.receipts
        )

    def share_of(self, custodian: str) -> Share | None:
        """The custodian's line of the manifest, if there is one."""
        return next((share for share in self.shares if share.custodian == custodian), None)

    def after(self, step: Step) -> EnvelopeState:
        """The state to which ``step`` leads.

        Raises:
            WrongStateError: it leads nowhere from here.
        """
        try:
            return TRANSITIONS[self.state, step]
        except KeyError:
            message = f"the envelope is {self.state.value}"
            raise errors.WrongStateError(message) from None

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any], digest: str) -> "Envelope":
        """Build from a manifest payload whose keys and types were checked."""
        return cls(
            id=payload["envelope"],
            digest=digest,
            account=payload["account"],
            version=payload["version"],
            previous=payload["previous"],
            roster=payload["roster"],
            sealer=payload["sealer"],
            cause=payload["cause"],
            after_requests=tuple(payload["after_requests"]),
            shares=tuple(
                Share(
                    group=GroupName(line["group"]),
                    custodian=line["custodian"],
                    commitment=line["commitment"],
                    sealed_share_digest=line["sealed_share_digest"],
                )
                for line in payload["shares"]
            ),
            content_digest=payload["content_digest"],
            opening_key=payload["opening_key"],
        )


def check_manifest(
    envelope: Envelope,
    *,
    roster: Roster | None,
    newest: Envelope | None,
    rotating: Collection[str],
    exposed: bool = False,
    by_requester: bool = False,
) -> None:
    """Refuse a manifest that does not follow the newest envelope under the newest roster.

    ``rotating`` are the digests of the account's requests that wait for a new password; a manifest
    may name those and no others in ``after_requests``. ``exposed``: the envelope in force
    is, or its requester knows it (``domain.successor.spent``); what follows is a ``rotation``,
    never the same password for a new roster. The shares
    must be exactly one per custodian, the password group first, each group in roster order.
    ``by_requester``: its sealer is held against ``domain.successor`` instead of the roster.
    """
    if roster is None:
        raise errors.NoRosterError
    if envelope.account != roster.account:
        raise errors.WrongAccountError
    check_not_retired(roster)
    if envelope.roster != roster.digest:
        raise errors.StaleRosterError
    if envelope.sealer not in roster.sealers and not by_requester:
        raise errors.NotInRosterError("the account's roster does not name you as a sealer")
    expected = (1, FIRST_PREVIOUS) if newest is None else (newest.version + 1, newest.digest)
    if (envelope.version, envelope.previous) != expected:
        raise errors.WrongVersionError
    if (envelope.cause == "initial") != (newest is None):
        raise errors.WrongVersionError("only the first envelope is 'initial'")
    if exposed and envelope.cause != "rotation":
        raise errors.PolicyError("the password is exposed; change it and seal the new one")
    if not set(envelope.after_requests) <= set(rotating):
        raise errors.WrongRequestError(
            "'after_requests' names a request that does not wait for a new password"
        )
    lines = [(share.group, share.custodian) for share in envelope.shares]
    if lines != [(g, person) for g in GroupName for person in roster.groups[g].custodians]:
        raise errors.WrongGroupError("the shares must be exactly those of the roster's custodians")


def takes_receipts(sealed_under: Roster, newest: Roster) -> bool:
    """Whether receipts are signed still for what was sealed under a roster.

    It is the newest for envelopes, or differs from it in nothing that sealing rests on: then no one
    has to seal again.
    """
    if sealed_under.digest == newest.working:
        return True
    return _rests_on(sealed_under) == _rests_on(newest)


def _rests_on(roster: Roster) -> tuple[object, ...]:
    """Whose shares, in which places, how many open it, and where one signs in with it."""
    identities = {person: roster.members[person].identity for person in roster.custodians}
    return roster.groups, identities, roster.root_email


def confirm(
    envelope: Envelope, *, roster: Roster, newest: Roster, group: GroupName, custodian: str
) -> Envelope:
    """Take a custodian's receipt; the envelope becomes ready with threshold of each group.

    Later receipts are welcome while the envelope is in force: they are what makes a spare.
    ``roster`` is the envelope's own, ``newest`` the account's newest.

    Raises:
        WrongStateError: it is superseded.
        StaleRosterError: it was sealed under an older roster (:func:`takes_receipts`).
        WrongGroupError, NotInRosterError: the manifest holds no such share.
        AlreadyConfirmedError: the receipt is there already.
    """
    if envelope.state is EnvelopeState.SUPERSEDED:
        raise errors.WrongStateError("the envelope is superseded")
    if not takes_receipts(roster, newest):
        raise errors.StaleRosterError
    share = envelope.share_of(custodian)
    if share is None:
        raise errors.NotInRosterError("you have no share of this envelope")
    if share.group is not group:
        raise errors.WrongGroupError
    if (group, custodian) in envelope.receipts:
        raise errors.AlreadyConfirmedError
    after = replace(envelope, receipts=envelope.receipts | {(group, custodian)})
    if after.state is EnvelopeState.UNCONFIRMED and confirmed(after, roster):
        after = replace(after, state=after.after(Step.CONFIRM))
    return after


def confirmed(envelope: Envelope, roster: Roster) -> bool:
    """Whether threshold of each group of the envelope's own roster have signed a receipt."""
    return all(
        sum(1 for group, _ in envelope.receipts if group is name) >= roster.groups[name].threshold
        for name in GroupName
    )


def expose(envelope: Envelope, *, why: str) -> tuple[Envelope, list[Event]]:
    """Someone has, or could have, seen the password. Nothing happens if that is known already."""
    if (envelope.state, Step.EXPOSE) not in TRANSITIONS:
        return envelope, []
    after = replace(envelope, state=envelope.after(Step.EXPOSE))
    return after, [event(Action.ENVELOPE_EXPOSED, after, why=why)]


def supersede(envelope: Envelope) -> tuple[Envelope, list[Event]]:
    """A newer envelope is ready."""
    after = replace(envelope, state=envelope.after(Step.SUPERSEDE))
    return after, [event(Action.ENVELOPE_SUPERSEDED, after)]


def event(
    action: Action,
    envelope: Envelope,
    *,
    actor: str = SERVICE,
    statement: bytes = b"",
    **details: str,
) -> Event:
    """An event about an envelope, with the state in which it now is."""
    return Event(
        action=action,
        actor=actor,
        subject=envelope.account,
        details={
            "envelope": envelope.id,
            "manifest": envelope.digest,
            "version": envelope.version,
            "state": envelope.state.value,
            **details,
        },
        statement=statement,
    )


def exposed_by_union(roster: Roster, approvers_of_ended: Collection[tuple[GroupName, str]]) -> bool:
    """Whether approvals over all ended requests on one envelope would have opened it.

    ``approvers_of_ended`` are those who ever approved a request (no drill) that ended without a
    release, withdrawn approvals included: their shares had reached the service. ``roster`` is the
    envelope's own, whose thresholds the split was made with.
    """
    return all(
        len({person for g, person in approvers_of_ended if g is name})
        >= roster.groups[name].threshold
        for name in GroupName
    )
