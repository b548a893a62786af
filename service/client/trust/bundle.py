"""Verifying a bundle, which anyone may have changed since it was made.

Stable codes: those of rosters and manifests, ``content-replaced``, ``bundle-replaced`` (of another
account, or a part twice), ``bundle-lacks`` (a part that its reader needs is missing),
``bundle-damaged`` (its checkpoint is none), ``log-not-signed`` (its checkpoint is not signed by its
key).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crypto import statement as statements
from crypto.checkpoint import open_checkpoint
from crypto.encoding import b64decode, hex_digest
from crypto.errors import CryptoError, MalformedError
from crypto.note import NoteVerifier
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import Remembered, VerifiedChain, verify_chain
from service.client.trust.envelope import (
    check_content,
    check_sealed_share,
    verify_manifest,
    verify_receipts,
)
from service.client.trust.statements import read
from service.domain.credential import Envelope
from service.domain.people import GroupName
from service.wire.accounts import Bundle, BundledEnvelope, BundleSlot


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledSeal:
    """One verified envelope of a bundle, with every ciphertext as its sealer signed it.

    ``state`` is what the service said when it made the bundle; no one has signed it. ``shares``
    are sealed shares by custodian.
    """

    state: str
    envelope: Envelope
    manifest: Statement
    receipts: frozenset[tuple[GroupName, str]]
    content: bytes
    shares: dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedBundle:
    """A verified bundle: ``envelopes`` are newest first, ``slots`` are phrase slots by person.

    ``made_at`` is the service's word (a wire time) and ``leaf`` the entry of its log that says who
    took it; ``signed_until`` is proven: the newest time that anyone in it has signed.
    """

    made_at: str
    leaf: int
    signed_until: str
    chain: VerifiedChain
    envelopes: tuple[BundledSeal, ...]
    slots: dict[str, BundleSlot]

    def sealed(self, manifest: str) -> BundledSeal:
        """Return the envelope that a request names.

        Raises:
            ClientRefusal: ``bundle-lacks``.
        """
        for item in self.envelopes:
            if item.envelope.digest == manifest:
                return item
        raise ClientRefusal(
            "bundle-lacks",
            "the bundle does not have the envelope that the request names",
            "use the bundle with which the request was made, or a newer one",
        )

    def slot_of(self, person: str) -> BundleSlot:
        """Return a person's phrase slot.

        Raises:
            ClientRefusal: ``bundle-lacks``.
        """
        if person not in self.slots:
            raise ClientRefusal("bundle-lacks", "the bundle does not have your phrase slot")
        return self.slots[person]


def verify_bundle(
    bundle: Bundle, *, me: str | None, remembered: Remembered | None
) -> VerifiedBundle:
    """Verify a bundle; ``me`` is the fingerprint of my keys (hex), if this device knows it.

    Raises:
        ClientRefusal: one of the codes above.
    """
    chain = verify_chain(
        bundle.chain, bundle.identities, account=bundle.account, me=me, remembered=remembered
    )
    sealed = sorted(
        (_sealed(item, chain) for item in bundle.envelopes), key=lambda s: -s.envelope.version
    )
    if len({s.envelope.version for s in sealed}) != len(sealed):
        raise ClientRefusal("bundle-replaced", "the bundle has two envelopes of one version")
    _check_log(bundle)
    slots = _slots(bundle, chain)
    return VerifiedBundle(
        made_at=bundle.made_at,
        leaf=bundle.leaf,
        signed_until=max(_times(bundle, chain)),
        chain=chain,
        envelopes=tuple(sealed),
        slots=slots,
    )


def _times(bundle: Bundle, chain: VerifiedChain) -> Iterator[str]:
    """Yield the times in all statements of a bundle, each of which was verified before."""
    for statement in chain.statements:
        yield statement.payload["at"]
    for item in bundle.envelopes:
        yield read(item.manifest, "manifest").payload["at"]
        for receipt in item.receipts:
            yield read(receipt, "custody-receipt").payload["at"]
    for slot in bundle.slots:
        yield read(slot.statement, "slot").payload["at"]


def _sealed(item: BundledEnvelope, chain: VerifiedChain) -> BundledSeal:
    envelope, manifest = verify_manifest(item.manifest, chain, item.successor)
    content = _bytes(item.content)
    check_content(content, envelope)
    shares: dict[str, bytes] = {}
    for share in item.sealed_shares:
        blob = _bytes(share.sealed_share)
        check_sealed_share(blob, envelope, GroupName(share.group), share.custodian)
        shares[share.custodian] = blob
    if shares.keys() != {share.custodian for share in envelope.shares}:
        raise ClientRefusal("bundle-lacks", "the bundle does not have every custodian's share")
    receipts = verify_receipts(item.receipts, envelope, chain)
    return BundledSeal(
        state=item.state,
        envelope=envelope,
        manifest=manifest,
        receipts=receipts,
        content=content,
        shares=shares,
    )


def _slots(bundle: Bundle, chain: VerifiedChain) -> dict[str, BundleSlot]:
    """Return phrase slots by person, each signed by that person under some roster's keys."""
    slots: dict[str, BundleSlot] = {}
    for slot in bundle.slots:
        statement = read(slot.statement, "slot")
        payload = statement.payload
        said = (payload["person"], payload["slot"], payload["wrapped_root_digest"])
        known = (slot.person, slot.slot, hex_digest(_bytes(slot.wrapped_root)))
        if said != known or payload["slot_kind"] != "phrase" or slot.person in slots:
            raise ClientRefusal(
                "bundle-replaced", "a key slot is not the one that its owner signed"
            )
        if not _signed_by_person(statement, slot.person, chain):
            raise ClientRefusal("bundle-replaced", "a key slot was not signed by its owner")
        slots[slot.person] = slot
    return slots


def _signed_by_person(statement: Statement, person: str, chain: VerifiedChain) -> bool:
    # Of any version: a slot may be older than its owner's newest keys.
    keys = {r.members[person].signing_key for r in chain.rosters if person in r.members}
    for key in keys:
        try:
            statements.verify(statement, key)
        except CryptoError:
            continue
        return True
    return False


def _check_log(bundle: Bundle) -> None:
    if not bundle.checkpoint:
        return
    try:
        open_checkpoint(bundle.checkpoint, NoteVerifier.from_vkey(bundle.verifier_key))
    except MalformedError as refused:  # a way of transport can do this, so it accuses no log
        raise ClientRefusal(
            "bundle-damaged",
            f"the bundle's checkpoint is damaged: {refused}",
            "get the bundle again, on a stick or as an attachment inside a .zip file",
        ) from None
    except CryptoError as refused:
        raise ClientRefusal(
            "log-not-signed", f"the bundle's checkpoint does not verify: {refused}"
        ) from None


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text)
    except CryptoError:
        raise ClientRefusal("malformed-statement", "the bundle has malformed binary data") from None
