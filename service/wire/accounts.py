"""Accounts, rosters, envelopes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from service.domain import topic
from service.wire.base import AccountId, Base64, Digest, Dsse, Id, Shape, Time
from service.wire.log import LogView
from service.wire.successor import Successor

Group = Literal["password", "mfa"]
Arn = Annotated[str, Field(pattern=rf"^({topic.SHAPE})?$")]
# In an answer: the same text, of which the API document has always said no more than "a string".
TopicArn = Annotated[str, AfterValidator(topic.check_topic)]


class NewAccount(Shape):
    """An operator registers a protected account; who counts there is signed later."""

    account: AccountId
    sns_topic_arn: Arn = ""


class Channel(Shape):
    """Where an account's notices go instead of the service's topic; empty: there."""

    sns_topic_arn: Arn


class Finding(Shape):
    """Something that is wrong or not known, with a stable code and a sentence.

    ``urgent``: it is wrong now, and not only as soon as one more person is away.
    """

    code: str
    message: str
    urgent: bool


class AccountSummary(Shape):
    """An account at a glance. ``state`` is that of the envelope in force, or how far it got.

    ``state``: ``no-roster``, ``no-envelope``, ``unconfirmed``, ``ready``, ``exposed``.
    ``retired_since`` is when its people ended the line, empty if they have not.
    """

    account: AccountId
    name: str
    state: str
    retired_since: str
    roster_version: int
    envelope_version: int
    roles: list[str]


class AccountList(Shape):
    """The accounts that I may see, sorted by id."""

    accounts: list[AccountSummary]


class Line(Shape):
    """Another line of the same AWS account, by the service's word.

    ``payload`` is the canonical JSON of its newest roster, or while none is ``signed`` of its
    draft, or empty; anyone who has verified that roster need not believe the names. ``able``: its
    custodians can release what is sealed in it today. ``leaf`` has its registration.
    """

    account: AccountId
    registered_at: Time
    registered_by: str
    leaf: int
    payload: Base64
    signed: bool
    able: bool


class AccountDetail(AccountSummary):
    """An account with what is due and what is wrong, and the other lines of it, oldest first.

    ``rotating`` are the digests of requests that wait for a new password; a new manifest names
    them in ``after_requests``.
    """

    root_email: str
    type: str
    roster: str
    in_force: str
    newest: str
    rotating: list[Digest]
    missing_receipts: list[Id]
    sns_topic_arn: TopicArn
    findings: list[Finding]
    lines: list[Line]


class RosterDraft(Shape):
    """An operator's draft: the canonical JSON of a roster payload, in base64."""

    payload: Base64


class OpenDraft(Shape):
    """The draft that waits for signatures. ``missing`` says whose, by reason."""

    digest: Digest
    payload: Base64
    signatures: list[Dsse]
    missing: dict[str, list[Id]]


class Rosters(Shape):
    """The chain in force, oldest first, and the open draft if there is one.

    ``identities`` are those that any of them names, and the newest of each person of the newest
    version, which no version may name yet. ``log`` proves the acceptance of the newest and the
    entry of the draft; null where no checkpoint can be signed at the moment. ``lines`` are the
    other lines of the same AWS account, oldest first.
    """

    chain: list[Dsse]
    identities: list[Dsse]
    draft: OpenDraft | None
    lines: Annotated[list[Line], Field(default_factory=list)]
    log: LogView | None = None


class SealedShare(Shape):
    """One custodian's share, sealed to their key."""

    group: Group
    custodian: Id
    sealed_share: Base64


class NewEnvelope(Shape):
    """A sealed password: manifest, content, and one sealed share per line of the manifest."""

    statement: Dsse
    content: Base64
    sealed_shares: Annotated[list[SealedShare], Field(min_length=2, max_length=32)]


class EnvelopeFacts(Shape):
    """What anybody of the account may see of an envelope.

    ``successor`` is there exactly where its requester has sealed it, once a checkpoint covers it.
    """

    id: Id
    state: Literal["unconfirmed", "ready", "exposed", "superseded"]
    leaf: int
    entered_at: Time
    manifest: Dsse
    receipts: list[Dsse]
    successor: Successor | None = None


class Envelopes(Shape):
    """Newest first: the newest, the one in force, and the last superseded one.

    ``log`` proves that each was sealed and that its roster was accepted; null where no checkpoint
    can be signed at the moment.
    """

    envelopes: list[EnvelopeFacts]
    log: LogView | None = None


class MyShare(Shape):
    """The caller's own sealed share of an envelope."""

    group: Group
    sealed_share: Base64


class BundleSlot(Shape):
    """A person's phrase slot in a bundle."""

    person: Id
    slot: Id
    wrapped_root: Base64
    salt: Base64
    iterations: Literal[600_000]
    statement: Dsse


class BundledEnvelope(EnvelopeFacts):
    """An envelope with its ciphertexts."""

    content: Base64
    sealed_shares: list[SealedShare]


class Bundle(Shape):
    """All that a quorum needs when the service is gone; it opens only with a quorum."""

    format: Literal["breakglass-bundle/2"]
    account: AccountId
    made_at: Time
    chain: list[Dsse]
    identities: list[Dsse]
    envelopes: list[BundledEnvelope]
    slots: list[BundleSlot]
    verifier_key: str
    checkpoint: str
    leaf: int
