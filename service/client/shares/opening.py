"""The one place where a share is opened or shares are combined: nothing passes it uncompared.

A sealer splits as they please, and each custodian sees one share alone. One who splits 1 of 1 in
each group, and gives both SLIP-39 groups to people of one group of the roster, lets that group open
the password by itself. So a share is opened only for a place in a roster (:class:`Holding`), and
must say exactly what that place asks for. Import contracts keep every other module from unsealing
or parsing one.

Stable codes: ``content-replaced`` (not the ciphertext that the sealer signed),
``share-does-not-open`` (not a share at all, or another one than the manifest commits to),
``share-differs`` (it is, but for another group, place or threshold than the roster says),
``paper-unknown`` (the words of a paper fit no envelope that was given). Nothing is signed after any
of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crypto import envelope as public
from crypto.errors import CryptoError, VerificationError
from crypto.identity import Identity
from crypto.recipient import RecipientKey
from crypto.schema import Payload
from crypto.secret import SecretBytes
from crypto.sharing import (
    ExpectedShare,
    Share,
    check_share,
    combine,
    parse_share,
    read_share,
)
from crypto.unseal import unseal
from service.client.foundation.errors import ClientRefusal
from service.client.trust.envelope import check_sealed_share
from service.domain.credential import Envelope
from service.domain.people import GroupName
from service.domain.roster import Roster

_SEAL_ANEW = "nothing was signed; tell the other custodians: the password must be sealed again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One custodian's place in a verified envelope, and so what their share must be.

    ``roster`` is the one that the manifest names, ``manifest`` its payload.

    Raises:
        ValueError: another roster, or the manifest gives the person no share in this group.
    """

    envelope: Envelope
    manifest: Payload
    roster: Roster
    group: GroupName
    person: str

    def __post_init__(self) -> None:
        """Refuse a place that is compared with what the sealer did not name."""
        share = self.envelope.share_of(self.person)
        named = self.person in self.roster.groups[self.group].custodians
        if self.roster.digest != self.envelope.roster or not named:
            raise ValueError("a place in an envelope is one of the roster that it was sealed for")
        if share is None or share.group is not self.group:
            raise ValueError("the envelope has no share at this place")

    @property
    def context(self) -> bytes:
        """The 32 bytes that bind every share and ciphertext to this manifest."""
        return public.context(self.manifest)

    @property
    def expected(self) -> ExpectedShare:
        """What the share must say: its group, its custodian's place there, and the threshold."""
        group = self.roster.groups[self.group]
        place = group.custodians.index(self.person)
        return ExpectedShare.at(self.group.value, place, group.threshold)

    @property
    def commitment(self) -> str:
        """The digest that the manifest publishes for the share."""
        return next(s.commitment for s in self.envelope.shares if s.custodian == self.person)

    @property
    def fields(self) -> dict[str, str]:
        """What a receipt, and the statement about paper, say of it."""
        return {
            "manifest": self.envelope.digest,
            "group": self.group.value,
            "custodian": self.person,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedShare:
    """A share that was opened and compared at its place: made by this module alone."""

    holding: Holding
    share: Share = field(repr=False)

    @property
    def words(self) -> list[str]:
        """The 33 words that go on paper."""
        return self.share.mnemonic.split(" ")


def open_share(sealed: bytes, holding: Holding, me: Identity) -> OpenedShare:
    """Open the share that was sealed to me.

    Raises:
        ClientRefusal: one of the codes above.
    """
    # First, so that a ciphertext which the service exchanged is not blamed on the sealer.
    check_sealed_share(sealed, holding.envelope, holding.group, holding.person)
    info = public.custody_info(holding.context, holding.group.value, holding.person)
    return _opened(me.encryption_private, info, sealed, holding)


def open_delivered(
    resealed: bytes, holding: Holding, request_digest: str, key: RecipientKey
) -> OpenedShare:
    """Open a share that its custodian sealed to the key of the request with this digest.

    Raises:
        ClientRefusal: ``share-does-not-open``, ``share-differs``.
    """
    place = (holding.context, holding.group.value, holding.person)
    return _opened(key.private, public.release_info(request_digest, *place), resealed, holding)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The places whose share a paper is: several where a threshold of 1 makes one share do.

    ``wrong`` says of places whose commitment fits too, but where the roster asks for another share.
    """

    places: tuple[OpenedShare, ...]
    wrong: tuple[str, ...]


def open_paper(words: Sequence[str], holdings: Sequence[Holding]) -> Paper:
    """Find the places whose share these 33 words are.

    Raises:
        ClientRefusal: ``paper-unknown``; if no place is good: ``share-does-not-open``,
            ``share-differs``.
    """
    mnemonic = " ".join(words)
    fitting = [holding for holding in holdings if _commits(holding, mnemonic)]
    if not fitting:
        raise _unknown(mnemonic)
    good, refusals = [], []
    for holding in fitting:
        try:
            share = parse_share(mnemonic)
        except CryptoError as refused:
            refusals.append(_no_share(refused, holding))
            continue
        try:
            good.append(_placed(share, holding))
        except ClientRefusal as refused:
            refusals.append(refused)
    if not good:
        raise refusals[0]
    return Paper(places=tuple(good), wrong=tuple(refused.message for refused in refusals))


def _commits(holding: Holding, mnemonic: str) -> bool:
    try:
        _check_commitment(holding, mnemonic)
    except VerificationError:
        return False
    return True


def _unknown(mnemonic: str) -> ClientRefusal:
    try:
        parse_share(mnemonic)
    except CryptoError:
        said = "these 33 words are no share: at least one is another than on the paper"
    else:
        said = "this is a share, but of no envelope in this bundle"
    return ClientRefusal("paper-unknown", said, "read the paper again; see its envelope's version")


def _opened(private: SecretBytes, info: bytes, sealed: bytes, holding: Holding) -> OpenedShare:
    try:
        share = read_share(unseal(private, info, sealed))
        _check_commitment(holding, share.mnemonic)
    except CryptoError as refused:
        raise _no_share(refused, holding) from None
    return _placed(share, holding)


def _check_commitment(holding: Holding, mnemonic: str) -> None:
    public.check_commitment(
        holding.commitment,
        context=holding.context,
        group=holding.group.value,
        person=holding.person,
        mnemonic=mnemonic,
    )


def _no_share(refused: CryptoError, holding: Holding) -> ClientRefusal:
    return ClientRefusal(
        "share-does-not-open",
        f"the share of this envelope does not open: {refused}; {_cause(holding)}",
        _SEAL_ANEW,
    )


def _placed(share: Share, holding: Holding) -> OpenedShare:
    try:
        check_share(share, holding.expected)
    except VerificationError as differs:
        raise ClientRefusal(
            "share-differs",
            f"the share of this envelope opens, but {differs}; {_cause(holding)}",
            _SEAL_ANEW,
        ) from None
    return OpenedShare(holding=holding, share=share)


def _cause(holding: Holding) -> str:
    sealer = holding.roster.members[holding.envelope.sealer].name
    return f"the probable cause is {sealer}, who sealed it, or their device"


def open_drill_reply(
    resealed: bytes, holding: Holding, request_digest: str, key: RecipientKey
) -> None:
    """Open what came instead of a share in a drill, which holds none.

    Raises:
        CryptoError: it does not open, or it is anything else.
    """
    place = (holding.context, holding.group.value, holding.person)
    opened = unseal(key.private, public.drill_info(request_digest, *place), resealed)
    public.check_drill_plaintext(opened.reveal(), request_digest)


def combine_shares(opened: Sequence[OpenedShare]) -> SecretBytes:
    """Combine exactly as many shares as each group needs, each compared once more.

    Raises:
        CryptoError: one says something else than its place asks for, they are of several
            envelopes or splits, or too few.
    """
    if len({one.holding.envelope.digest for one in opened}) > 1:
        raise VerificationError("the shares are from different envelopes")
    for one in opened:
        check_share(one.share, one.holding.expected)
    return combine(one.share.mnemonic for one in opened)
