"""What witnesses have seen of the log: every row of ``tests.client.trust.test_outsiders``."""

from typing import Any

from service.domain.outsiders import Outsiders
from tests.client.trust.test_outsiders import ONE, TWO, VERIFIER, cosigned, outsiders, rows, shown
from tests.js.lies.case import Case


def cases() -> list[Case]:
    return [*counted(), *looked_for(), *said()]


def given(log: object, named: Outsiders, **more: Any) -> dict[str, Any]:
    told = {"keys": list(named.keys), "wanted": named.wanted}
    return {"log": log, "key": VERIFIER.vkey, "outsiders": told, **more}


def counted() -> list[Case]:
    return [
        Case(name, "witnessed", given(row.answer, row.named), says=row.size)
        for name, row in rows().items()
    ]


def looked_for() -> list[Case]:
    """Each entry from the first that they have not seen is kept, and said from a day on."""
    return [
        Case(
            f"{name}: kept and said",
            "unseen",
            given(row.answer, row.named),
            says=[[*range(row.size, 9)], [0, 9 - row.size, 9 - row.size], 0],
        )
        for name, row in rows().items()
    ]


def said() -> list[Case]:
    """The service's word on a witness changes what is said, and nothing else."""
    later = shown(newest=cosigned(9, ONE, TWO))
    both = outsiders(ONE, TWO, wanted=2)
    found = []
    for states, silent in [
        (("cosigning", "cosigning"), False),
        (("refuses", "cosigning"), False),
        (("cosigning", "silent"), True),
        (("waiting", "waiting"), True),
        ((), False),
    ]:
        keys = [one.verifier.vkey for one in (ONE, TWO)]
        words = [
            {"key": key, "state": state} for key, state in zip(keys, states, strict=bool(states))
        ]
        told = given(shown(), both, later=later, witnesses=words)
        found.append(Case(f"witnesses {states}", "said", told, says=[silent, 0, 0]))
    return found
