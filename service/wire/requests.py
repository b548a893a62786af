"""Requests, decisions, releases, reviews."""

from typing import Annotated

from pydantic import Field

from service.wire.accounts import Group
from service.wire.base import AccountId, Base64, Digest, Dsse, Id, Shape, Time
from service.wire.log import LogView
from service.wire.successor import Successor


class Decide(Shape):
    """A decision. An approval brings the resealed share.

    On an unconfirmed envelope it also brings the ``receipt`` that the custodian had not signed yet.
    """

    statement: Dsse
    resealed_share: Base64 = ""
    receipt: Dsse | None = None


class Entered(Shape):
    """A statement as the log received it."""

    statement: Dsse
    leaf: int
    at: Time


class GroupProgress(Shape):
    """How far one group is: who counts, who has denied, who has said nothing."""

    group: Group
    needed: int
    approved: list[Id]
    denied: list[Id]
    waiting: list[Id]


class RequestSummary(Shape):
    """A request in a list. ``state`` is computed when asked; time decides on read.

    ``handed`` are all who ever approved, also those who denied afterwards: their shares of the
    envelope with ``manifest_digest`` had left their devices. In a drill none does.
    """

    id: Id
    digest: Digest
    manifest_digest: Digest
    account: AccountId
    account_name: str
    requester: Id
    requester_name: str
    task: str
    reason: str
    drill: bool
    offline: bool
    state: str
    entered_at: Time
    expires_at: Time
    window_ends_at: str
    groups: list[GroupProgress]
    handed: list[Id]


class RequestList(Shape):
    """Newest first; ``next`` continues (``?before=``), empty at the end."""

    requests: list[RequestSummary]
    next: str


class TimedOut(Shape):
    """Place and time of an entry: time ended a request, or its window.

    That is earlier than ``expires_at`` or ``window_ends_at`` where a new epoch of the log, or an
    accepted clock, ended it.
    """

    leaf: int
    at: Time


class RequestDetail(RequestSummary):
    """A request with every statement on it, for a client to verify itself.

    ``receipts`` are the caller's own for this manifest: at most one. ``log`` proves the entries of
    the request, its decisions and its envelope, and the acceptance of its roster and of the newest;
    null where no checkpoint can be signed at the moment. ``successor`` is there exactly where a
    requester has sealed the envelope, once a checkpoint covers it. ``timed_out`` is where the
    log entered that it expired or that its window ended, and null where it did not.
    """

    request: Entered
    manifest: Dsse
    manifest_state: str
    successor: Successor | None = None
    receipts: list[Dsse]
    decisions: list[Entered]
    others: list[Entered]
    names: dict[str, str]
    timed_out: TimedOut | None = None
    log: LogView | None = None


class Resealed(Shape):
    """One custodian's share, sealed to the request's recipient key."""

    group: Group
    custodian: Id
    decision: Digest
    resealed_share: Base64


class Released(Shape):
    """All that the requester's device needs to verify, combine and decrypt.

    ``receipt`` is a tlog-proof of the release's leaf, empty when the log could not be signed;
    ``entry`` is that leaf. What a client kept of an older service has no entry. ``successor`` is
    there exactly where a requester has sealed the envelope, once a checkpoint covers it.
    """

    id: Id
    state: str
    leaf: int
    receipt: str
    entry: Base64 = ""
    window_ends_at: Time
    chain: list[Dsse]
    identities: list[Dsse]
    manifest: Dsse
    successor: Successor | None = None
    content: Base64
    request: Entered
    decisions: list[Entered]
    release: Entered
    resealed_shares: list[Resealed]


class OfflineImport(Shape):
    """What happened while the service was gone: the very statements that were passed by hand."""

    request: Dsse
    decisions: Annotated[list[Dsse], Field(min_length=1, max_length=64)]
    release: Dsse | None = None
    closure: Dsse | None = None
