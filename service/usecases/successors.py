"""The evidence that goes with an envelope which its requester has sealed."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.domain.case import Case
from service.domain.credential import Envelope
from service.domain.quorum import last_words
from service.domain.successor import sealed_by_requester
from service.storage import envelopes, proofs, requests, rosters, statements, witnesses
from service.storage.errors import StorageError
from service.storage.statements import Received
from service.usecases.checkpoints import checkpoint_size, proven_leaves
from service.usecases.context import Context
from service.usecases.loading import case_of
from service.usecases.signing import dsse
from service.wire.log import LogView, ProvenLeaf
from service.wire.successor import ProvenStatement, Successor

Leaves = Mapping[int, ProvenLeaf]


def by_requesters(session: Session, found: Iterable[Envelope]) -> set[str]:
    """Those of these manifests, by digest, that no sealer of their roster has sealed."""
    perhaps = [one for one in found if one.after_requests]
    named = rosters.accepted(session, {one.roster for one in perhaps})
    return {one.digest for one in perhaps if sealed_by_requester(one, named[one.roster])}


def evidence(
    ctx: Context, manifests: Collection[str], view: LogView | None = None
) -> Mapping[str, Successor]:
    """What shows of each of these that its requester could seal it, by digest.

    It leads to the checkpoint of ``view``, the log in the same answer, where there is one. One that
    no signed checkpoint covers is left out: who reads it must wait. Call it after they were read,
    and in no transaction.
    """
    if not manifests:
        return {}
    note = view.checkpoint if view else _note(ctx)
    if not note:
        return {}
    with ctx.read() as unit:
        reader, size = proofs.Reader(unit.session), checkpoint_size(note)
        found = {}
        for digest in manifests:
            sealed = envelopes.by_manifest(unit.session, digest).envelope
            stored = _own(unit.session, sealed)
            parts = _counted(stored, case_of(unit.session, stored))
            places = {sealed.seq, *(part.seq for part in parts)}
            proven = proven_leaves(unit.session, reader, places, size)
            leaves = {leaf.seq: leaf for leaf in proven}
            if leaves.keys() == places:
                found[digest] = _shape(stored, parts, sealed, leaves, note)
    return found


def _note(ctx: Context) -> str:
    """The newest checkpoint; where none can be signed now, the one that was signed last."""
    try:
        return ctx.signer.checkpoint(ctx.database)
    except (StorageError, SQLAlchemyError, OSError):
        with ctx.read() as unit:
            kept = witnesses.newest_kept(unit.session)
        return kept.note if kept else ""


def _own(session: Session, sealed: Envelope) -> requests.Stored:
    """The release that it follows: its sealer's last one before it on the envelope in force.

    No older envelope was in force by then, and no newer one could be released from.
    """
    asked = [statements.get(session, digest).statement.payload for digest in sealed.after_requests]
    own = [
        requests.get(session, said["request"])
        for said in asked
        if said["requester"] == sealed.sealer
    ]
    before = [one for one in own if 0 <= one.request.released_seq < sealed.seq]
    return max(before, key=lambda one: (one.sealed.envelope.version, one.request.released_seq))


def _counted(stored: requests.Stored, case: Case) -> list[Received]:
    """The request, the approvals that counted at its release, and the release."""
    until = stored.request.released_seq
    counted = frozenset[str]().union(*case.quorum(until_seq=until).counted.values())
    words = last_words(stored.request.decisions, until_seq=until)
    places = {words[person].seq for person in counted}
    return [
        *stored.of_kind("request"),
        *(one for one in stored.of_kind("decision") if one.seq in places),
        *stored.of_kind("release"),
    ]


def _shape(
    stored: requests.Stored, parts: list[Received], sealed: Envelope, leaves: Leaves, note: str
) -> Successor:
    def proven(part: Received) -> ProvenStatement:
        return ProvenStatement(statement=dsse(part.statement), leaf=leaves[part.seq])

    request, *approvals, release = map(proven, parts)
    return Successor(
        request=request,
        approvals=approvals,
        release=release,
        opened=dsse(stored.sealed.manifest),
        sealed=leaves[sealed.seq],
        checkpoint=note,
    )
