"""A custodian's share: opened for one act, compared with its commitment, and sealed again."""

from dataclasses import dataclass, field
from datetime import datetime

from crypto import envelope as public
from crypto import statement as statements
from crypto.encoding import hex_digest
from crypto.errors import CryptoError
from crypto.identity import Identity
from crypto.schema import Payload
from crypto.seal import seal
from crypto.secret import SecretBytes
from crypto.sharing import read_share
from crypto.statement import Statement
from crypto.unseal import unseal
from service.client.foundation.errors import ClientRefusal
from service.client.trust.envelope import check_sealed_share
from service.client.trust.heads import Head
from service.client.trust.request import VerifiedRequest
from service.domain.credential import Envelope
from service.domain.people import GroupName
from service.domain.roster import Roster

_SEAL_ANEW = "tell the sealer and the other custodians: the password must be sealed again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One custodian's place in a verified envelope."""

    envelope: Envelope
    manifest: Payload
    group: GroupName
    person: str

    @property
    def context(self) -> bytes:
        """The 32 bytes that bind every share and ciphertext to this manifest."""
        return public.context(self.manifest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A signed approval, and the resealed share whose digest it signs."""

    statement: Statement
    resealed: bytes = field(repr=False)


def open_share(holding: Holding, sealed: bytes, me: Identity) -> SecretBytes:
    """Return my share: a mnemonic of 33 words that matches the commitment in the manifest.

    Raises:
        ClientRefusal: ``content-replaced``: not what the sealer signed; ``share-does-not-open``.
    """
    # First, so that a ciphertext which the service exchanged is not blamed on the sealer.
    check_sealed_share(sealed, holding.envelope, holding.group, holding.person)
    group, person, bound = holding.group.value, holding.person, holding.context
    published = next(s.commitment for s in holding.envelope.shares if s.custodian == person)
    try:
        opened = unseal(me.encryption_private, public.custody_info(bound, group, person), sealed)
        mnemonic = read_share(opened).mnemonic
        public.check_commitment(
            published, context=bound, group=group, person=person, mnemonic=mnemonic
        )
    except CryptoError as refused:
        raise ClientRefusal(
            "share-does-not-open",
            f"your share of this envelope does not open: {refused}",
            _SEAL_ANEW,
        ) from None
    return opened


def check_threshold(opened: SecretBytes, holding: Holding, roster: Roster) -> None:
    """Check that my share is of my group and for the threshold that ``roster`` names.

    Raises:
        ClientRefusal: ``share-does-not-open``.
    """
    share = read_share(opened)
    wanted = roster.groups[holding.group].threshold
    if share.group != holding.group.value or share.threshold != wanted:
        raise ClientRefusal(
            "share-does-not-open",
            "your share is of another group, or for another threshold",
            _SEAL_ANEW,
        )


def words_of(opened: SecretBytes) -> list[str]:
    """Return an opened share as the words that go on paper."""
    return read_share(opened).mnemonic.split(" ")


def reseal(share: SecretBytes, about: VerifiedRequest, holding: Holding) -> bytes:
    """Seal the share to the request's key; for a drill, a text that only proves that it opened."""
    request, group = about.request, holding.group.value
    if request.drill:
        info = public.drill_info(request.digest, holding.context, group, holding.person)
        return seal(request.recipient_key, info, public.drill_plaintext(request.digest))
    info = public.release_info(request.digest, holding.context, group, holding.person)
    return seal(request.recipient_key, info, share.reveal())


def approve(
    about: VerifiedRequest,
    holding: Holding,
    sealed: bytes,
    me: Identity,
    head: Head,
    *,
    at: datetime,
) -> Approval:
    """Open my share, compare it, seal it to the request, and sign an approval for exactly that.

    The caller has verified the request and the envelope.

    Raises:
        ClientRefusal: as ``open_share``; ``manifest-replaced``: the request names another envelope.
    """
    if about.request.manifest != holding.envelope.digest:
        raise ClientRefusal("manifest-replaced", "the request names another envelope than yours")
    resealed = reseal(open_share(holding, sealed, me), about, holding)
    statement = statements.sign(
        "decision",
        {
            "request": about.request.digest,
            "group": holding.group.value,
            "custodian": holding.person,
            "decision": "approve",
            "reason": "",
            "resealed_share_digest": hex_digest(resealed),
            **head.fields,
        },
        identity=me,
        at=at,
    )
    return Approval(statement=statement, resealed=resealed)


def deny(
    about: VerifiedRequest,
    *,
    group: GroupName,
    person: str,
    reason: str,
    head: Head,
    at: datetime,
    me: Identity,
) -> Statement:
    """Sign a denial with its reason."""
    fields = {
        "request": about.request.digest,
        "group": group.value,
        "custodian": person,
        "decision": "deny",
        "reason": reason,
        "resealed_share_digest": "",
        **head.fields,
    }
    return statements.sign("decision", fields, identity=me, at=at)
