"""Verifying a release on the requester's device, before it opens a single share.

Stable codes of lies, beside those of rosters, manifests, requests and decisions: ``not-my-request``
(another request than the one this device signed), ``release-forged`` (the release is not the
requester's own statement, or not in time), ``manifest-replaced``, ``content-replaced``,
``no-quorum``, ``foreign-share`` (a share that no counted approval has signed for),
``shares-withheld`` (fewer than needed). The log's receipt is checked in ``trust.log``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crypto.encoding import b64decode, hex_digest
from crypto.envelope import check_reseal_length
from crypto.errors import CryptoError
from crypto.identity import PublicKeys
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import Remembered, VerifiedChain, verify_chain
from service.client.trust.envelope import check_content, verify_manifest
from service.client.trust.log import Expected
from service.client.trust.request import (
    VerifiedRequest,
    entry_time,
    verify_decisions,
    verify_request,
    verify_word,
)
from service.domain.case import AFTER_ALL
from service.domain.credential import Envelope
from service.domain.errors import Refusal
from service.domain.events import Action
from service.domain.people import GroupName
from service.domain.quorum import Decision, Quorum, last_words, quorum
from service.domain.roster import common_custodians
from service.wire.requests import Entered, Released, Resealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredShare:
    """One resealed share that its custodian has signed for; ``seq`` and ``at`` are the log's."""

    group: GroupName
    custodian: str
    blob: bytes = field(repr=False)
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedRelease:
    """A release of which every signature, digest and count is verified.

    ``shares`` are in the order of entry, those that the quorum counted first. ``window_ends_at``
    follows from the signed window, not from what the service says. ``receipt`` is the log's, not
    yet verified (``trust.log`` does that); it is empty without the service.
    """

    chain: VerifiedChain
    envelope: Envelope
    manifest: Statement
    about: VerifiedRequest
    decisions: tuple[Decision, ...]
    count: Quorum
    shares: tuple[DeliveredShare, ...]
    content: bytes = field(repr=False)
    release: Statement
    leaf: int
    receipt: str = ""
    released_at: datetime

    @property
    def window_ends_at(self) -> datetime:
        """When the window ends: from this instant on the shares must not be used."""
        return self.released_at + timedelta(seconds=self.about.request.window)

    @property
    def expected_leaf(self) -> Expected:
        """What the log must say about this release."""
        request = self.about.request
        return Expected(
            index=self.leaf,
            action=Action.REQUEST_RELEASED.value,
            actor=request.requester,
            subject=request.account,
            request=request.id,
            statement=self.release,
        )


def verify_release(
    released: Released,
    *,
    mine: Statement,
    recipient_key: bytes,
    me: PublicKeys | str | None,
    remembered: Remembered | None,
) -> VerifiedRelease:
    """Verify what the service released for the request ``mine``, which this device signed.

    Raises:
        ClientRefusal: one of the codes above, or of the modules that verify the parts.
    """
    account = mine.payload["account"]
    chain = verify_chain(
        released.chain, released.identities, account=account, me=me, remembered=remembered
    )
    about = verify_request(released.request, chain)
    _check_mine(about, mine, recipient_key)
    envelope, manifest = verify_manifest(released.manifest, chain, released.successor)
    decisions = verify_decisions(released.decisions, about)
    release, released_at = _verify_release_statement(released.release, about)
    leaf = released.release.leaf  # a later fetch has a leaf of its own
    count = count_quorum(chain, about, envelope, decisions, until_seq=leaf)
    content = _blob(released.content)
    check_content(content, envelope)
    return VerifiedRelease(
        chain=chain,
        envelope=envelope,
        manifest=manifest,
        about=about,
        decisions=decisions,
        count=count,
        shares=_shares(released.resealed_shares, chain, about, envelope, decisions, count),
        content=content,
        release=release,
        leaf=leaf,
        receipt=released.receipt,
        released_at=released_at,
    )


def _check_mine(about: VerifiedRequest, mine: Statement, recipient_key: bytes) -> None:
    if about.statement.raw != mine.raw:
        raise ClientRefusal("not-my-request", "this is not the request that this device signed")
    if about.request.recipient_key != recipient_key:
        raise ClientRefusal("not-my-request", "the key of this request is not on this device")


def _verify_release_statement(
    entered: Entered, about: VerifiedRequest
) -> tuple[Statement, datetime]:
    try:
        statement = verify_word(entered.statement, "release", about)
    except ClientRefusal as refused:
        raise ClientRefusal("release-forged", refused.message) from None
    at = entry_time(entered.at)
    if not about.request.entered_at <= at < about.request.expires_at:
        raise ClientRefusal("release-forged", "the release is outside the request's lifetime")
    return statement, at


def count_quorum(
    chain: VerifiedChain,
    about: VerifiedRequest,
    envelope: Envelope,
    decisions: Iterable[Decision],
    *,
    until_seq: int,
) -> Quorum:
    """Count verified decisions with ``seq`` below ``until_seq``; both groups must have enough.

    Raises:
        ClientRefusal: ``no-quorum``, ``roster-unknown``, or ``manifest-replaced``.
    """
    try:
        count = quorum(
            roster=about.roster,
            manifest_roster=chain.named(envelope.roster),
            manifest=envelope,
            request=about.request,
            entered_at=about.request.entered_at,
            decisions=decisions,
            until_seq=until_seq,
        )
    except Refusal as refused:
        raise ClientRefusal("manifest-replaced", str(refused)) from None
    for group in GroupName:
        if not count.met_in(group):
            raise ClientRefusal(
                "no-quorum",
                f"the {group.value} group has {len(count.counted[group])} of the "
                f"{count.needed[group]} approvals it needs",
            )
    return count


def _shares(
    resealed: Sequence[Resealed],
    chain: VerifiedChain,
    about: VerifiedRequest,
    envelope: Envelope,
    decisions: Sequence[Decision],
    count: Quorum,
) -> tuple[DeliveredShare, ...]:
    last = last_words(decisions, until_seq=AFTER_ALL)
    approvals = {d.digest: d for d in last.values() if d.approves}
    roster = chain.named(envelope.roster)
    shares: dict[str, DeliveredShare] = {}
    for item in resealed:
        share = verify_share(item, approvals, drill=about.request.drill)
        if share.custodian not in common_custodians(about.roster, roster, share.group):
            raise ClientRefusal("foreign-share", "a share is from someone who has none")
        shares[share.custodian] = share
    for group in GroupName:
        if sum(1 for share in shares.values() if share.group is group) < count.needed[group]:
            raise ClientRefusal(
                "shares-withheld", f"the service withholds shares of the {group.value} group"
            )
    counted = frozenset[str]().union(*count.counted.values())
    return tuple(sorted(shares.values(), key=lambda s: (s.custodian not in counted, s.seq)))


def verify_share(
    item: Resealed, approvals: Mapping[str, Decision], *, drill: bool
) -> DeliveredShare:
    """Verify that a resealed share is exactly the one that an approval in force signed for.

    Raises:
        ClientRefusal: ``foreign-share``.
    """
    decision = approvals.get(item.decision)
    blob = _blob(item.resealed_share)
    if (
        decision is None
        or (decision.custodian, decision.group.value) != (item.custodian, item.group)
        or decision.reseal_digest != hex_digest(blob)
    ):
        raise ClientRefusal("foreign-share", "no approval has signed for a share that came")
    try:
        check_reseal_length(len(blob), drill=drill)
    except CryptoError as refused:
        raise ClientRefusal("foreign-share", f"a share is malformed: {refused}") from None
    return DeliveredShare(
        group=decision.group,
        custodian=decision.custodian,
        blob=blob,
        seq=decision.seq,
        at=decision.at,
    )


def _blob(text: str) -> bytes:
    try:
        return b64decode(text)
    except CryptoError:
        raise ClientRefusal(
            "malformed-statement", "the service sent malformed binary data"
        ) from None
