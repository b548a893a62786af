"""Envelopes, requests and words on them: every lie of ``tests.client.trust.test_lies_request``."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from crypto.encoding import format_time
from crypto.randomness import random_bytes
from crypto.statement import Statement
from tests.cast import somebody
from tests.client import honest
from tests.client.honest import (
    START,
    first_envelope,
    first_roster,
    keys_of,
    receipt_of,
    request_by,
    roster_fields,
    signed_roster,
    word_by,
)
from tests.client.released import world
from tests.client.trust import test_lies_request as table
from tests.client.trust import test_lies_shown as around
from tests.js.lies.case import Case, chained, plain

AT = format_time(START)
OTHER = table.OTHER_ACCOUNT


def cases() -> list[Case]:
    return [*manifests(), *receipts(), *sealed_shares(), *requests(), *words(), *shown()]


def manifests() -> list[Case]:
    shares = first_envelope().parts.manifest["shares"]
    swapped = [*shares[1::-1], *shares[2:]]
    moved = [*shares[:2], {**shares[2], "custodian": somebody("gus").id}, *shares[3:]]
    told: Sequence[tuple[str, dict[str, object], str]] = (
        ("an honest manifest", {}, ""),
        ("a share left out", {"shares": shares[1:]}, "manifest-replaced"),
        ("two shares swapped", {"shares": swapped}, "manifest-replaced"),
        ("a share for a requester", {"shares": moved}, "manifest-replaced"),
        ("another account's manifest", {"account": OTHER}, "manifest-replaced"),
        ("an unknown roster", {"roster": "0" * 64}, "roster-unknown"),
        ("a requester as the sealer", {"sealer": somebody("gus").id}, "manifest-forged"),
    )
    return [
        Case(name, "verifyManifest", chained(manifest=table.resigned(**changes)), code)
        for name, changes, code in told
    ]


def receipts() -> list[Case]:
    sealed, other = first_envelope(), honest.seal_for(first_roster())
    good = [receipt_of("ann", sealed), receipt_of("dea", sealed)]

    def heard(
        name: str, shown: Sequence[Statement], code: str, group: str = "password", who: str = "ann"
    ) -> Case:
        told = {"manifest": sealed.statement, "receipts": shown, "group": group}
        return Case(name, "verifyReceipts", chained(**told, person=somebody(who).id), code)

    return [
        heard("honest receipts", good, ""),
        heard("my receipt in another group", good, "receipt-missing", "mfa"),
        heard("no receipt of mine", good, "receipt-missing", who="bob"),
        heard("a receipt for another envelope", [receipt_of("ann", other)], "receipt-forged"),
        heard("a requester's receipt", [receipt_of("gus", sealed)], "receipt-forged"),
        heard("in another group", [table.forged_receipt(sealed, "mfa")], "receipt-forged"),
        heard("in my name", [table.forged_receipt(sealed, "password")], "receipt-forged"),
    ]


def sealed_shares() -> list[Case]:
    blob, ann, gus = first_envelope().blob_of("ann"), somebody("ann").id, somebody("gus").id
    told: Sequence[tuple[str, bytes, str, str, str]] = (
        ("the share that was sealed", blob, "password", ann, ""),
        ("random bytes", random_bytes(len(blob)), "password", ann, "content-replaced"),
        ("another's share", first_envelope().blob_of("bob"), "password", ann, "content-replaced"),
        ("my share in another group", blob, "mfa", ann, "content-replaced"),
        ("my share as another's", blob, "password", gus, "content-replaced"),
    )
    return [
        Case(
            name,
            "checkSealedShare",
            chained(manifest=first_envelope().statement, sealed=sealed, group=group, person=who),
            code,
        )
        for name, sealed, group, who, code in told
    ]


def requests() -> list[Case]:
    [marks] = [
        mark
        for mark in table.test_a_request_outside_its_roster_is_refused.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    ]
    told = [(f"{next(iter(changes))} is another", changes, code) for changes, code in marks.args[1]]
    told.append(("an honest request", {}, ""))
    return [
        Case(
            f"a request of which {name}" if code else name,
            "verifyRequest",
            chained(request=request_by(world().recipient.public, **changes), at=AT),
            code,
        )
        for name, changes, code in told
    ] + [
        Case(
            "no time",
            "verifyRequest",
            chained(request=world().request, at="2026-02-30T00:00:00Z"),
            "malformed-statement",
        )
    ]


def words() -> list[Case]:
    request = world().request

    def said(name: str, statement: Statement, code: str, *versions: Statement) -> Case:
        told = chained(*versions, request=request, at=AT, said=statement)
        return Case(name, "verifyFurther", told, code)

    fields = roster_fields(
        version=2, previous=first_roster().digest, cause="change", mfa=("dea", "eli", "nell")
    )
    second = signed_roster(fields, keys_of("ann", "bob", "dea", "nell"), START + timedelta(hours=1))
    both = (first_roster(), second)
    review, nells = table.review_by("ann", request), table.review_by("nell", request)
    forged = table.review_by("ann", request, reviewer=somebody("bob").id)
    return [
        said("my cancellation", word_by("gus", "cancellation", request, reason="x"), ""),
        said("my closure", word_by("gus", "closure", request, summary="x"), ""),
        said("a review", review, ""),
        *(said(name, forge(), "word-forged") for name, forge in table.FORGED),
        said("a receipt", receipt_of("ann", first_envelope()), "malformed-statement"),
        said("a newcomer's review under a later roster", nells, "", *both),
        said("a newcomer's review without that roster", nells, "word-forged"),
        said("a review under a later roster", review, "", *both),
        said("a forged review under a later roster", forged, "word-forged", *both),
    ]


def shown() -> list[Case]:
    """What the service says around a request must be what was signed."""
    told = world().released
    entry = plain(told.request)
    [first, *rest] = plain(told.decisions)
    changes: Sequence[tuple[str, dict[str, Any], str]] = (
        *((name, change, code) for name, (change, code) in around.changes().items()),
        (
            "a leaf that is a text",
            {"decisions": [first | {"leaf": "2"}, *rest]},
            "malformed-statement",
        ),
        (
            "a leaf that is no whole number",
            {"decisions": [first | {"leaf": 2.5}, *rest]},
            "malformed-statement",
        ),
        ("no leaf", {"decisions": [first | {"leaf": None}, *rest]}, "malformed-statement"),
        ("no statement", {"request": entry | {"statement": None}}, "malformed-statement"),
        ("a word of no kind", {"others": [entry | {"statement": {}}]}, "malformed-statement"),
    )
    return [
        Case(name, "verifyShown", chained(id=told.id, detail=around.detail() | change), code)
        for name, change, code in changes
    ]
