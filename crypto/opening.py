"""Building an envelope and opening its content. Runs on a person's own device only.

The protocol gives the order of sealing: nothing is returned for signing before every share has
been in a set that was combined and opened the content.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crypto import fields
from crypto.derived import OpeningKey, derive
from crypto.encoding import (
    b64decode,
    b64encode,
    canonical,
    check_text,
    format_time,
    hex_digest,
    parse_canonical,
)
from crypto.envelope import (
    CONTENT_BLOCK,
    check_content_length,
    commitment,
    content_aad,
    context,
    custody_info,
)
from crypto.errors import MalformedError, VerificationError
from crypto.passwords import MAX_LENGTH
from crypto.randomness import random_bytes
from crypto.schema import GROUPS, Payload
from crypto.seal import seal
from crypto.secret import SecretBytes
from crypto.sharing import (
    SECRET_LENGTH,
    ExpectedShare,
    check_share,
    combine,
    parse_share,
    split,
)
from crypto.statement import Statement, payload_body
from crypto.suite import SUITE, decrypt_blob, encrypt_blob

Splitter = Callable[[SecretBytes, Sequence[tuple[int, int]]], Sequence[Sequence[str]]]

_END = b"\x80"
_CONTENT_FIELDS = ("password", "sign_in_email", "note")
_CHECK_CONTENT = fields.record(dict.fromkeys(_CONTENT_FIELDS, fields.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an envelope contains. None of it prints.

    Raises:
        MalformedError: the password is empty or longer than 128 characters, one of the others
            longer than 1,000, or a character that ``check_text`` refuses.
    """

    password: str = field(repr=False)
    sign_in_email: str = field(repr=False)
    note: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what could not be read back."""
        if not check_text(self.password, MAX_LENGTH):
            raise MalformedError("an envelope must have a password")
        check_text(self.sign_in_email)
        check_text(self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedShare:
    """One custodian's share, sealed to them, with its published commitment."""

    group: str
    custodian: str
    commitment: str
    sealed: bytes

    def published(self) -> Mapping[str, str]:
        """Return the entry of the manifest's ``shares``."""
        return {
            "group": self.group,
            "custodian": self.custodian,
            "commitment": self.commitment,
            "sealed_share_digest": hex_digest(self.sealed),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedEnvelope:
    """All that is posted; sign ``manifest`` as ``sign("manifest", manifest, at=at)``.

    ``at`` is part of the context: under a manifest signed with another time nothing opens.
    """

    manifest: Mapping[str, Any]
    at: datetime
    content: bytes
    shares: tuple[SealedShare, ...]


def seal_envelope(
    content: Content,
    *,
    roster: Statement,
    keys: Mapping[str, bytes],
    head: Mapping[str, Any],
    at: datetime,
    splitter: Splitter = split,
) -> SealedEnvelope:
    """Seal ``content`` to the custodians of ``roster``, whose chain the caller has verified.

    ``keys`` are the encryption keys of its people by their ids, from verified identities.
    ``head`` holds the manifest's ``envelope``, ``version``, ``previous``, ``sealer``, ``cause``,
    ``after_requests``, ``log_size`` and ``log_root``; the rest follows from the roster and from
    what is sealed. No share that ``splitter`` returns is trusted before it has been tried.

    Raises:
        MalformedError: ``head`` is not that, or a custodian has no key.
        VerificationError: some set of shares did not open the content; there is nothing to sign.
        ValueError: the roster asks a group for more shares than it has custodians.
    """
    secret = SecretBytes(random_bytes(SECRET_LENGTH))
    derived = derive(secret)
    stated = {
        **head,
        "account": roster.payload["account"],
        "roster": roster.digest,
        "content_kind": "password",
        "anchor": "",
        "opening_key": b64encode(derived.opening.public),
        "gate_key": b64encode(derived.gate.public),
        "kind": "manifest",
        "suite": SUITE,
        "at": format_time(at),
    }
    bound = context(stated)
    blob = encrypt_blob(derived.content_key.reveal(), _padded(content), content_aad(bound))
    groups = [roster.payload["groups"][group] for group in GROUPS]
    sizes = [(group["threshold"], len(group["custodians"])) for group in groups]
    mnemonics = splitter(secret, sizes)
    thresholds = [group["threshold"] for group in groups]
    check_every_share(mnemonics, thresholds, blob=blob, manifest=stated, content=content)
    shares = tuple(_sealed_shares(roster.payload, keys, mnemonics, bound))
    published = [share.published() for share in shares]
    of_every_kind = ("kind", "suite", "at")  # signing adds them
    manifest = {name: value for name, value in stated.items() if name not in of_every_kind}
    manifest |= {"shares": published, "content_digest": hex_digest(blob)}
    payload_body("manifest", manifest, at)  # raises now what signing would raise later
    return SealedEnvelope(manifest=manifest, at=at, content=blob, shares=shares)


def _sealed_shares(
    roster: Payload, keys: Mapping[str, bytes], mnemonics: Sequence[Sequence[str]], bound: bytes
) -> Iterator[SealedShare]:
    for group, texts in zip(GROUPS, mnemonics, strict=True):
        for person, mnemonic in zip(roster["groups"][group]["custodians"], texts, strict=True):
            if person not in keys:
                raise MalformedError("a custodian has no key")
            yield SealedShare(
                group=group,
                custodian=person,
                commitment=commitment(bound, group, person, mnemonic),
                sealed=seal(keys[person], custody_info(bound, group, person), mnemonic.encode()),
            )


def check_every_share(
    mnemonics: Sequence[Sequence[str]],
    thresholds: Sequence[int],
    *,
    blob: bytes,
    manifest: Payload,
    content: Content,
) -> None:
    """Combine sets that together use every share; each must open the content sealed.

    Each must also give the public keys that ``manifest`` states; its shares and content digest
    are not looked at. A share that was never tried might be the one that an emergency depends on,
    and one that says something else than the roster asks for would be refused by its custodian.

    Raises:
        VerificationError: a share says something else than its place in ``mnemonics`` asks for, or
            a set does not combine, does not decrypt, or gives another content or another key.
        NotEnoughSharesError: a group has fewer shares than its threshold.
    """
    for group, texts, threshold in zip(GROUPS, mnemonics, thresholds, strict=True):
        for place, text in enumerate(texts):
            check_share(parse_share(text), ExpectedShare.at(group, place, threshold))
    sets = [_covering(*group) for group in zip(mnemonics, thresholds, strict=True)]
    for row in range(max(map(len, sets))):
        chosen = [mnemonic for group in sets for mnemonic in group[row % len(group)]]
        opened = open_envelope(combine(chosen), blob, manifest)
        if opened.content != content:
            raise VerificationError("a set of shares opens another content")
        if not opened.keys_fit:
            raise VerificationError("a set of shares gives another key than the manifest states")


def _covering(mnemonics: Sequence[str], threshold: int) -> Sequence[Sequence[str]]:
    """Return as few sets of exactly ``threshold`` as use every mnemonic; the last may overlap."""
    starts = range(0, len(mnemonics), threshold)
    last = max(len(mnemonics) - threshold, 0)
    return [mnemonics[min(start, last) :][:threshold] for start in starts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a secret opened. ``keys_fit``: it gives the two public keys that the manifest states.

    Where they do not fit, the sealer made a manifest that no report can be signed for later. The
    content is given all the same: someone needs it now. ``opening`` signs as its opener.
    """

    content: Content
    keys_fit: bool
    opening: OpeningKey = field(repr=False)


def open_envelope(secret: SecretBytes, blob: bytes, manifest: Payload) -> Opened:
    """Decrypt an envelope's content with the secret that its shares combine to.

    Raises:
        MalformedError: not the length of a content blob, or the plaintext is not a content.
        VerificationError: another secret or envelope, or the blob was changed.
    """
    derived = derive(secret)
    stated = (b64decode(manifest["opening_key"]), b64decode(manifest["gate_key"]))
    return Opened(
        content=open_content(derived.content_key, blob, context(manifest)),
        keys_fit=stated == (derived.opening.public, derived.gate.public),
        opening=derived.opening,
    )


def open_content(key: SecretBytes, blob: bytes, context: bytes) -> Content:
    """Decrypt and parse an envelope's content with its content key.

    Raises:
        MalformedError: not the length of a content blob, or the plaintext is not a content.
        VerificationError: another key or envelope, or the blob was changed.
    """
    check_content_length(len(blob))
    value = parse_canonical(_unpadded(decrypt_blob(key.reveal(), blob, content_aad(context))))
    _CHECK_CONTENT(value)
    return Content(**value)


def _padded(content: Content) -> bytes:
    """Return canonical JSON, 0x80, and zero bytes to a multiple of 512: this hides the length."""
    data = canonical({name: getattr(content, name) for name in _CONTENT_FIELDS}) + _END
    return data + bytes(-len(data) % CONTENT_BLOCK)


def _unpadded(padded: bytes) -> bytes:
    """Remove the padding; more than a block of it is refused."""
    data, end, zeros = padded.rpartition(_END)
    if not end or zeros.strip(b"\0") or len(zeros) >= CONTENT_BLOCK:
        raise MalformedError("the content's padding is wrong")
    return data
