"""Verifying that a requester could seal: their own release, proved to be in the log before it.

Stable codes of lies: ``successor-unproven`` (nothing shows the release, or what is shown does not
prove it), ``manifest-forged`` (a rule says that this is no successor), beside those of requests,
decisions and quorums. What only the whole log shows (every other release is named, no sealer has
sealed since, at most three) is for the service and for auditors.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crypto.checkpoint import Checkpoint
from crypto.encoding import b64decode
from crypto.errors import CryptoError
from crypto.leaf import Leaf, encode_leaf, parse_leaf
from crypto.merkle import leaf_hash, verify_inclusion
from crypto.note import NoteVerifier
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import VerifiedChain
from service.client.trust.growth import open_signed
from service.client.trust.request import (
    VerifiedRequest,
    verify_decision,
    verify_request_statement,
    verify_word,
)
from service.client.trust.statements import read, signed_by
from service.domain.credential import Envelope
from service.domain.errors import NotSuccessorError
from service.domain.events import Action
from service.domain.quorum import Decision, quorum
from service.domain.successor import check_follows, sealer_of
from service.wire.base import Dsse
from service.wire.log import LogView, ProvenLeaf
from service.wire.successor import ProvenStatement, Successor

_ASKED = frozenset({Action.REQUEST_OPENED.value, Action.REQUEST_IMPORTED.value})
_APPROVED = frozenset({Action.REQUEST_APPROVED.value})
_RELEASED = frozenset({Action.REQUEST_RELEASED.value})
_SEALED = frozenset({Action.ENVELOPE_SEALED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """The checkpoint of what is shown; every leaf has to lead to it."""

    account: str
    checkpoint: Checkpoint

    def leaf(
        self, shown: ProvenLeaf, statement: Statement, actions: frozenset[str], request: str
    ) -> Leaf:
        """Return the leaf that has exactly this statement."""
        try:
            leaf = replace(parse_leaf(b64decode(shown.leaf)), statement=statement.raw)
            path = [b64decode(item) for item in shown.path]
            digest, head = leaf_hash(encode_leaf(leaf)), self.checkpoint
            verify_inclusion(digest, leaf.seq, head.size, path, head.root)
        except (CryptoError, ValueError) as refused:
            raise _unproven(f"the log does not prove its {statement.kind}: {refused}") from None
        said = (leaf.action in actions, leaf.subject, leaf.request)
        if said != (True, self.account, request):
            raise _unproven(f"another entry is shown for its {statement.kind}")
        return leaf


def check_head(shown: Successor | None, log: LogView | None) -> None:
    """Check that evidence leads to the log that this device watches: the one in the same answer.

    Without one, as in a bundle, the signature of the roster's log key has to do.

    Raises:
        ClientRefusal: ``successor-unproven``.
    """
    if shown is not None and log is not None and shown.checkpoint != log.checkpoint:
        raise _unproven("what proves it is of another checkpoint than the service shows")


def verify_successor(
    envelope: Envelope, manifest: Statement, chain: VerifiedChain, shown: Successor | None
) -> None:
    """Verify that a manifest, whose signature is verified, follows its signer's own release.

    Raises:
        ClientRefusal: one of the codes above.
    """
    if shown is None:
        raise _unproven("the service does not show the release that it follows")
    verifier = _verifier(chain.newest.log_key)
    log = _Log(account=envelope.account, checkpoint=open_signed(shown.checkpoint, verifier))
    sealed = log.leaf(shown.sealed, manifest, _SEALED, "")
    about = _request(log, shown, chain)
    opened = _opened(shown.opened, chain)
    _check_rules(envelope, about, opened, chain)
    released = _released(log, shown.release, about)
    if not released.seq < sealed.seq:
        raise _unproven("the release is no earlier than the seal")
    _check_quorum(_decisions(log, shown, about), about, opened, chain, released.seq)


def _verifier(key: str) -> NoteVerifier:
    try:
        return NoteVerifier.from_vkey(key)
    except CryptoError as refused:
        raise _unproven(f"the roster's log key is none: {refused}") from None


def _request(log: _Log, shown: Successor, chain: VerifiedChain) -> VerifiedRequest:
    statement = read(shown.request.statement, "request")
    number = statement.payload["request"]
    leaf = log.leaf(shown.request.leaf, statement, _ASKED, number)
    imported = leaf.action == Action.REQUEST_IMPORTED.value
    if imported is not statement.payload["offline"]:
        raise _unproven("its request was entered as another kind")
    return verify_request_statement(shown.request.statement, leaf.at, chain)


def _opened(dsse: Dsse, chain: VerifiedChain) -> Envelope:
    """Return the envelope that was opened; those who approved have judged who sealed that one."""
    statement = read(dsse, "manifest")
    opened = Envelope.from_payload(statement.payload, statement.digest)
    signer = sealer_of(chain.named(opened.roster), opened.sealer)
    signed_by(statement, signer, code="manifest-forged", what="the manifest before")
    return opened


def _check_rules(
    envelope: Envelope, about: VerifiedRequest, opened: Envelope, chain: VerifiedChain
) -> None:
    try:
        check_follows(
            envelope,
            roster=chain.named(envelope.roster),
            request=about.request,
            asked_under=about.roster,
            opened=opened,
        )
    except NotSuccessorError as refused:
        raise ClientRefusal(
            "manifest-forged", f"the manifest was not signed by a sealer: {refused}"
        ) from None


def _released(log: _Log, shown: ProvenStatement, about: VerifiedRequest) -> Leaf:
    release, request = verify_word(shown.statement, "release", about), about.request
    leaf = log.leaf(shown.leaf, release, _RELEASED, request.id)
    if not request.offline and not request.entered_at <= leaf.at < request.expires_at:
        raise _unproven("the release is not within the request's lifetime")
    return leaf


def _decisions(log: _Log, shown: Successor, about: VerifiedRequest) -> Iterator[Decision]:
    for part in shown.approvals:
        statement = read(part.statement, "decision")
        leaf = log.leaf(part.leaf, statement, _APPROVED, about.request.id)
        yield verify_decision(part.statement, about, seq=leaf.seq, at=leaf.at)


def _check_quorum(
    decisions: Iterator[Decision],
    about: VerifiedRequest,
    opened: Envelope,
    chain: VerifiedChain,
    until: int,
) -> None:
    count = quorum(
        roster=about.roster,
        manifest_roster=chain.named(opened.roster),
        manifest=opened,
        request=about.request,
        entered_at=about.request.entered_at,
        decisions=decisions,
        until_seq=until,
    )
    if not count.met:
        raise ClientRefusal(
            "no-quorum", "the release that a requester's seal follows had too few approvals"
        )


def _unproven(why: str) -> ClientRefusal:
    return ClientRefusal(
        "successor-unproven",
        f"a requester has sealed this, and {why}",
        "try again in a minute; if it stays so, tell the auditor",
    )
