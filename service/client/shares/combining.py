"""From delivered shares to the password: exactly as many as needed, each checked first."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crypto import envelope as public
from crypto.errors import CryptoError
from crypto.opening import Content, open_envelope
from crypto.recipient import RecipientKey
from crypto.secret import SecretBytes
from crypto.sharing import combine, read_share
from crypto.unseal import unseal
from service.client.foundation.errors import ClientRefusal
from service.client.trust.release import DeliveredShare, VerifiedRelease
from service.domain.people import GroupName


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """What a quorum opened: ``used`` and ``bad`` are ids of custodians.

    ``bad`` are those whose share did not open or does not match its commitment. ``keys_fit``: the
    secret gives the two public keys that the manifest states; else its sealer stated others.
    """

    content: Content = field(repr=False)
    keys_fit: bool
    used: tuple[str, ...]
    bad: tuple[str, ...]


def open_release(release: VerifiedRelease, key: RecipientKey) -> Revealed:
    """Open exactly as many shares of each group as are needed, combine them, and decrypt.

    A share that does not open or does not match its commitment is skipped and its custodian named
    in ``bad``; the next one is tried.

    Raises:
        ClientRefusal: ``not-enough-shares``: too few are good; ``does-not-open``: the good shares
            do not open the content.
    """
    good: list[tuple[str, SecretBytes]] = []
    bad: list[str] = []
    for group in GroupName:
        delivered = [share for share in release.shares if share.group is group]
        found, wrong = _enough(release, key, delivered, release.count.needed[group])
        good += found
        bad += wrong
        if len(found) < release.count.needed[group]:
            raise ClientRefusal(
                "not-enough-shares",
                f"the {group.value} group delivered {len(found)} good shares and needs "
                f"{release.count.needed[group]}"
                + "".join(f"; the share of {_name(release, who)} is wrong" for who in bad),
                "while the window is open, more custodians can still approve",
            )
    try:
        secret = combine(share.reveal().decode("ascii") for _, share in good)
        opened = open_envelope(secret, release.content, release.manifest.payload)
    except CryptoError as refused:
        raise ClientRefusal("does-not-open", f"the envelope does not open: {refused}") from None
    return Revealed(
        content=opened.content,
        keys_fit=opened.keys_fit,
        used=tuple(who for who, _ in good),
        bad=tuple(bad),
    )


def _enough(
    release: VerifiedRelease, key: RecipientKey, delivered: Sequence[DeliveredShare], wanted: int
) -> tuple[list[tuple[str, SecretBytes]], list[str]]:
    good: list[tuple[str, SecretBytes]] = []
    bad: list[str] = []
    for share in delivered:
        if len(good) == wanted:
            break
        opened = _open(release, key, share)
        if opened is None:
            bad.append(share.custodian)
        else:
            good.append((share.custodian, opened))
    return good, bad


def _open(release: VerifiedRelease, key: RecipientKey, share: DeliveredShare) -> SecretBytes | None:
    bound = public.context(release.manifest.payload)
    group, custodian = share.group.value, share.custodian
    published = next(s.commitment for s in release.envelope.shares if s.custodian == custodian)
    # Before combining: SLIP-39 itself cannot say which of several shares is the wrong one.
    info = public.release_info(release.about.request.digest, bound, group, custodian)
    try:
        opened = unseal(key.private, info, share.blob)
        mnemonic = read_share(opened).mnemonic
        public.check_commitment(
            published, context=bound, group=group, person=custodian, mnemonic=mnemonic
        )
    except CryptoError:
        return None
    return opened


def check_drill(release: VerifiedRelease, key: RecipientKey) -> tuple[str, ...]:
    """Return the custodians whose drill reseal is wrong. A good one holds no share.

    Raises:
        ClientRefusal: ``no-drill``: the request is for the real password.
    """
    request = release.about.request
    if not request.drill:
        raise ClientRefusal("no-drill", "this request is not a drill")
    bound, bad = public.context(release.manifest.payload), []
    for share in release.shares:
        info = public.drill_info(request.digest, bound, share.group.value, share.custodian)
        try:
            opened = unseal(key.private, info, share.blob)
            public.check_drill_plaintext(opened.reveal(), request.digest)
        except CryptoError:
            bad.append(share.custodian)
    return tuple(bad)


def _name(release: VerifiedRelease, person: str) -> str:
    return release.chain.name_of(person)
