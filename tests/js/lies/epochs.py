"""A log that was put back: every case of ``tests.client.cli.test_epochs``."""

from collections.abc import Sequence
from typing import Any

from crypto.epoch import ACTION
from crypto.merkle import leaf_hash
from tests.client.cli.test_checkpoints import LEAVES, note, signer
from tests.client.cli.test_epochs import KEPT, TOO_LITTLE, PutBack, abandoned, epoch_leaf
from tests.js.lies.case import Case


def cases() -> list[Case]:
    good = epoch_leaf(abandoned(5))
    explained = [
        _case(f"{size} entries were seen", abandoned(size), PutBack(good), "log-epoch-began")
        for size in (3, 4, 5)
    ]
    return [*explained, *_lies(good), *_known(good)]


def _lies(good: bytes) -> list[Case]:
    """A leaf that admits too little, or is not in the log, explains nothing."""
    found = []
    for name, (seen, leaf) in TOO_LITTLE.items():
        shorter = int(seen.split("\n")[1]) > KEPT + 1
        code = "log-rewound" if shorter else "log-forked"
        found.append(_case(name, seen, PutBack(leaf), code))
    paths: Sequence[list[bytes]] = ([], [LEAVES[0]])
    for path in paths:
        log = PutBack(good, path)
        found.append(_case(f"a path of {len(path)}", abandoned(4), log, "log-rewound"))
    renamed = good.replace(ACTION.encode(), b"clock:accepted")
    return [*found, _case("of another action", abandoned(4), PutBack(renamed), "log-rewound")]


def _known(good: bytes) -> list[Case]:
    """What came after an epoch was not lost by it; who lost nothing is told once."""
    log = PutBack(good)
    later = note([*LEAVES[:KEPT], leaf_hash(good), leaf_hash(b"x")])
    known = [{"note": abandoned(5), "size": KEPT}]
    after = {"verifierKey": signer().verifier.vkey, "checkpoint": log.note}
    says: dict[str, Any] = {"log": after, "pinned": False, "size": KEPT, "news": 1}
    fresh = _case("nothing of it was seen", abandoned(2), log, "", says=says)
    again = _case("and told already", abandoned(2), log, "", known=known, says=says | {"news": 0})
    return [_case("rewritten behind it", later, log, "log-rewound", known=known), fresh, again]


def _case(
    name: str,
    seen: str,
    log: PutBack,
    code: str,
    *,
    known: Sequence[Any] = (),
    says: dict[str, Any] | None = None,
) -> Case:
    kept = {"verifierKey": signer().verifier.vkey, "checkpoint": seen}
    return Case(name, "continued", {"answer": log.answer, "seen": kept, "known": known}, code, says)
