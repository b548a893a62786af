"""Other lines, as a service shows or hides them from someone who has verified their rosters."""

from collections.abc import Sequence
from typing import Any

from crypto.encoding import b64encode
from crypto.statement import Statement
from tests.cast import ACCOUNT, somebody
from tests.client.honest import first_roster, second_roster
from tests.js.lies.case import Case

SECOND, THIRD = f"{ACCOUNT}.2", f"{ACCOUNT}.3"
OTHER = "444455556666"


def line(account: str, roster: Statement | None, *, able: bool = True) -> dict[str, Any]:
    payload = b64encode(roster.body) if roster else ""
    return {"account": account, "payload": payload, "signed": True, "able": able}


def cases() -> list[Case]:
    one, two, ended = first_roster(), second_roster(), second_roster(retired=True)
    known = [ACCOUNT, [1, one.digest]]
    newer = [ACCOUNT, [2, two.digest]]
    here = [SECOND, [1, "0" * 64]]
    first = line(ACCOUNT, one)

    def told(
        name: str, lines: Sequence[Any], remembered: Sequence[Any], says: Sequence[Any], **more: Any
    ) -> Case:
        given = {"account": SECOND, "person": somebody("ann").id, "remembered": remembered}
        mine, able, hidden = says
        expected = {"mine": mine, "able": able, "hidden": hidden}
        return Case(name, "beside", {**given, "lines": lines, **more}, says=expected)

    mine: list[str] = [ACCOUNT]
    none: list[str] = []
    return [
        told("named in the first", [first], [known, here], [mine, mine, none]),
        told("never seen here", [first], [], [mine, mine, none]),
        told("not named", [first], [], [none, mine, none], person=somebody("zoe").id),
        told("known, not named", [first], [known], [none, mine, none], person=somebody("zoe").id),
        told(
            "newer, and not named any more",
            [line(ACCOUNT, two)],
            [known],
            [mine, mine, none],
            person=somebody("zoe").id,
        ),
        told("retired", [line(ACCOUNT, ended)], [known], [mine, none, none]),
        told(
            "retired by a draft alone",
            [line(ACCOUNT, ended) | {"signed": False}],
            [],
            [mine, mine, none],
        ),
        told("another account's", [line(OTHER, one)], [], [none, none, none]),
        told("itself", [line(SECOND, one)], [], [none, none, none]),
        told("newer than known", [line(ACCOUNT, two)], [known], [mine, mine, none]),
        told("kept back", [], [known, here], [mine, none, mine]),
        told("only a draft", [first | {"signed": False}], [known], [mine, mine, mine]),
        told("a draft, never seen here", [first | {"signed": False}], [], [mine, mine, none]),
        told("without its roster", [line(ACCOUNT, None)], [known], [mine, mine, mine]),
        told("an older one", [first], [newer], [mine, mine, mine]),
        told("another of its version", [first], [[ACCOUNT, [1, "0" * 64]]], [mine, mine, mine]),
        told("of another line", [line(THIRD, one, able=False)], [], [none, none, none]),
        told("no roster", [first | {"payload": "AAAA"}], [], [none, mine, none]),
        told("later and kept back", [first], [[THIRD, [1, "0" * 64]]], [mine, mine, [THIRD]]),
        told("another account", [first], [[OTHER, [1, "0" * 64]]], [mine, mine, none]),
        told(
            "in the first line",
            [line(SECOND, None)],
            [known, here],
            [none, [SECOND], [SECOND]],
            account=ACCOUNT,
        ),
    ]
