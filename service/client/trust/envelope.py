"""Verifying an envelope: its manifest, its ciphertexts and its custody receipts.

Stable codes of lies: ``manifest-forged`` (not signed by a sealer of the roster it names),
``manifest-replaced`` (of another account, or not one share for each custodian),
``content-replaced`` (a ciphertext has another digest than the manifest says), ``receipt-forged``,
``receipt-missing``.
"""

from collections.abc import Collection, Iterable

from crypto.encoding import hex_digest
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import VerifiedChain
from service.client.trust.statements import read, signed_by
from service.client.trust.successor import verify_successor
from service.domain.credential import Envelope
from service.domain.people import GroupName
from service.domain.roster import Roster
from service.domain.successor import sealed_by_requester, sealer_of
from service.wire.base import Dsse
from service.wire.successor import Successor


def verify_manifest(
    dsse: Dsse, chain: VerifiedChain, successor: Successor | None = None
) -> tuple[Envelope, Statement]:
    """Verify a manifest: signed by a sealer of the roster it names, for exactly its custodians.

    Or by a requester whom the roster lets seal after their own release, which ``successor`` has to
    prove. Whether the envelope is in force is for the caller to check.

    Raises:
        ClientRefusal: ``malformed-statement``, ``roster-unknown``, ``manifest-forged``,
            ``manifest-replaced``, or a code of ``trust.successor``.
    """
    statement = read(dsse, "manifest")
    envelope = Envelope.from_payload(statement.payload, statement.digest)
    roster = chain.named(envelope.roster)
    signer = sealer_of(roster, envelope.sealer)
    signed_by(statement, signer, code="manifest-forged", what="the manifest")
    if envelope.account != roster.account:
        raise ClientRefusal("manifest-replaced", "the manifest is of another account")
    lines = [(share.group, share.custodian) for share in envelope.shares]
    if lines != [(g, person) for g in GroupName for person in roster.groups[g].custodians]:
        raise ClientRefusal(
            "manifest-replaced", "the manifest does not list exactly one share for each custodian"
        )
    if sealed_by_requester(envelope, roster):
        verify_successor(envelope, statement, chain, successor)
    return envelope, statement


def verify_receipts(
    receipts: Iterable[Dsse], envelope: Envelope, chain: VerifiedChain
) -> frozenset[tuple[GroupName, str]]:
    """Verify an envelope's custody receipts; return each one's group and custodian.

    Raises:
        ClientRefusal: ``malformed-statement``, ``receipt-forged``.
    """
    roster = chain.named(envelope.roster)
    return frozenset(_receipt(dsse, envelope, roster) for dsse in receipts)


def _receipt(dsse: Dsse, envelope: Envelope, roster: Roster) -> tuple[GroupName, str]:
    statement = read(dsse, "custody-receipt")
    group, custodian = GroupName(statement.payload["group"]), statement.payload["custodian"]
    if statement.payload["manifest"] != envelope.digest:
        raise ClientRefusal("receipt-forged", "a custody receipt is for another envelope")
    member = roster.custodian(custodian, group)
    signed_by(statement, member, code="receipt-forged", what="a custody receipt")
    return group, custodian


def check_custody_receipt(
    receipts: Collection[tuple[GroupName, str]], group: GroupName, person: str
) -> None:
    """Check that a person's own receipt is among the verified ones.

    Raises:
        ClientRefusal: ``receipt-missing``.
    """
    if (group, person) not in receipts:
        raise ClientRefusal(
            "receipt-missing",
            "you have not confirmed the envelope that this request names",
            "if you confirmed another one, the request may name the wrong envelope: ask the "
            "requester and the sealer before you go on",
        )


def check_content(content: bytes, envelope: Envelope) -> None:
    """Check that a ciphertext is the content that the manifest's sealer has signed.

    Raises:
        ClientRefusal: ``content-replaced``.
    """
    if hex_digest(content) != envelope.content_digest:  # both public: no constant time needed
        raise ClientRefusal("content-replaced", "the sealed content is not what the sealer signed")


def check_sealed_share(sealed: bytes, envelope: Envelope, group: GroupName, person: str) -> None:
    """Check that a ciphertext is the share that the manifest lists for this custodian and group.

    Raises:
        ClientRefusal: ``content-replaced``.
    """
    share = envelope.share_of(person)
    if share is None or share.group is not group or hex_digest(sealed) != share.sealed_share_digest:
        raise ClientRefusal("content-replaced", "a sealed share is not what the sealer signed")
