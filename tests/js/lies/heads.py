"""Heads that statements name: every case of ``tests.client.trust.test_lies_heads``."""

from typing import Any

from tests.cast import somebody
from tests.client.honest import decision_by, entered, first_envelope, receipt_of
from tests.client.released import world
from tests.client.trust.test_lies_heads import rows, shown
from tests.client.trust.test_lies_shown import detail
from tests.js.lies.case import Case, chained

NOT_THIS = "names a log that is not this one"


def cases() -> list[Case]:
    return [*judged(), *set_apart(), *relied(), received()]


def judged() -> list[Case]:
    found = []
    for name, row in rows().items():
        said = row.statement
        decided = None if row.place is None else entered(said, row.place)
        subject = {"decisions": [decided]} if decided else {"receipts": [said]}
        given = {"log": shown(row.heads), "subject": subject}
        found.append(Case(name, "foreignIn", given, says=[said.digest] if row.foreign else []))
    return found


def set_apart() -> list[Case]:
    told, made = world(), world().decisions
    denial = decision_by("ann", told.request)
    denied = {"decisions": [*told.released.decisions, entered(denial, 9, 9)]}
    everyone = ["ann", "bob", "dea"]

    def told_of(name: str, foreign: list[str], says: dict[str, Any], **more: Any) -> Case:
        honest = {"counted": everyone, "lacks": [], "refusal": "", "news": []}
        given = chained(detail={**detail(), "receipts": [], **more}, foreign=foreign)
        return Case(name, "apartOf", given, says=honest | says)

    return [
        told_of("nothing of another log", ["0" * 64], {}),
        told_of(
            "an approval of another log",
            [made["bob"].digest],
            {
                "counted": ["ann", "dea"],
                "lacks": [["bob", "password"]],
                "news": [f"The approval of bob {NOT_THIS}: it is not counted"],
            },
        ),
        told_of(
            "a denial of another log",
            [denial.digest],
            {"counted": [*everyone, "ann"], "news": [f"The denial of ann {NOT_THIS}"]},
            **denied,
        ),
        told_of(
            "a request of another log",
            [told.request.digest],
            {"refusal": "log-forked", "news": [f"The request of gus {NOT_THIS}"]},
        ),
        told_of(
            "a release of another log",
            [told.release.digest],
            {"news": [f"The release of gus {NOT_THIS}"]},
        ),
        told_of(
            "my receipt of another log",
            [receipt_of("ann", first_envelope()).digest],
            {"news": [f"The custody receipt of ann {NOT_THIS}"]},
            receipts=[receipt_of("ann", first_envelope())],
        ),
    ]


def relied() -> list[Case]:
    """What a release wants the log to show: one approval of each person, none of another log."""
    told = world()
    again = decision_by("ann", told.request, told.blobs["ann"], reason="once more")
    twice = {
        **detail(),
        "receipts": [],
        "decisions": [*told.released.decisions, entered(again, 9, 9)],
    }
    each = [[f"the approval of {name}", True] for name in ("ann", "bob", "dea")]
    lacks = ["an approval of this log by ann", False]
    before = told.decisions["ann"]
    return [
        Case("approved twice", "relied", chained(detail=twice, foreign=[]), says=each),
        Case(
            "the first of them elsewhere",
            "relied",
            chained(detail=twice, foreign=[before.digest]),
            says=[*each[1:], each[0], lacks],
        ),
        Case(
            "both elsewhere",
            "relied",
            chained(detail=twice, foreign=[before.digest, again.digest]),
            says=[*each[1:], lacks, lacks],
        ),
    ]


def received() -> Case:
    """Of two receipts of an envelope, one is of another log."""
    sealed = first_envelope()
    receipts = [receipt_of("ann", sealed), receipt_of("dea", sealed)]
    given = chained(manifest=sealed.statement, receipts=receipts, foreign=[receipts[0].digest])
    says = [f"mfa {somebody('dea').id}"]
    return Case("a receipt of another log", "countedReceipts", given, says=says)
