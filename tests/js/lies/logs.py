"""The log's head: every lie of ``tests.client.cli.test_checkpoints``."""

from collections.abc import Sequence
from typing import Any

from tests.client.cli import test_checkpoints as table
from tests.client.cli.test_checkpoints import FROM_2, FROM_3, LEAVES, note, receipt, signer
from tests.js.lies.case import Case


def seen(size: int) -> dict[str, str]:
    return {"verifierKey": signer().verifier.vkey, "checkpoint": note(LEAVES[:size])}


def cases() -> list[Case]:
    return [*grown(), *lies(), *heads(), *receipts()]


def heads() -> list[Case]:
    """The same lies to a browser that has only the head of what its owner signed."""
    head = table.HEAD_OF_3
    mine = {"verifierKey": "", "checkpoint": head.checkpoint}
    after = {"verifierKey": signer().verifier.vkey, "checkpoint": note(LEAVES)}
    honest = {"answer": table.Log(note(LEAVES), FROM_3).answer, "seen": mine}
    says = {"log": after, "pinned": True, "size": 3}
    told = [
        Case(f"after what I signed: {case.name}", case.act, {**case.given, "seen": mine}, case.code)
        for case in lies()
        if case.given["seen"] is not None and case.code != "log-key-changed"
    ]
    return [Case("a log that has what I signed", "continued", honest, says=says), *told]


def grown() -> list[Case]:
    sizes: Sequence[tuple[int, Sequence[bytes]]] = ((2, FROM_2), (3, FROM_3), (4, ()))
    after = {"verifierKey": signer().verifier.vkey, "checkpoint": note(LEAVES)}
    told = [
        Case(
            f"a log that grew from {size}",
            "continued",
            {"answer": table.Log(note(LEAVES), proof).answer, "seen": seen(size)},
            says={"log": after, "pinned": False, "size": size},
        )
        for size, proof in sizes
    ]
    first = {"answer": table.Log(note(LEAVES)).answer, "seen": None}
    return [
        *told,
        Case("at first sight", "continued", first, says={"log": after, "pinned": True, "size": 0}),
    ]


def lies() -> list[Case]:
    [marks] = [
        mark
        for mark in table.test_a_log_that_does_anything_else_is_refused_loudly.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    ]
    told: list[tuple[str, dict[str, Any], dict[str, str] | None, str]] = []
    for param in marks.args[1]:
        log, code = param.values
        told.append((param.id, log.answer, seen(3), code))
    no_key = table.Log(note(LEAVES), vkey="x").answer
    told.append(("a key that is none", no_key, None, "malformed"))
    other = table.Log(note(LEAVES), vkey=signer(2).verifier.vkey).answer
    told.append(("signed by another key than told", other, None, "log-not-signed"))
    return [
        Case(name, "continued", {"answer": answer, "seen": before}, code)
        for name, answer, before, code in told
    ]


def receipts() -> list[Case]:
    told = (
        ("an act's receipt", receipt(note(LEAVES)), ""),
        ("of another leaf", receipt(note(LEAVES), index=2), "log-receipt-forged"),
        ("under another key", receipt(note(LEAVES, signer(2))), "log-receipt-forged"),
        ("of a shorter log", receipt(note(LEAVES[:3])), "log-receipt-forged"),
        ("that is none", "x", "log-receipt-forged"),
    )
    vkey = signer().verifier.vkey
    return [
        Case(f"receipt: {name}", "checkReceipt", {"receipt": text, "leaf": 3, "vkey": vkey}, code)
        for name, text, code in told
    ]
