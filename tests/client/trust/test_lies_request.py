"""A service that lies about envelopes, requests and what was said on them is refused by name."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest

from crypto import statement as statements
from crypto.randomness import random_bytes
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import VerifiedChain, verify_chain
from service.client.trust.envelope import (
    check_custody_receipt,
    check_sealed_share,
    verify_manifest,
    verify_receipts,
)
from service.client.trust.request import VerifiedRequest, verify_further, verify_request_statement
from service.domain.people import GroupName
from tests.cast import ACCOUNT, NO_HEAD, somebody
from tests.client import honest
from tests.client.honest import (
    START,
    Sealed,
    brought,
    first_envelope,
    first_roster,
    keys_of,
    receipt_of,
    request_by,
    roster_fields,
    signed_roster,
    wire,
    word_by,
)
from tests.client.released import world

OTHER_ACCOUNT = "999988887777"


def chain_of(*versions: Statement, account: str = ACCOUNT) -> VerifiedChain:
    chain = versions or (first_roster(),)
    return verify_chain(
        [wire(v) for v in chain], brought(*chain), account=account, me=None, remembered=None
    )


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(ClientRefusal) as caught:
        act()
    return caught.value.code


# ---------------------------------------------------------------- envelopes


def resigned(**changes: object) -> Statement:
    """The sealer's own manifest, with other fields."""
    fields = {**first_envelope().parts.manifest, **changes}
    return statements.sign("manifest", fields, identity=somebody("sam").identity, at=START)


def test_a_manifest_for_other_people_or_another_account_is_refused() -> None:
    shares = first_envelope().parts.manifest["shares"]
    swapped = [*shares[1::-1], *shares[2:]]
    moved = [*shares[:2], {**shares[2], "custodian": somebody("gus").id}, *shares[3:]]
    assert verify_manifest(wire(resigned()), chain_of())[0].holders
    for manifest, code in (
        (resigned(shares=shares[1:]), "manifest-replaced"),
        (resigned(shares=swapped), "manifest-replaced"),
        (resigned(shares=moved), "manifest-replaced"),
        (resigned(account=OTHER_ACCOUNT), "manifest-replaced"),
        (resigned(roster="0" * 64), "roster-unknown"),
        (resigned(sealer=somebody("gus").id), "manifest-forged"),
    ):
        assert refused(partial(verify_manifest, wire(manifest), chain_of())) == code


def test_a_receipt_counts_for_its_signer_group_and_envelope_alone() -> None:
    envelope, _ = verify_manifest(wire(first_envelope().statement), chain_of())
    sealed, other = first_envelope(), honest.seal_for(first_roster())

    def verified(*receipts: Statement) -> frozenset[tuple[GroupName, str]]:
        return verify_receipts([wire(r) for r in receipts], envelope, chain_of())

    mine = verified(receipt_of("ann", sealed), receipt_of("dea", sealed))
    check_custody_receipt(mine, GroupName.PASSWORD, somebody("ann").id)
    assert (
        refused(lambda: check_custody_receipt(mine, GroupName.MFA, somebody("ann").id))
        == "receipt-missing"
    )
    assert (
        refused(lambda: check_custody_receipt(mine, GroupName.PASSWORD, somebody("bob").id))
        == "receipt-missing"
    )
    assert refused(lambda: verified(receipt_of("ann", other))) == "receipt-forged"
    assert refused(lambda: verified(receipt_of("gus", sealed))) == "receipt-forged"
    assert refused(lambda: verified(forged_receipt(sealed, "mfa"))) == "receipt-forged"
    assert refused(lambda: verified(forged_receipt(sealed, "password"))) == "receipt-forged"


def forged_receipt(sealed: Sealed, group: str) -> Statement:
    """Somebody else signs for ann, or ann signs for a group in which she does not stand."""
    who = "mallory" if group == "password" else "ann"
    fields = {
        "manifest": sealed.statement.digest,
        "group": group,
        "custodian": somebody("ann").id,
        **NO_HEAD,
    }
    return statements.sign("custody-receipt", fields, identity=somebody(who).identity, at=START)


def test_a_sealed_share_is_the_one_that_the_sealer_signed() -> None:
    envelope, _ = verify_manifest(wire(first_envelope().statement), chain_of())
    blob, ann = first_envelope().blob_of("ann"), somebody("ann").id
    check_sealed_share(blob, envelope, GroupName.PASSWORD, ann)
    for bad, group, who in (
        (random_bytes(len(blob)), GroupName.PASSWORD, ann),
        (first_envelope().blob_of("bob"), GroupName.PASSWORD, ann),
        (blob, GroupName.MFA, ann),
        (blob, GroupName.PASSWORD, somebody("gus").id),
    ):
        code = refused(partial(check_sealed_share, bad, envelope, group, who))
        assert code == "content-replaced"


# ---------------------------------------------------------------- requests


def verified_request(statement: Statement, *versions: Statement) -> VerifiedRequest:
    return verify_request_statement(wire(statement), START, chain_of(*versions))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"account": OTHER_ACCOUNT}, "request-replaced"),
        ({"lifetime": 7201}, "request-over-policy"),
        ({"window": 3601}, "request-over-policy"),
        ({"roster": honest.second_roster()}, "roster-unknown"),
        ({"requester": somebody("sam").id}, "request-forged"),
        ({"by": "sam"}, "request-forged"),
    ],
)
def test_a_request_outside_its_roster_is_refused(changes: dict[str, object], code: str) -> None:
    statement = request_by(world().recipient.public, **changes)  # type: ignore[arg-type]
    assert refused(lambda: verified_request(statement)) == code


def about() -> VerifiedRequest:
    return verified_request(world().request)


def further(statement: Statement, *versions: Statement) -> str:
    return verify_further(wire(statement), about(), chain_of(*versions))


def review_by(name: str, request: Statement, **changes: object) -> Statement:
    fields: dict[str, object] = {
        "group": honest.group_of(name),
        "rotated": True,
        "note": "",
        **changes,
    }
    return word_by(name, "review", request, **fields)  # type: ignore[arg-type]


def test_every_further_word_is_its_persons_own() -> None:
    request = world().request
    assert further(word_by("gus", "cancellation", request, reason="x")) == "cancellation"
    assert further(word_by("gus", "closure", request, summary="x")) == "closure"
    assert further(review_by("ann", request)) == "review"


def other_request() -> Statement:
    return request_by(world().recipient.public)


FORGED: Sequence[tuple[str, Callable[[], Statement]]] = (
    (
        "a closure in another's name",
        lambda: word_by(
            "gus", "closure", world().request, summary="x", requester=somebody("sam").id
        ),
    ),
    ("another's cancellation", lambda: word_by("sam", "cancellation", world().request, reason="x")),
    ("a closure of another", lambda: word_by("gus", "closure", other_request(), summary="x")),
    ("a review of another", lambda: review_by("ann", other_request())),
    ("a requester's review", lambda: review_by("gus", world().request)),
    ("a review in another group", lambda: review_by("ann", world().request, group="mfa")),
    ("a review in a name", lambda: review_by("ann", world().request, reviewer=somebody("bob").id)),
)


@pytest.mark.parametrize("said", [s for _, s in FORGED], ids=[n for n, _ in FORGED])
def test_a_forged_word_is_refused(said: Callable[[], Statement]) -> None:
    assert refused(lambda: further(said())) == "word-forged"


def test_a_word_that_belongs_to_no_request_is_refused() -> None:
    receipt = receipt_of("ann", first_envelope())
    assert refused(lambda: further(receipt)) == "malformed-statement"


def test_a_review_counts_by_a_custodian_of_a_later_roster() -> None:
    fields = roster_fields(
        version=2, previous=first_roster().digest, cause="change", mfa=("dea", "eli", "nell")
    )
    second = signed_roster(fields, keys_of("ann", "bob", "dea", "nell"), START + timedelta(hours=1))
    said = review_by("nell", world().request)
    assert further(said, first_roster(), second) == "review"
    assert refused(lambda: further(said)) == "word-forged"
    both = (first_roster(), second)
    assert further(review_by("ann", world().request), *both) == "review"
    forged = review_by("ann", world().request, reviewer=somebody("bob").id)
    assert refused(lambda: further(forged, *both)) == "word-forged"
