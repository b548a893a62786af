"""A log that is looked into: entries with their proofs, kept checkpoints, words of witnesses.

Each case is a whole service: what it answers by path, and what the browser remembers of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crypto.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from crypto.cosignature import Cosigner
from crypto.encoding import b64encode
from crypto.merkle import leaf_hash
from crypto.note import NoteSigner, parse_note
from crypto.proof import parse_receipt
from crypto.secret import SecretBytes
from tests.client.honest import ORIGIN
from tests.client.logs import Log
from tests.client.witness.witnessed import grow, log_of
from tests.js.lies.case import Case

SIZE, SEEN, ENTRY = 12, 5, 3
AT = 1_795_426_200
W1, W2 = (Cosigner(f"witness.example/w{n}", SecretBytes(bytes([n]) * 32)) for n in (1, 2))


def grown(size: int = SIZE) -> Log:
    return log_of(size)


def rewritten(size: int = SIZE, *, since: int = 0) -> Log:
    """Another history under the same key, from the entry ``since`` on."""
    log = log_of(since)
    grow(log, size, other="x")
    return log


@dataclass
class Service:
    """What it answers; ``lies`` replace honest answers by path."""

    log: Log = field(default_factory=grown)
    witnesses: Sequence[Mapping[str, Any]] = ()
    lies: Mapping[str, Any] = field(default_factory=dict)

    def answers(self) -> dict[str, Any]:
        found: dict[str, Any] = {"/witnesses": {"witnesses": list(self.witnesses)}}
        for index, leaf in enumerate(self.log.leaves):
            found[f"/events/{index}/proof"] = {"proof": self.log.receipt(index)}
            found[f"/leaves?start={index}&count=1"] = {"start": index, "leaves": [b64encode(leaf)]}
        for seen in range(len(self.log.leaves) + 6):
            found[f"/checkpoint?seen={seen}"] = self.head(seen)
        return found | dict(self.lies)

    def head(self, seen: int) -> dict[str, Any]:
        size = len(self.log.leaves)
        proof = self.log.proofs().consistency(seen, size) if 0 < seen < size else []
        return {
            "checkpoint": self.log.checkpoint(),
            "verifier_key": self.log.signer.verifier.vkey,
            "size": size,
            "consistency": [b64encode(one) for one in proof],
        }


def case(
    name: str,
    act: str,
    code: str = "",
    says: Any = None,
    *,
    service: Service | None = None,
    seen: Log | None = None,
    compared: Sequence[str] = (),
    **given: Any,
) -> Case:
    """``seen`` is the log of which the browser remembers the head."""
    watched = seen or grown(SEEN)
    remembered = {
        "verifierKey": watched.signer.verifier.vkey,
        "checkpoint": watched.checkpoint(),
    }
    answers = (service or Service()).answers()
    world = {"answers": answers, "seen": remembered, "compared": list(compared)}
    return Case(name, act, {**world, **given}, code, says)


def cases() -> list[Case]:
    return [*entries(), *kept(), *pasted(), *witnesses()]


def entries() -> list[Case]:
    log = grown()
    proof = f"/events/{ENTRY}/proof"
    leaves = f"/leaves?start={ENTRY}&count=1"
    changed = log.leaves[ENTRY].replace(b'"n":3', b'"n":4')
    assert changed != log.leaves[ENTRY]
    twisted = parse_receipt(log.receipt(ENTRY)).text.replace("index 3", "index 2")
    other = rewritten()
    told: list[tuple[str, Mapping[str, Any], str]] = [
        ("leaf changed", {leaves: {"start": ENTRY, "leaves": [b64encode(changed)]}}, "forged"),
        ("another leaf's proof", {proof: {"proof": log.receipt(ENTRY + 1)}}, "forged"),
        ("a proof for another place", {proof: {"proof": twisted}}, "forged"),
        ("no proof", {proof: {"proof": "x"}}, "forged"),
        (
            "another entry whole",
            {
                proof: {"proof": log.receipt(ENTRY + 1)},
                leaves: {"start": ENTRY, "leaves": [b64encode(log.leaves[ENTRY + 1])]},
            },
            "wrong-leaf",
        ),
    ]
    lies = [
        case(
            f"entry: {name}",
            "provenEntry",
            f"log-receipt-{code}",
            seq=ENTRY,
            service=Service(lies=lie),
        )
        for name, lie, code in told
    ]
    of_other = {
        proof: {"proof": other.receipt(ENTRY)},
        leaves: {"start": ENTRY, "leaves": [b64encode(other.leaves[ENTRY])]},
    }
    shifted = {leaves: {"start": ENTRY + 1, "leaves": [b64encode(log.leaves[ENTRY + 1])]}}
    honest = {"hash": b64encode(leaf_hash(log.leaves[ENTRY])), "size": SIZE, "head": SIZE}
    return [
        case("entry: honest", "provenEntry", "", honest, seq=ENTRY),
        case("entry: the first that was seen", "provenEntry", "", honest, seq=ENTRY, seen=grown()),
        *lies,
        case(
            "entry: of a log beside ours",
            "provenEntry",
            "log-forked",
            seq=ENTRY,
            service=Service(lies=of_other),
        ),
        case(
            "entry: the log was rewritten",
            "provenEntry",
            "log-forked",
            seq=ENTRY,
            service=Service(other),
        ),
        case(
            "entry: not the one asked for",
            "provenEntry",
            "server-answer",
            seq=ENTRY,
            service=Service(lies=shifted),
        ),
    ]


def kept() -> list[Case]:
    def headed(name: str, note: str, code: str = "", says: Any = None, **more: Any) -> Case:
        return case(f"kept: {name}", "headAfter", code, says, note=note, **more)

    hashes = len(grown().proofs().consistency(7, SIZE))
    between = Service(lies={"/checkpoint?seen=8": Service(rewritten(SIZE, since=6)).head(8)})
    forked, longer = rewritten(8).checkpoint(), grown(SIZE + 3).checkpoint()
    given_up = Service(
        lies={
            f"/checkpoint?seen={seen}": {**Service().head(seen), "epochs": [{}]}
            for seen in (8, SIZE + 3)
        }
    )
    begins = "the log that is shown now does not begin with the 8 entries of the checkpoint"
    shows = "has 15 entries: the log had 15 entries and now shows 12"
    said: list[tuple[str, str, Service, list[Any]]] = [
        ("forked", forked, Service(), [f"{begins} that you kept", False]),
        ("given up", forked, given_up, [f"{begins} that you kept", True]),
        ("longer", longer, given_up, [f"the checkpoint that you kept {shows}", True]),
    ]
    return [
        *(
            case(f"kept, in words: {name}", "refusedWith", "", words, service=service, note=note)
            for name, note, service, words in said
        ),
        headed("a beginning", grown(7).checkpoint(), "", [SIZE, hashes]),
        headed("the whole log", grown().checkpoint(), "", [SIZE, 0]),
        headed("nothing yet", grown(0).checkpoint(), "", [SIZE, 0]),
        headed("of another history", rewritten(8).checkpoint(), "log-forked"),
        headed("another history of this size", rewritten().checkpoint(), "log-forked"),
        headed("longer than the log", grown(SIZE + 3).checkpoint(), "log-rewound"),
        headed(
            "continued by another log",
            rewritten(8, since=6).checkpoint(),
            "log-forked",
            service=between,
        ),
    ]


def pasted() -> list[Case]:
    note = grown(8).checkpoint()
    mail = f"Dear all,\n\nria was released.\n\nThe log of {ORIGIN}:\n\n{note}\n-- \nthe service\n"
    quoted = "\r\n".join(f"> {line}" for line in mail.split("\n"))
    two = f"{grown(3).checkpoint()}\n{note}\n{note}"
    stranger = NoteSigner(ORIGIN, SecretBytes(bytes(32)))
    forged = sign_checkpoint(parse_checkpoint(parse_note(note)[0]), stranger)
    elsewhere = NoteSigner("log.example/other", SecretBytes(bytes(32)))
    head = Checkpoint(origin="log.example/other", size=1, root=bytes(32))
    many = "\n".join(grown(size).checkpoint() for size in range(1, 22))
    cosigned = note + W1.cosign(parse_checkpoint(parse_note(note)[0]), AT)
    receipt = grown(8).receipt(2)
    told: list[tuple[str, str, str, list[int] | None]] = [
        ("a note", note, "", [8]),
        ("with cosignatures", cosigned, "", [8]),
        ("a mail", mail, "", [8]),
        ("a mail, quoted", quoted, "", [8]),
        ("a receipt", receipt, "", [8]),
        ("two, one of them twice", two, "", [8, 3]),
        ("under a forged one", f"{forged}\n{note}", "", [8]),
        ("nothing", "", "not-a-checkpoint", None),
        ("prose", f"have a look at\n{ORIGIN}\nplease", "not-a-checkpoint", None),
        ("forged", forged, "not-a-checkpoint", None),
        ("one digit changed", note.replace("\n8\n", "\n9\n"), "not-a-checkpoint", None),
        ("cut off", note[:-20], "not-a-checkpoint", None),
        ("of another log", sign_checkpoint(head, elsewhere), "not-a-checkpoint", None),
        ("more than are looked at", many, "too-many", None),
    ]
    return [case(f"pasted: {n}", "checkpointsIn", code, says, text=t) for n, t, code, says in told]


def word(
    witness: Cosigner, log: Log, *, line: str = "", state: str = "cosigning"
) -> dict[str, Any]:
    note = log.checkpoint()
    line = line or witness.cosign(parse_checkpoint(parse_note(note)[0]), AT)
    return {
        "key": witness.verifier.vkey,
        "state": state,
        "note": note + line,
        "cosigned_at": "2026-11-23T09:00:00Z",
        "since": "",
    }


def witnesses() -> list[Case]:
    def heard(
        name: str, code: str, says: Any, *words: Mapping[str, Any], compared: Sequence[str] = ()
    ) -> Case:
        service = Service(witnesses=words)
        return case(
            f"witnesses: {name}", "heardWitnesses", code, says, service=service, compared=compared
        )

    w1, w2 = W1.verifier, W2.verifier
    good = [w1.name, "cosigning", 8, AT, False]
    waiting = {**word(W2, grown()), "state": "waiting", "note": "", "cosigned_at": ""}
    old = parse_checkpoint(parse_note(grown(7).checkpoint())[0])
    by_other = {**word(W1, grown(8)), "key": w2.vkey}
    stranger = {**word(W1, grown(8)), "key": grown().signer.verifier.vkey}
    return [
        heard("none", "", {"words": [], "missing": []}),
        heard("one", "", {"words": [good], "missing": []}, word(W1, grown(8))),
        heard(
            "two, one of which was compared and one never asked",
            "",
            {"words": [[*good[:4], True], [w2.name, "waiting", 0, 0, False]], "missing": []},
            word(W1, grown(8)),
            waiting,
            compared=[w1.vkey],
        ),
        heard(
            "one that was compared is gone",
            "",
            {"words": [good], "missing": [w2.name]},
            word(W1, grown(8)),
            compared=[w2.vkey],
        ),
        heard(
            "a forged line", "cosignature-forged", None, word(W1, grown(8), line=W1.cosign(old, AT))
        ),
        heard("no line of its own", "cosignature-forged", None, by_other),
        heard(
            "a line that is none",
            "cosignature-forged",
            None,
            {**word(W1, grown(8)), "note": grown(8).checkpoint()},
        ),
        heard("of another history", "log-forked", None, word(W1, rewritten(8))),
        heard("of more than there is", "log-rewound", None, word(W1, grown(SIZE + 1))),
        heard(
            "of what the log has not signed",
            "log-not-signed",
            None,
            {**word(W1, grown(8)), "note": "x"},
        ),
        heard("no key", "server-answer", None, stranger),
        heard("one twice", "server-answer", None, word(W1, grown(8)), word(W1, grown(8))),
    ]
