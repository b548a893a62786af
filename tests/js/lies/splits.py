"""What a hostile sealer's shares come to: every row of ``tests.hostile``, on every path."""

from typing import Any

from crypto.recipient import RecipientKey
from tests.cast import CUSTODIANS, somebody
from tests.client import honest
from tests.client.shares import test_opening as table
from tests.hostile import MIXED, Row
from tests.js.lies import releases
from tests.js.lies.case import Case, chained

PATHS = ("confirm", "approve", "drill", "offline")


def cases() -> list[Case]:
    rows = [*table.BY.values(), MIXED]
    return [
        *(custodians(row, path) for row in rows for path in PATHS),
        *(combined(row) for row in table.BY.values() if row.sent),
        *mixed(),
    ]


def custodians(row: Row, path: str) -> Case:
    sealed, roster = table.sealed_by(row), table.roster_for(row.name)
    given = chained(
        roster,
        manifest=sealed.statement,
        at=honest.entered(sealed.statement, 1).at,
        custodians=[
            {
                "person": somebody(name).id,
                "group": honest.group_of(name),
                "sealed": sealed.blob_of(name),
                "root": somebody(name).identity.root.reveal(),
            }
            for name in CUSTODIANS
        ],
    )
    if path != "confirm":
        drill = path == "drill"
        given["request"] = honest.request_by(
            RecipientKey.generate().public,
            roster=roster,
            sealed=sealed,
            drill=drill,
            offline=path == "offline",
            task="drill" if drill else "mfa-devices",
        )
    found = table.found_by(row)
    says = {somebody(name).id: row.code if name in found else "" for name in CUSTODIANS}
    return Case(f"{path}: {row.name}", "everyCustodian", given, says=says)


def release(row: Row, *approvers: str, **expected: Any) -> Case:
    _, world = table.released(row, *approvers)
    given = {"private": world.recipient.private.reveal(), **releases.given(world)}
    name = f"release: {row.name}, {' '.join(approvers) or 'all'}"
    return Case(name, "openRelease", given, **expected)


def combined(row: Row) -> Case:
    if row.name == "one share in two hands":
        return release(row, says=releases.reveals(("ann", "cem", "dea", "eli"), ["bob"]))
    return release(row, code="not-enough-shares")


def mixed() -> list[Case]:
    whole = table.two_whole_splits()
    return [
        release(MIXED, says=releases.reveals(("bob", "cem", "dea", "eli"), ["ann"])),
        release(MIXED, "ann", "bob", "dea", "eli", code="not-enough-shares"),
        release(
            whole, "bob", "dea", "cem", "eli", says=releases.reveals(("cem", "eli"), ["bob", "dea"])
        ),
        release(whole, "bob", "dea", code="does-not-open"),
    ]
