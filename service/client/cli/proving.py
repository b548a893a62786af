"""One leaf of the log, proved: it stands in the log that this device watches."""

from crypto.checkpoint import Checkpoint
from crypto.encoding import b64decode
from crypto.errors import CryptoError
from crypto.leaf import Leaf, parse_leaf
from crypto.note import NoteVerifier
from crypto.proof import parse_receipt
from service.client.cli.checkpoints import check_log
from service.client.cli.invocation import Invocation
from service.client.device import memory
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.growth import check_growth, open_signed
from service.wire.log import CheckpointAnswer, Proof, RawLeaves


def proved_leaf(run: Invocation, api: Api, seq: int) -> Leaf:
    """Fetch a leaf with its proof, and verify both against the log as this device remembers it.

    Raises:
        ClientRefusal: ``log-receipt-forged``, ``log-receipt-wrong-leaf``, ``not-proved`` (the log
            of the proof and the one that is remembered could not be held together now), or a code
            of ``checkpoints.check_log``.
    """
    proof = api.get(f"/events/{seq}/proof", Proof).proof
    raw = api.get("/leaves", RawLeaves, start=seq, count=1)
    check_log(run, api)
    seen = memory.pinned_log(run.home, api.server)
    if seen is None or raw.start != seq or len(raw.leaves) != 1:
        raise _not_proved()
    verifier = NoteVerifier.from_vkey(seen.verifier_key)
    leaf, under = _verified(proof, raw.leaves[0], seq, verifier)
    _check_same_log(api, under, seen.opened(verifier), verifier)
    return leaf


def _verified(
    proof: str, encoded: str, seq: int, verifier: NoteVerifier
) -> tuple[Leaf, Checkpoint]:
    try:
        data = b64decode(encoded)
        receipt = parse_receipt(proof)
        under = receipt.verify(data, verifier)
        leaf = parse_leaf(data)
    except CryptoError as refused:
        raise ClientRefusal(
            "log-receipt-forged", f"the proof of entry {seq} does not verify: {refused}"
        ) from None
    if receipt.index != seq or leaf.seq != seq:
        raise ClientRefusal(
            "log-receipt-wrong-leaf", f"what is shown as entry {seq} is another one"
        )
    return leaf, under


def _check_same_log(api: Api, under: Checkpoint, known: Checkpoint, verifier: NoteVerifier) -> None:
    """Demand that the log of a proof is the beginning of the one that is remembered."""
    if under.size != known.size:
        answer = api.get("/checkpoint", CheckpointAnswer, seen=under.size)
        newest = open_signed(answer.checkpoint, verifier)
        check_growth(answer.consistency, newest, under)
        under = newest
    if (under.size, under.root) != (known.size, known.root):
        raise _not_proved()  # it has grown meanwhile: the next time will tell


def _not_proved() -> ClientRefusal:
    return ClientRefusal("not-proved", "the log could not prove an entry now", "try again later")
