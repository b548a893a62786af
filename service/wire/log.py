"""The log: leaves, checkpoints, proofs."""

from typing import Annotated, Literal

from pydantic import Field

from service.wire.base import Base64, Shape, Time

MOST_HEADS = 128  # in one answer: three envelopes of 32 receipts, or a request with its decisions
MOST_WITNESSES = 15  # as many as the service asks
MOST_HASHES = 64  # of a proof in a tree of 2^63 leaves


class Leaf(Shape):
    """One event, as its canonical JSON says it, with its sentence for people."""

    seq: int
    at: Time
    actor: str
    action: str
    subject: str
    request: str
    details: dict[str, str | int | bool | list[str]]
    sentence: str


class Leaves(Shape):
    """Newest first; ``next`` continues (``?before=``), -1 at the end."""

    events: list[Leaf]
    next: int


class RawLeaves(Shape):
    """Leaves as the bytes that were hashed, from ``start`` on, oldest first."""

    start: int
    leaves: list[Base64]


class EpochLeaf(Shape):
    """The first leaf of an epoch, as it was hashed, and its audit path to the checkpoint's root."""

    leaf: Base64
    path: list[Base64]


class NamedHead(Shape):
    """What the log had at a size that a statement names, and that the next head continues it.

    ``root`` is the log's own, whatever the statement says. ``consistency`` holds RFC 6962 hashes to
    the next head of the list, of the last one to the checkpoint; empty where both have one size.
    """

    size: int
    root: Base64
    consistency: Annotated[list[Base64], Field(max_length=MOST_HASHES)]


class Cosigned(Shape):
    """The newest checkpoint that one witness has cosigned, with its line, as a signed note.

    ``consistency`` holds RFC 6962 hashes that show it to be the beginning of the one beside it.
    """

    note: str
    consistency: Annotated[list[Base64], Field(max_length=MOST_HASHES)]


class CheckpointAnswer(Shape):
    """The newest signed checkpoint, and a proof that the one the client saw is its beginning.

    ``consistency`` holds RFC 6962 hashes for ``?seen=<size>``; empty if that is zero or the same.
    ``epochs`` give up a checkpoint of that size or more, newest first; mostly there are none.
    ``cosigned`` has one for each witness that has cosigned an older checkpoint and not yet this.
    """

    checkpoint: str
    verifier_key: str
    size: int
    consistency: list[Base64]
    epochs: list[EpochLeaf] = Field(default_factory=list)
    cosigned: list[Cosigned] = Field(default_factory=list, max_length=MOST_WITNESSES)


class ProvenLeaf(Shape):
    """One leaf with its audit path to the root of the checkpoint beside it.

    ``leaf`` is its canonical JSON with an empty ``statement``: a client that knows the statement
    puts in the bytes that it has verified, and hashes the leaf itself.
    """

    seq: int
    leaf: Base64
    path: list[Base64]


class LogView(CheckpointAnswer):
    """What proves that what is shown beside it stands in the log.

    ``consistency`` is for ``?seen=<size>`` as in a checkpoint's answer. ``leaves`` ascend; those
    that the checkpoint does not cover yet are left out. ``heads`` are those that the statements
    name which are counted here, one chain, ascending, each size once; what lies beyond the
    checkpoint is left out. ``epochs`` are those too that may admit one of them.
    """

    leaves: list[ProvenLeaf]
    heads: list[NamedHead] = Field(default_factory=list, max_length=MOST_HEADS)


class WitnessStanding(Shape):
    """How it stands with one witness that the service asks to cosign the log.

    ``key`` is its verifier key, as the service has it. ``note`` is the newest checkpoint that it
    has cosigned, with its line, and ``cosigned_at`` when the service got that; both are empty if it
    never did. ``state``: ``cosigning``, ``waiting`` until it is first asked, or since ``since``
    ``silent`` or ``refuses``.
    """

    key: str
    state: Literal["cosigning", "waiting", "silent", "refuses"]
    note: str
    cosigned_at: Time | Literal[""]
    since: Time | Literal[""]


class Witnesses(Shape):
    """The witnesses that the service names, in the order of its list; who they are is its word."""

    witnesses: list[WitnessStanding]


class Proof(Shape):
    """A tlog-proof (c2sp.org/tlog-proof@v1) of one leaf: receipt, hashes, checkpoint."""

    proof: str


class Export(Shape):
    """An export was written down; it covers ``size`` leaves.

    ``cosigned`` is the newest checkpoint that a witness has cosigned, or empty: it covers less.
    """

    checkpoint: str
    cosigned: str = ""
    verifier_key: str
    size: int
    leaf: int


class Entry(Shape):
    """One entry whole: ``data`` are the bytes that were hashed, ``hash`` their leaf hash.

    ``who`` is the actor's name, ``about`` the subject's if it is a person; or what the log calls
    them: names are the service's word. ``claims`` is what the signer of a report of papers says,
    who is known by no name. ``before`` and ``after`` are the entries beside it that the caller may
    see, -1 where there is none.
    """

    leaf: Leaf
    who: str
    about: str
    data: str
    hash: Base64
    claims: dict[str, str]
    before: int
    after: int


class KeptCheckpoint(Shape):
    """The newest checkpoint that the log keeps; nothing is signed and no witness is asked for it.

    ``root``, ``note`` and ``signed_at`` are empty, and ``size`` is 0, before the first one.
    """

    size: int
    root: Base64 | Literal[""]
    note: str
    signed_at: Time | Literal[""]
    verifier_key: str
    witnesses: list[WitnessStanding]
